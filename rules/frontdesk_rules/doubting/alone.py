"""Comparisons that hold of every value there can be, or of none: they ask nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from frontdesk_rules.doubting.amounts import compares_numbers, numbers_of, telling_apart
from frontdesk_rules.doubting.remarks import Doubt
from frontdesk_rules.facts.choices import CHOICES
from frontdesk_rules.language.compounds import Bounds
from frontdesk_rules.language.conditions import Compare
from frontdesk_rules.words import Words, same


@dataclass(frozen=True, slots=True)
class Idle:
    """That a comparison asks nothing, and why."""

    doubt: Doubt
    why: Words


_NO_TIME: Final = Words("nothing is less than no time ago", "没有什么发生在 0 时长之内")
_ALL_DAY: Final = Words("from a time of day to itself is the whole day", "同一时刻到同一时刻即为全天")
_NO_SIZE: Final = Words("no list is of such a size", "不存在这样长度的列表")
_EVERY_SIZE: Final = Words("every list is of such a size", "任何列表都满足该长度")
_CHOICES: Final = Words("it is one of {c}", "它只能是 {c} 之一")
# Operator → what it answers of every value that is not asked for.
_CHOSEN: Final = {"eq": False, "in": False, "neq": True, "not_in": True}


def idle(condition: Compare) -> Idle | None:
    """None where it depends."""
    expected: Any = condition.expected
    if condition.op == "within_last" and expected == 0:
        return Idle(Doubt.NEVER_HOLDS, _NO_TIME)
    if condition.op == "time_between" and expected[0] == expected[1]:
        return Idle(Doubt.ALWAYS_HOLDS, _ALL_DAY)
    if condition.field in CHOICES and condition.op in _CHOSEN:
        return _of_choices(condition, CHOICES[condition.field])
    if condition.op == "size":
        return _told(set(_of_sizes(expected)), _NO_SIZE, _EVERY_SIZE)
    if not compares_numbers(condition):
        return None
    why = numbers_of(condition).words
    return _told({condition.operator.ask(number, expected) for number in telling_apart(condition)}, why, why)


def _of_choices(condition: Compare, choices: tuple[str, ...]) -> Idle | None:
    """Whether none of the values that are asked for is there: whatever there is, is another one then."""
    if not all(condition.operator.ask(choice, condition.expected) is _CHOSEN[condition.op] for choice in choices):
        return None
    doubt = Doubt.ALWAYS_HOLDS if _CHOSEN[condition.op] else Doubt.NEVER_HOLDS
    return Idle(doubt, _CHOICES.fill_all(c=same(", ".join(choices))))


def _told(answers: set[bool | None], never: Words, always: Words) -> Idle | None:
    if answers == {False}:
        return Idle(Doubt.NEVER_HOLDS, never)
    return Idle(Doubt.ALWAYS_HOLDS, always) if answers == {True} else None


def _of_sizes(bounds: Bounds) -> Iterator[bool]:
    return (bounds.hold(size) for size in range(max(limit for _, limit in bounds.asks) + 2))
