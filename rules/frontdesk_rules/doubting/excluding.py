"""Whether two comparisons of one field can both hold. What cannot be told without a person passes."""

from __future__ import annotations

from typing import Final

from frontdesk_rules.doubting.spans import span_of
from frontdesk_rules.language.asking import one_of
from frontdesk_rules.language.conditions import Compare
from frontdesk_rules.urls import path_prefix

_OPPOSITES: Final = {
    "eq": "neq", "in": "not_in", "exists": "missing", "gt": "lte", "lt": "gte", "contains": "not_contains",
    "in_segment": "not_in_segment",
}  # fmt: skip
FLIPPED: Final = {**_OPPOSITES, **{value: key for key, value in _OPPOSITES.items()}}
# A value is only one path, one host, one version; `ieq` looks at no case.
_ONLY_ONE: Final = frozenset({"path_eq", "host_eq", "semver_eq", "ieq"})


def excluded(one: Compare, other: Compare) -> bool:
    """Of one field, and both must hold."""
    if "missing" in (one.op, other.op):
        return one.op != other.op  # every other comparison is unknown of what is missing
    if FLIPPED.get(one.op) == other.op and one.value == other.value:
        return True
    allowed, asked = (one, other) if one.op in ("eq", "in") else (other, one)
    if allowed.op in ("eq", "in"):
        return not any(admits(asked, value) for value in values_of(allowed))
    first, second = span_of(one), span_of(other)
    return first.apart(second) if first and second else _alike_apart(one, other)


def values_of(condition: Compare) -> tuple[object, ...]:
    """What it compares with, as actual values are."""
    expected = condition.expected
    return expected if isinstance(expected, tuple) else (expected,)


def admits(asked: Compare, value: object) -> bool:
    """Whether a value passes a comparison, as far as can be told without a person."""
    if asked.op in ("exists", "missing"):
        return asked.op == "exists"
    if asked.operator.situated or asked.op == "bucket":
        return True
    return asked.operator.ask(value, asked.expected) is True


def covering(one: Compare, other: Compare) -> bool:
    """Whether one of the two always holds, of whatever is known."""
    if one.op in ("neq", "not_in") and other.op in ("neq", "not_in"):
        return not any(one_of(value, values_of(other)) for value in values_of(one))
    return FLIPPED.get(one.op) == other.op and one.value == other.value


def _alike_apart(one: Compare, other: Compare) -> bool:
    """Two of the same operator, whose values leave nothing that is both."""
    if one.op != other.op:
        return False
    first, second = str(one.expected), str(other.expected)
    if one.op == "starts_with":
        return not (first.startswith(second) or second.startswith(first))
    if one.op == "ends_with":
        return not (first.endswith(second) or second.endswith(first))
    if one.op == "path_prefix":
        return not (path_prefix(first, second) or path_prefix(second, first))
    return one.op in _ONLY_ONE and first.casefold() != second.casefold()
