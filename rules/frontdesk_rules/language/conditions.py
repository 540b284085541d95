"""Conditions as frozen trees, their canonical form, and the plain interpreter: the oracle of the compiled forms.

Three-valued (Kleene): True, False, None for unknown. Missing is unknown, `not` unknown is unknown, only True fires.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias

from frontdesk_rules.facts.catalogue import ZONE_FIELDS, FieldType, field_of
from frontdesk_rules.facts.known import MISSING
from frontdesk_rules.facts.moments import View
from frontdesk_rules.language.aggregates import Aggregate, Floor, Presence
from frontdesk_rules.language.asking import Situation
from frontdesk_rules.language.compounds import Bounds, Share
from frontdesk_rules.language.literals import LITERALS, Kept
from frontdesk_rules.language.operators import ALONE, OPERATORS, Operator, Shape, Verdict, literal_of

Value: TypeAlias = Kept | tuple[Kept, ...] | None


@dataclass(frozen=True, slots=True)
class Compare:
    """One field, or one aggregate over the past, against one value.

    The value is kept as written (`60s`), several as a tuple. `zone` names that of a local time; None: the person's.
    """

    field: str | Aggregate
    op: str
    value: Value = None
    zone: str | None = None

    @property
    def operator(self) -> Operator:
        return OPERATORS[self.op]

    @property
    def type(self) -> FieldType:
        if isinstance(self.field, Aggregate):
            return self.field.type
        row = field_of(self.field)
        return row.type if row else FieldType.ANY

    @property
    def literal(self) -> str:
        return literal_of(self.operator, self.type)

    @property
    def expected(self) -> object:
        """The value as actual ones are compared with it: durations in ms, paths normal."""
        read = LITERALS[self.literal].read
        if isinstance(self.value, tuple):
            return tuple(read(value) for value in self.value)
        return None if self.operator.shape is Shape.NONE else read(self.value)

    @property
    def written(self) -> object:
        """The value as in the tree; None where the operator takes none."""
        return _written(self.value)

    def to_tree(self) -> dict[str, object]:
        tree: dict[str, object] = {"field": self.field, "op": self.op}
        if isinstance(self.field, Aggregate):
            tree = {**self.field.to_tree(), "op": self.op}
        if self.op in ALONE:
            return {self.op: self.written}
        if self.operator.shape is not Shape.NONE:
            tree["value"] = self.written
        return tree if self.zone is None else {**tree, "zone": self.zone}


def _written(value: Value) -> object:
    if isinstance(value, tuple):
        return [_written(one) for one in value]
    return value.to_tree() if isinstance(value, Bounds | Share) else value


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
    """The fields that a condition may ask for, those of a window and of a person's zone among them."""
    asked: set[str] = set()
    for leaf in leaves(condition):
        asked |= {leaf.field} if isinstance(leaf.field, str) else leaf.field.fields
        if leaf.operator.situated or (isinstance(leaf.field, Aggregate) and leaf.field.local):
            asked |= {"time.zone", *ZONE_FIELDS}
    return frozenset(asked)


def aggregates_of(condition: Condition | None) -> tuple[Aggregate, ...]:
    """The questions about the past that a condition may ask, each once."""
    return tuple(dict.fromkeys(leaf.field for leaf in leaves(condition) if isinstance(leaf.field, Aggregate)))


def evaluate(condition: Condition, view: View) -> Verdict:
    """The plain interpreter. `view[name]` answers every name, with MISSING where nothing is known."""
    if isinstance(condition, Compare):
        return compared(condition, view)
    return combined(condition, [evaluate(part, view) for part in parts(condition)])


def compared(condition: Compare, view: View) -> Verdict:
    if condition.op in ("exists", "missing"):
        return _present(condition, view)
    actual = view[condition.field]
    if isinstance(actual, Floor):
        return floored(condition.op, condition.expected, actual.least)
    if actual is MISSING:
        return None
    if condition.operator.situated:
        return condition.operator.ask(actual, condition.expected, Situation(view.now, view.zone(condition.zone)))
    return condition.operator.ask(actual, condition.expected)


def _present(condition: Compare, view: View) -> Verdict:
    asked = condition.field
    found = view[Presence(asked)] if isinstance(asked, Aggregate) else view[asked] is not MISSING
    return None if found is None else found is (condition.op == "exists")


def floored(op: str, expected: object, least: float) -> Verdict:
    """The verdict on a number of which only a lower bound is known: known if no higher number could change it."""
    if op in ("gt", "gte"):
        return OPERATORS[op].ask(least, expected) or None
    if op in ("neq", "not_in"):
        return True if least > _highest(expected) else None
    return False if least > _highest(expected) or (op == "lt" and least == expected) else None


def _highest(expected: object) -> float:
    return max(expected) if isinstance(expected, tuple) else expected  # type: ignore[return-value]  # numbers only


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
