"""The operators, a row each. Adding one is adding a row (and, if it is hot, a fast form in `compile`).

`ask(actual, expected)` answers True, False, or None for *unknown*: an actual value of another type than the operator is
made for is not known to be anything. Only `exists` and `missing` are asked of missing values.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, TypeAlias

from frontdesk_rules import urls
from frontdesk_rules.facts.catalogue import FieldType
from frontdesk_rules.language.literals import is_number
from frontdesk_rules.words import Words

Verdict: TypeAlias = bool | None


class Shape(StrEnum):
    """How many values an operator takes."""

    NONE = "none"
    ONE = "one"
    MANY = "many"
    PAIR = "pair"


@dataclass(frozen=True, slots=True)
class Operator:
    """`literal` names the row of `literals` its value must fit; None means: that of the field's own type.

    `words` read after the field's label, `{value}` being what is expected.
    """

    name: str
    types: frozenset[FieldType]
    shape: Shape
    literal: str | None
    ask: Callable[[Any, Any], Verdict]
    words: Words


def same(actual: object, expected: object) -> bool:
    """Equality as in JSON: true is not 1, but 1 is 1.0."""
    return actual == expected and isinstance(actual, bool) is isinstance(expected, bool)


def _one_of(actual: object, expected: Iterable[object]) -> bool:
    return any(same(actual, value) for value in expected)


def _icontains(actual: str, expected: str) -> bool:
    return expected.casefold() in actual.casefold()


def _ieq(actual: str, expected: str) -> bool:
    return actual.casefold() == expected.casefold()


def _between(actual: float, expected: tuple[float, float]) -> bool:
    """Both ends belong to it."""
    return expected[0] <= actual <= expected[1]


def _has_any(actual: Iterable[object], expected: Iterable[object]) -> bool:
    return any(_one_of(value, actual) for value in expected)


def _has_all(actual: Iterable[object], expected: Iterable[object]) -> bool:
    return all(_one_of(value, actual) for value in expected)


def _number(ask: Callable[[Any, Any], bool]) -> Callable[[Any, Any], Verdict]:
    return lambda actual, expected: ask(actual, expected) if is_number(actual) else None


def _text(ask: Callable[[str, Any], bool]) -> Callable[[Any, Any], Verdict]:
    return lambda actual, expected: ask(actual, expected) if isinstance(actual, str) else None


def _list(ask: Callable[[Any, Any], bool]) -> Callable[[Any, Any], Verdict]:
    return lambda actual, expected: (
        ask(actual, expected) if isinstance(actual, list | tuple | set | frozenset) else None
    )


_T = FieldType
_COMPARED: Final = frozenset({_T.TEXT, _T.NUMBER, _T.FLAG, _T.DURATION, _T.PATH, _T.URL, _T.QUERY, _T.ANY})
_EVERY: Final = frozenset(_T)
_NUMBERS: Final = frozenset({_T.NUMBER, _T.DURATION, _T.ANY})
_TEXTS: Final = frozenset({_T.TEXT, _T.PATH, _T.URL, _T.QUERY, _T.ANY})
_PATHS: Final = frozenset({_T.PATH, _T.URL, _T.ANY})
_HOSTS: Final = frozenset({_T.URL, _T.ANY})
_QUERIES: Final = frozenset({_T.URL, _T.QUERY, _T.ANY})
_LISTS: Final = frozenset({_T.LIST, _T.ANY})
_NONE, _ONE, _MANY, _PAIR = Shape.NONE, Shape.ONE, Shape.MANY, Shape.PAIR

# fmt: off
_ROWS: Final = (  # a table reads by its columns
    ("eq", _COMPARED, _ONE, None, same, "is {value}", "为 {value}"),
    ("neq", _COMPARED, _ONE, None, lambda a, e: not same(a, e), "is not {value}", "不为 {value}"),
    ("in", _COMPARED, _MANY, None, _one_of, "is {value}", "为 {value}"),
    ("not_in", _COMPARED, _MANY, None, lambda a, e: not _one_of(a, e), "is not {value}", "不为 {value}"),
    ("exists", _EVERY, _NONE, None, lambda _a, _e: True, "is known", "已知"),
    ("missing", _EVERY, _NONE, None, lambda _a, _e: False, "is not known", "未知"),
    ("gt", _NUMBERS, _ONE, None, _number(operator.gt), "is more than {value}", "超过 {value}"),
    ("gte", _NUMBERS, _ONE, None, _number(operator.ge), "is at least {value}", "不少于 {value}"),
    ("lt", _NUMBERS, _ONE, None, _number(operator.lt), "is less than {value}", "少于 {value}"),
    ("lte", _NUMBERS, _ONE, None, _number(operator.le), "is at most {value}", "不超过 {value}"),
    ("between", _NUMBERS, _PAIR, None, _number(_between), "is between {value}", "介于 {value}"),
    ("contains", _TEXTS, _ONE, "text", _text(operator.contains), "contains {value}", "包含 {value}"),
    ("not_contains", _TEXTS, _ONE, "text", _text(lambda a, e: e not in a), "does not contain {value}", "不含 {value}"),
    ("starts_with", _TEXTS, _ONE, "text", _text(str.startswith), "starts with {value}", "以 {value} 开头"),
    ("ends_with", _TEXTS, _ONE, "text", _text(str.endswith), "ends with {value}", "以 {value} 结尾"),
    ("icontains", _TEXTS, _ONE, "text", _text(_icontains), "contains {value}", "包含 {value}"),
    ("ieq", _TEXTS, _ONE, "text", _text(_ieq), "is {value}", "为 {value}"),
    ("glob", _TEXTS, _ONE, "text", _text(urls.text_glob), "looks like {value}", "形如 {value}"),
    ("path_eq", _PATHS, _ONE, "path", _text(urls.path_eq), "is {value}", "为 {value}"),
    ("path_prefix", _PATHS, _ONE, "path", _text(urls.path_prefix), "is {value} or below", "为 {value} 或其下级"),
    ("path_glob", _PATHS, _ONE, "glob", _text(urls.path_glob), "is {value}", "为 {value}"),
    ("host_eq", _HOSTS, _ONE, "host", _text(urls.host_eq), "is on {value}", "位于 {value}"),
    ("query_eq", _QUERIES, _ONE, "pair", _text(urls.query_eq), "carries {value}", "带有参数 {value}"),
    ("has", _LISTS, _ONE, "any", _list(lambda a, e: _one_of(e, a)), "include {value}", "包含 {value}"),
    ("has_any", _LISTS, _MANY, "any", _list(_has_any), "include {value}", "包含 {value}"),
    ("has_all", _LISTS, _MANY, "any", _list(_has_all), "include all of {value}", "同时包含 {value}"),
)
# fmt: on
OPERATORS: Final = {
    name: Operator(name, types, shape, literal, ask, Words(en, zh))
    for name, types, shape, literal, ask, en, zh in _ROWS
}

# Words of the language that a later stage brings: named here, so that a rule that uses one is told so.
LATER_OPERATORS: Final = frozenset({
    "regex", "size", "before", "after", "within_last", "older_than", "on_weekday", "time_between", "semver_eq",
    "semver_gt", "semver_gte", "semver_lt", "semver_lte", "in_segment", "not_in_segment", "bucket",
})  # fmt: skip


def literal_of(operator: Operator, field_type: FieldType) -> str:
    """The row of `literals` that the value of this operator must fit when asked of such a field."""
    if operator.literal is not None:
        return operator.literal
    if operator.shape is Shape.NONE:
        return "any"
    if operator.types is _NUMBERS and field_type is FieldType.ANY:
        return "number"
    return {FieldType.URL: "text", FieldType.QUERY: "text"}.get(field_type, str(field_type))
