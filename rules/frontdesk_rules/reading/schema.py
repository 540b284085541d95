"""The JSON Schema of a rule, made from the tables. `schema.json` is this, written down for editors and the builder:
`python -m frontdesk_rules.reading.schema > rules/frontdesk_rules/schema.json` after a table has changed.

What needs two places in the tree or a look at the zones of the world to tell, the parser alone refuses: `at_least` more
than there are, `per: conversation` without a conversation and `per: session` without a session, `where` about anything
but the event, shares that do not come to 100 %, dates and crons that do not exist, expressions that RE2 does not take.
"""

from __future__ import annotations

import json
import sys
from typing import Any, Final

from frontdesk_rules.durations import PATTERN as DURATION
from frontdesk_rules.facts.catalogue import FieldType
from frontdesk_rules.language.actions import NAME_PATTERN
from frontdesk_rules.language.literals import LITERALS
from frontdesk_rules.language.rule import SUBJECTS
from frontdesk_rules.reading import condition_schema as conditions
from frontdesk_rules.reading import gate_schema, tests
from frontdesk_rules.reading.actions import ACTIONS
from frontdesk_rules.reading.gates import PERCENT_PATTERN
from frontdesk_rules.reading.parse import HIGHEST_PRIORITY, KEYS, MOST_ACTIONS
from frontdesk_rules.reading.triggers import ALONE, TRIGGERS
from frontdesk_rules.words import LANGUAGES

_TEXT: Final = {"type": "string", "pattern": r"\S"}
_NAME: Final = {"type": "string", "pattern": NAME_PATTERN}
_DURATION: Final = {"type": "string", "pattern": DURATION}
_PERCENT: Final = {"type": "string", "pattern": PERCENT_PATTERN}
_CONDITION: Final = {"$ref": "#/$defs/condition"}


def schema() -> dict[str, Any]:
    """Draft 2020-12; one rule, in short or canonical form."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A Frontdesk rule",
        **_closed(_properties(), required=("rule", "trigger")),
        "oneOf": [{"required": ["do"]}, {"required": ["variants"]}],
        "$defs": {
            "condition": conditions.condition(),
            "step": conditions.step(),
            "zone": {"type": "string", "minLength": 1, "maxLength": 100},
            "localised": {**_closed(dict.fromkeys(LANGUAGES, _TEXT)), "minProperties": 1},
            "do": {"type": "array", "minItems": 1, "maxItems": MOST_ACTIONS, "items": _action()},
            **{name: row.schema for name, row in LITERALS.items()},
            **{f"short_{kind}": conditions.short(kind) for kind in FieldType},
            **{f"canonical_{kind}": conditions.canonical(kind) for kind in FieldType},
        },
    }


def _closed(properties: dict[str, Any], required: tuple[str, ...] = ()) -> dict[str, Any]:
    closed = {"type": "object", "properties": properties, "additionalProperties": False}
    return {**closed, "required": list(required)} if required else closed


def _properties() -> dict[str, Any]:
    do = {"$ref": "#/$defs/do"}
    variant = _closed({"name": _NAME, "share": _PERCENT, "do": do}, ("name", "share", "do"))
    rows = {
        "rule": _NAME,
        "name": {"$ref": "#/$defs/localised"},
        "priority": {"type": "integer", "minimum": 0, "maximum": HIGHEST_PRIORITY},
        "exclusive": _NAME,
        "moment": _NAME,
        "trigger": _trigger(),
        "when": _CONDITION,
        "do": do,
        "variants": {"type": "array", "minItems": 1, "items": variant},
        "repeat": {
            "oneOf": [_closed({"per": {"enum": list(SUBJECTS)}}, ("per",)), _closed({"every": _DURATION}, ("every",))]
        },
        "holdout": {**_PERCENT, "not": {"enum": ["0%", "0.0%", "0.00%", "00%", "100%"]}},
        "goal": _closed(
            {"event": _TEXT, "where": _CONDITION, "within": _DURATION, "value": _TEXT}, ("event", "within")
        ),
        "caps": gate_schema.caps(),
        "quiet": gate_schema.quiet(),
        "max_lateness": _DURATION,
        "tests": {"type": "array", "minItems": 1, "items": tests.schema()},
    }
    return {key: rows[key] for key in KEYS}


def _trigger() -> dict[str, Any]:
    return {"oneOf": [{"enum": list(ALONE)}, *(_closed(row.schema, (name,)) for name, row in TRIGGERS.items())]}


def _action() -> dict[str, Any]:
    return {"oneOf": [_closed({name: row.schema}, (name,)) for name, row in ACTIONS.items()]}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(schema(), indent=1, ensure_ascii=False) + "\n")
