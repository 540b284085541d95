"""Conditions as closures over a view of facts: `test(view)` answers True, False or None.

A closure asks a fact by `view[name]`, which costs a dict look-up once it is known, and stops at the first part that
settles the matter. The interpreter in `conditions` is the oracle: both must answer alike.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, TypeAlias

from frontdesk_rules.conditions import AtLeast, Compare, Condition, Not, fields_of
from frontdesk_rules.facts import MISSING
from frontdesk_rules.literals import is_number
from frontdesk_rules.operators import Verdict
from frontdesk_rules.rule import LiveRule
from frontdesk_rules.urls import globbed, normal_path

Test: TypeAlias = Callable[[Mapping[str, Any]], Verdict]


def compiled(condition: Condition) -> Test:
    """The closure of a condition."""
    if isinstance(condition, Compare):
        return _compare(condition)
    if isinstance(condition, Not):
        return _negated(compiled(condition.of))
    tests = tuple(compiled(part) for part in condition.of)
    if isinstance(condition, AtLeast):
        return _at_least(tests, condition.count)
    return _GROUPS[condition.op](tests)


def _all(tests: tuple[Test, ...]) -> Test:
    def test(view: Mapping[str, Any]) -> Verdict:
        verdict: Verdict = True
        for part in tests:
            answer = part(view)
            if answer is False:
                return False
            if answer is None:
                verdict = None
        return verdict

    return test


def _any(tests: tuple[Test, ...]) -> Test:
    def test(view: Mapping[str, Any]) -> Verdict:
        verdict: Verdict = False
        for part in tests:
            answer = part(view)
            if answer:
                return True
            if answer is None:
                verdict = None
        return verdict

    return test


def _negated(inner: Test) -> Test:
    def test(view: Mapping[str, Any]) -> Verdict:
        answer = inner(view)
        return None if answer is None else not answer

    return test


def _at_least(tests: tuple[Test, ...], count: int) -> Test:
    def test(view: Mapping[str, Any]) -> Verdict:
        answers = [part(view) for part in tests]
        true = answers.count(True)
        if true >= count:
            return True
        return None if true + answers.count(None) >= count else False

    return test


_GROUPS: Final[dict[str, Callable[[tuple[Test, ...]], Test]]] = {
    "all": _all,
    "any": _any,
    "none": lambda tests: _negated(_any(tests)),
}


def _compare(condition: Compare) -> Test:
    name, op = condition.field, condition.op
    if op == "exists":
        return lambda view: view[name] is not MISSING
    if op == "missing":
        return lambda view: view[name] is MISSING
    ask = _asked(condition)

    def test(view: Mapping[str, Any]) -> Verdict:
        actual = view[name]
        return None if actual is MISSING else ask(actual)

    return test


def _asked(condition: Compare) -> Callable[[Any], Verdict]:
    """The operator with its value built in; a fast form where there is one."""
    expected, ask = condition.expected, condition.operator.ask
    fast = _FAST.get(condition.op)
    built = fast(expected) if fast else None
    return built or (lambda actual: ask(actual, expected))


def _equal_text(expected: object) -> Callable[[Any], Verdict] | None:
    return (lambda actual: actual == expected) if isinstance(expected, str) else None


def _among_texts(expected: Any) -> Callable[[Any], Verdict] | None:
    if not all(isinstance(value, str) for value in expected):
        return None
    texts = frozenset(expected)
    return lambda actual: isinstance(actual, str) and actual in texts


def _greater(expected: Any) -> Callable[[Any], Verdict]:
    return lambda actual: (actual > expected) if type(actual) is int or is_number(actual) else None


def _path_glob(expected: Any) -> Callable[[Any], Verdict]:
    fits = globbed(expected)
    return lambda actual: fits(normal_path(actual)) if isinstance(actual, str) else None


_FAST: Final[dict[str, Callable[[Any], Callable[[Any], Verdict] | None]]] = {
    "eq": _equal_text,
    "in": _among_texts,
    "gt": _greater,
    "path_glob": _path_glob,
}


@dataclass(frozen=True)
class CompiledRule:
    """A live rule, ready to be asked."""

    live: LiveRule
    test: Test | None

    @property
    def id(self) -> str:
        return self.live.id

    @cached_property
    def needs(self) -> frozenset[str]:
        """The fields that the rule may ask for: gather no others."""
        names = fields_of(self.live.rule.when)
        # The reason "61 s on /pricing" names the page.
        return names | {"page.path"} if "page.dwell" in names else names

    @property
    def rank(self) -> tuple[int, str]:
        """Sorts the winner of an exclusive group first."""
        return (-self.live.rule.priority, self.live.id)


def compile_rule(live: LiveRule) -> CompiledRule:
    return CompiledRule(live, compiled(live.rule.when) if live.rule.when else None)
