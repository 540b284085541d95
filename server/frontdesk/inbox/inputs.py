"""What comes over the wire about conversations: parsed here, once."""

import unicodedata
from typing import Any

from marshmallow import EXCLUDE, Schema, fields, validate

from frontdesk.core.text import clean

BODY_MOST = 10_000
_UNSEEN = {"Cc", "Cf", "Zs", "Zl", "Zp"}  # controls, formats such as the zero-width space, and spaces


class Words(fields.String):
    """Text that somebody wrote: normalised, trimmed, not beyond 10,000 characters, and something to be seen in it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(required=True, validate=validate.Length(min=1, max=BODY_MOST), **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> str:
        text: str = super()._deserialize(value, attr, data, **options)
        kept = clean(text, BODY_MOST + 1).strip()
        return kept if any(unicodedata.category(letter) not in _UNSEEN for letter in kept) else ""


class Cut(fields.String):
    """Text of the surroundings: cut to its length rather than refused, so that it never costs a message."""

    def __init__(self, most: int, **options: Any) -> None:
        super().__init__(**options)
        self._most = most

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> str:
        text: str = super()._deserialize(value, attr, data, **options)
        return clean(text, self._most)


def client_id() -> fields.String:
    return fields.String(
        required=True,
        validate=validate.Regexp(r"\A[\x21-\x7e]{1,64}\Z", error="1 to 64 visible ASCII characters."),
        metadata={"description": "Chosen by the sender; the same one again answers with what it made."},
    )


class PageInput(Schema):
    class Meta:
        unknown = EXCLUDE

    url = Cut(2048, required=True)
    title = Cut(512, allow_none=True, load_default=None)
    dwell_ms = fields.Integer(load_default=0)


class StartInput(Schema):
    client_id = client_id()
    body = Words()
    delivery = fields.String(allow_none=True, load_default=None)
    page = fields.Nested(PageInput, allow_none=True, load_default=None)
    locale = Cut(35, allow_none=True, load_default=None)


class SayInput(Schema):
    client_id = client_id()
    body = Words()
    page = fields.Nested(PageInput, allow_none=True, load_default=None)


class ReplyInput(Schema):
    kind = fields.String(load_default="message", validate=validate.OneOf(["message", "note"]))
    client_id = client_id()
    body = Words()


class TeammateStartInput(Schema):
    person = fields.String(required=True)
    client_id = client_id()
    body = Words()


class AssignInput(Schema):
    teammate = fields.String(allow_none=True)
    team = fields.String(allow_none=True)


class ReadInput(Schema):
    seq = fields.Integer(required=True, validate=validate.Range(min=0, max=2**31 - 1))


class AfterQuery(Schema):
    after = fields.Integer(load_default=0, validate=validate.Range(min=0, max=2**31 - 1))


class ConversationQuery(Schema):
    view = fields.String(load_default="all", validate=validate.Length(max=80))
    limit = fields.Integer(load_default=30, validate=validate.Range(min=1, max=100))
    cursor = fields.String(allow_none=True, load_default=None, validate=validate.Length(max=200))
