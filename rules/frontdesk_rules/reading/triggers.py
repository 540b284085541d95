"""From a tree to a trigger, a row each. Adding a trigger is a class in `triggers` and a row of `TRIGGERS`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from frontdesk_rules.findings import NOT_YET, Place
from frontdesk_rules.language.literals import LITERALS, is_number
from frontdesk_rules.language.triggers import (
    CHANGES,
    LONGEST_DWELL_S,
    ConversationTrigger,
    DwellTrigger,
    EventTrigger,
    PageTrigger,
    Paths,
    Trigger,
)
from frontdesk_rules.reading.conditions import read_condition


def _read_page(tree: dict[str, object], place: Place) -> Trigger:
    inner = tree["page"]
    if isinstance(inner, str | list):
        return PageTrigger(_read_paths(inner, place.at("page")))
    spot = place.at("page")
    given = spot.mapping(inner, "a path, or {path: …}, or {} for any page")
    spot.only(given, ("path",))
    return PageTrigger(_read_paths(given["path"], spot.at("path")) if "path" in given else ())


def _read_dwell(tree: dict[str, object], place: Place) -> Trigger | None:
    spot = place.at("dwell")
    given = spot.mapping(tree["dwell"], "{path: …, seconds: …} is needed here")
    spot.only(given, ("path", "seconds"))
    paths = _read_paths(given["path"], spot.at("path")) if "path" in given else ()
    seconds = given.get("seconds")
    if not isinstance(seconds, int | float) or not is_number(seconds) or not 0 < seconds <= LONGEST_DWELL_S:
        spot.at("seconds").refuse(f"a number of seconds is needed here, above 0, at most {LONGEST_DWELL_S}")
        return None
    return DwellTrigger(seconds, paths)


def _read_event(tree: dict[str, object], place: Place) -> Trigger | None:
    name = place.at("event").text(tree["event"], "the event's name is needed here")
    where = read_condition(tree["where"], place.at("where"), family="event") if "where" in tree else None
    return EventTrigger(name, where) if name else None


def _read_conversation(tree: dict[str, object], place: Place) -> Trigger | None:
    change, spot = tree["conversation"], place.at("conversation")
    if change == "waiting":
        spot.refuse(f"{NOT_YET}waiting")
        return None
    if not isinstance(change, str) or change not in CHANGES:
        spot.refuse(f"one of {', '.join(CHANGES)} is needed here")
        return None
    return ConversationTrigger(change)


def _read_paths(tree: object, place: Place) -> Paths:
    glob = LITERALS["glob"]
    several = isinstance(tree, list)
    items = place.sequence(tree) if several else [tree]
    for n, item in enumerate(items):
        if not glob.accepts(item):
            (place.at(n) if several else place).refuse(f"{glob.needs} is needed here")
    return tuple(str(item) for item in items)


_PATHS_SCHEMA: Final = {
    "anyOf": [{"$ref": "#/$defs/glob"}, {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/glob"}}]
}


@dataclass(frozen=True, slots=True)
class TriggerRow:
    """`also` are the keys that may stand beside the trigger's own; `schema` is that of each of its keys."""

    read: Callable[[dict[str, object], Place], Trigger | None]
    schema: dict[str, object]
    also: tuple[str, ...] = ()


TRIGGERS: Final = {
    "page": TriggerRow(
        _read_page,
        {
            "page": {
                "anyOf": [
                    *_PATHS_SCHEMA["anyOf"],
                    {"type": "object", "properties": {"path": _PATHS_SCHEMA}, "additionalProperties": False},
                ]
            }
        },
    ),
    "dwell": TriggerRow(
        _read_dwell,
        {
            "dwell": {
                "type": "object",
                "properties": {
                    "path": _PATHS_SCHEMA,
                    "seconds": {"type": "number", "exclusiveMinimum": 0, "maximum": LONGEST_DWELL_S},
                },
                "required": ["seconds"],
                "additionalProperties": False,
            }
        },
    ),
    "event": TriggerRow(
        _read_event,
        {"event": {"type": "string", "pattern": r"\S"}, "where": {"$ref": "#/$defs/condition"}},
        also=("where",),
    ),
    "conversation": TriggerRow(_read_conversation, {"conversation": {"enum": list(CHANGES)}}),
}
LATER_TRIGGERS: Final = (
    "scroll",
    "exit_intent",
    "change",
    "reaches",
    "absence",
    "schedule",
    "segment",
    "call",
)


def read_trigger(tree: object, place: Place) -> Trigger | None:
    """`trigger:` of a rule: one trigger, with its keys."""
    if isinstance(tree, str):
        tree = {tree: {}}
    found = len(place.found)
    given = place.mapping(tree, f"one of {', '.join(TRIGGERS)} is needed here")
    kinds = [key for key in given if key in TRIGGERS]
    place.only(given, (*TRIGGERS, *(TRIGGERS[kinds[0]].also if kinds else ())), LATER_TRIGGERS)
    if len(kinds) == 1:
        return TRIGGERS[kinds[0]].read(given, place)
    if len(place.found) == found:
        place.refuse(f"exactly one of {', '.join(TRIGGERS)} is needed here")
    return None
