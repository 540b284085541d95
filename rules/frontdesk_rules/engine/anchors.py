"""Where a rule is kept: what a moment must have for the rule to act, as selective as can be told for certain.

(trigger, path) > (trigger, other equality, or a list that has a value) > (trigger, last segment of a path) >
(trigger, path prefix) > (trigger, threshold of a number) > (trigger, a field that is known or not) > (trigger).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeAlias

from frontdesk_rules.language.conditions import Compare, Condition, Group
from frontdesk_rules.language.edges import EventTrigger
from frontdesk_rules.language.literals import is_number
from frontdesk_rules.language.pages import Paths
from frontdesk_rules.language.rule import Rule
from frontdesk_rules.language.triggers import OnPage
from frontdesk_rules.urls import normal_path


@dataclass(frozen=True, slots=True)
class Anchor:
    """`kind`: `path` is exact, `equal` a value that `field` is or has, `tail` the last segment, `prefix` a path above,
    `least` a number that `field` must at least have, `known` whether it is known at all."""

    kind: str
    value: object
    field: str = "page.path"


Anchors: TypeAlias = frozenset[Anchor]
SELECTIVE: Final = {"path": 6, "equal": 5, "tail": 4, "prefix": 3, "least": 2, "known": 1}
_EQUAL: Final = frozenset({"eq", "in", "has", "has_any", "in_segment"})


def anchors_of(rule: Rule) -> Anchors | None:
    """The moment has one of these anchors, or the rule cannot act. None: anywhere."""
    where = rule.trigger.where if isinstance(rule.trigger, EventTrigger) else None
    return _best([_of_trigger(rule), _of_condition(where), _of_condition(rule.when)])


def must_hold(condition: Condition | None) -> tuple[Compare, ...]:
    """The comparisons over fields without which it cannot be true."""
    if isinstance(condition, Compare):
        return (condition,) if isinstance(condition.field, str) else ()
    if isinstance(condition, Group) and condition.op == "all":
        return tuple(one for part in condition.of for one in must_hold(part))
    return ()


def _of_trigger(rule: Rule) -> Anchors | None:
    paths: Paths = rule.trigger.paths if isinstance(rule.trigger, OnPage) else ()
    return _union([_of_glob(path) for path in paths]) if paths else None


def _of_condition(condition: Condition | None) -> Anchors | None:
    if isinstance(condition, Compare):
        return _of_compare(condition)
    if isinstance(condition, Group):
        of = [_of_condition(part) for part in condition.of]
        if condition.op == "all":
            return _best(of)
        return _union(of) if condition.op == "any" else None
    return None


def _of_compare(condition: Compare) -> Anchors | None:
    if not isinstance(condition.field, str):
        return None
    if condition.field == "page.path":
        return _of_path(condition)
    if condition.op in _EQUAL:
        return _of_equal(condition, condition.field)
    if condition.op in ("exists", "missing"):
        return frozenset({Anchor("known", known(is_known=condition.op == "exists"), condition.field)})
    expected = condition.expected
    if condition.op in ("gt", "gte") and is_number(expected):
        return frozenset({Anchor("least", expected, condition.field)})
    return None


def _of_equal(condition: Compare, name: str) -> Anchors | None:
    expected = condition.expected
    values = expected if isinstance(expected, tuple) else (expected,)
    return frozenset(Anchor("equal", equality(value), name) for value in values)


def equality(value: object) -> object:
    """What is alike for values that are equal, and for no others: `1` is `1.0`, and neither is `true`."""
    return value if isinstance(value, str) else (isinstance(value, bool), value)


def known(*, is_known: bool) -> object:
    """What no value is alike: the place of those that ask whether there is one."""
    return ("known", is_known)


def _of_path(condition: Compare) -> Anchors | None:
    values = condition.value if isinstance(condition.value, tuple) else (condition.value,)
    if condition.op in ("eq", "path_eq", "in"):
        return frozenset(Anchor("path", normal_path(str(value))) for value in values)
    if condition.op == "path_prefix":
        return frozenset({Anchor("prefix", normal_path(str(condition.value)))})
    return _of_glob(str(condition.value)) if condition.op == "path_glob" else None


def _of_glob(pattern: str) -> Anchors | None:
    """The most that a glob says for certain: the whole path, its last segment, or how it begins."""
    if "*" not in pattern:
        return frozenset({Anchor("path", normal_path(pattern))})
    pattern = normal_path(pattern)
    tail = pattern.rpartition("/")[2]
    if tail and "*" not in tail:
        return frozenset({Anchor("tail", tail)})
    head = pattern[: pattern.index("*")].rpartition("/")[0]
    return None if not head else frozenset({Anchor("prefix", head)})


def _best(several: list[Anchors | None]) -> Anchors | None:
    """All of these hold, so one may be chosen: the one whose weakest anchor is the most selective."""
    known = [anchors for anchors in several if anchors is not None]
    return max(known, key=lambda anchors: min(SELECTIVE[anchor.kind] for anchor in anchors), default=None)


def _union(several: list[Anchors | None]) -> Anchors | None:
    """One of these holds; if one of them is unknown, so are all."""
    union: Anchors = frozenset()
    for anchors in several:
        if anchors is None:
            return None
        union |= anchors
    return union
