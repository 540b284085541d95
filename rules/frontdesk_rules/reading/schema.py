"""The JSON Schema of a rule, made from the tables. `schema.json` is this, written down for editors and the builder:
`python -m frontdesk_rules.reading.schema > rules/frontdesk_rules/schema.json` after a table has changed.

What needs two places in the tree to tell, the parser alone refuses: `at_least` more than there are, `per: conversation`
without a conversation, `where` about anything but the event.
"""

from __future__ import annotations

import json
import sys
from typing import Any, Final

from frontdesk_rules.durations import PATTERN as DURATION
from frontdesk_rules.facts.catalogue import FIELDS, LONGEST_NAME, OPEN_FAMILIES, FieldType
from frontdesk_rules.language.actions import NAME_PATTERN
from frontdesk_rules.language.conditions import GROUPS
from frontdesk_rules.language.literals import LITERALS
from frontdesk_rules.language.operators import OPERATORS, Shape, literal_of
from frontdesk_rules.language.rule import SUBJECTS
from frontdesk_rules.language.triggers import CHANGES
from frontdesk_rules.reading.actions import ACTIONS
from frontdesk_rules.reading.conditions import MOST_VALUES
from frontdesk_rules.reading.parse import HIGHEST_PRIORITY, KEYS, MOST_ACTIONS
from frontdesk_rules.reading.tests import EXPECTED_ACTIONS, GIVEN_KEYS, HAPPENINGS
from frontdesk_rules.reading.triggers import TRIGGERS
from frontdesk_rules.words import LANGUAGES

_TEXT: Final = {"type": "string", "pattern": r"\S"}
_DURATION: Final = {"type": "string", "pattern": DURATION}
_OTHERS: Final = rf"^({'|'.join(OPEN_FAMILIES)})\..*\S"
_CONDITION: Final = {"$ref": "#/$defs/condition"}
_CONDITIONS: Final = {"type": "array", "minItems": 1, "items": _CONDITION}


