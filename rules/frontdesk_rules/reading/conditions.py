"""From a tree, short or canonical, to a condition; what does not fit becomes findings.

Short forms: `page.path: /pricing` is `eq`; a list of values is `in`; `page.dwell: {gt: 60s, lt: 5m}` is one comparison
for each operator; `contact.email: {exists: false}` is `missing`; `{count: {…}, gte: 3}` has its operator beside it;
several keys or a list of conditions are `all`.
"""

from __future__ import annotations

from typing import Final

from frontdesk_rules.facts.catalogue import FieldType, field_of
from frontdesk_rules.findings import Place
from frontdesk_rules.language.aggregates import AGGREGATES, Aggregate
from frontdesk_rules.language.conditions import GROUPS, AtLeast, Compare, Condition, Group, Not
from frontdesk_rules.language.operators import ALONE, LOCAL, OPERATORS, Operator, Shape
from frontdesk_rules.reading.aggregates import read_aggregate
from frontdesk_rules.reading.equality import said
from frontdesk_rules.reading.values import read_value, read_zone

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
        if tree == {}:
            place.refuse("this condition is empty")
        return self._mapping(given, place, depth) if given else None

    def _mapping(self, given: dict[str, object], place: Place, depth: int) -> Condition | None:
        if "field" in given:
            return self._canonical(given, place)
        if "at_least" in given:
            return self._at_least(given, place, depth)
        if kind := next((key for key in AGGREGATES if key in given), None):
            return self._aggregate(kind, given, place)
        return _all([self._entry(key, value, place, depth) for key, value in given.items()])

    def _entry(self, key: str, value: object, place: Place, depth: int) -> Condition | None:
        spot = place.at(key)
        if key in GROUPS:
            return self._group(key, value, spot, depth)
        if key == "not":
            inner = self.read(value, spot, depth + 1)
            return Not(inner) if inner else None
        if key in ALONE:
            asked = self._asked(ALONE[key], spot)
            return _compare(asked, OPERATORS[key], value, spot) if asked else None
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

    def _aggregate(self, kind: str, given: dict[str, object], place: Place) -> Condition | None:
        """`{count: {…}, op: eq, value: 0}`, or `{count: {…}, gte: 3}`; a sequence alone is asked whether it is."""
        if self.family is not None:
            place.at(kind).refuse(f"only {self.family}.* can be asked here")
            return None
        asked = read_aggregate(kind, given[kind], place.at(kind), read_condition)
        rest = {key: value for key, value in given.items() if key != kind}
        if asked is None:
            return None
        if not rest and asked.type is FieldType.FLAG:
            return Compare(asked, "eq", value=True)
        if "op" not in rest:
            return _beside(asked, rest, place)
        place.only(rest, ("op", "value", "zone"))
        return _valued(asked, rest, place)

    def _canonical(self, given: dict[str, object], place: Place) -> Condition | None:
        place.only(given, ("field", "op", "value", "zone"))
        asked = self._asked(given["field"], place.at("field"))
        if asked is None:
            _operator(given.get("op", "eq"), place.at("op"))
            return None
        return _valued(asked, given, place)

    def _short(self, name: str, tree: object, place: Place) -> Condition | None:
        asked = self._asked(name, place)
        if asked is None:
            return None
        if not isinstance(tree, dict):
            return _compare(asked, OPERATORS["in" if isinstance(tree, list) else "eq"], tree, place)
        if not tree:
            place.refuse("an operator is needed here, such as {eq: …}")
            return None
        return _beside(asked, tree, place)

    def _asked(self, name: object, place: Place) -> str | None:
        if not isinstance(name, str) or field_of(name) is None:
            place.refuse(f"there is no field named {name}")
            return None
        if self.family is None or name.startswith(self.family + "."):
            return name
        place.refuse(f"only {self.family}.* can be asked here")
        return None


def _all(conditions: list[Condition | None]) -> Condition | None:
    read = [condition for condition in conditions if condition is not None]
    if len(read) < len(conditions):
        return None
    return read[0] if len(read) == 1 else Group("all", tuple(read))


def _valued(asked: str | Aggregate, given: dict[str, object], place: Place) -> Condition | None:
    """`op`, `value` and `zone` of a canonical comparison."""
    operator = _operator(given.get("op", "eq"), place.at("op"))
    if operator is None:
        return None
    if operator.shape is Shape.NONE and "value" in given:
        place.at("value").refuse(f"{operator.name} takes no value")
        return None
    zone = _zone(given, [operator], place)
    return _compare(asked, operator, given.get("value"), place.at("value"), zone)


def _beside(asked: str | Aggregate, tree: dict[str, object], place: Place) -> Condition | None:
    """`{gt: 60s, lt: 5m}`: one comparison for each operator; `zone` is for those that ask about local time."""
    rows = [(op, value, _operator(op, place.at(op))) for op, value in tree.items() if op != "zone"]
    if not rows:
        place.refuse("an operator is needed here, such as {gte: 3}")
        return None
    zone = _zone(tree, [operator for _, _, operator in rows if operator], place)
    read: list[Condition | None] = []
    for op, value, operator in rows:
        if operator is None or operator.shape is Shape.NONE:
            read.append(_known(asked, op, value, place.at(op)) if operator else None)
        else:
            read.append(_compare(asked, operator, value, place.at(op), zone if op in LOCAL else None))
    return _all(read)


def _known(asked: str | Aggregate, op: str, value: object, place: Place) -> Condition | None:
    if not isinstance(value, bool):
        place.refuse("true or false is needed here")
        return None
    return Compare(asked, "exists" if value is (op == "exists") else "missing")


def _zone(given: dict[str, object], operators: list[Operator], place: Place) -> str | None:
    if "zone" not in given:
        return None
    if not any(operator.name in LOCAL for operator in operators):
        place.at("zone").refuse(f"a zone is only for {', '.join(sorted(LOCAL))}")
        return None
    return read_zone(given["zone"], place.at("zone"))


def _operator(op: object, place: Place) -> Operator | None:
    if isinstance(op, str) and op in OPERATORS:
        return OPERATORS[op]
    place.refuse(f"there is no operator named {op}")
    return None


def _compare(
    asked: str | Aggregate, operator: Operator, tree: object, place: Place, zone: str | None = None
) -> Condition | None:
    bare = Compare(asked, operator.name, zone=zone)
    if bare.type not in operator.types:
        named = asked if isinstance(asked, str) else asked.kind
        place.refuse(f"{operator.name} cannot be asked of {named}, which is of type {bare.type}")
        return None
    if operator.shape is Shape.NONE:
        return bare
    value = read_value(operator.shape, bare.literal, tree, place)
    return None if value is None else said(Compare(asked, operator.name, value, zone))
