"""The JSON Schema of caps and quiet hours, made from the tables."""

from __future__ import annotations

from typing import Any, Final

from frontdesk_rules.durations import PATTERN as DURATION
from frontdesk_rules.language.actions import MESSAGE_CLASSES
from frontdesk_rules.language.gates import CAP_SUBJECTS, HOURS_PATTERN
from frontdesk_rules.reading.gates import MOST_MESSAGES, OTHERWISE

_DURATION: Final = {"type": "string", "pattern": DURATION}
_CLASS: Final = {"enum": list(MESSAGE_CLASSES)}
_OTHERWISE: Final = {"enum": list(OTHERWISE)}


def caps() -> dict[str, Any]:
    """One or more."""
    cap = {
        "per": {"enum": list(CAP_SUBJECTS)},
        "class": _CLASS,
        "limit": {"type": "integer", "minimum": 1, "maximum": MOST_MESSAGES},
        "window": _DURATION,
        "otherwise": _OTHERWISE,
    }
    return {"type": "array", "minItems": 1, "items": _closed(cap, "limit", "window")}


def quiet() -> dict[str, Any]:
    hours = {"type": "string", "pattern": HOURS_PATTERN}
    rows = {
        "allow": {"anyOf": [hours, {"type": "array", "minItems": 1, "items": hours}]},
        "zone": {"$ref": "#/$defs/zone"},
        "otherwise": _OTHERWISE,
        "at_most": _DURATION,
        "recheck": {"type": "boolean"},
        "classes": {"type": "array", "items": _CLASS},
    }
    return _closed(rows, "allow")


def _closed(properties: dict[str, Any], *required: str) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "additionalProperties": False, "required": list(required)}
