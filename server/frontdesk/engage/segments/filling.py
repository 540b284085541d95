"""When rules begin to watch a segment, everybody who is in it already becomes a row, in batches, and does not *enter*.

A segment that nobody watches any more has no rows: it is asked when a rule wants to know.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from frontdesk.engage.deciding.cases import Case
from frontdesk.engage.facts.subjects import subjects
from frontdesk.engage.models import RuleVersion
from frontdesk.engage.rules.versions import bump, lock
from frontdesk.engage.segments import flips
from frontdesk.engage.segments.compiled import CompiledSegment
from frontdesk.engage.segments.keeping import Segments
from frontdesk.engage.segments.people_of import Place, maybe_in
from frontdesk.engage.segments.verdicts import Touch
from frontdesk.engage.segments.watched import FILLING, IDLE, KEPT, SETTLING, Watched
from frontdesk.people import segments as people
from frontdesk.people.models import Segment

BATCH: Final = 100  # some 50 ms of a writer on which requests wait
HEARD: Final = timedelta(seconds=3)
"""Until then every process has heard of new rules."""
SLACK: Final = timedelta(minutes=1)
"""By so much may a row be behind with when its person was seen."""
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


def fill(session: Session, segments: Segments, now: datetime) -> list[Case] | None:
    """Ask the next batch of people about one segment; who entered or left just now. None where nothing is to do."""
    again = and_(Segment.state == SETTLING, Segment.watched_at <= now - HEARD)
    query = select(Segment).where(or_(Segment.state == FILLING, again)).order_by(Segment.watched_at, Segment.id)
    for row in session.scalars(query.with_for_update(skip_locked=True)):
        watched = segments.live.get(session, row.workspace_id)
        segment = next((one for one in watched.segments if one.id == row.id), None)
        if segment:  # one that this process has not heard of yet waits for its turn
            step = _fill if row.state == FILLING else _settle
            return step(session, row, (segments, watched, segment), now)
    return None


_Of = tuple[Segments, Watched, CompiledSegment]


def _fill(session: Session, row: Segment, of: _Of, now: datetime) -> list[Case]:
    """Whoever is in it by now was in it when the rule began to watch, and enters nothing."""
    person_ids = _next(session, row, of, now)
    _ask(session, (row, person_ids), of, now, silent=True)
    if len(person_ids) < BATCH:
        row.state, row.cursor = SETTLING, ""
        bump(session, row.workspace_id)
    session.flush()
    return []


def _settle(session: Session, row: Segment, of: _Of, now: datetime) -> list[Case]:
    """Processes that heard of the rule a moment later asked nobody until then: look again at those who came."""
    since = (row.watched_at or now) - SLACK
    person_ids = session.scalars(people.seen_since(row.workspace_id, since, row.cursor, BATCH)).all()
    cases = _ask(session, (row, person_ids), of, now)
    if len(person_ids) < BATCH:
        row.state, row.cursor, row.watched_at = KEPT, "", None
    session.flush()
    return cases


def _ask(
    session: Session, whom: tuple[Segment, Sequence[str]], of: _Of, now: datetime, *, silent: bool = False
) -> list[Case]:
    row, person_ids = whom
    segments, watched, segment = of
    found = subjects(session, row.workspace_id, person_ids, now).values()
    if person_ids:
        row.cursor = person_ids[-1]
    return segments.ask(session, [Touch(one, watched, (segment,), now, silent=silent) for one in found], now)


def _next(session: Session, row: Segment, of: _Of, now: datetime) -> Sequence[str]:
    """The next people who may be in it; of a segment that time alone may change all, for each wants a timer."""
    _, watched, segment = of
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
