"""The values that a comparison allows, where they can be listed: days of the week, minutes of the day, sizes."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from typing import Any, Final

from frontdesk_rules.language.asking import one_of
from frontdesk_rules.language.conditions import Compare

DAY: Final = 24 * 60


@dataclass(frozen=True, slots=True)
class Allowed:
    """Only those of one `kind` can be compared: days in one zone, minutes in one zone."""

    kind: Hashable
    values: frozenset[int]

    def inside(self, other: Allowed) -> bool:
        """Whether every value of this one is among those of the other."""
        return self.kind == other.kind and self.values <= other.values

    def apart(self, other: Allowed) -> bool:
        """Whether no value is among both."""
        return self.kind == other.kind and not self.values & other.values


def allowed(condition: Compare) -> Allowed | None:
    """None for comparisons of which they cannot be listed."""
    row = _ROWS.get(condition.op)
    return row(condition) if row else None


def members(condition: Compare) -> int:
    """How many members a list has at least of which this holds."""
    if condition.op == "has_all":
        values: Any = condition.expected
        return sum(not one_of(value, values[:n]) for n, value in enumerate(values))
    return int(condition.op in ("has", "has_any"))


def sizes(condition: Compare, other: Compare) -> set[int]:
    """The sizes of a list of which both may hold, as far as anything tells them apart."""
    asked: list[Any] = [one.expected for one in (condition, other) if one.op == "size"]
    least = max(members(condition), members(other))
    most = max([least, *(limit for bounds in asked for _, limit in bounds.asks)]) + 1
    return {size for size in range(least, most + 1) if all(bounds.hold(size) for bounds in asked)}


def days(field: Hashable, zone: str | None, values: Iterable[int]) -> Allowed:
    """Of the week, from Monday on, which is 0; of a time in a zone."""
    return Allowed(("day", field, zone), frozenset(values))


def minutes(field: Hashable, zone: str | None, values: Iterable[int]) -> Allowed:
    """Of the day, of a time in a zone."""
    return Allowed(("minute", field, zone), frozenset(values))


def _days(condition: Compare) -> Allowed:
    expected: Any = condition.expected
    return days(condition.field, condition.zone, expected)


def _minutes(condition: Compare) -> Allowed:
    ends: Any = condition.expected
    start, end = ends
    between = range(start, end) if start < end else (*range(start, DAY), *range(end))
    return minutes(condition.field, condition.zone, between)


_ROWS: Final[dict[str, Callable[[Compare], Allowed]]] = {"on_weekday": _days, "time_between": _minutes}
