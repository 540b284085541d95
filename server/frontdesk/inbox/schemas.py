"""What goes over the wire about conversations, field by field as the messenger and the console read it."""

from typing import Any

from marshmallow import Schema, fields, validate

from frontdesk.core.paging import ListSchema


def _time(**options: Any) -> fields.String:
    return fields.String(metadata={"format": "date-time"}, required=True, **options)


class NamedSchema(Schema):
    id = fields.String(required=True)
    name = fields.String(required=True)


class FaceSchema(Schema):
    name = fields.String(required=True)
    avatar = fields.String(required=True, allow_none=True)


class AssigneeSchema(NamedSchema):
    avatar = fields.String(required=True, allow_none=True)


class AuthorSchema(Schema):
    kind = fields.String(required=True, validate=validate.OneOf(["visitor", "teammate", "rule", "system"]))
    id = fields.String(required=True, allow_none=True)
    name = fields.String(required=True, allow_none=True)
    avatar = fields.String(required=True, allow_none=True)


class PageSchema(Schema):
    url = fields.String(required=True)
    path = fields.String(required=True)
    title = fields.String(required=True, allow_none=True)
    dwell_ms = fields.Integer(required=True)


class PartSchema(Schema):
    """A part as a visitor sees it."""

    id = fields.String(required=True)
    seq = fields.Integer(required=True)
    client_id = fields.String(required=True, allow_none=True)
    conversation = fields.String(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(["message", "note", "assignment", "change", "rating"]))
    author = fields.Nested(AuthorSchema, required=True)
    body = fields.String(required=True, allow_none=True)
    files = fields.List(fields.Dict(), required=True)
    created_at = _time()


class InsidePartSchema(PartSchema):
    """A part as teammates see it: with `detail` of an assignment or change, and the page of a message."""

    detail = fields.Dict(required=True, allow_none=True)
    page = fields.Nested(PageSchema, required=True, allow_none=True)


class ConversationSchema(Schema):
    """A conversation as its visitor sees it."""

    id = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(["open", "closed"]))
    assignee = fields.Nested(AssigneeSchema, required=True, allow_none=True)
    team = fields.Nested(NamedSchema, required=True, allow_none=True)
    last_part = fields.Nested(PartSchema, required=True, allow_none=True)
    last_seq = fields.Integer(required=True)
    read_seq = fields.Integer(required=True)
    teammate_read_seq = fields.Integer(required=True)
    unread = fields.Integer(required=True)
    created_at = _time()
    updated_at = _time()


class PreviewSchema(Schema):
    kind = fields.String(required=True)
    author = fields.Nested(AuthorSchema, required=True)
    body = fields.String(required=True, allow_none=True)
    created_at = _time()


class PersonBriefSchema(Schema):
    id = fields.String(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(["contact", "visitor"]))
    name = fields.String(required=True, allow_none=True)
    label = fields.String(required=True)
    email = fields.String(required=True, allow_none=True)
    verified = fields.Boolean(required=True)
    online = fields.Boolean(required=True)
    country = fields.String(required=True, allow_none=True)
    color = fields.String(required=True)


class SummarySchema(Schema):
    """A conversation as teammates see it in a list."""

    id = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(["open", "closed"]))
    person = fields.Nested(PersonBriefSchema, required=True)
    assignee = fields.Nested(AssigneeSchema, required=True, allow_none=True)
    team = fields.Nested(NamedSchema, required=True, allow_none=True)
    last_part = fields.Nested(PreviewSchema, required=True, allow_none=True)
    last_seq = fields.Integer(required=True)
    read_seq = fields.Integer(required=True)
    visitor_read_seq = fields.Integer(required=True)
    unread = fields.Integer(required=True)
    waiting_since = _time(allow_none=True)
    channel = fields.String(required=True)
    started_page = fields.Nested(PageSchema, required=True, allow_none=True)
    tags = fields.List(fields.String(), required=True)
    created_at = _time()
    updated_at = _time()


class ViewSchema(Schema):
    key = fields.String(required=True)
    name = fields.String(required=True, allow_none=True)
    kind = fields.String(required=True)
    count = fields.Integer(required=True)


class HomeSchema(Schema):
    workspace = fields.Nested(
        Schema.from_dict({"name": fields.String(required=True)}, name="WorkspaceName"), required=True
    )
    team = fields.List(fields.Nested(FaceSchema), required=True)
    online = fields.Boolean(required=True)
    reply_time = fields.String(required=True, allow_none=True, validate=validate.OneOf(["minutes", "hours", "day"]))
    conversations = fields.List(fields.Nested(ConversationSchema), required=True)
    unread = fields.Integer(required=True)


class StartedSchema(Schema):
    conversation = fields.Nested(ConversationSchema, required=True)
    parts = fields.List(fields.Nested(PartSchema), required=True)


class ConversationList(ListSchema):
    data = fields.List(fields.Nested(ConversationSchema), required=True)


class SummaryList(ListSchema):
    data = fields.List(fields.Nested(SummarySchema), required=True)


class ViewList(ListSchema):
    data = fields.List(fields.Nested(ViewSchema), required=True)


class PartList(ListSchema):
    data = fields.List(fields.Nested(PartSchema), required=True)
    last_seq = fields.Integer(required=True)


class InsidePartList(ListSchema):
    data = fields.List(fields.Nested(InsidePartSchema), required=True)
    last_seq = fields.Integer(required=True)
