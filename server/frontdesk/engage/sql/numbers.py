"""Comparisons of numbers that lie between two: wide, never less than the truth, or narrow, never more."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Protocol

from sqlalchemy import and_, false, not_

from frontdesk.engage.sql.slots import Span, Sql

# Up to here whole numbers are exact in JSON, in both databases and in Python; other numbers are read to 15 digits.
_EXACT: Final = 2**53 - 1
_READ_TO: Final = 1e-14


class Compared(Protocol):
    def __call__(self, number: Span, limit: Any, /, *, wide: bool) -> Sql: ...


def within_reach(limits: tuple[float, ...]) -> bool:
    """Whether no database rounds what may be compared with these."""
    return all(abs(limit) <= _EXACT for limit in limits)


def equal(number: Span, value: float, /, *, wide: bool) -> Sql:
    """Of numbers that may be read one digit off, near is equal enough, and never surely equal."""
    value, off = float(value), _off(value)
    if number.low is number.high and not off:
        return number.low == value
    if wide:
        return and_(number.low <= value + off, number.high >= value - off)
    return false() if off else and_(number.low == value, number.high == value)


def greater(number: Span, limit: float, /, *, wide: bool) -> Sql:
    return number.high > float(limit) - _off(limit) if wide else number.low > float(limit) + _off(limit)


def at_least(number: Span, limit: float, /, *, wide: bool) -> Sql:
    return number.high >= float(limit) - _off(limit) if wide else number.low >= float(limit) + _off(limit)


def less(number: Span, limit: float, /, *, wide: bool) -> Sql:
    return not_(at_least(number, limit, wide=not wide))


def at_most(number: Span, limit: float, /, *, wide: bool) -> Sql:
    return not_(greater(number, limit, wide=not wide))


def between(number: Span, ends: tuple[float, float], /, *, wide: bool) -> Sql:
    return and_(at_least(number, ends[0], wide=wide), at_most(number, ends[1], wide=wide))


BY_SIGN: Final[Mapping[str, Compared]] = {
    "eq": equal,
    "gt": greater,
    "gte": at_least,
    "lt": less,
    "lte": at_most,
}


def _off(value: float) -> float:
    """By how much a number near this one may be read wrong."""
    return 0 if float(value).is_integer() and abs(value) <= _EXACT else abs(value) * _READ_TO
