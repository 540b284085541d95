"""What a saved text holds, by its kind. Texts are templates; links, targets and paths are as they are."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from marshmallow import Schema, ValidationError, fields, validate

from frontdesk.core.errors import Invalid
from frontdesk.engage.doing.templates import LiquidTemplates
from frontdesk_rules.language.actions import LONGEST_MESSAGE
from frontdesk_rules.reading.messages import LINK_PATTERN
from frontdesk_rules.words import LANGUAGES

_LONGEST_LETTER: Final = LONGEST_MESSAGE
_MOST: Final = 20
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")
_TEMPLATES: Final = LiquidTemplates()
_OURS: Final = ("delivery", "rule", "survey")  # what an event that answers says itself, beside the answers


def _is_template(text: str) -> None:
    if not text.strip():
        raise ValidationError("text is needed here")
    if len(text) > _LONGEST_LETTER:
        raise ValidationError(f"{_LONGEST_LETTER} characters at most")
    if reasons := _TEMPLATES.refusals(text):
        raise ValidationError(reasons)


def _text(**options: Any) -> fields.String:
    return fields.String(validate=_is_template, **options)


def _link() -> fields.String:
    return fields.String(validate=validate.Regexp(f"{LINK_PATTERN}\\Z", error="an address or a path is needed here"))


def _path() -> fields.String:
    return fields.String(validate=validate.Regexp(r"/(?!/)\S{0,1900}\Z", error="a path such as /app is needed here"))


def _target() -> fields.String:
    """A CSS selector."""
    return fields.String(validate=validate.Length(min=1, max=500))


def _key(but: Sequence[str] = ()) -> fields.String:
    named = validate.Regexp(f"{_NAME.pattern}\\Z", error="a key is needed here")
    return fields.String(required=True, validate=[named, validate.NoneOf(but, error="this key is taken: {input}")])


def _several(inner: type[Schema]) -> Any:
    return fields.List(fields.Nested(inner), required=True, validate=validate.Length(min=1, max=_MOST))


class MessageContent(Schema):
    title = _text()
    text = _text(required=True)
    link = _link()
    reply_label = _text()


class EmailContent(Schema):
    subject = _text(required=True)
    text = _text(required=True)


class QuestionContent(Schema):
    """`nps` is 0–10, `csat` 1–5, `choice` one of `choices`, `text` in their own words."""

    key = _key(but=_OURS)
    kind = fields.String(required=True, validate=validate.OneOf(["nps", "csat", "choice", "text"]))
    text = _text(required=True)
    low = _text()
    high = _text()
    choices = fields.List(_text(), validate=validate.Length(min=2, max=_MOST))
    optional = fields.Boolean()


class SurveyContent(Schema):
    title = _text()
    questions = _several(QuestionContent)
    thanks = _text()


class StepContent(Schema):
    title = _text()
    text = _text(required=True)
    target = _target()
    path = _path()


class TourContent(Schema):
    title = _text()
    steps = _several(StepContent)


class HintContent(Schema):
    title = _text()
    text = _text(required=True)
    target = fields.String(required=True, validate=validate.Length(min=1, max=500))
    path = _path()


class ItemContent(Schema):
    """`event`: by which event it is ticked off."""

    key = _key()
    text = _text(required=True)
    link = _link()
    event = fields.String(validate=validate.Length(min=1, max=200))


class ChecklistContent(Schema):
    title = _text(required=True)
    items = _several(ItemContent)


SHAPES: Final[Mapping[str, type[Schema]]] = {
    "message": MessageContent,
    "email": EmailContent,
    "survey": SurveyContent,
    "tour": TourContent,
    "hint": HintContent,
    "checklist": ChecklistContent,
}
"""Kind → what one language of it holds."""

_TEXTS: Final = frozenset(
    {"title", "text", "reply_label", "subject", "low", "high", "choices", "thanks", "questions", "steps", "items"}
)
"""What a person reads, or what it is in."""


def checked(kind: str, content: Mapping[str, Any]) -> dict[str, Any]:
    """The content by language, or Invalid, which names the first field that is wrong and why."""
    if not content or not set(content) <= set(LANGUAGES):
        raise Invalid("{en: …, zh: …} is needed here, or one of the two.", field="content")
    shape = SHAPES[kind]()
    for language, said in content.items():
        try:
            shape.load(said)
        except ValidationError as error:
            path, reason = _first(error.messages, f"content.{language}")
            raise Invalid(reason, field=path) from error
    return dict(content)


def rendered(content: Any, say: Callable[[str], str]) -> Any:
    """The content with every text that a person reads as `say` says it."""
    if isinstance(content, str):
        return say(content)
    if isinstance(content, list):
        return [rendered(each, say) for each in content]
    if isinstance(content, dict):
        return {name: rendered(each, say) if name in _TEXTS else each for name, each in content.items()}
    return content


def _first(messages: Any, path: str) -> tuple[str, str]:
    if isinstance(messages, dict):
        name, inner = next(iter(messages.items()))
        return _first(inner, path if name == "_schema" else f"{path}.{name}")
    return path, str(messages[0] if isinstance(messages, list) else messages)
