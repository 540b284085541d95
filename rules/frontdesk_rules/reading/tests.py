"""The `tests:` of a rule, checked: so that a test with a slip of the pen cannot pass by saying nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from frontdesk_rules.durations import PATTERN as DURATION
from frontdesk_rules.durations import is_duration, needed
from frontdesk_rules.facts.catalogue import field_of
from frontdesk_rules.findings import Place
from frontdesk_rules.language.actions import MESSAGE_CLASSES
from frontdesk_rules.language.edges import CHANGES, ENTERS, LEAVES, WAITING
from frontdesk_rules.language.literals import INSTANT_PATTERN, LITERALS
from frontdesk_rules.language.rule import Test
from frontdesk_rules.reading import workspaces
from frontdesk_rules.reading.actions import ACTIONS
from frontdesk_rules.reading.workspaces import read_workspace

# What a person or a teammate does to a conversation; that it waits, the clock says.
TALKING: Final = (*(change for change in CHANGES if change != WAITING), "answered")
Check = Callable[[object, Place], object]


def _text(value: object, place: Place) -> None:
    place.text(value)


def _duration(value: object, place: Place) -> None:
    if not is_duration(value):
        place.refuse(needed("61s", value))


def _percent(value: object, place: Place) -> None:
    if not LITERALS["number"].accepts(value):
        place.refuse("a number of percent is needed here")


def _exit(value: object, place: Place) -> None:
    if value is not True:
        place.refuse("true is needed here")


def _talk(value: object, place: Place) -> None:
    if value not in TALKING:
        place.refuse(f"one of {', '.join(TALKING)} is needed here")


def _facts(value: object, place: Place) -> None:
    for name in place.mapping(value):
        if field_of(name) is None:
            place.at(name).refuse(f"there is no field named {name}")


def _class(value: object, place: Place) -> None:
    if value not in MESSAGE_CLASSES:
        place.refuse(f"one of {', '.join(MESSAGE_CLASSES)} is needed here")


def _segment(value: object, place: Place) -> None:
    place.only(place.mapping(value), (ENTERS, LEAVES))


_MAPPING: Final[dict[str, Any]] = {"type": "object"}
_TEXT: Final[dict[str, Any]] = {"type": "string", "pattern": r"\S"}
_DURATION: Final[dict[str, Any]] = {"type": "string", "pattern": DURATION}
_ONE_SEGMENT: Final[dict[str, Any]] = {
    **_MAPPING, "properties": {ENTERS: _TEXT, LEAVES: _TEXT}, "additionalProperties": False,
}  # fmt: skip

# What can happen in a test: who checks it, and its schema.
HAPPENINGS: Final[dict[str, tuple[Check, dict[str, Any]]]] = {
    "page": (_text, _TEXT),
    "dwell": (_duration, _DURATION),
    "scroll": (_percent, {"type": "number"}),
    "exit_intent": (_exit, {"const": True}),
    "event": (_text, _TEXT),
    "call": (_text, _TEXT),
    "conversation": (_talk, {"enum": list(TALKING)}),
    "change": (_facts, _MAPPING),
    "segment": (_segment, _ONE_SEGMENT),
}
_BESIDE: Final[dict[str, tuple[Check, dict[str, Any]]]] = {
    "who": (_text, _TEXT),
    "told": (_class, {"enum": list(MESSAGE_CLASSES)}),
    "facts": (_facts, _MAPPING),
    "properties": (lambda value, place: place.mapping(value), _MAPPING),
}
GIVEN: Final = {**_BESIDE, **HAPPENINGS}


def read_tests(tree: object, place: Place) -> tuple[Test, ...]:
    items = place.sequence(tree)
    read = [_read_test(item, place.at(n)) for n, item in enumerate(items)]
    return tuple(test for test in read if test is not None)


def _read_test(tree: object, place: Place) -> Test | None:
    test = place.mapping(tree)
    place.only(test, ("name", "start", "workspace", "given", "expect"))
    name = place.at("name").text(test.get("name"))
    start = test.get("start")
    if start is not None and not LITERALS["instant"].accepts(start):
        place.at("start").refuse(f"{LITERALS['instant'].needs} is needed here")
    given = [_read_given(item, place.at("given", n)) for n, item in enumerate(_list(test, "given", place))]
    expect = [_read_expected(item, place.at("expect", n)) for n, item in enumerate(_list(test, "expect", place))]
    workspace = read_workspace(test["workspace"], place.at("workspace")) if "workspace" in test else None
    return Test(name, tuple(given), tuple(expect), str(start) if start else None, workspace) if name else None


def _list(test: dict[str, object], key: str, place: Place) -> list[object]:
    items = test.get(key)
    if isinstance(items, list):
        return items
    place.at(key).refuse("a list is needed here")
    return []


def _read_given(tree: object, place: Place) -> dict[str, object]:
    given = place.mapping(tree, "{at: 0s, …} is needed here")
    place.only(given, ("at", *GIVEN))
    _check_at(given, place)
    if len(set(HAPPENINGS) & set(given)) > 1:
        place.refuse("one thing happens at a time; give each its own entry")
    for key, (check, _) in GIVEN.items():
        if key in given:
            check(given[key], place.at(key))
    return given


def _read_expected(tree: object, place: Place) -> dict[str, object]:
    expected = place.mapping(tree, "{at: 65s, assign: {…}} is needed here")
    place.only(expected, ("at", "who", *ACTIONS))
    _check_at(expected, place)
    if "who" in expected:
        place.at("who").text(expected["who"])
    if expected and len(set(expected) - {"at", "who"}) != 1:
        place.refuse("one action an entry is expected")
    return expected


def _check_at(entry: dict[str, object], place: Place) -> None:
    if entry and not is_duration(entry.get("at")):
        place.at("at").refuse("a duration since the start is needed here, such as 65s")


def _closed(properties: dict[str, Any], *required: str) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(required), "additionalProperties": False}


def schema() -> dict[str, Any]:
    """Of one test."""
    given = _closed({"at": _DURATION, **{key: row for key, (_, row) in GIVEN.items()}}, "at")
    named = [{"required": [key]} for key in HAPPENINGS]
    given["oneOf"] = [*named, {"not": {"anyOf": named}}]
    expected = _closed({"at": _DURATION, "who": _TEXT, **dict.fromkeys(ACTIONS, True)}, "at")
    expected["oneOf"] = [{"required": [action]} for action in ACTIONS]
    lists = {"given": {"type": "array", "items": given}, "expect": {"type": "array", "items": expected}}
    start = {"type": "string", "pattern": INSTANT_PATTERN}
    rows = {"name": _TEXT, "start": start, "workspace": workspaces.schema(), **lists}
    return _closed(rows, "name", "given", "expect")
