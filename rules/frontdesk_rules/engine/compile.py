"""Conditions as closures over a view of facts: `test(view)` answers True, False or None.

A closure asks a fact by `view[name]`, which costs a dict look-up once it is known, and stops at the first part that
settles the matter. The interpreter in `conditions` is the oracle: all must answer alike.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final
from weakref import WeakValueDictionary

from frontdesk_rules.engine.fast import FAST, Test
from frontdesk_rules.facts.known import MISSING
from frontdesk_rules.facts.moments import View
from frontdesk_rules.language.aggregates import Aggregate, Floor, Presence
from frontdesk_rules.language.asking import Situation
from frontdesk_rules.language.conditions import AtLeast, Compare, Condition, Not, floored
from frontdesk_rules.language.operators import Verdict


def compiled(condition: Condition, leaf: Callable[[Compare], Test] | None = None) -> Test:
    """The closure of a condition; `leaf` may bring closures that several rules share."""
    if isinstance(condition, Compare):
        return (leaf or compare)(condition)
    if isinstance(condition, Not):
        return _negated(compiled(condition.of, leaf))
    parts = condition.of if isinstance(condition, AtLeast) else tuple(sorted(condition.of, key=cost))
    tests = tuple(compiled(part, leaf) for part in parts)
    if isinstance(condition, AtLeast):
        return _at_least(tests, condition.count)
    return _GROUPS[condition.op](tests)


def cost(condition: Condition) -> int:
    """What it costs to ask, in steps of about 50 ns: cheap parts go first, and the past is asked last."""
    if not isinstance(condition, Compare):
        of = (condition.of,) if isinstance(condition, Not) else condition.of
        return sum(cost(part) for part in of)
    if isinstance(condition.field, Aggregate):
        return PAST
    return _COSTS.get(condition.op, 4 if condition.op in FAST else 6)


class Shared:
    """A comparison that several rules ask: `view[shared]` asks it once at a moment."""

    __slots__ = ("__weakref__", "measured")

    def __init__(self, test: Test) -> None:
        self.measured = test


class Sharing:
    """Makes the closures of the costly comparisons of many rules, one for each that is not the same as another, for as
    long as some rule asks it."""

    def __init__(self) -> None:
        self._shared: WeakValueDictionary[Compare, Shared] = WeakValueDictionary()

    def __call__(self, condition: Compare) -> Test:
        if isinstance(condition.field, Aggregate) or cost(condition) < DEAR:
            return compare(condition)
        shared = self._shared.setdefault(condition, Shared(compare(condition)))
        return lambda view: view[shared]


# What costs more than remembering its answer.
DEAR: Final = 10
PAST: Final = 200
_COSTS: Final = {
    "exists": 1, "missing": 1, "eq": 2, "neq": 2, "in": 3, "regex": 30, "glob": 20, "path_glob": 10, "query_eq": 60,
    "bucket": 20, "on_weekday": 30, "time_between": 30, "before": 20, "after": 20,
}  # fmt: skip


def _all(tests: tuple[Test, ...]) -> Test:
    def test(view: View) -> Verdict:
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
    def test(view: View) -> Verdict:
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
    def test(view: View) -> Verdict:
        answer = inner(view)
        return None if answer is None else not answer

    return test


def _at_least(tests: tuple[Test, ...], count: int) -> Test:
    def test(view: View) -> Verdict:
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


def compare(condition: Compare) -> Test:
    """The closure of one comparison."""
    name, expected, ask = condition.field, condition.expected, condition.operator.ask
    if isinstance(name, Aggregate):
        return _whether_there(name, condition.op) if condition.op in ("exists", "missing") else _of_the_past(condition)
    if (fast := FAST.get(condition.op)) and (built := fast(name, expected)):
        return built
    if condition.operator.situated:
        return _situated(condition)

    def test(view: View) -> Verdict:
        actual = view[name]
        return None if actual is MISSING else ask(actual, expected)

    return test


def _situated(condition: Compare) -> Test:
    name, expected, ask, zone = condition.field, condition.expected, condition.operator.ask, condition.zone

    def test(view: View) -> Verdict:
        actual = view[name]
        return None if actual is MISSING else ask(actual, expected, Situation(view.now, view.zone(zone)))

    return test


def _whether_there(asked: Aggregate, op: str) -> Test:
    presence, wanted = Presence(asked), op == "exists"

    def test(view: View) -> Verdict:
        found = view[presence]
        return None if found is None else found is wanted

    return test


def _of_the_past(condition: Compare) -> Test:
    asked, op, expected, operator = condition.field, condition.op, condition.expected, condition.operator

    def test(view: View) -> Verdict:
        actual = view[asked]
        if type(actual) is Floor:
            return floored(op, expected, actual.least)
        if actual is MISSING:
            return None
        if operator.situated:
            return operator.ask(actual, expected, Situation(view.now, view.zone(condition.zone)))
        return operator.ask(actual, expected)

    return test
