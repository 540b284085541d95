"""From a tree to a trigger, a row each. Adding a trigger is a class in `language` and a row of `TRIGGERS`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from frontdesk_rules.durations import PATTERN as DURATION
from frontdesk_rules.durations import needed
from frontdesk_rules.facts.catalogue import field_of
from frontdesk_rules.findings import Place
from frontdesk_rules.language.edges import (
    CHANGES,
    ENTERS,
    LEAVES,
    WAITING,
    CallTrigger,
    ChangeTrigger,
    ConversationTrigger,
    EventTrigger,
    SegmentTrigger,
)
from frontdesk_rules.language.literals import KEY_PATTERN, LITERALS, Scalar, is_number
from frontdesk_rules.language.pages import (
    DEEPEST_SCROLL,
    LONGEST_DWELL_S,
    DwellTrigger,
    ExitIntentTrigger,
    PageTrigger,
    Paths,
    ScrollTrigger,
)
from frontdesk_rules.language.triggers import Trigger
from frontdesk_rules.reading.conditions import read_condition
from frontdesk_rules.reading.timed import TIMED

_LONGEST_NAME: Final = 200
_SEGMENT: Final = LITERALS["key"]


def _read_page(tree: dict[str, object], place: Place) -> Trigger:
    return PageTrigger(_read_where(tree["page"], place.at("page")))


def _read_exit_intent(tree: dict[str, object], place: Place) -> Trigger:
    return ExitIntentTrigger(_read_where(tree["exit_intent"], place.at("exit_intent")))


def _read_where(tree: object, spot: Place) -> Paths:
    """A path, several, `{path: …}`, or `{}` for any page."""
    if isinstance(tree, str | list):
        return _read_paths(tree, spot)
    given = spot.mapping(tree, "a path, or {path: …}, or {} for any page")
    spot.only(given, ("path",))
    return _read_paths(given["path"], spot.at("path")) if "path" in given else ()


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


def _read_scroll(tree: dict[str, object], place: Place) -> Trigger | None:
    spot = place.at("scroll")
    given = {"percent": tree["scroll"]} if isinstance(tree["scroll"], int) else spot.mapping(tree["scroll"])
    spot.only(given, ("path", "percent"))
    paths = _read_paths(given["path"], spot.at("path")) if "path" in given else ()
    percent = given.get("percent")
    if type(percent) is not int or not 0 < percent <= DEEPEST_SCROLL:
        spot.at("percent").refuse(f"a whole number of percent is needed here, 1 to {DEEPEST_SCROLL}")
        return None
    return ScrollTrigger(percent, paths)


def _read_event(tree: dict[str, object], place: Place) -> Trigger | None:
    name = place.at("event").text(tree["event"], "the event's name is needed here")
    where = read_condition(tree["where"], place.at("where"), family="event") if "where" in tree else None
    return EventTrigger(name, where) if name else None


def _read_call(tree: dict[str, object], place: Place) -> Trigger | None:
    name = place.at("call").text(tree["call"], "the name that the code calls is needed here")
    return CallTrigger(name) if name else None


def _read_conversation(tree: dict[str, object], place: Place) -> Trigger | None:
    change = tree["conversation"]
    if not isinstance(change, str) or change not in CHANGES:
        place.at("conversation").refuse(f"one of {', '.join(CHANGES)} is needed here")
        return None
    if (change == WAITING) is not ("after" in tree):
        spot = place.at("after" if "after" in tree else "conversation")
        spot.refuse("waiting, and only waiting, needs how long: {conversation: waiting, after: 5m}")
        return None
    if "after" in tree and not LITERALS["duration"].accepts(tree["after"]):
        place.at("after").refuse(needed("5m", tree["after"]))
        return None
    return ConversationTrigger(change, str(tree["after"]) if "after" in tree else None)


def _read_change(tree: dict[str, object], place: Place) -> Trigger | None:
    spot = place.at("change")
    given = spot.unfolded(tree["change"], "attribute")
    spot.only(given, ("attribute", "from", "to"))
    name = given.get("attribute")
    if not isinstance(name, str) or field_of(name) is None or name.partition(".")[0] not in ("contact", "company"):
        spot.at("attribute").refuse("an attribute is needed here, such as contact.plan")
        return None
    if name in _UNTOLD:
        spot.at("attribute").refuse(_UNTOLD[name])
        return None
    before, after = (_read_values(given.get(end, []), spot.at(end)) for end in ("from", "to"))
    return ChangeTrigger(name, before, after)


def _untold(name: str, asked: str) -> str:
    return (
        f"nothing says when {name} becomes another: save a segment of those with {{{name}: {asked}}}, and wait for "
        "{segment: {enters: …}}"
    )


# What is reckoned when it is asked, and what is known of a person or company from the first.
_UNTOLD: Final = {
    "contact.segments": "who comes and goes is waited for as {segment: {enters: …}}, {segment: {leaves: …}}",
    "contact.rfm.class": _untold("contact.rfm.class", "at_risk"),
    "contact.rfm.recency": _untold("contact.rfm.recency", "{gt: 90d}"),
    "contact.rfm.frequency": _untold("contact.rfm.frequency", "{gte: 3}"),
    "contact.rfm.monetary": _untold("contact.rfm.monetary", "{gte: 1000}"),
    "contact.user_id": _untold("contact.user_id", "{exists: true}"),
    "company.id": _untold("company.id", "{exists: true}"),
}


def _read_values(tree: object, place: Place) -> tuple[Scalar, ...]:
    items = tree if isinstance(tree, list) else [tree]
    for item in items:
        if not LITERALS["any"].accepts(item):
            place.refuse(f"{LITERALS['any'].needs} is needed here")
    return tuple(items)


def _read_segment(tree: dict[str, object], place: Place) -> Trigger | None:
    spot = place.at("segment")
    given = spot.mapping(tree["segment"], "{enters: …} or {leaves: …} is needed here")
    spot.only(given, (ENTERS, LEAVES))
    if len(given) != 1:
        spot.refuse("either enters or leaves is needed here")
        return None
    ((change, segment),) = given.items()
    if not _SEGMENT.accepts(segment):
        spot.at(change).refuse(f"{_SEGMENT.needs} is needed here")
        return None
    return SegmentTrigger(change, str(segment))


def _read_paths(tree: object, place: Place) -> Paths:
    glob = LITERALS["glob"]
    several = isinstance(tree, list)
    items = place.sequence(tree) if several else [tree]
    for n, item in enumerate(items):
        if not glob.accepts(item):
            (place.at(n) if several else place).refuse(f"{glob.needs} is needed here")
    return tuple(str(item) for item in items)


def _closed(properties: dict[str, object], *required: str) -> dict[str, object]:
    closed: dict[str, object] = {"type": "object", "properties": properties, "additionalProperties": False}
    return {**closed, "required": list(required)} if required else closed


_GLOB: Final = {"$ref": "#/$defs/glob"}
_PATHS: Final[dict[str, object]] = {"anyOf": [_GLOB, {"type": "array", "minItems": 1, "items": _GLOB}]}
_WHERE: Final[dict[str, object]] = {"anyOf": [_GLOB, {"type": "array", "minItems": 1, "items": _GLOB},
                                              _closed({"path": _PATHS})]}  # fmt: skip
_NAME: Final = {"type": "string", "pattern": r"\S"}
_ANY: Final = {"$ref": "#/$defs/any"}
_ENDS: Final = {"anyOf": [_ANY, {"type": "array", "items": _ANY}]}
_ATTRIBUTE: Final = {"type": "string", "pattern": r"^(contact|company)\..*\S", "not": {"enum": list(_UNTOLD)}}
_SECONDS: Final = {"type": "number", "exclusiveMinimum": 0, "maximum": LONGEST_DWELL_S}
_PERCENT: Final = {"type": "integer", "minimum": 1, "maximum": DEEPEST_SCROLL}
_KEY: Final = {"type": "string", "pattern": KEY_PATTERN}


@dataclass(frozen=True, slots=True)
class TriggerRow:
    """`also` are the keys that may stand beside the trigger's own; `schema` is that of each of its keys."""

    read: Callable[[dict[str, object], Place], Trigger | None]
    schema: dict[str, object]
    also: tuple[str, ...] = ()


