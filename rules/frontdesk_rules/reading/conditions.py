"""From a tree, short or canonical, to a condition; what does not fit becomes findings.

Short forms: `page.path: /pricing` is `eq`; a list of values is `in`; `page.dwell: {gt: 60s, lt: 5m}` is one comparison
for each operator; `contact.email: {exists: false}` is `missing`; several keys or a list of conditions are `all`.
"""

from __future__ import annotations

from typing import Final

from frontdesk_rules.facts.catalogue import Field, field_of
from frontdesk_rules.findings import NOT_YET, Place
from frontdesk_rules.language.conditions import GROUPS, AtLeast, Compare, Condition, Group, Not, Scalar, Value
from frontdesk_rules.language.literals import LITERALS
from frontdesk_rules.language.operators import LATER_OPERATORS, OPERATORS, Operator, Shape, literal_of

LATER_CONDITIONS: Final = frozenset({
    "count", "sum", "avg", "min", "max", "first", "last", "time_since_first", "time_since_last", "distinct",
    "distinct_days", "sequence", "in_segment", "not_in_segment", "bucket",
})  # fmt: skip
LATER_FAMILIES: Final = ("history",)
MOST_VALUES: Final = 1_000
DEEPEST: Final = 16


def read_condition(tree: object, place: Place, family: str | None = None) -> Condition | None:
    """The condition, or None with findings at `place`. `family` restricts fields, as `where` of an event does."""
    found = len(place.found)
    condition = _Reader(family).read(tree, place, 0)
    return condition if len(place.found) == found else None


class _Reader:
    """Reads one condition; `family` is the only family of fields it admits, or None for all."""

    def __init__(self, family: str | None) -> None:
        self.family = family

    def read(self, tree: object, place: Place, depth: int) -> Condition | None:
        if depth > DEEPEST:
            place.refuse(f"conditions may be nested {DEEPEST} deep at most")
            return None
        if isinstance(tree, list):
            return self._group("all", tree, place, depth)
        given = place.mapping(tree, "a condition is needed here, such as {page.path: /pricing}")
        if not given:
            if isinstance(tree, dict):
                place.refuse("this condition is empty")
            return None
        if "field" in given:
            return self._canonical(given, place)
        if "at_least" in given:
            return self._at_least(given, place, depth)
        return _all([self._entry(key, value, place, depth) for key, value in given.items()])

    def _entry(self, key: str, value: object, place: Place, depth: int) -> Condition | None:
        spot = place.at(key)
        if key in GROUPS:
            return self._group(key, value, spot, depth)
        if key == "not":
            inner = self.read(value, spot, depth + 1)
            return Not(inner) if inner else None
        if key in LATER_CONDITIONS:
            spot.refuse(NOT_YET + key)
            return None
        return self._short(key, value, spot)

    def _group(self, op: str, tree: object, place: Place, depth: int) -> Condition | None:
        of = self._each(tree, place, depth)
        return Group(op, of) if of else None

    def _at_least(self, given: dict[str, object], place: Place, depth: int) -> Condition | None:
        place.only(given, ("at_least", "of"))
        of = self._each(given.get("of"), place.at("of"), depth)
        count = given["at_least"]
        if not isinstance(count, int) or isinstance(count, bool) or not 1 <= count <= max(len(of), 1):
            place.at("at_least").refuse("a whole number is needed here, from 1 to the number of conditions")
            return None
        return AtLeast(count, of)

    def _each(self, tree: object, place: Place, depth: int) -> tuple[Condition, ...]:
        items = place.sequence(tree, "a list of conditions is needed here")
        read = [self.read(item, place.at(n), depth + 1) for n, item in enumerate(items)]
        return tuple(condition for condition in read if condition is not None)

    def _canonical(self, given: dict[str, object], place: Place) -> Condition | None:
        place.only(given, ("field", "op", "value"))
        name, op = given["field"], given.get("op", "eq")
        row = self._field(name, place.at("field"))
        operator = _operator(op, place.at("op"))
        if row is None or operator is None:
            return None
        if operator.shape is Shape.NONE and "value" in given:
            place.at("value").refuse(f"{op} takes no value")
            return None
        return _compare(row, operator, given.get("value"), place.at("value"))

    def _short(self, name: str, tree: object, place: Place) -> Condition | None:
        row = self._field(name, place)
        if row is None:
            return None
        if not isinstance(tree, dict):
            op = "in" if isinstance(tree, list) else "eq"
            return _compare(row, OPERATORS[op], tree, place)
        if not tree:
            place.refuse("an operator is needed here, such as {eq: …}")
            return None
        return _all([_short_op(row, op, value, place.at(op)) for op, value in tree.items()])

    def _field(self, name: object, place: Place) -> Field | None:
        if isinstance(name, str) and (row := field_of(name)):
            if self.family is None or name.startswith(self.family + "."):
                return row
            place.refuse(f"only {self.family}.* can be asked here")
            return None
        family = name.partition(".")[0] if isinstance(name, str) else ""
        place.refuse(f"{NOT_YET}{name}" if family in LATER_FAMILIES else f"there is no field named {name}")
        return None


def _all(conditions: list[Condition | None]) -> Condition | None:
    read = [condition for condition in conditions if condition is not None]
    if len(read) < len(conditions):
        return None
    return read[0] if len(read) == 1 else Group("all", tuple(read))


def _short_op(row: Field, op: str, value: object, place: Place) -> Condition | None:
    operator = _operator(op, place)
    if operator is None:
        return None
    if operator.shape is not Shape.NONE:
        return _compare(row, operator, value, place)
    if not isinstance(value, bool):
        place.refuse("true or false is needed here")
        return None
    return Compare(row.name, "exists" if value is (op == "exists") else "missing")


def _operator(op: object, place: Place) -> Operator | None:
    if isinstance(op, str) and op in OPERATORS:
        return OPERATORS[op]
    if op in LATER_OPERATORS:
        place.refuse(f"{NOT_YET}{op}")
        return None
    place.refuse(f"there is no operator named {op}")
    return None


def _compare(row: Field, operator: Operator, tree: object, place: Place) -> Condition | None:
    if row.type not in operator.types:
        place.refuse(f"{operator.name} cannot be asked of {row.name}, which is of type {row.type}")
        return None
    if operator.shape is Shape.NONE:
        return Compare(row.name, operator.name)
    values = _values(operator.shape, tree, place)
    literal = LITERALS[literal_of(operator, row.type)]
    wrong = [n for n, value in enumerate(values) if not literal.accepts(value)]
    for n in wrong:
        (place.at(n) if isinstance(tree, list) else place).refuse(f"{literal.needs} is needed here")
    if wrong or not values:
        return None
    value: Value = values[0] if operator.shape is Shape.ONE else values
    return Compare(row.name, operator.name, value)


def _values(shape: Shape, tree: object, place: Place) -> tuple[Scalar, ...]:
    if shape is Shape.ONE:
        return (tree,)  # type: ignore[return-value]  # the literal's row checks it next
    items = place.sequence(tree, "a list of values is needed here")
    if shape is Shape.PAIR and items and len(items) != 2:  # noqa: PLR2004 - a pair
        place.refuse("two values are needed here, the lower and the upper")
        return ()
    if len(items) > MOST_VALUES:
        place.refuse(f"{MOST_VALUES} values at most")
        return ()
    return tuple(items)  # type: ignore[arg-type]  # the literals' rows check them next
