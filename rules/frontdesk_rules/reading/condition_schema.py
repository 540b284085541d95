"""The JSON Schema of conditions, made from the tables of fields, operators and aggregates."""

from __future__ import annotations

from typing import Any, Final

from frontdesk_rules.durations import PATTERN as DURATION
from frontdesk_rules.facts.catalogue import FIELDS, LONGEST_NAME, OPEN_FAMILIES, FieldType
from frontdesk_rules.facts.zones import PERIODS
from frontdesk_rules.language.aggregates import ABOUT_PROPERTY, AGGREGATES, MAYBE_PROPERTY, Aggregate, Step
from frontdesk_rules.language.conditions import GROUPS
from frontdesk_rules.language.operators import ALONE, LOCAL, OPERATORS, Shape, literal_of
from frontdesk_rules.language.windows import WINDOWS
from frontdesk_rules.reading.values import MOST_VALUES

_TEXT: Final = {"type": "string", "pattern": r"\S"}
_DURATION: Final = {"type": "string", "pattern": DURATION}
_OTHERS: Final = rf"^({'|'.join(OPEN_FAMILIES)})\..*\S"
_CONDITION: Final = {"$ref": "#/$defs/condition"}
_CONDITIONS: Final = {"type": "array", "minItems": 1, "items": _CONDITION}
_ZONE: Final = {"zone": {"$ref": "#/$defs/zone"}}
_STEP: Final = {"event": _TEXT, "where": _CONDITION}


def _closed(properties: dict[str, Any], required: tuple[str, ...] = ()) -> dict[str, Any]:
    closed = {"type": "object", "properties": properties, "additionalProperties": False}
    return {**closed, "required": list(required)} if required else closed


def condition() -> dict[str, Any]:
    """A list, a canonical comparison, `at_least`, an aggregate, or a mapping of groups and fields in short form."""
    counted = _closed({"at_least": {"type": "integer", "minimum": 1}, "of": _CONDITIONS}, ("at_least", "of"))
    alone = {op: _value(OPERATORS[op].shape, str(OPERATORS[op].literal)) for op in ALONE}
    mapping = {
        "type": "object",
        "minProperties": 1,
        "properties": {
            **dict.fromkeys(GROUPS, _CONDITIONS),
            "not": _CONDITION,
            **alone,
            **{field.name: {"$ref": f"#/$defs/short_{field.type}"} for field in FIELDS.values()},
        },
        "patternProperties": {_OTHERS: {"$ref": f"#/$defs/short_{FieldType.ANY}"}},
        "additionalProperties": False,
    }
    forms = [{"$ref": f"#/$defs/canonical_{kind}"} for kind in FieldType]
    return {"anyOf": [_CONDITIONS, counted, mapping, *forms, *_asked()]}


def step() -> dict[str, Any]:
    return {"anyOf": [_TEXT, _closed(_STEP, ("event",))]}


def _asked() -> list[dict[str, Any]]:
    """Aggregates by the type of what they come to, each with its operator, canonical or beside it."""
    by_type: dict[FieldType, list[dict[str, Any]]] = {}
    for kind in AGGREGATES:
        for about in _abouts(kind):
            asked = {"properties": {kind: _aggregate(kind, about)}, "required": [kind]}
            by_type.setdefault(Aggregate(kind, Step(""), about=about).type, []).append(asked)
    return [_compared(of_type, asked) for of_type, asked in by_type.items()]


def _abouts(kind: str) -> tuple[str | None, ...]:
    """With a property, without, or either."""
    if kind in MAYBE_PROPERTY:
        return (None, "about")
    return ("about",) if kind in ABOUT_PROPERTY else (None,)


def _compared(of_type: FieldType, asked: list[dict[str, Any]]) -> dict[str, Any]:
    forms: list[dict[str, Any]] = [
        {"properties": _of_canonical(value, ops), "required": ["op", *(["value"] if value else [])]}
        for value, ops in _operators(of_type)
    ]
    beside = _beside(of_type)
    forms.append({"properties": beside, "anyOf": [{"required": [op]} for op in beside if op != "zone"]})
    if of_type is FieldType.FLAG:
        forms.append({"maxProperties": 1})
    return {"type": "object", "oneOf": asked, "anyOf": forms, "unevaluatedProperties": False}


