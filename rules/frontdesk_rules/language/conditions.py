"""Conditions as frozen trees, their canonical form, and the plain interpreter: the oracle of the compiled closures.

Three-valued (Kleene): True, False, None for unknown. Missing is unknown, `not` unknown is unknown, only True fires.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from frontdesk_rules.facts.catalogue import MISSING, FieldType, field_of
from frontdesk_rules.language.literals import LITERALS
from frontdesk_rules.language.operators import OPERATORS, Operator, Shape, Verdict, literal_of

Scalar: TypeAlias = str | int | float | bool
Value: TypeAlias = Scalar | tuple[Scalar, ...] | None


@dataclass(frozen=True, slots=True)
class Compare:
    """One field against one value; the value is kept as written (`60s`), several as a tuple."""

    field: str
    op: str
    value: Value = None

    @property
    def operator(self) -> Operator:
        return OPERATORS[self.op]

    @property
    def literal(self) -> str:
        row = field_of(self.field)
        return literal_of(self.operator, row.type if row else FieldType.ANY)

    @property
    def expected(self) -> object:
        """The value as actual ones are compared with it: durations in ms, paths normal."""
        read = LITERALS[self.literal].read
        if isinstance(self.value, tuple):
            return tuple(read(value) for value in self.value)
        return None if self.operator.shape is Shape.NONE else read(self.value)

    def to_tree(self) -> dict[str, object]:
        tree: dict[str, object] = {"field": self.field, "op": self.op}
        if self.operator.shape is not Shape.NONE:
            tree["value"] = list(self.value) if isinstance(self.value, tuple) else self.value
        return tree


@dataclass(frozen=True, slots=True)
class Group:
    """`all`, `any` or `none` of some conditions; never empty."""

    op: str
    of: tuple[Condition, ...]

    def to_tree(self) -> dict[str, object]:
        return {self.op: [condition.to_tree() for condition in self.of]}


@dataclass(frozen=True, slots=True)
class Not:
    of: Condition

    def to_tree(self) -> dict[str, object]:
        return {"not": self.of.to_tree()}


@dataclass(frozen=True, slots=True)
class AtLeast:
    """At least `count` of the conditions hold."""

    count: int
    of: tuple[Condition, ...]

    def to_tree(self) -> dict[str, object]:
        return {"at_least": self.count, "of": [condition.to_tree() for condition in self.of]}


Condition: TypeAlias = Compare | Group | Not | AtLeast
GROUPS: Final = ("all", "any", "none")


def parts(condition: Condition) -> tuple[Condition, ...]:
    """What a condition is made of; nothing for a comparison."""
    if isinstance(condition, Compare):
        return ()
    return (condition.of,) if isinstance(condition, Not) else condition.of


def leaves(condition: Condition | None) -> Iterator[Compare]:
    """Every comparison in the tree, in the order of the text."""
    if isinstance(condition, Compare):
        yield condition
    elif condition is not None:
        for part in parts(condition):
            yield from leaves(part)


def fields_of(condition: Condition | None) -> frozenset[str]:
    return frozenset(leaf.field for leaf in leaves(condition))


def evaluate(condition: Condition, facts: Mapping[str, object]) -> Verdict:
    """The plain interpreter. `facts[name]` answers every name, with MISSING where nothing is known."""
    if isinstance(condition, Compare):
        return compared(condition, facts[condition.field])
    answers = [evaluate(part, facts) for part in parts(condition)]
    return combined(condition, answers)


def compared(condition: Compare, actual: object) -> Verdict:
    if condition.op in ("exists", "missing"):
        return (actual is MISSING) is (condition.op == "missing")
    if actual is MISSING:
        return None
    return condition.operator.ask(actual, condition.expected)


def combined(condition: Condition, answers: list[Verdict]) -> Verdict:
    """The verdict of a group from those of its parts."""
    true, unknown = answers.count(True), answers.count(None)
    if isinstance(condition, AtLeast):
        return _counted(true, unknown, condition.count)
    if isinstance(condition, Group) and condition.op == "all":
        return _counted(true, unknown, len(answers))
    verdict = _counted(true, unknown, 1)
    if isinstance(condition, Group) and condition.op == "any":
        return verdict
    return None if verdict is None else not verdict


def _counted(true: int, unknown: int, needed: int) -> Verdict:
    if true >= needed:
        return True
    return None if true + unknown >= needed else False
