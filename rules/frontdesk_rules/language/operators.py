"""The operators, a row each. Adding one is adding a row (and, if it is hot, a fast form in `engine.compile`).

`ask(actual, expected)` answers True, False, or None for *unknown*: an actual value of another type than the operator is
made for is not known to be anything. A *situated* one also asks when and where: `ask(actual, expected, Situation)`.
Only `exists` and `missing` are asked of missing values. What `eq`, `neq`, `in` and `not_in` ask of times, lists and
segments is said in the operators of those when a rule is read (`reading.equality`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, TypeAlias

from frontdesk_rules.facts.catalogue import FieldType
from frontdesk_rules.language import asking as a
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
    ask: Callable[..., Verdict]
    words: Words
    situated: bool = False


_T = FieldType
_EVERY: Final = frozenset(_T)
_NUMBERS: Final = frozenset({_T.NUMBER, _T.DURATION, _T.ANY})
_TEXTS: Final = frozenset({_T.TEXT, _T.PATH, _T.URL, _T.QUERY, _T.ANY})
_PATHS: Final = frozenset({_T.PATH, _T.URL, _T.ANY})
_HOSTS: Final = frozenset({_T.URL, _T.ANY})
_QUERIES: Final = frozenset({_T.URL, _T.QUERY, _T.ANY})
_LISTS: Final = frozenset({_T.LIST, _T.ANY})
_TIMES: Final = frozenset({_T.TIME, _T.ANY})
_NAMED: Final = frozenset({_T.TEXT, _T.ANY})
_SEGMENTS: Final = frozenset({_T.SEGMENTS})
_HAVE: Final = _LISTS | _SEGMENTS
_PERSON: Final = frozenset({_T.IDENTITY})
_NONE, _ONE, _MANY, _PAIR = Shape.NONE, Shape.ONE, Shape.MANY, Shape.PAIR

# fmt: off
_ROWS: Final[tuple[tuple[Any, ...], ...]] = (  # a table reads by its columns
    ("eq", _EVERY, _ONE, None, a.same, "is {value}", "为 {value}"),
    ("neq", _EVERY, _ONE, None, a.differs, "is not {value}", "不为 {value}"),
    ("in", _EVERY, _MANY, None, a.one_of, "is {value}", "为 {value}"),
    ("not_in", _EVERY, _MANY, None, a.none_of, "is not {value}", "不为 {value}"),
    ("exists", _EVERY, _NONE, None, lambda _a, _e: True, "is known", "已知"),
    ("missing", _EVERY, _NONE, None, lambda _a, _e: False, "is not known", "未知"),
    ("gt", _NUMBERS, _ONE, None, a.greater, "is more than {value}", "超过 {value}"),
    ("gte", _NUMBERS, _ONE, None, a.at_least, "is at least {value}", "不少于 {value}"),
    ("lt", _NUMBERS, _ONE, None, a.less, "is less than {value}", "少于 {value}"),
    ("lte", _NUMBERS, _ONE, None, a.at_most, "is at most {value}", "不超过 {value}"),
    ("between", _NUMBERS, _PAIR, None, a.between, "is between {value}", "介于 {value}"),
    ("contains", _TEXTS, _ONE, "text", a.contains, "contains {value}", "包含 {value}"),
    ("not_contains", _TEXTS, _ONE, "text", a.not_contains, "does not contain {value}", "不含 {value}"),
    ("starts_with", _TEXTS, _ONE, "text", a.starts_with, "starts with {value}", "以 {value} 开头"),
    ("ends_with", _TEXTS, _ONE, "text", a.ends_with, "ends with {value}", "以 {value} 结尾"),
    ("icontains", _TEXTS, _ONE, "text", a.icontains, "contains {value}", "包含 {value}"),
    ("ieq", _TEXTS, _ONE, "text", a.ieq, "is {value}", "为 {value}"),
    ("glob", _TEXTS, _ONE, "text", a.glob, "looks like {value}", "形如 {value}"),
    ("regex", _TEXTS, _ONE, "regex", a.regex, "matches {value}", "匹配 {value}"),
    ("path_eq", _PATHS, _ONE, "path", a.path_eq, "is {value}", "为 {value}"),
    ("path_prefix", _PATHS, _ONE, "path", a.path_prefix, "is {value} or below", "为 {value} 或其下级"),
    ("path_glob", _PATHS, _ONE, "glob", a.path_glob, "is {value}", "为 {value}"),
    ("host_eq", _HOSTS, _ONE, "host", a.host_eq, "is on {value}", "位于 {value}"),
    ("query_eq", _QUERIES, _ONE, "pair", a.query_eq, "carries {value}", "带有参数 {value}"),
    ("has", _HAVE, _ONE, "any", a.has, "include {value}", "包含 {value}"),
    ("has_any", _HAVE, _MANY, "any", a.has_any, "include {value}", "包含 {value}"),
    ("has_all", _HAVE, _MANY, "any", a.has_all, "include all of {value}", "同时包含 {value}"),
    ("size", _LISTS, _ONE, "bounds", a.size, "number {value}", "共 {value} 个"),
    ("before", _TIMES, _ONE, "instant", a.before, "is before {value}", "早于 {value}"),
    ("after", _TIMES, _ONE, "instant", a.after, "is {value} or later", "不早于 {value}"),
    ("within_last", _TIMES, _ONE, "duration", a.within_last, "is within the last {value}", "在最近 {value}内"),
    ("older_than", _TIMES, _ONE, "duration", a.older_than, "is more than {value} ago", "早于 {value}前"),
    ("on_weekday", _TIMES, _MANY, "weekday", a.on_weekday, "is on {value}", "在 {value}"),
    ("time_between", _TIMES, _PAIR, "clock", a.time_between, "is between {value}", "在 {value}之间"),
    ("semver_eq", _NAMED, _ONE, "version", a.semver_eq, "is version {value}", "版本为 {value}"),
    ("semver_gt", _NAMED, _ONE, "version", a.semver_gt, "is newer than {value}", "版本高于 {value}"),
    ("semver_gte", _NAMED, _ONE, "version", a.semver_gte, "is {value} or newer", "版本不低于 {value}"),
    ("semver_lt", _NAMED, _ONE, "version", a.semver_lt, "is older than {value}", "版本低于 {value}"),
    ("semver_lte", _NAMED, _ONE, "version", a.semver_lte, "is {value} or older", "版本不高于 {value}"),
    ("in_segment", _SEGMENTS, _ONE, "key", a.has, "include {value}", "包含 {value}"),
    ("not_in_segment", _SEGMENTS, _ONE, "key", a.has_not, "do not include {value}", "不含 {value}"),
    ("bucket", _PERSON, _ONE, "share", a.in_share, "is in the share {value}", "属于抽样 {value}"),
)
# fmt: on
_SITUATED: Final = frozenset({"before", "after", "within_last", "older_than", "on_weekday", "time_between"})
# Those that ask about local time, and may name a zone.
LOCAL: Final = frozenset({"before", "after", "on_weekday", "time_between"})
OPERATORS: Final = {
    name: Operator(name, types, shape, literal, ask, Words(en, zh), name in _SITUATED)
    for name, types, shape, literal, ask, en, zh in _ROWS
}
# Operators that stand for a whole condition, each with the one field that it asks.
ALONE: Final = {"in_segment": "contact.segments", "not_in_segment": "contact.segments", "bucket": "person.id"}


def literal_of(operator: Operator, field_type: FieldType) -> str:
    """The row of `literals` that the value of this operator must fit when asked of such a field."""
    if operator.types is _HAVE and field_type is FieldType.SEGMENTS:
        return "key"
    if operator.literal is not None:
        return operator.literal
    if operator.shape is Shape.NONE:
        return "any"
    if operator.types is _NUMBERS and field_type is FieldType.ANY:
        return "number"
    return _OF_ITS_TYPE.get(field_type, str(field_type))


# The literal of a field's own type, where it is not of that name.
_OF_ITS_TYPE: Final = {
    _T.URL: "text", _T.QUERY: "text", _T.IDENTITY: "text", _T.TIME: "instant", _T.LIST: "any", _T.SEGMENTS: "key",
}  # fmt: skip