def _aggregate(kind: str, about: str | None) -> dict[str, Any]:
    windows = {
        "within": _DURATION,
        "calendar": {"enum": list(PERIODS)},
        "since": _TEXT,
        "ever": {"const": True},
    }
    rest = {**_ZONE, "assume_complete": {"type": "boolean"}}
    if kind == "sequence":
        ref = {"$ref": "#/$defs/step"}
        steps = {"first": ref, "then": ref, "within": _DURATION}
        looked = {name: windows[name] for name in WINDOWS[1:]}
        return {**_closed({**steps, **looked, **rest}, tuple(steps)), **_at_most_one(WINDOWS[1:])}
    named = {"property": _TEXT} if about else {}
    counted = {**_closed({**_STEP, **named, **windows, **rest}, ("event", *named)), **_at_most_one(WINDOWS)}
    return counted if about else {"anyOf": [_TEXT, counted]}


def _at_most_one(keys: tuple[str, ...]) -> dict[str, Any]:
    pairs = [[a, b] for n, a in enumerate(keys) for b in keys[n + 1 :]]
    return {"not": {"anyOf": [{"required": pair} for pair in pairs]}}


def canonical(kind: FieldType) -> dict[str, Any]:
    """`{field, op, value}` for the fields of one type, a branch for each form of value; without `op` it is `eq`."""
    branches = []
    for value, ops in _operators(kind):
        needed = ("field",) if "eq" in ops else ("field", "op")
        needed = (*needed, "value") if value is not None else needed
        branches.append(_closed({"field": _fields(kind), **_of_canonical(value, ops)}, needed))
    return {"anyOf": branches}


def _of_canonical(value: dict[str, Any] | None, ops: list[str]) -> dict[str, Any]:
    valued = {"value": value} if value is not None else {}
    return {"op": {"enum": ops}, **valued, **(_ZONE if LOCAL.intersection(ops) else {})}


def short(kind: FieldType) -> dict[str, Any]:
    """A value alone, a list of them, or `{gt: 60s, …}`."""
    operators = _beside(kind)
    alone = [operators[op] for op in ("eq", "in") if op in operators]
    return {"anyOf": [*alone, {**_closed(operators), "minProperties": 1}]}


def _beside(kind: FieldType) -> dict[str, Any]:
    operators = {op: value or {"type": "boolean"} for value, ops in _operators(kind) for op in ops}
    return {**operators, **(_ZONE if LOCAL.intersection(operators) else {})}


def _fields(kind: FieldType) -> dict[str, Any]:
    named: dict[str, Any] = {"enum": [field.name for field in FIELDS.values() if field.type is kind]}
    others = {"type": "string", "pattern": _OTHERS, "maxLength": LONGEST_NAME, "not": {"enum": list(FIELDS)}}
    return others if kind is FieldType.ANY else named


def _operators(kind: FieldType) -> list[tuple[dict[str, Any] | None, list[str]]]:
    """The operators that a type of field allows, by what they take and whether they may name a zone."""
    forms: dict[tuple[str, bool], tuple[dict[str, Any] | None, list[str]]] = {}
    for row in OPERATORS.values():
        if kind in row.types:
            value = _value(row.shape, literal_of(row, kind))
            forms.setdefault((str(value), row.name in LOCAL), (value, []))[1].append(row.name)
    return list(forms.values())


def _value(shape: Shape, literal: str) -> dict[str, Any] | None:
    one = {"$ref": f"#/$defs/{literal}"}
    several = {"type": "array", "minItems": 1, "maxItems": MOST_VALUES, "items": one}
    pair = {"type": "array", "minItems": 2, "maxItems": 2, "items": one}
    return {Shape.NONE: None, Shape.ONE: one, Shape.MANY: several, Shape.PAIR: pair}[shape]
