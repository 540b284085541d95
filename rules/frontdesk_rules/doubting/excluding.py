"""Whether two comparisons can both hold, and whether one of two always does. What cannot be told without a person
passes."""

from __future__ import annotations

from typing import Final

from frontdesk_rules.doubting.amounts import compares_numbers, same_values, telling_apart, values_of
from frontdesk_rules.doubting.narrowing import too_few
from frontdesk_rules.doubting.sets import allowed, members, sizes
from frontdesk_rules.doubting.spans import span_of
from frontdesk_rules.language.asking import one_of
from frontdesk_rules.language.conditions import Compare
from frontdesk_rules.urls import path_prefix

_OPPOSITES: Final = {
    "eq": "neq", "in": "not_in", "exists": "missing", "gt": "lte", "lt": "gte", "contains": "not_contains",
    "in_segment": "not_in_segment",
}  # fmt: skip
FLIPPED: Final = {**_OPPOSITES, **{value: key for key, value in _OPPOSITES.items()}}
# A value is only one path, one host; `ieq` looks at no case.
_ONLY_ONE: Final = frozenset({"path_eq", "host_eq", "ieq"})
_OF_A_PATH: Final = frozenset({"path_prefix", "path_glob"})


def excluded(one: Compare, other: Compare) -> bool:
    """Whether they cannot both hold."""
    if one.field != other.field:
        return too_few(one, other) or too_few(other, one)
    if "missing" in (one.op, other.op):
        return one.op != other.op  # every other comparison is unknown of what is missing
    if FLIPPED.get(one.op) == other.op and same_values(one, other):
        return True
    given, asked = (one, other) if one.op in ("eq", "in") else (other, one)
    if given.op in ("eq", "in"):
        return not any(admits(asked, value) for value in values_of(given))
    return _apart(one, other)


def admits(asked: Compare, value: object) -> bool:
    """Whether a value passes a comparison, as far as can be told without a person."""
    if asked.op in ("exists", "missing"):
        return asked.op == "exists"
    if asked.operator.situated or asked.op == "bucket":
        return True
    return asked.operator.ask(value, asked.expected) is True


def covering(one: Compare, other: Compare) -> bool:
    """Of one field: whether one of the two always holds, of whatever is known."""
    if compares_numbers(one) and compares_numbers(other):
        asked = telling_apart(one, other)
        return all(any(part.operator.ask(number, part.expected) for part in (one, other)) for number in asked)
    if one.op in ("neq", "not_in") and other.op in ("neq", "not_in"):
        return not any(one_of(value, values_of(other)) for value in values_of(one))
    return FLIPPED.get(one.op) == other.op and same_values(one, other)


def _apart(one: Compare, other: Compare) -> bool:
    """Whether what one leaves open has nothing in common with what the other does."""
    if compares_numbers(one) and compares_numbers(other):
        found = telling_apart(one, other)
        return not any(all(part.operator.ask(number, part.expected) for part in (one, other)) for number in found)
    if one.op == "size" or other.op == "size":
        return _no_such_list(one, other)
    first, second = allowed(one), allowed(other)
    if first and second:
        return first.apart(second)
    span, beside = span_of(one), span_of(other)
    return span.apart(beside) if span and beside else _alike_apart(one, other)


def _no_such_list(one: Compare, other: Compare) -> bool:
    lists = all(part.op == "size" or members(part) for part in (one, other))
    return lists and not sizes(one, other)


def _alike_apart(one: Compare, other: Compare) -> bool:
    """Two of one kind, whose values leave nothing that is both."""
    path, asked = (one, other) if one.op == "path_eq" else (other, one)
    if path.op == "path_eq" and asked.op in _OF_A_PATH:
        return not admits(asked, path.expected)
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
