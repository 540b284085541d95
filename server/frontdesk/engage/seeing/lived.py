"""The session that somebody was in at a moment, as far as it had come by then: as it is stored, it has grown since."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from msgspec import structs
from sqlalchemy import ColumnElement, and_, case, false, func, not_, or_, select
from sqlalchemy.orm import Session

from frontdesk.collect.door.page import dwell_ms_of
from frontdesk.collect.models import Event
from frontdesk.collect.models import Session as Run
from frontdesk.collect.ports import PageSeen, SessionSeen
from frontdesk.collect.sessions.policy import IDLE, LONGEST
from frontdesk.collect.sources.touches import DIRECT
from frontdesk.core.clock import from_ms, to_ms
from frontdesk.engage.ports import Subject
from frontdesk.engage.seeing.lateness import Imports
from frontdesk.engage.seeing.latest import Found

CLOCKED: Final = frozenset({"absence", "reaches"})
"""Kinds of moments that a timer brings, once."""
_MOST: Final = 500  # of the reports of how long one path was visible: the newest, and it only grows


@dataclass(frozen=True, slots=True)
class Then:
    """What had been heard of by `by`. `until`: and had happened by then; None where rules were asked, as they are, with
    all that came in one batch."""

    session: Session
    by: datetime
    until: datetime | None
    imports: Imports

    def heard(self) -> ColumnElement[bool]:
        """What was imported later was known when it happened, as in a simulation."""
        later = [(begun, finished) for begun, finished in self.imports.spans if finished > to_ms(self.by)]
        brought = or_(false(), *(Event.received_at.between(from_ms(begun), from_ms(end)) for begun, end in later))
        known = or_(Event.received_at <= self.by, and_(brought, Event.occurred_at <= self.by))
        return known if self.until is None else and_(known, Event.occurred_at <= self.until)


def in_session(subject: Subject, found: Found, session: Session, then: Then | None) -> Subject:
    """The person in the session that the moment was in, if it was in one; a clock asks about the one that they are in.
    `then`: None where it is as though now."""
    if found.apart:
        return replace(subject, session=None)
    if then is None:
        run = session.get(Run, found.session_id) if found.session_id else None
        return replace(subject, session=_seen(run)) if run else subject
    named = found.session_id if found.moment.kind not in CLOCKED else None
    run = session.get(Run, named) if named else _current(subject, then)
    return replace(subject, session=_seen_then(run, then) if run else None)


def with_dwell(found: Found, session: Session, then: Then | None) -> Found:
    """With the visible time on its page in its session that was known then, and before it."""
    run = session.get(Run, found.session_id) if found.session_id else None
    if run is None or found.page is None:
        return found
    page, moment = found.page, found.moment
    if then is None:
        return replace(found, page=structs.replace(page, dwell_ms=run.dwell.get(page.path, 0)))
    told = _told(run, page, then)
    if moment.kind == "dwell":
        before = max((ms for event_id, at, ms in told if (at, event_id) < (moment.at, moment.id)), default=0)
        moment = replace(moment, dwell_before_ms=before)
    return replace(found, moment=moment, page=structs.replace(page, dwell_ms=max((ms for *_, ms in told), default=0)))


def _current(subject: Subject, then: Then) -> Run | None:
    """The last session by then, in the browser that the person is met in, if it went on within a day before."""
    at = then.until or then.by
    begun = select(Run).where(Run.person_id == subject.visitor_id, Run.started_at <= at, Run.last_at > at - LONGEST)
    return then.session.scalars(begun.order_by(Run.number.desc()).limit(1)).first()


def _seen(run: Run) -> SessionSeen:
    return SessionSeen(run.id, run.number, run.page_views, run.landing_path, run.touch)


def _seen_then(run: Run, then: Then) -> SessionSeen | None:
    """Without what was not known yet. So what is deleted, which is what is oldest, counts still."""
    viewed, lands = Event.type == "page", and_(Event.occurred_at == run.landed_at, Event.path.is_not(None))
    sums = [func.count(), *(func.sum(case((one, 1), else_=0)) for one in (viewed, lands))]
    later = and_(_of(run), Event.cause.is_(None), not_(then.heard()))
    events, views, landing = (int(number or 0) for number in then.session.execute(select(*sums).where(later)).one())
    if events >= run.events:
        return None  # nobody had heard of it
    seen = SessionSeen(run.id, run.number, run.page_views - views, run.landing_path, run.touch)
    return structs.replace(seen, landing_path=None, touch=dict(DIRECT)) if landing else seen


def _told(run: Run, page: PageSeen, then: Then) -> list[tuple[str, datetime, int]]:
    """What its browser said of the visible time on a page."""
    row = Event
    query = select(row.id, row.occurred_at, row.properties).where(_of(run), row.path == page.path, then.heard())
    rows = then.session.execute(query.order_by(row.occurred_at.desc(), row.id.desc()).limit(_MOST))
    return [(event_id, at, dwell_ms_of(properties)) for event_id, at, properties in rows]


def _of(run: Run) -> ColumnElement[bool]:
    """Its events. The first version took a session's start as it first heard it."""
    while_it_went = Event.occurred_at.between(run.started_at - IDLE, run.last_at)
    return and_(Event.person_id == run.person_id, while_it_went, Event.session_id == run.id)
