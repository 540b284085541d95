"""Which questions about the past the candidates of a group may ask, so that the first one brings the answers to all."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from frontdesk.engage.deciding.cases import Case
from frontdesk.engage.facts.instants import Place, place_of
from frontdesk.engage.ports import Subject
from frontdesk_rules import CompiledRule, Moment, Span
from frontdesk_rules.language.aggregates import Aggregate
from frontdesk_rules.language.timed import AbsenceTrigger

Key = tuple[str, str]
"""(person id, name of events)."""

Counted = tuple[tuple[str, ...], str, Span, Place | None]
"""How often somebody, under these ids, did something in a span, which may end at the place of an event."""

BEGINNING: Final = datetime(1, 1, 2, tzinfo=UTC)
_TICK: Final = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class Foreseen:
    """`events` may be looked at one by one, those after an instant; `counts` are of names that are only counted."""

    events: dict[Key, datetime] = field(default_factory=dict)
    counts: dict[Counted, None] = field(default_factory=dict)

    def look_at(self, key: Key, after: datetime) -> None:
        self.events[key] = min(after, self.events.get(key, after))


def foreseen(cases: Iterable[Case], ids_of: Callable[[Subject], list[str]]) -> Foreseen:
    """What the candidates of these cases may ask, and those that wait for something by a key."""
    found = Foreseen()
    for case in cases:
        for rule in case.arming:
            trigger = rule.live.rule.trigger
            if isinstance(trigger, AbsenceTrigger) and trigger.key_property:
                names = [trigger.of.event, trigger.after.event]
                _look_at(found, tuple(ids_of(case.subject)), names, case.moment.at - trigger.looked_back)
        asking = [rule for rule in case.candidates if rule.past or isinstance(rule.live.rule.trigger, AbsenceTrigger)]
        if asking:
            ids = tuple(ids_of(case.subject))
            for rule in asking:
                _note(rule, ids, case.moment, found)
    for asked in list(found.counts):
        ids, name, *_ = asked
        if all((one, name) in found.events for one in ids):
            del found.counts[asked]
    return found


def _note(rule: CompiledRule, ids: tuple[str, ...], moment: Moment, found: Foreseen) -> None:
    at, place = moment.at, place_of(moment)
    for aggregate in rule.past:
        if _only_counts(aggregate):
            span = Span(None if aggregate.window.reach is None else at - aggregate.window.reach, at)
            found.counts[ids, aggregate.step.event, span, place] = None
        else:
            after = BEGINNING if aggregate.window.reach is None else at - aggregate.window.reach
            _look_at(found, ids, [step.event for step in aggregate.steps], after)
    trigger = rule.live.rule.trigger
    if isinstance(trigger, AbsenceTrigger):
        _look_at(found, ids, [trigger.of.event], at - trigger.lasts - _TICK)


def _only_counts(aggregate: Aggregate) -> bool:
    """Whether it asks for nothing but a number, of a span that is told by the moment alone."""
    return aggregate.kind == "count" and aggregate.step.where is None and aggregate.window.kind in ("within", "ever")


def _look_at(found: Foreseen, ids: tuple[str, ...], names: list[str], after: datetime) -> None:
    for one in ids:
        for name in names:
            found.look_at((one, name), after)
