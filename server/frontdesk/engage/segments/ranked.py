"""Segments by the class of buyers, when the means have been taken anew: whoever is of another class is asked again."""

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from frontdesk.engage.rules.versions import bump
from frontdesk.engage.segments import filling, flips
from frontdesk.engage.segments.compiled import load
from frontdesk.engage.segments.flips import Due
from frontdesk.engage.segments.watched import IDLE
from frontdesk.people import segments as people
from frontdesk.people.models import Segment

_CLASS: Final = "contact.rfm.class"


def means_taken(session: Session, workspace_id: str, person_ids: Collection[str] | None, now: datetime) -> None:
    """These buyers are of another class than when the means were taken before; None: all may be, for they are ranked by
    something else since, and then nobody enters, or leaves, but is in it or not.

    To be called in the transaction that keeps the means.
    """
    rows = list(_watched(session, workspace_id))
    if person_ids is None:
        for row in rows:
            filling.forget(session, row)
        if rows:
            bump(session, workspace_id)
        return
    flips.put(session, [Due(workspace_id, row.id, (one,), now) for row in rows for one in sorted(person_ids)], now)


def _watched(session: Session, workspace_id: str) -> Iterator[Segment]:
    """Those that ask for the class, and of which somebody wants to know who comes and goes."""
    asking = {segment.id for segment in load(session, workspace_id).by_key.values() if _CLASS in segment.fields}
    for row in people.segments(session, workspace_id) if asking else ():
        if row.id in asking and row.state != IDLE:
            yield row
