"""Who may be in a segment by its condition, said by the database: never one too few, and sometimes one too many."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from frontdesk.engage.segments.compiled import CompiledSegment, SegmentSet
from frontdesk.engage.sql.matching import Range, matching

_LAST: Final = "w"  # behind every id of a contact (con_…) and of a visitor (vis_…)


@dataclass(frozen=True, slots=True)
class Place:
    """A batch of people of a workspace: so many, behind this id."""

    workspace_id: str
    after: str
    limit: int
    now: datetime


def maybe_in(session: Session, known: SegmentSet, segment: CompiledSegment, place: Place) -> Sequence[str]:
    """The ids of the next ones in the order of ids, contacts and visitors that are none. `known`: those it may name."""
    if segment.condition is None:
        return ()
    conditions = {key: one.condition for key, one in known.by_key.items()}
    among = Range(place.after, _LAST)
    found = matching(segment.condition, place.workspace_id, place.now, conditions, among).subquery()
    return session.scalars(select(found.c.id).distinct().order_by(found.c.id).limit(place.limit)).all()
