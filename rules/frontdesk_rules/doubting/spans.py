"""The span of values that a comparison leaves open, and whether two of them have any in common."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any, Final

from frontdesk_rules.language.compounds import Share
from frontdesk_rules.language.conditions import Compare
from frontdesk_rules.language.literals import is_number


@dataclass(frozen=True, slots=True)
class Open:
    """From `low` to `high`; None: without end. `above` and `below` say that the end itself is left out. Only spans of
    one `kind` can be compared: numbers, versions, instants, ages, buckets under one salt."""

    kind: Hashable
    low: Any = None
    high: Any = None
    above: bool = False
    below: bool = False

    def apart(self, other: Open) -> bool:
        """Whether no value lies in both."""
        return self.kind == other.kind and (self._beyond(other) or other._beyond(self))

    def inside(self, other: Open) -> bool:
        """Whether every value of this one lies in the other."""
        return self.kind == other.kind and self._begins_in(other) and self._ends_in(other)

    def _begins_in(self, other: Open) -> bool:
        if other.low is None or self.low is None:
            return other.low is None
        return bool(self.low > other.low) or (self.low == other.low and (self.above or not other.above))

    def _ends_in(self, other: Open) -> bool:
        if other.high is None or self.high is None:
            return other.high is None
        return bool(self.high < other.high) or (self.high == other.high and (self.below or not other.below))

    def _beyond(self, other: Open) -> bool:
        if self.low is None or other.high is None:
            return False
        return bool(self.low > other.high) or (self.low == other.high and (self.above or other.below))


def span_of(condition: Compare) -> Open | None:
    """None for comparisons that leave no span open."""
    row = _SPANS.get(condition.op)
    return row(condition) if row else None


def _from(*, above: bool) -> Callable[[Compare], Open]:
    return lambda one: Open(_kind(one), low=one.expected, above=above)


def _to(*, below: bool) -> Callable[[Compare], Open]:
    return lambda one: Open(_kind(one), high=one.expected, below=below)


def _kind(condition: Compare) -> Hashable:
    expected: Any = condition.expected
    if is_number(expected):
        return "number"
    if condition.op in ("before", "after"):
        return ("instant", None) if expected.tzinfo else ("local", condition.zone)
    return "version"


def _between(condition: Compare) -> Open:
    ends: Any = condition.expected
    return Open("number", ends[0], ends[1])


def _bucket(condition: Compare) -> Open:
    share: Share = condition.expected  # type: ignore[assignment]  # by its literal
    return Open(("bucket", share.salt), share.low, share.high, below=True)


_SPANS: Final[dict[str, Callable[[Compare], Open]]] = {
    "gt": _from(above=True),
    "gte": _from(above=False),
    "lt": _to(below=True),
    "lte": _to(below=False),
    "between": _between,
    "semver_eq": lambda one: Open("version", one.expected, one.expected),
    "semver_gt": _from(above=True),
    "semver_gte": _from(above=False),
    "semver_lt": _to(below=True),
    "semver_lte": _to(below=False),
    "after": _from(above=False),
    "before": _to(below=True),
    "older_than": lambda one: Open("age", low=one.expected),
    "within_last": lambda one: Open("age", high=one.expected, below=True),
    "bucket": _bucket,
}
