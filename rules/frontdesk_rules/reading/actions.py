"""From a tree to an action, a row each. Adding an action is a class in `actions` and a row of `ACTIONS`."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol

from frontdesk_rules.findings import NOT_YET, Place
from frontdesk_rules.language.actions import (
    LONGEST_MESSAGE,
    MESSAGE_CLASSES,
    NAME_PATTERN,
    STRATEGIES,
    TAG_PATTERN,
    Action,
    Assign,
    Message,
    Tag,
    Untag,
)
from frontdesk_rules.words import LANGUAGES, Localised


class Templates(Protocol):
    """The port to the template language of messages: why it refuses a text, in plain words; nothing if it is fine."""

    def refusals(self, text: str, /) -> list[str]: ...


@dataclass(frozen=True, slots=True)
class AnyText:
    """The port where no templates are rendered: every text is fine."""

    def refusals(self, _text: str, /) -> list[str]:
        return []


def read_localised(tree: object, place: Place, templates: Templates) -> Localised | None:
    """`{en: …, zh: …}`, or one of the two."""
    given = place.mapping(tree, "{en: …, zh: …} is needed here, or one of the two")
    place.only(given, LANGUAGES)
    for key, text in given.items():
        _check_text(text, place.at(key), templates)
    texts = {key: str(given[key]) for key in LANGUAGES if key in given}
    return Localised(**texts) if texts else None


def _check_text(text: object, place: Place, templates: Templates) -> None:
    if place.text(text) is None:
        return
    if len(str(text)) > LONGEST_MESSAGE:
        place.refuse(f"{LONGEST_MESSAGE} characters at most")
    for reason in templates.refusals(str(text)):
        place.refuse(reason)


_MESSAGE_KEYS: Final = ("kind", "class", "from", "text", "reply_label")
_LATER_KINDS: Final = ("post", "banner", "modal")


def _read_message(tree: object, place: Place, templates: Templates) -> Action | None:
    given = place.mapping(tree)
    place.only(given, _MESSAGE_KEYS, ("template",))
    kind, shown_class = given.get("kind", "chat"), given.get("class", "marketing")
    if kind != "chat":
        place.at("kind").refuse(f"{NOT_YET}{kind}" if kind in _LATER_KINDS else "chat is needed here")
    if shown_class not in MESSAGE_CLASSES:
        place.at("class").refuse(f"one of {', '.join(MESSAGE_CLASSES)} is needed here")
    if "text" not in given:
        if "template" not in given:
            place.refuse("a message needs its text")
        return None
    text = read_localised(given["text"], place.at("text"), templates)
    label = read_localised(given["reply_label"], place.at("reply_label"), templates) if "reply_label" in given else None
    sender = _read_sender(given["from"], place.at("from")) if "from" in given else None
    return Message(text, str(kind), str(shown_class), sender, label) if text else None


def _read_sender(tree: object, place: Place) -> str | None:
    given = place.mapping(tree, "{name: …} is needed here")
    place.only(given, ("name",))
    return place.at("name").text(given.get("name")) if given else None


def _read_assign(tree: object, place: Place, _templates: Templates) -> Action | None:
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


def _tag_reader(kind: type[Tag] | type[Untag]) -> Callable[[object, Place, Templates], Action | None]:
    def read(tree: object, place: Place, _templates: Templates) -> Action | None:
        tag = tree.get("tag") if isinstance(tree, dict) and set(tree) == {"tag"} else tree
        if not _fits(TAG_PATTERN, tag):
            place.refuse("a tag is needed here, at most 64 characters")
            return None
        return kind(str(tag))

    return read


def _fits(pattern: str, text: object) -> bool:
    return isinstance(text, str) and re.fullmatch(pattern, text) is not None


_LOCALISED_SCHEMA: Final[dict[str, object]] = {"$ref": "#/$defs/localised"}
_NAME_SCHEMA: Final[dict[str, object]] = {"type": "string", "pattern": NAME_PATTERN}
_TAG_TEXT: Final[dict[str, object]] = {"type": "string", "pattern": TAG_PATTERN}
_TAG_SCHEMA: Final[dict[str, object]] = {
    "anyOf": [
        _TAG_TEXT,
        {
            "type": "object",
            "properties": {"tag": _TAG_TEXT},
            "required": ["tag"],
            "additionalProperties": False,
        },
    ]
}


@dataclass(frozen=True, slots=True)
class ActionRow:
    read: Callable[[object, Place, Templates], Action | None]
    schema: dict[str, object]


ACTIONS: Final = {
    "message": ActionRow(
        _read_message,
        {
            "type": "object",
            "properties": {
                "kind": {"const": "chat"},
                "class": {"enum": list(MESSAGE_CLASSES)},
                "from": {
                    "type": "object",
                    "properties": {"name": {"type": "string", "pattern": r"\S"}},
                    "required": ["name"],
                    "additionalProperties": False,
                },
                "text": _LOCALISED_SCHEMA,
                "reply_label": _LOCALISED_SCHEMA,
            },
            "required": ["text"],
            "additionalProperties": False,
        },
    ),
    "assign": ActionRow(
        _read_assign,
        {
            "type": "object",
            "properties": {
                "team": _NAME_SCHEMA,
                "teammate": {"type": "string", "pattern": r"\S"},
                "strategy": {"enum": list(STRATEGIES)},
                "fallback": _NAME_SCHEMA,
            },
            "oneOf": [{"required": ["team"]}, {"required": ["teammate"]}],
            "additionalProperties": False,
        },
    ),
    "tag": ActionRow(_tag_reader(Tag), _TAG_SCHEMA),
    "untag": ActionRow(_tag_reader(Untag), _TAG_SCHEMA),
}
LATER_ACTIONS: Final = (
    "survey", "tour", "hint", "checklist", "email", "set", "webhook", "notify", "task", "segment", "emit", "close",
)  # fmt: skip


def read_action(tree: object, place: Place, templates: Templates) -> Action | None:
    """One entry of `do:`: a mapping with one key, the action's."""
    given = place.mapping(tree, "an action is needed here, such as {assign: {team: sales}}")
    place.only(given, tuple(ACTIONS), LATER_ACTIONS)
    if len(given) > 1:
        place.refuse("one action an entry; give each its own")
    name = next((key for key in given if key in ACTIONS), None)
    return ACTIONS[name].read(given[name], place.at(name), templates) if name else None
