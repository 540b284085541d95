"""Rules that call themselves: what one emits is, if only through others, its own trigger."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Final

from frontdesk_rules.doubting.remarks import Doubt, Remark, remark
from frontdesk_rules.facts.history import PastEvent
from frontdesk_rules.facts.moments import Moment
from frontdesk_rules.language.deeds import Emit
from frontdesk_rules.language.edges import EventTrigger
from frontdesk_rules.language.rule import Rule
from frontdesk_rules.language.timed import AbsenceTrigger
from frontdesk_rules.words import joined, same

_SOME_TIME: Final = datetime(2024, 1, 1, tzinfo=UTC)


def loops(rules: Sequence[Rule]) -> Iterator[Remark]:
    """One for each rule that ends in itself, with the shortest way there."""
    listening = [rule for rule in rules if isinstance(rule.trigger, EventTrigger | AbsenceTrigger)]
    calls = {rule.key: [one.key for one in listening if _calls(rule, one)] for rule in rules}
    for rule in rules:
        way = _way_back(rule.key, calls)
        if way is None:
            continue
        first = next(one for one in listening if one.key == way[0])
        path, emit = next((path, one) for path, one in _emits(rule) if _wakes(one, first))
        spot = (*path, emit.name)
        if way == [rule.key]:
            yield remark(Doubt.CALLS_ITSELF, rule.key, spot, what=same(emit.event))
        else:
            through = joined([same(key) for key in way[:-1]], same(", "))
            yield remark(Doubt.CALLED_BACK, rule.key, spot, what=same(emit.event), through=through)


def _way_back(start: str, calls: dict[str, list[str]]) -> list[str] | None:
    """The rules that follow each other until it is the first one's turn again; None where that never comes."""
    ways = deque([[key] for key in calls[start]])
    seen: set[str] = set()
    while ways:
        way = ways.popleft()
        if way[-1] == start:
            return way
        if way[-1] not in seen:
            seen.add(way[-1])
            ways += [[*way, key] for key in calls[way[-1]]]
    return None


def _calls(rule: Rule, other: Rule) -> bool:
    return any(_wakes(emit, other) for _, emit in _emits(rule))


def _emits(rule: Rule) -> Iterator[tuple[tuple[str | int, ...], Emit]]:
    return ((path, action) for path, action in rule.actions() if isinstance(action, Emit))


def _wakes(emit: Emit, rule: Rule) -> bool:
    """Whether such an event is what the rule is asked at, or waits after."""
    trigger, properties = rule.trigger, dict(emit.properties)
    if isinstance(trigger, AbsenceTrigger):
        return trigger.after.event == emit.event and trigger.after.fits(PastEvent(_SOME_TIME, properties))
    return trigger.matches(Moment(kind="event", at=_SOME_TIME, name=emit.event, properties=properties))
