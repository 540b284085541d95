"""The means of all buyers, as tests wish them."""

from functools import partial

from sqlalchemy.orm import Session

from frontdesk.accounts.queries import workspace
from frontdesk.engage.facts.rfm.policy import Means
from frontdesk.engage.facts.rfm.settings import keep, settings_of
from tests.server.engage.segments.town import Town


def given_means(town: Town, days: float) -> None:
    """Means as if somebody had just taken them: the newest purchase so many days ago, one purchase of 10."""
    mean = Means(buyers=9, recency_ms=days * 86_400_000, frequency=1, monetary=10)

    town.runtime.db.write(partial(_stored, town=town, mean=mean))


def _stored(session: Session, town: Town, mean: Means) -> bool:
    return keep(session, town.home.id, settings_of(workspace(session, town.home.id)), mean, town.clock())
