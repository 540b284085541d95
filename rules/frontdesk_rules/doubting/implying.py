"""Whether one comparison holds wherever another of the same field does. What cannot be told without a person does
not."""

from __future__ import annotations

from typing import Any, Final

from frontdesk_rules.doubting.amounts import compares_numbers, same_values, telling_apart, values_of
from frontdesk_rules.doubting.sets import allowed
from frontdesk_rules.doubting.spans import span_of
from frontdesk_rules.language.asking import one_of
from frontdesk_rules.language.conditions import Compare

# What these say of numbers they say of texts, too.
_OF_ANYTHING: Final = frozenset({"neq", "not_in"})
_HAVE: Final = frozenset({"has", "has_any", "has_all"})
_OF_A_PATH: Final = frozenset({"path_eq", "path_prefix", "path_glob"})


def implies(one: Compare, other: Compare) -> bool:
    """Of one field."""
    if one == other and same_values(one, other):
        return True
    if "missing" in (one.op, other.op) or other.op == "exists":
        return one.op != "missing" and other.op == "exists"
    if one.op in ("eq", "in"):
        return all(surely(other, value) for value in values_of(one))
    if one.op == "path_eq" and other.op in _OF_A_PATH:
        return surely(other, one.expected)
    return _numbers_imply(one, other) or _span_implies(one, other) or _set_implies(one, other)


def surely(asked: Compare, value: object) -> bool:
    """Whether a value passes a comparison, whoever is asked about."""
    situated = asked.operator.situated or asked.op in ("bucket", "exists", "missing")
    return not situated and asked.operator.ask(value, asked.expected) is True


def _numbers_imply(one: Compare, other: Compare) -> bool:
    if not (compares_numbers(one) and compares_numbers(other)) or one.op in _OF_ANYTHING:
        return False
    held = [number for number in telling_apart(one, other) if one.operator.ask(number, one.expected)]
    return all(other.operator.ask(number, other.expected) for number in held)


def _span_implies(one: Compare, other: Compare) -> bool:
    first, second = span_of(one), span_of(other)
    return first is not None and second is not None and first.inside(second)


def _set_implies(one: Compare, other: Compare) -> bool:
    if one.op in _HAVE and other.op in _HAVE:
        return _has(one, other)
    first, second = allowed(one), allowed(other)
    return first is not None and second is not None and first.inside(second)


def _has(one: Compare, other: Compare) -> bool:
    """Whether a list with some of the values of one has enough of those of the other."""
    some: Any = values_of(one)
    wanted: Any = values_of(other)
    if one.op == "has_any" and len(some) > 1:
        return other.op == "has_any" and all(one_of(value, wanted) for value in some)
    found = [one_of(value, some) for value in wanted]
    return any(found) if other.op == "has_any" else all(found)
