"""From a tree to an action that the person sees."""

from __future__ import annotations

import re
from typing import Any, Final

from frontdesk_rules.findings import Place
from frontdesk_rules.language.actions import MESSAGE_CLASSES, MESSAGE_KINDS, NAME_PATTERN, Action
from frontdesk_rules.language.messages import SURVEYS, Email, Guide, Message, Survey
from frontdesk_rules.reading.texts import Templates, read_localised
from frontdesk_rules.words import Localised

LINK_PATTERN: Final = r"^(https?://[^\s]{1,1900}|/[^\s]{0,1900})$"
_MESSAGE_KEYS: Final = ("kind", "class", "from", "template", "title", "text", "link", "reply_label")


def read_message(tree: object, place: Place, templates: Templates) -> Action | None:
    given = place.mapping(tree)
    place.only(given, _MESSAGE_KEYS)
    kind = _one_of(given, "kind", MESSAGE_KINDS, "chat", place)
    shown_class = _class(given, "marketing", place)
    texts = {key: _text(given, key, place, templates) for key in ("text", "title", "reply_label")}
    sender = _read_sender(given["from"], place.at("from")) if "from" in given else None
    template, link = _template(given, place), _link(given, place)
    if ("text" in given) is ("template" in given):
        place.refuse("a message needs its text, or the key of its template")
        return None
    if kind == "chat" and ("title" in given or "link" in given):
        place.at("title" if "title" in given else "link").refuse("a chat message has neither title nor link")
    text = texts["text"] or Localised()
    return Message(text, kind, shown_class, sender, texts["reply_label"], template, texts["title"], link)


def _read_sender(tree: object, place: Place) -> str | None:
    given = place.mapping(tree, "{name: …} is needed here")
    place.only(given, ("name",))
    return place.at("name").text(given.get("name")) if given else None


def read_email(tree: object, place: Place, templates: Templates) -> Action | None:
    given = place.unfolded(tree, "template")
    place.only(given, ("class", "template", "subject", "text"))
    shown_class, template = _class(given, "marketing", place), _template(given, place)
    subject, text = (_text(given, key, place, templates) for key in ("subject", "text"))
    if "template" in given:
        if "subject" in given or "text" in given:
            place.refuse("either a template or a subject and a text are needed here")
    elif "subject" not in given or "text" not in given:
        place.refuse("an e-mail needs its subject and its text, or the key of its template")
    return Email(subject, text, template, shown_class)


def read_survey(tree: object, place: Place, templates: Templates) -> Action | None:
    """`survey: nps`, `{kind: csat, question: …}`, or `{template: …}` for a saved form."""
    if isinstance(tree, str):
        tree = {"kind": tree} if tree in SURVEYS[:-1] else {"template": tree}
    given = place.mapping(tree)
    place.only(given, ("kind", "class", "question", "template"))
    kind = _one_of(given, "kind", SURVEYS, "form", place)
    shown_class, template = _class(given, "support", place), _template(given, place)
    question = _text(given, "question", place, templates)
    if (kind == "form") is not (template is not None):
        place.refuse("a form needs the key of its template, and only a form has one")
    return Survey(kind, question, template, shown_class)


def read_guide(name: str, tree: object, place: Place) -> Action | None:
    """`tour: first-project`, or `{template: …, class: …}`."""
    given = place.unfolded(tree, "template", "the key of its template is needed here")
    place.only(given, ("template", "class"))
    shown_class = _class(given, "onboarding", place)
    if "template" not in given and isinstance(tree, dict):
        place.at("template").refuse("the key of its template is needed here")
        return None
    template = _template(given, place)
    return Guide(name, template, shown_class) if template else None


def _one_of(given: dict[str, object], key: str, known: tuple[str, ...], default: str, place: Place) -> str:
    value = given.get(key, default)
    if value not in known:
        place.at(key).refuse(f"one of {', '.join(known)} is needed here")
    return str(value)


def _class(given: dict[str, object], default: str, place: Place) -> str:
    return _one_of(given, "class", MESSAGE_CLASSES, default, place)


def _text(given: dict[str, object], key: str, place: Place, templates: Templates) -> Localised | None:
    return read_localised(given[key], place.at(key), templates) if key in given else None


def _template(given: dict[str, object], place: Place) -> str | None:
    if "template" not in given:
        return None
    key = given["template"]
    if isinstance(key, str) and re.fullmatch(NAME_PATTERN, key):
        return key
    place.at("template").refuse("the key of a template is needed here, such as trial-14d")
    return None


def _link(given: dict[str, object], place: Place) -> str | None:
    link = given.get("link")
    if "link" in given and not (isinstance(link, str) and re.fullmatch(LINK_PATTERN, link)):
        place.at("link").refuse("an address that begins with https:// or / is needed here")
    return str(link) if link is not None else None


def _closed(properties: dict[str, Any], **more: Any) -> dict[str, object]:
    return {"type": "object", "properties": properties, **more, "additionalProperties": False}


_LOCALISED: Final = {"$ref": "#/$defs/localised"}
_KEY: Final[dict[str, object]] = {"type": "string", "pattern": NAME_PATTERN}
_CLASS: Final = {"enum": list(MESSAGE_CLASSES)}
_SENDER: Final = _closed({"name": {"type": "string", "pattern": r"\S"}}, required=["name"])
_EITHER: Final = [{"required": ["text"]}, {"required": ["template"]}]

MESSAGE_SCHEMA: Final[dict[str, object]] = _closed(
    {
        "kind": {"enum": list(MESSAGE_KINDS)},
        "class": _CLASS,
        "from": _SENDER,
        "template": _KEY,
        "title": _LOCALISED,
        "text": _LOCALISED,
        "link": {"type": "string", "pattern": LINK_PATTERN},
        "reply_label": _LOCALISED,
    },
    oneOf=_EITHER,
    anyOf=[
        {"properties": {"kind": {"enum": list(MESSAGE_KINDS[1:])}}, "required": ["kind"]},
        {"not": {"anyOf": [{"required": ["title"]}, {"required": ["link"]}]}},
    ],
)
EMAIL_SCHEMA: Final[dict[str, object]] = {
    "anyOf": [
        _KEY,
        _closed({"class": _CLASS, "template": _KEY}, required=["template"]),
        _closed({"class": _CLASS, "subject": _LOCALISED, "text": _LOCALISED}, required=["subject", "text"]),
    ]
}
SURVEY_SCHEMA: Final[dict[str, object]] = {
    "anyOf": [
        _KEY,
        _closed({"kind": {"enum": list(SURVEYS[:-1])}, "class": _CLASS, "question": _LOCALISED}, required=["kind"]),
        _closed(
            {"kind": {"const": "form"}, "class": _CLASS, "question": _LOCALISED, "template": _KEY},
            required=["template"],
        ),
    ]
}
GUIDE_SCHEMA: Final[dict[str, object]] = {
    "anyOf": [_KEY, _closed({"template": _KEY, "class": _CLASS}, required=["template"])]
}
