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


def generated(condition: Condition, leaf: Callable[[Compare], Test] = compare) -> Test:
    """The condition as one function, which answers as `compiled(condition)` does."""
    writer = _Writer(leaf)
    writer.write(condition, 0, 1)
    source = "\n".join(["def test(view):", *writer.lines, "    return r0"])
    space: dict[str, Any] = {"MISSING": MISSING, **writer.constants}
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
        else:
            self._asked(condition, result, depth)

    def _number(self, condition: Compare, result: str, depth: int) -> None:
        """Whole numbers are compared at once; everything else takes the longer look of the operator."""
        self._actual(condition, depth)
        expected, ask = self.constant(condition.expected), self.constant(condition.operator.ask)
        quick = f"v {_NUMERIC[condition.op]} {expected} if type(v) is int"
        self.say(depth, f"{result} = {quick} else None if v is MISSING else {ask}(v, {expected})")

    def _actual(self, condition: Compare, depth: int) -> None:
        self.say(depth, f"v = view[{self.constant(condition.field)}]")

    def _asked(self, condition: Compare, result: str, depth: int) -> None:
        self.say(depth, f"{result} = {self.constant(self.leaf(condition))}(view)")
