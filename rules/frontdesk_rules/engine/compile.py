"""Conditions as closures over a view of facts: `test(view)` answers True, False or None.

A closure asks a fact by `view[name]`, which costs a dict look-up once it is known, and stops at the first part that
settles the matter. The interpreter in `conditions` is the oracle: both must answer alike.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from frontdesk_rules.facts.catalogue import MISSING
from frontdesk_rules.facts.moments import Moment
from frontdesk_rules.language.conditions import AtLeast, Compare, Condition, Not, fields_of
from frontdesk_rules.language.literals import is_number
from frontdesk_rules.language.operators import Verdict
from frontdesk_rules.language.rule import LiveRule
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
    name, expected, ask = condition.field, condition.expected, condition.operator.ask
    if (fast := _FAST.get(condition.op)) and (built := fast(name, expected)):
        return built

    def test(view: Mapping[str, Any]) -> Verdict:
        actual = view[name]
        return None if actual is MISSING else ask(actual, expected)

    return test


def _exists(name: str, _expected: object) -> Test:
    return lambda view: view[name] is not MISSING


def _missing(name: str, _expected: object) -> Test:
    return lambda view: view[name] is MISSING


def _equal_text(name: str, expected: object) -> Test | None:
    """Text is never equal to what is no text, so that no type needs to be looked at."""
    if not isinstance(expected, str):
        return None

    def test(view: Mapping[str, Any]) -> Verdict:
        actual = view[name]
        return None if actual is MISSING else actual == expected

    return test


def _unequal_text(name: str, expected: object) -> Test | None:
    if not isinstance(expected, str):
        return None

    def test(view: Mapping[str, Any]) -> Verdict:
        actual = view[name]
        return None if actual is MISSING else actual != expected

    return test


def _among_texts(name: str, expected: Any) -> Test | None:
    if not all(isinstance(value, str) for value in expected):
        return None
    texts = frozenset(expected)

    def test(view: Mapping[str, Any]) -> Verdict:
        actual = view[name]
        return None if actual is MISSING else isinstance(actual, str) and actual in texts

    return test


def _greater(name: str, expected: Any) -> Test:
    def test(view: Mapping[str, Any]) -> Verdict:
        actual = view[name]
        # A whole number is what dwell and counts are; everything else takes the longer look.
        if type(actual) is int or is_number(actual):
            return bool(actual > expected)
        return None

    return test


def _path_glob(name: str, expected: Any) -> Test:
    fits = globbed(expected)

    def test(view: Mapping[str, Any]) -> Verdict:
        actual = view[name]
        return fits(normal_path(actual)) if isinstance(actual, str) else None

    return test


_FAST: Final[dict[str, Callable[[str, Any], Test | None]]] = {
    "exists": _exists,
    "missing": _missing,
    "eq": _equal_text,
    "neq": _unequal_text,
    "in": _among_texts,
    "gt": _greater,
    "path_glob": _path_glob,
}


@dataclass(frozen=True, slots=True)
class CompiledRule:
    """A live rule, ready to be asked. `needs` are the fields it may ask for: gather no others.

    `rank` sorts the winner of an exclusive group first; `by_key` says that a moment with the trigger's key is one of
    the trigger's moments, without a further look.
    """

    live: LiveRule
    test: Test | None
    key: str
    by_key: bool
    rank: tuple[int, str]
    needs: frozenset[str]

    @property
    def id(self) -> str:
        return self.live.id

    def triggered(self, moment: Moment, key: str) -> bool:
        """Whether its trigger is this moment, whose key is given."""
        return self.key == key and (self.by_key or self.live.rule.trigger.matches(moment))


def compile_rule(live: LiveRule) -> CompiledRule:
    rule = live.rule
    needs = fields_of(rule.when)
    return CompiledRule(
        live=live,
        test=compiled(rule.when) if rule.when else None,
        key=rule.trigger.key,
        by_key=rule.trigger.by_key,
        rank=(-rule.priority, live.id),
        # The reason "61 s on /pricing" names the page.
        needs=needs | {"page.path"} if "page.dwell" in needs else needs,
    )
