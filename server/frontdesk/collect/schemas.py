"""What goes over the wire about events."""

from marshmallow import Schema, fields

from frontdesk.core.paging import PageQuery


class EventSchema(Schema):
    id = fields.String(required=True)
    type = fields.String(required=True)
    name = fields.String(required=True, allow_none=True)
    url = fields.String(required=True, allow_none=True)
    path = fields.String(required=True, allow_none=True)
    title = fields.String(required=True, allow_none=True)
    properties = fields.Dict(keys=fields.String(), values=fields.Raw(allow_none=True), required=True)
    session_id = fields.String(required=True, allow_none=True)
    person = fields.String(required=True)
    message_id = fields.String(required=True)
    verified = fields.Boolean(required=True)
    occurred_at = fields.String(required=True)


class EventList(Schema):
    data = fields.List(fields.Nested(EventSchema), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class EventQuery(PageQuery):
    """`person` is a contact or visitor id, `name` what was tracked."""

    person = fields.String(load_default=None, allow_none=True)
    name = fields.String(load_default=None, allow_none=True)
