"""From a tree to what may hold a rule: repeat, holdout, variants, goal, caps, quiet hours."""

from __future__ import annotations

import re
from typing import Final

from frontdesk_rules.durations import is_duration, needed
from frontdesk_rules.findings import Place, RuleErrors
from frontdesk_rules.language.actions import MESSAGE_CLASSES
from frontdesk_rules.language.edges import ConversationTrigger
from frontdesk_rules.language.gates import CAP_SUBJECTS, HOURS_PATTERN, Cap, Goal, Policy, Quiet
from frontdesk_rules.language.rule import SUBJECTS, Repeat
from frontdesk_rules.language.triggers import Trigger, without_session
from frontdesk_rules.reading.aggregates import read_step
from frontdesk_rules.reading.conditions import read_condition
from frontdesk_rules.reading.values import read_zone

PERCENT_PATTERN: Final = r"^(100|[0-9]{1,2})(\.[0-9]{1,2})?%$"
OTHERWISE: Final = ("defer", "hold")
MOST_MESSAGES: Final = 1_000
_WHOLE: Final = 100


def parse_policy(tree: object) -> Policy:
    """`{caps: […], quiet: {…}}` as in a rule; none of what is left out, empty or null. Raises RuleErrors."""
    place = Place()
    given = place.mapping(tree, "{caps: […], quiet: {…}} is needed here")
    place.only(given, ("caps", "quiet"))
    caps = read_caps(given["caps"], place.at("caps")) if given.get("caps") not in (None, []) else ()
    quiet = read_quiet(given["quiet"], place.at("quiet")) if given.get("quiet") is not None else None
    if place.found:
        raise RuleErrors(place.found)
    return Policy(caps, quiet)


def read_repeat(tree: object, place: Place, trigger: Trigger | None) -> Repeat | None:
    given = place.mapping(tree, "{per: person}, {per: session}, {per: conversation} or {every: 7d} is needed here")
    place.only(given, ("per", "every"))
    if len(given) != 1:
        if given:
            place.refuse("either per or every is needed here")
        return None
    if "every" in given:
        return Repeat(every=_duration(given, "every", place))
    per = given.get("per")
    if per not in SUBJECTS:
        place.at("per").refuse(f"one of {', '.join(SUBJECTS)} is needed here")
        return None
    if per == "conversation" and trigger is not None and not isinstance(trigger, ConversationTrigger):
        place.at("per").refuse("once per conversation needs a conversation trigger")
        return None
    if per == "session" and trigger is not None and without_session(trigger):
        place.at("per").refuse(
            "when the clock brings it, nobody is in a session: say {per: person}, or {every: 7d} if it may act again"
        )
        return None
    return Repeat(per=str(per))


def read_percent(tree: object, place: Place) -> float:
    """`10%`, above 0 and at most 100."""
    share = float(tree[:-1]) if isinstance(tree, str) and re.fullmatch(PERCENT_PATTERN, tree) else 0
    if not 0 < share <= _WHOLE:
        place.refuse("a share such as 10% is needed here")
    return share


def read_goal(tree: object, place: Place) -> Goal | None:
    given = place.mapping(tree, "{event: …, within: 14d} is needed here")
    place.only(given, ("event", "where", "within", "value"))
    step = read_step({key: given[key] for key in ("event", "where") if key in given}, place, read_condition)
    within = _duration(given, "within", place)
    value = place.at("value").text(given["value"], "a property of the event is needed here") if "value" in given else ""
    return Goal(step, within, value or None) if step else None


def read_caps(tree: object, place: Place) -> tuple[Cap, ...]:
    return tuple(_read_cap(item, place.at(n)) for n, item in enumerate(place.sequence(tree)))


def _read_cap(tree: object, place: Place) -> Cap:
    given = place.mapping(tree, "{per: person, limit: 2, window: 1d} is needed here")
    place.only(given, ("per", "class", "limit", "window", "otherwise"))
    per, limit, of_class = given.get("per", "person"), given.get("limit"), given.get("class")
    if per not in CAP_SUBJECTS:
        place.at("per").refuse(f"one of {', '.join(CAP_SUBJECTS)} is needed here")
    if of_class is not None and of_class not in MESSAGE_CLASSES:
        place.at("class").refuse(f"one of {', '.join(MESSAGE_CLASSES)} is needed here")
    if type(limit) is not int or not 1 <= limit <= MOST_MESSAGES:
        place.at("limit").refuse(f"a whole number from 1 to {MOST_MESSAGES} is needed here")
        limit = 1
    otherwise = _otherwise(given, place) if "otherwise" in given else None
    return Cap(limit, _duration(given, "window", place), str(per), str(of_class) if of_class else None, otherwise)


def _otherwise(given: dict[str, object], place: Place) -> str:
    said = given["otherwise"]
    if said not in OTHERWISE:
        place.at("otherwise").refuse(f"one of {', '.join(OTHERWISE)} is needed here")
    return str(said)


def read_quiet(tree: object, place: Place) -> Quiet | None:
    given = place.mapping(tree, "{allow: Mon-Fri 09:00-18:00} is needed here")
    place.only(given, ("allow", "zone", "otherwise", "at_most", "recheck", "classes"))
    found = len(place.found)
    allow = _read_hours(given.get("allow"), place.at("allow"))
    zone = read_zone(given["zone"], place.at("zone")) if "zone" in given else None
    otherwise = _otherwise(given, place) if "otherwise" in given else "defer"
    recheck, classes = given.get("recheck", False), given.get("classes", [])
    if not isinstance(recheck, bool):
        place.at("recheck").refuse("true or false is needed here")
    if not isinstance(classes, list) or not all(one in MESSAGE_CLASSES for one in classes):
        place.at("classes").refuse(f"a list of {', '.join(MESSAGE_CLASSES)} is needed here")
    at_most = _duration(given, "at_most", place) if "at_most" in given else None
    if len(place.found) > found:
        return None
    return Quiet(allow, zone, otherwise, at_most, bool(recheck), tuple(classes))  # type: ignore[arg-type]  # checked


def _read_hours(tree: object, place: Place) -> tuple[str, ...]:
    several = isinstance(tree, list)
    items = place.sequence(tree) if several else [tree]
    for n, item in enumerate(items):
        if not isinstance(item, str) or not re.fullmatch(HOURS_PATTERN, item):
            (place.at(n) if several else place).refuse(
                "hours such as Mon-Fri 09:00-18:00 or 09:00-21:00 are needed here"
            )
    return tuple(str(item) for item in items)


def _duration(given: dict[str, object], key: str, place: Place) -> str:
    if not is_duration(given.get(key)):
        place.at(key).refuse(needed("7d", given.get(key)))
    return str(given.get(key))
