"""Comparisons that hold of every value there can be, or of none: they ask nothing."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from frontdesk_rules.doubting.remarks import Doubt
from frontdesk_rules.facts.catalogue import FieldType
from frontdesk_rules.facts.choices import CHOICES
from frontdesk_rules.language.aggregates import Aggregate
from frontdesk_rules.language.compounds import Bounds
from frontdesk_rules.language.conditions import Compare
from frontdesk_rules.language.literals import is_number
from frontdesk_rules.words import Words, same


@dataclass(frozen=True, slots=True)
class Numbers:
    """What a number can be, and how that is said."""

    least: float
    most: float
    words: Words


@dataclass(frozen=True, slots=True)
class Idle:
    """That a comparison asks nothing, and why."""

    doubt: Doubt
    why: Words


_ANY: Final = Numbers(-math.inf, math.inf, Words("the first value is the higher one", "前一个值大于后一个值"))
_COUNTED: Final = Numbers(0, math.inf, Words("it is a whole number, and never below 0", "它是不小于 0 的整数"))
_FROM_ONE: Final = Numbers(1, math.inf, Words("it is a whole number, and never below 1", "它是不小于 1 的整数"))
_LENGTH: Final = Numbers(0, math.inf, Words("no time is shorter than 0 s", "时长不会小于 0 秒"))
_PERCENT: Final = Numbers(0, 100, Words("it is a percentage, from 0 to 100", "它是 0 到 100 的百分比"))
_FIELDS: Final = {
    "page.scroll": _PERCENT,
    "session.number": _FROM_ONE,
    "contact.rfm.frequency": _COUNTED,
    **dict.fromkeys(("session.page_views", *(f"history.{name}" for name in (
        "sent", "seen", "clicked", "dismissed", "replied"))), _COUNTED),
}  # fmt: skip
_AGGREGATES: Final = dict.fromkeys(("count", "distinct", "distinct_days"), _COUNTED)
_COMPARED: Final = frozenset({"eq", "neq", "in", "not_in", "gt", "gte", "lt", "lte", "between"})
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
    values = expected if isinstance(expected, tuple) else (expected,)
    if condition.op not in _COMPARED or not all(is_number(value) for value in values):
        return None
    numbers = _numbers(condition)
    asked = {condition.operator.ask(number, expected) for number in _around(values, numbers)}
    return _told(asked, numbers.words, numbers.words)


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


def _numbers(condition: Compare) -> Numbers:
    if isinstance(condition.field, Aggregate):
        known = _AGGREGATES.get(condition.field.kind)
    else:
        known = _FIELDS.get(condition.field)
    return known or (_LENGTH if condition.type is FieldType.DURATION else _ANY)


def _around(values: tuple[float, ...], numbers: Numbers) -> Iterator[float]:
    """A number of each kind that the values tell apart: each of them, and what lies beside them, as far as it can be.
    Counts and milliseconds are whole numbers."""
    ends = [end for end in (numbers.least, numbers.most) if math.isfinite(end)]
    beside = (number for value in values for number in (math.floor(value), math.ceil(value)))
    near = {number + step for number in (*beside, *ends) for step in (-1, 0, 1)}
    exact = set(values) if numbers in (_ANY, _PERCENT) else set()
    return (number for number in near | exact if numbers.least <= number <= numbers.most)


def _of_sizes(bounds: Bounds) -> Iterator[bool]:
    return (bounds.hold(size) for size in range(max(limit for _, limit in bounds.asks) + 2))
