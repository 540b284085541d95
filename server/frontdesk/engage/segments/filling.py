"""When rules begin to watch a segment, everybody who is in it already becomes a row, in batches, and does not *enter*.

A segment that nobody watches any more has no rows: it is asked when a rule wants to know.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from frontdesk.engage.facts.subjects import subjects
from frontdesk.engage.models import RuleVersion
from frontdesk.engage.rules.versions import bump, lock
from frontdesk.engage.segments import flips
from frontdesk.engage.segments.compiled import CompiledSegment
from frontdesk.engage.segments.people_of import Place, maybe_in
from frontdesk.engage.segments.verdicts import Touch, store, verdicts
from frontdesk.engage.segments.watched import FILLING, IDLE, KEPT, LiveSegments, Watched
from frontdesk.people import segments as people
from frontdesk.people.models import Segment

BATCH: Final = 200
_ASKING: Final = ("live", "shadow")


def settle(session: Session, workspace_id: str, now: datetime) -> None:
    """Begin to keep the members of segments that a rule watches since just now, and forget those of others."""
    lock(session, workspace_id)
    wanted = _watched_keys(session, workspace_id)
    for row in people.segments(session, workspace_id):
        watched = row.tree is not None and row.key in wanted
        if watched and row.state == IDLE:
            row.state, row.cursor, row.watched_at = FILLING, "", now
        elif row.tree is not None and not watched:
            forget(session, row)
    session.flush()


def forget(session: Session, row: Segment) -> None:
    """Nobody's coming and going is kept; should a rule still watch it, `settle` begins again."""
    if row.state != IDLE:
        row.state, row.cursor, row.watched_at = IDLE, "", None
        people.empty(session, row)
        flips.forget(session, row.id)
        session.flush()


def fill(session: Session, live: LiveSegments, now: datetime) -> bool:
    """Ask the next batch of people about one segment that is being filled; whether there was one."""
    query = select(Segment).where(Segment.state == FILLING).order_by(Segment.watched_at, Segment.id)
    for row in session.scalars(query.with_for_update(skip_locked=True)):
        watched = live.get(session, row.workspace_id)
        segment = next((one for one in watched.segments if one.id == row.id), None)
        if segment:  # one that this process has not heard of yet waits for its turn
            _fill(session, row, (watched, segment), now)
            return True
    return False


def _fill(session: Session, row: Segment, of: tuple[Watched, CompiledSegment], now: datetime) -> None:
    watched, segment = of
    person_ids = _next(session, row, of, now)
    whom = subjects(session, row.workspace_id, person_ids, now)
    silent = [Touch(subject, watched, (segment,), now, silent=True) for subject in whom.values()]
    store(session, verdicts(session, silent, now), now)
    if person_ids:
        row.cursor = person_ids[-1]
    if len(person_ids) < BATCH:
        row.state = KEPT
        bump(session, row.workspace_id)
    session.flush()


def _next(session: Session, row: Segment, of: tuple[Watched, CompiledSegment], now: datetime) -> Sequence[str]:
    """The next people who may be in it; of a segment that time alone may change all, for each wants a timer."""
    watched, segment = of
    if segment.timed:
        return session.scalars(people.everyone(row.workspace_id, row.cursor, BATCH)).all()
    return maybe_in(session, watched.known, segment, Place(row.workspace_id, row.cursor, BATCH, now))


def _watched_keys(session: Session, workspace_id: str) -> set[str]:
    """The segments whose comings and goings a version at work waits for."""
    told = RuleVersion.tree["trigger"]["segment"]
    enters, leaves = told["enters"].as_string(), told["leaves"].as_string()
    query = select(enters, leaves).where(
        RuleVersion.workspace_id == workspace_id,
        RuleVersion.state.in_(_ASKING),
        or_(enters.is_not(None), leaves.is_not(None)),
    )
    return {key for row in session.execute(query) for key in row if key}
