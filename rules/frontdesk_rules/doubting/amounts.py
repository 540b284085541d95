"""What a number can be, and which numbers tell comparisons apart."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

from frontdesk_rules.facts.catalogue import FieldType
from frontdesk_rules.language.aggregates import Aggregate
from frontdesk_rules.language.asking import same
from frontdesk_rules.language.conditions import Compare
from frontdesk_rules.language.literals import is_number
from frontdesk_rules.words import Words


@dataclass(frozen=True, slots=True)
class Numbers:
    """What a number can be, and how that is said."""

    least: float
    most: float
    words: Words
    whole: bool = False


_ANY: Final = Numbers(-math.inf, math.inf, Words("the first value is the higher one", "前一个值大于后一个值"))
_COUNTED: Final = Numbers(
    0, math.inf, Words("it is a whole number, and never below 0", "它是不小于 0 的整数"), whole=True
)
_FROM_ONE: Final = Numbers(
    1, math.inf, Words("it is a whole number, and never below 1", "它是不小于 1 的整数"), whole=True
)
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


def compares_numbers(condition: Compare) -> bool:
    """Whether it compares with numbers alone, so that `telling_apart` has all that it can tell apart."""
    return condition.op in _COMPARED and all(is_number(value) for value in values_of(condition))


def values_of(condition: Compare) -> tuple[Any, ...]:
    """What it compares with, as actual values are."""
    expected: Any = condition.expected
    return expected if isinstance(expected, tuple) else (expected,)


def same_values(one: Compare, other: Compare) -> bool:
    """Whether they compare with the same: yes is not 1."""
    first, second = values_of(one), values_of(other)
    return len(first) == len(second) and all(map(same, first, second))


def numbers_of(condition: Compare) -> Numbers:
    """What its field can be, if it is a number."""
    if isinstance(condition.field, Aggregate):
        known = _AGGREGATES.get(condition.field.kind)
    else:
        known = _FIELDS.get(condition.field)
    return known or (_LENGTH if condition.type is FieldType.DURATION else _ANY)


def telling_apart(*conditions: Compare) -> list[float]:
    """A number of each kind that comparisons of one field tell apart: each of their values, and what lies beside and
    between them, as far as it can be."""
    numbers = numbers_of(conditions[0])
    values = [value for one in conditions for value in values_of(one) if is_number(value)]
    ends = [end for end in (numbers.least, numbers.most) if math.isfinite(end)]
    near = _whole(values, ends) if numbers.whole else _exact(sorted({*values, *ends}))
    return [number for number in near if numbers.least <= number <= numbers.most]


def _whole(values: list[float], ends: list[float]) -> set[float]:
    beside = [number for value in values for number in (math.floor(value), math.ceil(value))]
    return {number + step for number in (*beside, *ends) for step in (-1, 0, 1)}


def _exact(values: list[float]) -> Iterator[float]:
    yield from values
    yield from ((low + high) / 2 for low, high in pairwise(values))
    yield from (values[0] - 1, values[-1] + 1)
