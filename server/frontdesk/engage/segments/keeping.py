"""Who enters and who leaves: people are asked again when something happened that may have changed the answer."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from frontdesk.collect.ports import Arrival, StoredEvent
from frontdesk.engage.deciding.cases import Case, subject_of
from frontdesk.engage.facts.subjects import subjects
from frontdesk.engage.ports import Subject
from frontdesk.engage.segments.compiled import CompiledSegment
from frontdesk.engage.segments.flips import Flip
from frontdesk.engage.segments.verdicts import Touch, Verdict, store, verdicts
from frontdesk.engage.segments.watched import NOT_FILLED, LiveSegments, Watched
from frontdesk.people.models import Segment
from frontdesk_rules import Moment

_WHO = frozenset({"identify", "group", "alias"})
"""Calls that say who somebody is, and what: everything known may be another than before."""


class Segments:
    """Keeps the members of watched segments current. Each method answers the cases of those who entered or left."""

    def __init__(self, live: LiveSegments) -> None:
        self.live = live

    def of_arrivals(self, session: Session, arrivals: Sequence[Arrival], now: datetime) -> list[Case]:
        """After what collect has just stored. A look into memory where no live rule watches a segment."""
        touches: list[Touch] = []
        for arrival in arrivals:
            watched = self.live.get(session, arrival.workspace_id)
            if watched.segments and arrival.events and (arrival.visitor_id or arrival.contact_id):
                touches += _touches(arrival, watched)
        return self.ask(session, touches, now)

    def moments_of(self, session: Session, happened: Iterable[tuple[Subject, Moment]], now: datetime) -> list[Case]:
        """After what actions made happen: events that they emitted, attributes that they set, segments by hand."""
        touches = []
        for subject, moment in happened:
            watched = self.live.get(session, subject.workspace_id)
            if watched.segments and (touched := watched.touched(moment)):
                whom = _as_of_now(session, subject, now)
                touches.append(Touch(whom, watched, touched, moment.at, moment.id, moment.depth, moment.late))
        return self.ask(session, touches, now)

    def of_people(self, session: Session, workspace_id: str, person_ids: Sequence[str], now: datetime) -> list[Case]:
        """After something that no moment tells of: a merge by a teammate, or its undoing."""
        watched = self.live.get(session, workspace_id)
        if not watched.segments:
            return []
        whom = subjects(session, workspace_id, person_ids, now).values()
        return self.ask(session, [Touch(subject, watched, watched.segments, now) for subject in whom], now)

    def flipped(self, session: Session, due: Sequence[Flip], now: datetime) -> list[Case]:
        """After the instants at which time alone may have changed an answer; each sets the next."""
        touches: list[Touch] = []
        for workspace_id in sorted({flip.workspace_id for flip in due}):
            watched = self.live.get(session, workspace_id)
            asked: dict[str, list[CompiledSegment]] = {}
            for flip in due:
                segments = [segment for segment in watched.segments if segment.id == flip.rule_id]
                if segments and flip.workspace_id == workspace_id:
                    asked.setdefault(flip.person_id, []).extend(segments)
            whom = subjects(session, workspace_id, asked, now)
            touches += [Touch(whom[who], watched, tuple(of), now) for who, of in asked.items() if who in whom]
        return self.ask(session, touches, now)

    def ask(self, session: Session, touches: Iterable[Touch], now: datetime) -> list[Case]:
        """Ask again, keep what comes of it, and answer who entered or left just now."""
        found = verdicts(session, touches, now)
        if not found:
            return []
        store(session, found, now)
        told = [one for one in found if one.changed and not one.touch.silent]
        return [_case(one, now) for one in _of_filled(session, told)]


def _as_of_now(session: Session, subject: Subject, now: datetime) -> Subject:
    """The person as actions have left it, on the same visit."""
    session.flush()
    found = subjects(session, subject.workspace_id, [subject.person_id], now).get(subject.person_id, subject)
    return replace(found, visitor_id=subject.visitor_id, session=subject.session, locale=subject.locale)


def _touches(arrival: Arrival, watched: Watched) -> Iterator[Touch]:
    """One for each event that may have changed an answer; what is late is kept, and nobody is told of it."""
    subject = subject_of(arrival)
    for event in arrival.events:
        if touched := watched.segments if arrival.anew else _touched(event, watched):
            yield Touch(subject, watched, touched, event.occurred_at, event.id, silent=not event.live)


def _touched(event: StoredEvent, watched: Watched) -> tuple[CompiledSegment, ...]:
    # by late news a person is known for longer than before, too
    if event.type in _WHO or not event.live:
        return watched.segments
    return watched.touched(Moment(kind="event", at=event.occurred_at, name=event.name))


def _of_filled(session: Session, told: Sequence[Verdict]) -> Iterator[Verdict]:
    """Without those of people who were not yet looked at when a rule began to watch: they were in it before, or not."""
    filling = {one.segment.id for one in told if one.touch.watched.filling}
    places = select(Segment.id, Segment.cursor).where(Segment.id.in_(filling), Segment.state.in_(NOT_FILLED))
    cursors: dict[str, str] = dict(session.execute(places).all()) if filling else {}
    for one in told:
        if one.touch.person_id <= cursors.get(one.segment.id, one.touch.person_id):
            yield one


def _case(one: Verdict, now: datetime) -> Case:
    touch, segment = one.touch, one.segment
    cause = f"{segment.id}:{touch.cause or now.isoformat()}"
    moment = Moment(kind="segment", at=now, id=cause, name=segment.key, after=one.inside, depth=touch.depth)
    return Case(touch.subject, moment, (), None, rules=touch.watched.rules)
