"""From a tree to a question about the past. `{count: Paid}` is short for `{count: {event: Paid}}`."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

from frontdesk_rules.durations import is_duration, needed
from frontdesk_rules.facts.catalogue import FieldType, field_of
from frontdesk_rules.facts.zones import PERIODS
from frontdesk_rules.findings import Place
from frontdesk_rules.language.aggregates import ABOUT_PROPERTY, MAYBE_PROPERTY, Aggregate, Step
from frontdesk_rules.language.conditions import Condition
from frontdesk_rules.language.literals import LITERALS
from frontdesk_rules.language.windows import WINDOWS, Window
from frontdesk_rules.reading.values import read_zone

ReadCondition = Callable[[object, Place, str], Condition | None]
_STEP: Final = ("event", "where")
_REST: Final = ("zone", "assume_complete")


def read_aggregate(kind: str, tree: object, place: Place, read_condition: ReadCondition) -> Aggregate | None:
    """None with findings. `read_condition` reads the `where` of an event."""
    found = len(place.found)
    if kind == "sequence":
        aggregate = _read_sequence(tree, place, read_condition)
    else:
        aggregate = _read_counted(kind, tree, place, read_condition)
    return aggregate if len(place.found) == found else None


def _read_counted(kind: str, tree: object, place: Place, read_condition: ReadCondition) -> Aggregate | None:
    given = place.unfolded(tree, "event", "{event: …} is needed here")
    named = ("property",) if kind in ABOUT_PROPERTY | MAYBE_PROPERTY else ()
    place.only(given, (*_STEP, *named, *WINDOWS, *_REST))
    step = read_step({key: given[key] for key in _STEP if key in given}, place, read_condition)
    name = given.get("property")
    if kind in ABOUT_PROPERTY or "property" in given:
        place.at("property").text(name, f"{kind} needs the property of the event that it is about")
    window, complete = _read_window(given, WINDOWS, place), _read_complete(given, place)
    if step is None or window is None:
        return None
    return Aggregate(kind, step, window, str(name) if name is not None else None, complete)


def _read_sequence(tree: object, place: Place, read_condition: ReadCondition) -> Aggregate | None:
    given = place.mapping(tree, "{first: …, then: …, within: 1h} is needed here")
    place.only(given, ("first", "then", "within", *WINDOWS[1:], *_REST))
    first, then = (read_step(given.get(key), place.at(key), read_condition) for key in ("first", "then"))
    gap = given.get("within")
    if not is_duration(gap):
        place.at("within").refuse(needed("1h", gap))
    window, complete = _read_window(given, WINDOWS[1:], place), _read_complete(given, place)
    if first is None or then is None or window is None:
        return None
    return Aggregate("sequence", first, window, assume_complete=complete, then=then, gap=str(gap))


def read_step(tree: object, place: Place, read_condition: ReadCondition) -> Step | None:
    """The name of an event, or `{event: …, where: …}`."""
    given = place.unfolded(tree, "event", "the event's name is needed here")
    place.only(given, _STEP)
    if not given and isinstance(tree, dict):
        place.at("event").refuse("the event's name is needed here")
    name = place.at("event").text(given["event"], "the event's name is needed here") if "event" in given else None
    where = read_condition(given["where"], place.at("where"), "event") if "where" in given else None
    if "event" not in given and given:
        place.at("event").refuse("the event's name is needed here")
    return Step(name, where) if name else None


def _read_window(given: dict[str, object], allowed: tuple[str, ...], place: Place) -> Window | None:
    kinds = [kind for kind in allowed if kind in given]
    if len(kinds) > 1:
        place.at(kinds[1]).refuse(f"only one of {', '.join(allowed)} can stand here")
        return None
    zone = read_zone(given["zone"], place.at("zone")) if "zone" in given else None
    if not kinds:
        return Window(zone=zone)
    kind = kinds[0]
    accepts, needs = _WINDOW_VALUES[kind]
    if not accepts(given[kind]):
        place.at(kind).refuse(needs(given[kind]))
        return None
    return Window(kind, "" if kind == "ever" else str(given[kind]), zone)


def _is_start(value: object) -> bool:
    if not isinstance(value, str):
        return False
    row = field_of(value)
    return LITERALS["instant"].accepts(value) or (row is not None and row.type in (FieldType.TIME, FieldType.ANY))


_START: Final = "a date, or a field that holds a time such as contact.registered_at, is needed here"
_WINDOW_VALUES: Final[dict[str, tuple[Callable[[object], bool], Callable[[object], str]]]] = {
    "within": (is_duration, partial(needed, "30d")),
    "calendar": (
        lambda value: isinstance(value, str) and value in PERIODS,
        lambda _: f"one of {', '.join(PERIODS)} is needed here",
    ),
    "since": (_is_start, lambda _: _START),
    "ever": (lambda value: value is True, lambda _: "true is needed here"),
}


def _read_complete(given: dict[str, object], place: Place) -> bool:
    complete = given.get("assume_complete", False)
    if not isinstance(complete, bool):
        place.at("assume_complete").refuse("true or false is needed here")
    return complete is True