def schema() -> dict[str, Any]:
    """Draft 2020-12; one rule, in short or canonical form."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A Frontdesk rule",
        **_closed(_properties(), required=("rule", "trigger", "do")),
        "$defs": {
            "condition": _condition(),
            "localised": {**_closed(dict.fromkeys(LANGUAGES, _TEXT)), "minProperties": 1},
            **{name: row.schema for name, row in LITERALS.items()},
            **{f"short_{kind}": _short(kind) for kind in FieldType},
            **{f"canonical_{kind}": _canonical(kind) for kind in FieldType},
        },
    }


def _closed(properties: dict[str, Any], required: tuple[str, ...] = ()) -> dict[str, Any]:
    closed = {"type": "object", "properties": properties, "additionalProperties": False}
    return {**closed, "required": list(required)} if required else closed


def _properties() -> dict[str, Any]:
    name = {"type": "string", "pattern": NAME_PATTERN}
    rows = {
        "rule": name,
        "name": {"$ref": "#/$defs/localised"},
        "priority": {"type": "integer", "minimum": 0, "maximum": HIGHEST_PRIORITY},
        "exclusive": name,
        "trigger": _trigger(),
        "when": _CONDITION,
        "do": {"type": "array", "minItems": 1, "maxItems": MOST_ACTIONS, "items": _action()},
        "repeat": {
            "oneOf": [_closed({"per": {"enum": list(SUBJECTS)}}, ("per",)), _closed({"every": _DURATION}, ("every",))]
        },
        "tests": {"type": "array", "minItems": 1, "items": _test()},
    }
    return {key: rows[key] for key in KEYS}


def _trigger() -> dict[str, Any]:
    return {"oneOf": [{"const": "page"}, *(_closed(row.schema, (name,)) for name, row in TRIGGERS.items())]}


def _action() -> dict[str, Any]:
    return {"oneOf": [_closed({name: row.schema}, (name,)) for name, row in ACTIONS.items()]}


def _condition() -> dict[str, Any]:
    """A list, a canonical comparison, `at_least`, or a mapping of groups and fields in short form."""
    counted = _closed({"at_least": {"type": "integer", "minimum": 1}, "of": _CONDITIONS}, ("at_least", "of"))
    short = {
        "type": "object",
        "minProperties": 1,
        "properties": {
            **dict.fromkeys(GROUPS, _CONDITIONS),
            "not": _CONDITION,
            **{field.name: {"$ref": f"#/$defs/short_{field.type}"} for field in FIELDS.values()},
        },
        "patternProperties": {_OTHERS: {"$ref": f"#/$defs/short_{FieldType.ANY}"}},
        "additionalProperties": False,
    }
    canonical = [{"$ref": f"#/$defs/canonical_{kind}"} for kind in FieldType]
    return {"anyOf": [_CONDITIONS, counted, short, *canonical]}


def _canonical(kind: FieldType) -> dict[str, Any]:
    """`{field, op, value}` for the fields of one type, a branch for each form of value; without `op` it is `eq`."""
    branches = []
    for value, ops in _operators(kind):
        properties: dict[str, Any] = {"field": _fields(kind), "op": {"enum": ops}}
        needed = ("field",) if "eq" in ops else ("field", "op")
        if value is not None:
            properties["value"], needed = value, (*needed, "value")
        branches.append(_closed(properties, needed))
    return {"anyOf": branches}


def _short(kind: FieldType) -> dict[str, Any]:
    """A value alone, a list of them, or `{gt: 60s, …}`."""
    by_value = _operators(kind)
    operators = {op: value or {"type": "boolean"} for value, ops in by_value for op in ops}
    alone = [operators[op] for op in ("eq", "in") if op in operators]
    return {"anyOf": [*alone, {**_closed(operators), "minProperties": 1}]}


def _fields(kind: FieldType) -> dict[str, Any]:
    named: dict[str, Any] = {"enum": [field.name for field in FIELDS.values() if field.type is kind]}
    others = {"type": "string", "pattern": _OTHERS, "maxLength": LONGEST_NAME, "not": {"enum": list(FIELDS)}}
    return others if kind is FieldType.ANY else named


def _operators(kind: FieldType) -> list[tuple[dict[str, Any] | None, list[str]]]:
    """The operators that a type of field allows, by what they take."""
    forms: dict[str, tuple[dict[str, Any] | None, list[str]]] = {}
    for row in OPERATORS.values():
        if kind in row.types:
            value = _value(row.shape, literal_of(row, kind))
            forms.setdefault(str(value), (value, []))[1].append(row.name)
    return list(forms.values())


def _value(shape: Shape, literal: str) -> dict[str, Any] | None:
    one = {"$ref": f"#/$defs/{literal}"}
    several = {"type": "array", "minItems": 1, "maxItems": MOST_VALUES, "items": one}
    pair = {"type": "array", "minItems": 2, "maxItems": 2, "items": one}
    return {Shape.NONE: None, Shape.ONE: one, Shape.MANY: several, Shape.PAIR: pair}[shape]


def _test() -> dict[str, Any]:
    rows: dict[str, Any] = {
        "at": _DURATION,
        "facts": {"type": "object"},
        "page": _TEXT,
        "dwell": _DURATION,
        "event": _TEXT,
        "properties": {"type": "object"},
        "conversation": {"enum": list(CHANGES)},
    }
    given = _closed({key: rows[key] for key in GIVEN_KEYS}, ("at",))
    given["oneOf"] = [{"required": [key]} for key in sorted(HAPPENINGS)] + [
        {"not": {"anyOf": [{"required": [key]} for key in sorted(HAPPENINGS)]}}
    ]
    expected = _closed({"at": _DURATION, **dict.fromkeys(EXPECTED_ACTIONS, True)}, ("at",))
    expected |= {"minProperties": 2, "maxProperties": 2}
    lists = {"given": {"type": "array", "items": given}, "expect": {"type": "array", "items": expected}}
    return _closed({"name": _TEXT, **lists}, ("name", "given", "expect"))


if __name__ == "__main__":
    sys.stdout.write(json.dumps(schema(), indent=1, ensure_ascii=False) + "\n")
