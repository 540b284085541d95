"""Comparisons that rule each other out, or leave nothing out."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Final

from frontdesk_rules.findings import Path
from frontdesk_rules.language.asking import one_of
from frontdesk_rules.language.conditions import Compare, Condition, Group, Not
from frontdesk_rules.language.literals import is_number

Placed = tuple[Path, Compare]
_OPPOSITES: Final = {
    "eq": "neq", "in": "not_in", "exists": "missing", "gt": "lte", "lt": "gte", "contains": "not_contains",
    "in_segment": "not_in_segment",
}  # fmt: skip
_FLIPPED: Final = {**_OPPOSITES, **{value: key for key, value in _OPPOSITES.items()}}


def contradictions(condition: Condition, path: Path) -> Iterator[tuple[Path, Compare, Compare]]:
    """Two comparisons that must both hold, and cannot."""
    for spot, group in _groups(condition, path):
        together = list(_conjuncts(group, spot)) if _joins(group, "all") else []
        for (_, one), (at, other) in combinations(together, 2):
            if one.field == other.field and _excluded(one, other):
                yield at, one, other


def tautologies(condition: Condition, path: Path) -> Iterator[tuple[Path, Compare, Compare]]:
    """Two comparisons of which one must hold, and one always does."""
    for spot, group in _groups(condition, path):
        if not isinstance(group, Group) or group.op != "any":
            continue
        alternatives = [((*spot, n), part) for n, part in enumerate(group.of) if isinstance(part, Compare)]
        for (_, one), (at, other) in combinations(alternatives, 2):
            if one.field == other.field and _covering(one, other):
                yield at, one, other


def _groups(condition: Condition, path: Path) -> Iterator[tuple[Path, Condition]]:
    yield path, condition
    if isinstance(condition, Not):
        yield from _groups(condition.of, (*path, "not"))
    elif not isinstance(condition, Compare):
        key = condition.op if isinstance(condition, Group) else "of"
        for n, part in enumerate(condition.of):
            yield from _groups(part, (*path, key, n))


def _joins(condition: Condition, op: str) -> bool:
    return isinstance(condition, Group) and condition.op == op


def _conjuncts(condition: Condition, path: Path) -> Iterator[Placed]:
    """What must hold for the whole to hold: through nested `all`s; a `not` of one comparison as its opposite."""
    if isinstance(condition, Compare):
        yield path, condition
    elif isinstance(condition, Group) and condition.op == "all":
        for n, part in enumerate(condition.of):
            yield from _conjuncts(part, (*path, "all", n))
    elif isinstance(condition, Not) and isinstance(condition.of, Compare) and condition.of.op in _FLIPPED:
        inner = condition.of
        yield (*path, "not"), Compare(inner.field, _FLIPPED[inner.op], inner.value, inner.zone)


def conjuncts(condition: Condition | None) -> frozenset[Compare]:
    return frozenset(one for _, one in _conjuncts(condition, ())) if condition else frozenset()


def _excluded(one: Compare, other: Compare) -> bool:
    if {one.op, other.op} in ({"exists", "missing"}, {"in_segment", "not_in_segment"}):
        return one.op in ("exists", "missing") or one.value == other.value
    allowed, asked = (one, other) if one.op in ("eq", "in") else (other, one)
    if allowed.op in ("eq", "in"):
        values = _values(allowed)
        return not any(_admits(asked, value) for value in values)
    low, high = _range(one), _range(other)
    return low is not None and high is not None and (max(low[0], high[0]) > min(low[1], high[1]) or _touch(one, other))


def _values(condition: Compare) -> tuple[object, ...]:
    expected = condition.expected
    return expected if isinstance(expected, tuple) else (expected,)


def _admits(asked: Compare, value: object) -> bool:
    """Whether a value passes a comparison, as far as can be told without a person: what cannot be told passes."""
    if asked.op in ("exists", "missing"):
        return asked.op == "exists"
    if asked.operator.situated or asked.op == "bucket":
        return True
    return asked.operator.ask(value, asked.expected) is True


def _range(condition: Compare) -> tuple[float, float] | None:
    expected = condition.expected
    if condition.op == "between" and isinstance(expected, tuple):
        return expected[0], expected[1]
    if not isinstance(expected, int | float) or not is_number(expected):
        return None
    if condition.op in ("gt", "gte"):
        return expected, float("inf")
    return (float("-inf"), expected) if condition.op in ("lt", "lte") else None


def _touch(one: Compare, other: Compare) -> bool:
    """`more than 5` and `at most 5` meet in one number, which one of them leaves out."""
    strict = {one.op, other.op} & {"gt", "lt"}
    return bool(strict) and {one.op[0], other.op[0]} == {"g", "l"} and one.expected == other.expected


def _covering(one: Compare, other: Compare) -> bool:
    if one.op in ("neq", "not_in") and other.op in ("neq", "not_in"):
        return not any(one_of(value, _values(other)) for value in _values(one))
    return _FLIPPED.get(one.op) == other.op and one.value == other.value
