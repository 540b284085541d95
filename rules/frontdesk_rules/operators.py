"""The operators, a row each. Adding one is adding a row (and, if it is hot, a fast form in `compile`).

`ask(actual, expected)` answers True, False, or None for *unknown*: an actual value of another type than the operator is
made for is not known to be anything. Only `exists` and `missing` are asked of missing values.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, TypeAlias

from frontdesk_rules import urls
from frontdesk_rules.facts import FieldType
from frontdesk_rules.literals import is_number
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


def _one_of(actual: object, expected: tuple[object, ...]) -> bool:
    return any(same(actual, value) for value in expected)


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

_ROWS: Final = (
    Operator("eq", _COMPARED, _ONE, None, same, Words("is {value}", "为 {value}")),
    Operator("neq", _COMPARED, _ONE, None, lambda a, e: not same(a, e), Words("is not {value}", "不为 {value}")),
    Operator("in", _COMPARED, _MANY, None, _one_of, Words("is one of {value}", "为 {value} 之一")),
    Operator("not_in", _COMPARED, _MANY, None, lambda a, e: not _one_of(a, e), Words("is none of {value}", "不为 {value} 中任何一个")),
    Operator("exists", _EVERY, _NONE, None, lambda a, e: True, Words("is known", "已知")),
    Operator("missing", _EVERY, _NONE, None, lambda a, e: False, Words("is not known", "未知")),
    Operator("gt", _NUMBERS, _ONE, None, _number(lambda a, e: a > e), Words("is more than {value}", "超过 {value}")),
    Operator("gte", _NUMBERS, _ONE, None, _number(lambda a, e: a >= e), Words("is at least {value}", "不少于 {value}")),
    Operator("lt", _NUMBERS, _ONE, None, _number(lambda a, e: a < e), Words("is less than {value}", "少于 {value}")),
    Operator("lte", _NUMBERS, _ONE, None, _number(lambda a, e: a <= e), Words("is at most {value}", "不超过 {value}")),
    Operator("between", _NUMBERS, _PAIR, None, _number(lambda a, e: e[0] <= a <= e[1]), Words("is between {value}", "介于 {value}")),
    Operator("contains", _TEXTS, _ONE, "text", _text(lambda a, e: e in a), Words("contains {value}", "包含 {value}")),
    Operator("not_contains", _TEXTS, _ONE, "text", _text(lambda a, e: e not in a), Words("does not contain {value}", "不包含 {value}")),
    Operator("starts_with", _TEXTS, _ONE, "text", _text(str.startswith), Words("starts with {value}", "以 {value} 开头")),
    Operator("ends_with", _TEXTS, _ONE, "text", _text(str.endswith), Words("ends with {value}", "以 {value} 结尾")),
    Operator("icontains", _TEXTS, _ONE, "text", _text(lambda a, e: e.casefold() in a.casefold()), Words("contains {value} in any letter case", "包含 {value}（不分大小写）")),
    Operator("ieq", _TEXTS, _ONE, "text", _text(lambda a, e: a.casefold() == e.casefold()), Words("is {value} in any letter case", "为 {value}（不分大小写）")),
    Operator("glob", _TEXTS, _ONE, "text", _text(urls.text_glob), Words("looks like {value}", "形如 {value}")),
    Operator("path_eq", _PATHS, _ONE, "path", _text(urls.path_eq), Words("is {value}", "为 {value}")),
    Operator("path_prefix", _PATHS, _ONE, "path", _text(urls.path_prefix), Words("is {value} or below", "为 {value} 或其下级页面")),
    Operator("path_glob", _PATHS, _ONE, "glob", _text(urls.path_glob), Words("matches {value}", "匹配 {value}")),
    Operator("host_eq", _HOSTS, _ONE, "host", _text(urls.host_eq), Words("is on {value}", "位于 {value}")),
    Operator("query_eq", _QUERIES, _ONE, "pair", _text(urls.query_eq), Words("carries {value}", "带有参数 {value}")),
    Operator("has", _LISTS, _ONE, "any", _list(lambda a, e: _one_of(e, tuple(a))), Words("include {value}", "包含 {value}")),
    Operator("has_any", _LISTS, _MANY, "any", _list(lambda a, e: any(_one_of(x, tuple(a)) for x in e)), Words("include any of {value}", "包含 {value} 中任何一个")),
    Operator("has_all", _LISTS, _MANY, "any", _list(lambda a, e: all(_one_of(x, tuple(a)) for x in e)), Words("include all of {value}", "包含 {value} 全部")),
)
OPERATORS: Final = {row.name: row for row in _ROWS}

# Words of the language that a later stage brings: named here, so that a rule that uses one is told so.
LATER_OPERATORS: Final = frozenset(
    "regex size before after within_last older_than on_weekday time_between semver_eq semver_gt semver_gte semver_lt "
    "semver_lte in_segment not_in_segment bucket".split()
)


def literal_of(operator: Operator, field_type: FieldType) -> str:
    """The row of `literals` that the value of this operator must fit when asked of such a field."""
    if operator.literal is not None:
        return operator.literal
    if operator.types is _NUMBERS and field_type is FieldType.ANY:
        return "number"
    return {FieldType.URL: "text", FieldType.QUERY: "text"}.get(field_type, str(field_type))