TRIGGERS: Final = {
    "page": TriggerRow(_read_page, {"page": _WHERE}),
    "dwell": TriggerRow(_read_dwell, {"dwell": _closed({"path": _PATHS, "seconds": _SECONDS}, "seconds")}),
    "scroll": TriggerRow(
        _read_scroll, {"scroll": {"anyOf": [_PERCENT, _closed({"path": _PATHS, "percent": _PERCENT}, "percent")]}}
    ),
    "exit_intent": TriggerRow(_read_exit_intent, {"exit_intent": _WHERE}),
    "event": TriggerRow(_read_event, {"event": _NAME, "where": {"$ref": "#/$defs/condition"}}, also=("where",)),
    "call": TriggerRow(_read_call, {"call": _NAME}),
    "conversation": TriggerRow(
        _read_conversation,
        {"conversation": {"enum": list(CHANGES)}, "after": {"type": "string", "pattern": DURATION}},
        also=("after",),
    ),
    "change": TriggerRow(
        _read_change,
        {
            "change": {
                "anyOf": [_ATTRIBUTE, _closed({"attribute": _ATTRIBUTE, "from": _ENDS, "to": _ENDS}, "attribute")]
            }
        },
    ),
    "segment": TriggerRow(
        _read_segment,
        {"segment": {**_closed({ENTERS: _KEY, LEAVES: _KEY}), "minProperties": 1, "maxProperties": 1}},
    ),
    **{kind: TriggerRow(read, schema) for kind, (read, schema) in TIMED.items()},
}
ALONE: Final = ("page", "exit_intent")  # those that need no more than their name


def read_trigger(tree: object, place: Place) -> Trigger | None:
    """`trigger:` of a rule: one trigger, with its keys."""
    if isinstance(tree, str):
        tree = {tree: {}}
    found = len(place.found)
    given = place.mapping(tree, f"one of {', '.join(TRIGGERS)} is needed here")
    kinds = [key for key in given if key in TRIGGERS]
    place.only(given, (*TRIGGERS, *(TRIGGERS[kinds[0]].also if kinds else ())))
    if len(kinds) == 1:
        return TRIGGERS[kinds[0]].read(given, place)
    if len(place.found) == found:
        place.refuse(f"exactly one of {', '.join(TRIGGERS)} is needed here")
    return None
