"""Takes the means of each workspace's buyers, from time to time and off the hub: a week of events at a time."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Final

import orjson
from sqlalchemy import Text, cast, select
from sqlalchemy.orm import Session

from frontdesk.accounts.models import Workspace
from frontdesk.collect.models import Event
from frontdesk.core.clock import Clock
from frontdesk.core.db import Database
from frontdesk.core.jobs import Job
from frontdesk.core.runtime import Runtime
from frontdesk.engage.facts.rfm.policy import WINDOW, Means, Standing, amount_of, class_of, means
from frontdesk.engage.facts.rfm.settings import Settings, keep, settings_of
from frontdesk.people.models import Contact, Visitor
from frontdesk.people.trust import counting_link

EVERY: Final = timedelta(minutes=1)  # so that a change of the settings is heeded soon
KEPT: Final = timedelta(hours=6)  # the mean of a year moves slowly
_SLICE: Final = timedelta(days=7)
_MOST_IDS: Final = 500


Told = Callable[[Session, str, Collection[str] | None, datetime], None]
"""Who wants to know whose class is another than before, in the transaction that keeps the means: the workspace, and the
ids of these buyers; None where buyers are ranked by something else since."""


def job(runtime: Runtime, told: Told) -> Job:
    """For the ticker."""
    return Job("rfm", EVERY, partial(take, runtime.db, runtime.clock, told))


def take(db: Database, clock: Clock, told: Told | None = None) -> None:
    """Take the means where that was not done in the last hours, or something else is asked for since."""
    now = clock()
    for workspace_id, settings in db.read(partial(_due, now=now)).items():
        bought: dict[str, _Bought] = {}
        for since, until in _slices(now):
            db.read(partial(_add, into=bought, asked=_Asked(workspace_id, settings, since, until)))
        ids = sorted(bought)
        for start in range(0, len(ids), _MOST_IDS):
            db.read(partial(_join, into=bought, visitor_ids=ids[start : start + _MOST_IDS]))
        found = means([one.standing(now) for one in bought.values()])
        moved = _moved(bought, settings, found, now)
        db.write(partial(_keep, of=_Taken(workspace_id, settings, found, moved), told=told, now=now))


@dataclass(frozen=True, slots=True)
class _Taken:
    """The means of a workspace, and whose class they make another; None: of anybody's."""

    workspace_id: str
    settings: Settings
    means: Means | None
    moved: Collection[str] | None


def _keep(session: Session, of: _Taken, told: Told | None, now: datetime) -> None:
    if keep(session, of.workspace_id, of.settings, of.means, now) and told:
        told(session, of.workspace_id, of.moved, now)


def _moved(
    bought: Mapping[str, "_Bought"], settings: Settings, found: Means | None, now: datetime
) -> Collection[str] | None:
    """Of another class than by the means before, when those were taken."""
    before, taken_at = settings.means, settings.taken_at
    if taken_at is None:
        return None
    return [
        who
        for who, one in bought.items()
        if (before and class_of(one.standing(taken_at), before)) != (found and class_of(one.standing(now), found))
    ]


@dataclass(slots=True)
class _Bought:
    """What one person bought."""

    last: datetime
    times: int = 0
    amount: float = 0

    def add(self, last: datetime, times: int, amount: float) -> None:
        self.last = max(self.last, last)
        self.times += times
        self.amount += amount

    def standing(self, now: datetime) -> Standing:
        return Standing((now - self.last) // timedelta(milliseconds=1), self.times, self.amount)


@dataclass(frozen=True, slots=True)
class _Asked:
    """The events of a workspace after `since`, up to `until`."""

    workspace_id: str
    settings: Settings
    since: datetime
    until: datetime


def _due(session: Session, now: datetime) -> Mapping[str, Settings]:
    found = {row.id: settings_of(row) for row in session.scalars(select(Workspace))}
    return {key: one for key, one in found.items() if one.taken_at is None or one.taken_at <= now - KEPT}


def _slices(now: datetime) -> Iterator[tuple[datetime, datetime]]:
    since = now - WINDOW
    while since < now:
        until = min(since + _SLICE, now)
        yield since, until
        since = until


def _add(session: Session, into: dict[str, _Bought], asked: _Asked) -> None:
    query = select(Event.person_id, Event.occurred_at, cast(Event.properties, Text)).where(
        Event.workspace_id == asked.workspace_id,
        Event.occurred_at > asked.since,
        Event.occurred_at <= asked.until,
        Event.name == asked.settings.event,
        Event.type == "track",
    )
    if asked.settings.verified_only:
        query = query.where(Event.verified)
    for person_id, at, properties in session.execute(query):
        amount = amount_of(asked.settings.amount, orjson.loads(properties), at)
        into.setdefault(person_id, _Bought(at)).add(at, 1, amount)


def _join(session: Session, into: dict[str, _Bought], visitor_ids: list[str]) -> None:
    """What browsers bought that may be taken for a contact, the contact bought."""
    links = select(Visitor.id, Contact.id).join(Contact, Contact.id == Visitor.contact_id)
    for visitor_id, contact_id in session.execute(links.where(Visitor.id.in_(visitor_ids), counting_link())):
        own = into.pop(visitor_id)
        into.setdefault(contact_id, _Bought(own.last)).add(own.last, own.times, own.amount)
