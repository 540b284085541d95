"""Conditions as generated Python, for rules that are asked often: one function, no calls between its parts.

Each group is a loop of one round, left by `break` as soon as it is settled. Only constants that we bind by name and
names of our own making get into the source; nothing of an author's text does. The interpreter is the oracle here, too.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from frontdesk_rules.engine.compile import compare, cost
from frontdesk_rules.engine.fast import Test
from frontdesk_rules.facts.known import MISSING
from frontdesk_rules.language.aggregates import Aggregate
from frontdesk_rules.language.conditions import AtLeast, Compare, Condition, Group, Not

_NUMERIC: Final = {"gt": ">", "gte": ">=", "lt": "<", "lte": "<="}
_TEXTUAL: Final = {"eq": "==", "neq": "!="}
# For texts expected: what is asked of the type that such a value nearly always has.
_QUICK: Final = {
    "in": "v in {} if type(v) is str",
    "not_in": "v not in {} if type(v) is str",
    "has": "{} in v if type(v) is list",
}


def _texts(expected: object) -> bool:
    several = expected if isinstance(expected, tuple) else (expected,)
    return all(isinstance(one, str) for one in several)


def _certain(condition: Condition) -> bool:
    """Whether it is never unknown."""
    plain = isinstance(condition, Compare) and not isinstance(condition.field, Aggregate)
    return plain and condition.op in ("exists", "missing")  # type: ignore[union-attr]  # plain


def generated(condition: Condition, leaf: Callable[[Compare], Test] = compare) -> Test:
    """The condition as one function, which answers as `compiled(condition)` does."""
    writer = _Writer(leaf)
    writer.write(condition, 0, 1)
    space: dict[str, Any] = {"MISSING": MISSING, **writer.constants}
    # As defaults they are locals, which are read twice as fast as globals.
    names = ", ".join(f"{name}={name}" for name in space)
    source = "\n".join([f"def test(view, {names}):", *writer.lines, "    return r0"])
    exec(compile(source, "<rule>", "exec"), space)  # noqa: S102 - every word of it was written here
    test: Test = space["test"]
    return test


@dataclass(slots=True)
class _Writer:
    leaf: Callable[[Compare], Test]
    lines: list[str] = field(default_factory=list)
    constants: dict[str, Any] = field(default_factory=dict)
    results: int = 0

    def say(self, depth: int, line: str) -> None:
        self.lines.append("    " * depth + line)

    def constant(self, value: object) -> str:
        name = f"c{len(self.constants)}"
        self.constants[name] = value
        return name

    def write(self, condition: Condition, result: int, depth: int) -> None:
        """Lines that leave the verdict in `r<result>`."""
        if isinstance(condition, Compare):
            self._compare(condition, f"r{result}", depth)
        elif isinstance(condition, Not):
            self._negated(condition.of, result, depth)
        elif isinstance(condition, AtLeast):
            self._counted(condition, result, depth)
        else:
            self._group(condition, result, depth)

    def _inner(self) -> int:
        self.results += 1
        return self.results

    def _group(self, condition: Group, result: int, depth: int) -> None:
        """`all` stops at the first False, `any` and `none` at the first True."""
        every = condition.op == "all"
        self.say(depth, f"r{result} = {every}")
        self.say(depth, "while True:")
        for part in sorted(condition.of, key=cost):
            inner = self._inner()
            self.write(part, inner, depth + 1)
            self.say(depth + 1, f"if r{inner} is {not every}:")
            self.say(depth + 2, f"r{result} = {not every}")
            self.say(depth + 2, "break")
            if not _certain(part):
                self.say(depth + 1, f"if r{inner} is None:")
                self.say(depth + 2, f"r{result} = None")
        self.say(depth + 1, "break")
        if condition.op == "none":
            self._turned(result, depth)

    def _negated(self, of: Condition, result: int, depth: int) -> None:
        self.write(of, result, depth)
        self._turned(result, depth)

    def _turned(self, result: int, depth: int) -> None:
        self.say(depth, f"if r{result} is not None:")
        self.say(depth + 1, f"r{result} = not r{result}")

    def _counted(self, condition: AtLeast, result: int, depth: int) -> None:
        inner = [self._inner() for _ in condition.of]
        for part, number in zip(condition.of, inner, strict=True):
            self.write(part, number, depth)
        answers = f"a{result}"
        self.say(depth, f"{answers} = ({''.join(f'r{number}, ' for number in inner)})")
        self.say(depth, f"t{result} = {answers}.count(True)")
        wanted = f"t{result} + {answers}.count(None) >= {condition.count}"
        self.say(depth, f"r{result} = True if t{result} >= {condition.count} else None if {wanted} else False")

    def _compare(self, condition: Compare, result: str, depth: int) -> None:
        expected = condition.expected
        if isinstance(condition.field, Aggregate):
            self._asked(condition, result, depth)
        elif condition.op in ("exists", "missing"):
            self._actual(condition, depth)
            self.say(depth, f"{result} = v is {'not ' if condition.op == 'exists' else ''}MISSING")
        elif condition.op in _TEXTUAL and isinstance(expected, str):
            self._actual(condition, depth)
            asked = f"v {_TEXTUAL[condition.op]} {self.constant(expected)}"
            self.say(depth, f"{result} = None if v is MISSING else {asked}")
        elif condition.op in _NUMERIC:
            self._number(condition, result, depth)
        elif (quick := _QUICK.get(condition.op)) and _texts(expected):
            self._quick(condition, quick, result, depth)
        else:
            self._asked(condition, result, depth)

    def _number(self, condition: Compare, result: str, depth: int) -> None:
        """Whole numbers are compared at once; everything else takes the longer look of the operator."""
        self._actual(condition, depth)
        expected, ask = self.constant(condition.expected), self.constant(condition.operator.ask)
        quick = f"v {_NUMERIC[condition.op]} {expected} if type(v) is int"
        self.say(depth, f"{result} = {quick} else None if v is MISSING else {ask}(v, {expected})")

    def _quick(self, condition: Compare, quick: str, result: str, depth: int) -> None:
        """For actual values of one type at once; everything else takes the longer look of the operator."""
        self._actual(condition, depth)
        wanted = frozenset(condition.expected) if isinstance(condition.expected, tuple) else condition.expected
        asked = quick.format(self.constant(wanted))
        slow = f"{self.constant(condition.operator.ask)}(v, {self.constant(condition.expected)})"
        self.say(depth, f"{result} = {asked} else None if v is MISSING else {slow}")

    def _actual(self, condition: Compare, depth: int) -> None:
        self.say(depth, f"v = view[{self.constant(condition.field)}]")

    def _asked(self, condition: Compare, result: str, depth: int) -> None:
        self.say(depth, f"{result} = {self.constant(self.leaf(condition))}(view)")
