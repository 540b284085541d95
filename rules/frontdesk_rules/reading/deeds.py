"""From a tree to an action that the person does not see."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

from frontdesk_rules.durations import PATTERN as DURATION
from frontdesk_rules.durations import is_duration, needed
from frontdesk_rules.facts.catalogue import FIELDS, field_of
from frontdesk_rules.findings import Place, in_quotes
from frontdesk_rules.language.actions import NAME_PATTERN, STRATEGIES, TAG_PATTERN, Action
from frontdesk_rules.language.deeds import (
    Assign,
    Close,
    Emit,
    Notify,
    Segment,
    Set,
    Tag,
    Task,
    Untag,
    Webhook,
    Whom,
)
from frontdesk_rules.language.literals import LITERALS
from frontdesk_rules.reading.texts import Templates, read_localised

URL_PATTERN: Final = r"^https?://[^\s/?#]+[^\s]{0,1900}$"
# Attributes that only `identify` and the verified APIs may give.
_NOT_SET: Final = frozenset(FIELDS)


def read_assign(tree: object, place: Place, _templates: Templates) -> Action | None:
    given = place.mapping(tree, "{team: …} or {teammate: …} is needed here")
    place.only(given, ("team", "teammate", "strategy", "fallback"))
    if len({"team", "teammate"} & set(given)) != 1:
        place.refuse("either a team or a teammate is needed here")
    if given.get("strategy", STRATEGIES[0]) not in STRATEGIES:
        place.at("strategy").refuse(f"one of {', '.join(STRATEGIES)} is needed here")
    for key in ("team", "fallback"):
        if key in given and not _fits(NAME_PATTERN, given[key]):
            place.at(key).refuse("the key of a team is needed here, such as sales")
    if "teammate" in given:
        place.at("teammate").text(given["teammate"], "an e-mail address or id of a teammate is needed here")
    return Assign(**{key: str(value) for key, value in given.items() if key in Assign.__slots__})


def tag_reader(kind: type[Tag] | type[Untag]) -> Callable[[object, Place, Templates], Action | None]:
    def read(tree: object, place: Place, _templates: Templates) -> Action | None:
        tag = tree.get("tag") if isinstance(tree, dict) and set(tree) == {"tag"} else tree
        if not _fits(TAG_PATTERN, tag):
            place.refuse(f"a tag is needed here, at most 64 characters{in_quotes(tag)}")
            return None
        return kind(str(tag))

    return read


def read_set(tree: object, place: Place, _templates: Templates) -> Action | None:
    given = place.mapping(tree, "{contact.plan: pro} is needed here")
    if isinstance(tree, dict) and not given:
        place.refuse("an attribute is needed here, such as contact.plan")
    for name, value in given.items():
        family = name.partition(".")[0]
        if family not in ("contact", "company") or field_of(name) is None or name in _NOT_SET:
            place.at(name).refuse("an attribute of your own is needed here, such as contact.plan")
        elif value is not None and not LITERALS["any"].accepts(value):
            place.at(name).refuse(f"{LITERALS['any'].needs} is needed here")
    return Set(tuple(given.items()))  # type: ignore[arg-type]  # each was looked at


def read_webhook(tree: object, place: Place, _templates: Templates) -> Action | None:
    given = place.unfolded(tree, "url", "{url: https://…} is needed here")
    place.only(given, ("url", "include"))
    if not _fits(URL_PATTERN, given.get("url")):
        place.at("url").refuse("an address that begins with https:// is needed here")
    include = given.get("include", [])
    for n, name in enumerate(include if isinstance(include, list) else [include]):
        if not isinstance(name, str) or field_of(name) is None:
            place.at("include", n).refuse(f"there is no field named {name}")
    return Webhook(str(given.get("url")), tuple(include) if isinstance(include, list) else ())


def read_notify(tree: object, place: Place, templates: Templates) -> Action | None:
    given = place.mapping(tree, "{team: …, text: …} is needed here")
    place.only(given, ("team", "teammate", "owner", "text"))
    text = read_localised(given.get("text"), place.at("text"), templates)
    return Notify(text, _read_whom(given, place)) if text else None


def read_task(tree: object, place: Place, templates: Templates) -> Action | None:
    given = place.mapping(tree, "{owner: true, title: …} is needed here")
    place.only(given, ("team", "teammate", "owner", "title", "due"))
    title = read_localised(given.get("title"), place.at("title"), templates)
    if "due" in given and not is_duration(given["due"]):
        place.at("due").refuse(needed("2d", given["due"]))
    return Task(title, _read_whom(given, place), str(given["due"]) if "due" in given else None) if title else None


def _read_whom(given: dict[str, object], place: Place) -> Whom:
    named = [key for key in ("team", "teammate", "owner") if key in given]
    if len(named) != 1:
        place.refuse("one of team, teammate and owner: true is needed here")
    if "owner" in given and given["owner"] is not True:
        place.at("owner").refuse("true is needed here")
    if "team" in given and not _fits(NAME_PATTERN, given["team"]):
        place.at("team").refuse("the key of a team is needed here, such as sales")
    if "teammate" in given:
        place.at("teammate").text(given["teammate"], "an e-mail address or id of a teammate is needed here")
    return Whom(**{key: str(given[key]) for key in ("team", "teammate") if key in given})


def read_segment(tree: object, place: Place, _templates: Templates) -> Action | None:
    given = place.mapping(tree, "{add: …} or {remove: …} is needed here")
    place.only(given, ("add", "remove"))
    if len(given) != 1:
        place.refuse("either add or remove is needed here")
        return None
    ((change, segment),) = given.items()
    if not _fits(NAME_PATTERN, segment):
        place.at(change).refuse("the key of a segment is needed here, such as vip")
    return Segment(change, str(segment))


def read_emit(tree: object, place: Place, _templates: Templates) -> Action | None:
    given = place.unfolded(tree, "event", "the event's name is needed here")
    place.only(given, ("event", "properties"))
    name = (place.at("event") if isinstance(tree, dict) else place).text(
        given.get("event"), "the event's name is needed here"
    )
    properties = place.at("properties").mapping(given["properties"]) if "properties" in given else {}
    for key, value in properties.items():
        if not LITERALS["any"].accepts(value):
            place.at("properties", key).refuse(f"{LITERALS['any'].needs} is needed here")
    return Emit(name, tuple(properties.items())) if name else None  # type: ignore[arg-type]  # each was looked at


def read_close(tree: object, place: Place, _templates: Templates) -> Action | None:
    if tree not in ({}, True):
        place.refuse("{} is needed here")
    return Close()


def _fits(pattern: str, text: object) -> bool:
    return isinstance(text, str) and re.fullmatch(pattern, text) is not None


def _closed(properties: dict[str, Any], **more: Any) -> dict[str, object]:
    return {"type": "object", "properties": properties, **more, "additionalProperties": False}


_NAME: Final[dict[str, object]] = {"type": "string", "pattern": NAME_PATTERN}
_TEXT: Final = {"type": "string", "pattern": r"\S"}
_TAG: Final[dict[str, object]] = {"type": "string", "pattern": TAG_PATTERN}
_LOCALISED: Final = {"$ref": "#/$defs/localised"}
_ANY: Final = {"$ref": "#/$defs/any"}
_WHOM: Final = {"team": _NAME, "teammate": _TEXT, "owner": {"const": True}}
_ONE_OF_WHOM: Final = [{"required": [key]} for key in _WHOM]
_URL: Final = {"type": "string", "pattern": URL_PATTERN}
_INCLUDE: Final = {"type": "array", "items": _TEXT}
_ASSIGN: Final = {"team": _NAME, "teammate": _TEXT, "strategy": {"enum": list(STRATEGIES)}, "fallback": _NAME}
_OWN: Final = rf"^(?!({'|'.join(re.escape(name) for name in FIELDS)})$)(contact|company)\..*\S"

TAG_SCHEMA: Final[dict[str, object]] = {"anyOf": [_TAG, _closed({"tag": _TAG}, required=["tag"])]}
ASSIGN_SCHEMA: Final[dict[str, object]] = _closed(_ASSIGN, oneOf=[{"required": ["team"]}, {"required": ["teammate"]}])
SET_SCHEMA: Final[dict[str, object]] = {
    "type": "object", "minProperties": 1, "additionalProperties": False,
    "patternProperties": {_OWN: {"anyOf": [_ANY, {"type": "null"}]}},
}  # fmt: skip
WEBHOOK_SCHEMA: Final[dict[str, object]] = {
    "anyOf": [_URL, _closed({"url": _URL, "include": _INCLUDE}, required=["url"])]
}
NOTIFY_SCHEMA: Final[dict[str, object]] = _closed({**_WHOM, "text": _LOCALISED}, required=["text"], oneOf=_ONE_OF_WHOM)
TASK_SCHEMA: Final[dict[str, object]] = _closed(
    {**_WHOM, "title": _LOCALISED, "due": {"type": "string", "pattern": DURATION}},
    required=["title"],
    oneOf=_ONE_OF_WHOM,
)
SEGMENT_SCHEMA: Final[dict[str, object]] = _closed({"add": _NAME, "remove": _NAME}, minProperties=1, maxProperties=1)
_PROPERTIES: Final = {"type": "object", "additionalProperties": _ANY}
EMIT_SCHEMA: Final[dict[str, object]] = {
    "anyOf": [_TEXT, _closed({"event": _TEXT, "properties": _PROPERTIES}, required=["event"])]
}
CLOSE_SCHEMA: Final[dict[str, object]] = {"anyOf": [{"const": True}, _closed({})]}
