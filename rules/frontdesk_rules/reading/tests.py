"""The `tests:` of a rule, checked: so that a test with a slip of the pen cannot pass by saying nothing."""

from __future__ import annotations

from typing import Final

from frontdesk_rules.durations import is_duration
from frontdesk_rules.facts.catalogue import field_of
from frontdesk_rules.findings import Place
from frontdesk_rules.language.rule import Test
from frontdesk_rules.language.triggers import CHANGES

GIVEN_KEYS: Final = ("at", "facts", "page", "dwell", "event", "properties", "conversation")
HAPPENINGS: Final = frozenset({"page", "dwell", "event", "conversation"})
EXPECTED_ACTIONS: Final = ("message", "assign", "tag", "untag")


def read_tests(tree: object, place: Place) -> tuple[Test, ...]:
    items = place.sequence(tree)
    read = [_read_test(item, place.at(n)) for n, item in enumerate(items)]
    return tuple(test for test in read if test is not None)


def _read_test(tree: object, place: Place) -> Test | None:
    test = place.mapping(tree)
    place.only(test, ("name", "given", "expect"))
    name = place.at("name").text(test.get("name"))
    given = [_read_given(item, place.at("given", n)) for n, item in enumerate(_list(test, "given", place))]
    expect = [_read_expected(item, place.at("expect", n)) for n, item in enumerate(_list(test, "expect", place))]
    return Test(name, tuple(given), tuple(expect)) if name else None


def _list(test: dict[str, object], key: str, place: Place) -> list[object]:
    items = test.get(key)
    if isinstance(items, list):
        return items
    place.at(key).refuse("a list is needed here")
    return []


def _read_given(tree: object, place: Place) -> dict[str, object]:
    given = place.mapping(tree, "{at: 0s, …} is needed here")
    place.only(given, GIVEN_KEYS)
    _check_at(given, place)
    if len(HAPPENINGS & set(given)) > 1:
        place.refuse("one thing happens at a time; give each its own entry")
    if "dwell" in given and not is_duration(given["dwell"]):
        place.at("dwell").refuse("a duration such as 61s is needed here")
    if given.get("conversation", "started") not in CHANGES:
        place.at("conversation").refuse(f"one of {', '.join(CHANGES)} is needed here")
    for key in ("page", "event"):
        if key in given:
            place.at(key).text(given[key])
    _check_facts(given, place)
    return given


def _check_facts(given: dict[str, object], place: Place) -> None:
    for key in ("facts", "properties"):
        if key in given:
            place.at(key).mapping(given[key])
    facts = given.get("facts")
    for name in facts if isinstance(facts, dict) else ():
        if field_of(name) is None:
            place.at("facts", name).refuse(f"there is no field named {name}")


def _read_expected(tree: object, place: Place) -> dict[str, object]:
    expected = place.mapping(tree, "{at: 65s, assign: {…}} is needed here")
    place.only(expected, ("at", *EXPECTED_ACTIONS))
    _check_at(expected, place)
    if expected and len(set(expected) - {"at"}) != 1:
        place.refuse("one action an entry is expected")
    return expected


def _check_at(entry: dict[str, object], place: Place) -> None:
    if entry and not is_duration(entry.get("at")):
        place.at("at").refuse("a duration since the start is needed here, such as 65s")
