"""Who is in which segment now, asked of many people at once, beside the rows that say who was."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from frontdesk.engage.deciding.cases import Case
from frontdesk.engage.facts.case_facts import CaseFacts
from frontdesk.engage.facts.gathering import Gathered
from frontdesk.engage.ports import Subject
from frontdesk.engage.segments import flips
from frontdesk.engage.segments.asking import Asking
from frontdesk.engage.segments.compiled import CompiledSegment
from frontdesk.engage.segments.flips import Due
from frontdesk.engage.segments.watched import Watched
from frontdesk.people import segments as people
from frontdesk_rules import Moment


@dataclass(frozen=True, slots=True)
class Touch:
    """One person of whom these segments are to be asked, and what the moment of entering or leaving shall say.

    `silent`: what comes of it is kept and not told, for nobody entered or left just now.
    """

    subject: Subject
    watched: Watched
    segments: tuple[CompiledSegment, ...]
    at: datetime
    cause: str = ""
    depth: int = 0
    silent: bool = False

    @property
    def person_id(self) -> str:
        """The id that a row is made under."""
        return self.subject.contact_id or self.subject.person_id

    def and_then(self, later: "Touch") -> "Touch":
        """Both at once, of one person."""
        segments = {segment.id: segment for segment in (*self.segments, *later.segments)}
        both = replace(later, segments=tuple(segments.values()), at=max(self.at, later.at))
        return replace(both, depth=max(self.depth, later.depth), silent=self.silent and later.silent)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the person is in the segment, and the ids under which it was; `due`: when to ask again."""

    touch: Touch
    segment: CompiledSegment
    ids: tuple[str, ...]
    inside: bool
    rows: tuple[str, ...]
    due: datetime | None

    @property
    def changed(self) -> bool:
        return self.inside is not bool(self.rows)


def verdicts(session: Session, touches: Iterable[Touch], now: datetime) -> list[Verdict]:
    """One for each person and segment: a few queries for all of them."""
    asked = [_case(touch, now) for touch in _by_person(touches)]
    if not asked:
        return []
    session.flush()  # what actions changed: look-ups beside the ORM must see it
    gathered = Gathered(session, [case for _, case in asked], now)
    ids = {touch.person_id: tuple(gathered.ids(touch.subject)) for touch, _ in asked}
    rows = people.memberships(session, [one for known in ids.values() for one in known])
    found: list[Verdict] = []
    for touch, case in asked:
        facts = CaseFacts(session, case, gathered)
        found += _verdicts(touch, Asking(case.moment.at, facts, ids[touch.person_id][0]), ids[touch.person_id], rows)
    return found


def store(session: Session, found: Sequence[Verdict], now: datetime) -> None:
    """Rows and timers as these verdicts have them."""
    changed = [one for one in found if one.changed]
    people.put(session, [(one.segment.id, one.touch.person_id) for one in changed if one.inside], now)
    people.take_out(session, [(one.segment.id, row) for one in changed if not one.inside for row in one.rows])
    timed = [one for one in found if one.segment.timed]
    flips.put(session, [Due(one.touch.subject.workspace_id, one.segment.id, one.ids, one.due) for one in timed], now)


def _by_person(touches: Iterable[Touch]) -> Iterable[Touch]:
    known: dict[str, Touch] = {}
    for touch in touches:
        before = known.get(touch.person_id)
        known[touch.person_id] = before.and_then(touch) if before else touch
    return known.values()


def _case(touch: Touch, now: datetime) -> tuple[Touch, Case]:
    rules = {rule.id: rule for segment in touch.segments for rule in segment.rules}
    moment = Moment(kind="segment", at=max(now, touch.at))
    return touch, Case(touch.subject, moment, tuple(rules.values()), None)


def _verdicts(touch: Touch, asking: Asking, ids: tuple[str, ...], rows: set[tuple[str, str]]) -> Iterator[Verdict]:
    wanted = touch.watched.known.closure(segment.key for segment in touch.segments)
    asking.ask(wanted, {segment_id for segment_id, person_id in rows if person_id in ids})
    for segment in touch.segments:
        was = tuple(person_id for person_id in ids if (segment.id, person_id) in rows)
        due = segment.flips_at(asking.view)
        yield Verdict(touch, segment, ids, segment.key in asking.found, was, due)
