"""The next people that an activation asks about, and the timers that its rule wants for them. Reads only."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from frontdesk.engage.activation.views import Looking
from frontdesk.engage.activation.whom import GRACE, anchors, concerned
from frontdesk.engage.facts.memory import PersonMemory
from frontdesk.engage.segments.compiled import load
from frontdesk.engage.sql.matching import Range, matching
from frontdesk.people.models import Contact, Visitor
from frontdesk_rules import CompiledRule, Moment, PastEvent, Span, Timer, View, Whom, arm, armed
from frontdesk_rules.language.timed import AbsenceTrigger

PEOPLE: Final = 500
"""Of one batch: what is read for them takes a tenth of a second beside the writer, what is written hundredths."""
WINDOW: Final = 2_000
"""Ids that are looked through for them by SQL, however few it selects."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A timer for somebody, who goes by these ids, the one first seen in front."""

    timer: Timer
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Batch:
    """What came of the people up to `upto`; None: there was nobody left."""

    upto: str | None
    asked: int = 0
    wanted: tuple[Wanted, ...] = ()
    due: int = 0


@dataclass(frozen=True, slots=True)
class Asking:
    """A rule that is asked about everybody of its workspace."""

    workspace_id: str
    rule: CompiledRule


def following(session: Session, asking: Asking, after: str, now: datetime) -> Batch:
    """The next batch, of those with ids behind `after`."""
    condition = concerned(asking.rule.live.rule, now)
    window = next_window(session, after) if condition else None
    if condition is None or window is None:
        return Batch(None)
    segments = {key: one.condition for key, one in load(session, asking.workspace_id).by_key.items()}
    found = matching(condition, asking.workspace_id, now, segments, window)
    ids = session.scalars(found.order_by(found.selected_columns.id).limit(PEOPLE)).all()
    wanted = tuple(_wanted(session, asking, ids, now))
    return Batch(
        upto=ids[-1] if len(ids) == PEOPLE else window.upto,
        asked=len(ids),
        wanted=wanted,
        due=sum(one.timer.fires_at <= now for one in wanted),
    )


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


def _wanted(session: Session, asking: Asking, ids: Sequence[str], now: datetime) -> Iterator[Wanted]:
    rule = asking.rule
    for one in Looking(asking.workspace_id, _looking_back(rule)).at(session, ids, now):
        if not _spent(rule, one.memory):
            for timer in _timers(rule, one.view, Whom(one.ids[0])):
                yield Wanted(timer, one.ids)


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


def _timers(rule: CompiledRule, view: View, whom: Whom) -> Iterator[Timer]:
    trigger = rule.live.rule.trigger
    if isinstance(trigger, AbsenceTrigger):
        yield from _absent(rule, trigger, view, whom)
        return
    timer = armed(rule.live, view, whom)
    # of those who are due at once, the condition is asked at this very moment: who fails it needs no timer
    if timer and (timer.due > view.now or rule.test is None or rule.test(view)):
        yield timer


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
