"""The next people that an activation asks about, and the timers that its rule wants for them. Reads only."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from frontdesk.engage.activation.views import Looking, Seen
from frontdesk.engage.activation.whom import EVERYBODY, GRACE, anchors, concerned, waits
from frontdesk.engage.facts.memory import PersonMemory
from frontdesk.engage.segments.compiled import load
from frontdesk.engage.sql.matching import Range, matching
from frontdesk.engage.timers.wanted import wanted as timers_wanted
from frontdesk.inbox.waiting import unanswered, waiting_since
from frontdesk.people.models import Contact, Visitor
from frontdesk_rules import CompiledRule, Moment, PastEvent, Span, Timer, View, Whom, arm
from frontdesk_rules.language.timed import AbsenceTrigger

PEOPLE: Final = 500
"""Of one batch: what is read for them takes a tenth of a second beside the writer, what is written hundredths."""
WINDOW: Final = 2_000
"""Ids that are looked through for them by SQL, however few it selects."""


@dataclass(frozen=True, slots=True)
class Asking:
    """A rule that is asked about everybody of its workspace."""

    workspace_id: str
    rule: CompiledRule


@dataclass(frozen=True, slots=True)
class Batch:
    """The people up to `upto`, or None where nobody is left: each with the id that the cursor goes by.

    That is the person's own, or of somebody who waits for an answer, the conversation's.
    """

    upto: str | None
    people: tuple[tuple[str, str], ...] = ()

    def halves(self) -> "tuple[Batch, Batch]":
        middle = len(self.people) // 2
        first, second = self.people[:middle], self.people[middle:]
        return Batch(first[-1][0], first), Batch(self.upto, second)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A timer for somebody, who goes by these ids, the one first seen in front."""

    timer: Timer
    ids: tuple[str, ...]


def following(session: Session, asking: Asking, after: str, now: datetime, *, everybody: bool = False) -> Batch:
    """The next batch behind `after`: of those whom the rule may concern, or of `everybody`."""
    rule = asking.rule.live.rule
    if waits(rule):
        talks = unanswered(session, asking.workspace_id, after, PEOPLE)
        return Batch(talks[-1][0] if talks else None, tuple(talks))
    condition = concerned(rule, now)
    window = next_window(session, after) if condition else None
    if condition is None or window is None:
        return Batch(None)
    segments = {key: one.condition for key, one in load(session, asking.workspace_id).by_key.items()}
    found = matching(EVERYBODY if everybody else condition, asking.workspace_id, now, segments, window)
    ids = session.scalars(found.order_by(found.selected_columns.id).limit(PEOPLE)).all()
    return Batch(ids[-1] if len(ids) == PEOPLE else window.upto, tuple((one, one) for one in ids))


def wanted(session: Session, asking: Asking, batch: Batch, now: datetime) -> list[Wanted]:
    """The timers that the rule wants for these people."""
    rule, people = asking.rule, {person_id for _, person_id in batch.people}
    looking = Looking(asking.workspace_id, _looking_back(rule))
    seen = {one.person_id: one for one in looking.at(session, sorted(people), now) if not _spent(rule, one.memory)}
    if waits(rule.live.rule):
        since = waiting_since(session, [talk for talk, _ in batch.people])
        return [
            Wanted(timer, seen[who].ids)
            for talk, who in batch.people
            if talk in since and who in seen
            for timer in _left_waiting(rule, seen[who], talk, since[talk])
        ]
    return [Wanted(timer, one.ids) for one in seen.values() for timer in _timers(rule, one)]


def next_window(session: Session, after: str) -> Range | None:
    """The ids behind `after`, so many that looking through them takes no time to speak of; None if there are none.

    Contacts come first, as their ids do. By their key alone: an index of the workspace is not in this order.
    """
    for table in (Contact, Visitor):
        ids = select(table.id).where(table.id > after).order_by(table.id)
        upto = session.scalar(ids.limit(1).offset(WINDOW - 1)) or session.scalar(
            select(func.max(table.id)).where(table.id > after)
        )
        if upto is not None:
            return Range(after, upto)
    return None


def _spent(rule: CompiledRule, memory: PersonMemory) -> bool:
    """Whether it acts once for a person, and has."""
    repeat, key = rule.live.rule.repeat, memory.ids[0]
    if repeat.per != "person" or repeat.every is not None:
        return False
    return memory.acted(rule.id, f"shadow:{key}" if rule.live.shadow else key) is not None


def _looking_back(rule: CompiledRule) -> CompiledRule:
    """The rule, which looks for the events that it is armed by, too: they are gathered with all else."""
    trigger = rule.live.rule.trigger
    return replace(rule, past=(*rule.past, anchors(trigger))) if isinstance(trigger, AbsenceTrigger) else rule


def _timers(rule: CompiledRule, one: Seen) -> Iterator[Timer]:
    trigger, view, whom = rule.live.rule.trigger, one.view, Whom(one.ids[0])
    if isinstance(trigger, AbsenceTrigger):
        yield from _absent(rule, trigger, view, whom)
        return
    for timer in timers_wanted(rule.live, view, one.facts, whom):
        # of those who are due at once, the condition is asked at this very moment: who fails it needs no timer
        if timer.due > view.now or rule.test is None or rule.test(view):
            yield timer


def _left_waiting(rule: CompiledRule, one: Seen, conversation_id: str, since: datetime) -> tuple[Timer, ...]:
    """As if the message that nobody answered were written now: its wait began then."""
    wrote = Moment(kind="conversation", name="started", at=since, id=conversation_id)
    person = one.ids[0]
    return arm(rule.live, View(wrote, one.view.facts, person), Whom(person, conversation=conversation_id)).set


def _absent(rule: CompiledRule, trigger: AbsenceTrigger, view: View, whom: Whom) -> Iterator[Timer]:
    """The timers of what happened so lately that it is still waited for."""
    name, now = trigger.after.event, view.now
    for past in view.history.events(name, Span(now - trigger.lasts - GRACE, now)) or ():
        arming = arm(rule.live, View(_event(name, past), view.facts, whom.person), whom)
        for timer in arming.set:
            still = trigger.still(View(timer.moment(now), view.facts, whom.person))
            if timer.fires_at > now and still is not False:
                yield timer


def _event(name: str, past: PastEvent) -> Moment:
    return Moment(kind="event", name=name, at=past.at, id=past.id, properties=past.properties)
