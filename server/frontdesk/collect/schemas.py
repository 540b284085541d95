"""What goes over the wire about events."""

from datetime import UTC, datetime

from marshmallow import Schema, fields, validate

from frontdesk.collect.counts import STEPS
from frontdesk.core.paging import ListSchema, PageQuery


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


class EventList(ListSchema):
    data = fields.List(fields.Nested(EventSchema), required=True)


class EventQuery(PageQuery):
    """`person` is a contact or visitor id, `name` what was tracked."""

    person = fields.String(load_default=None, allow_none=True)
    name = fields.String(load_default=None, allow_none=True)


_REASONS = sorted({reason for reasons in STEPS.values() for reason in reasons})
_EPOCHS = validate.Range(min=datetime(1970, 1, 2, tzinfo=UTC), max=datetime(9000, 1, 1, tzinfo=UTC))


class CountQuery(Schema):
    """Counts `from` an hour `to` another, which is not included; the last day unless said otherwise."""

    since = fields.AwareDateTime(data_key="from", default_timezone=UTC, load_default=None, validate=_EPOCHS)
    until = fields.AwareDateTime(data_key="to", default_timezone=UTC, load_default=None, validate=_EPOCHS)
    step = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(list(STEPS)))


class TotalSchema(Schema):
    step = fields.String(required=True, validate=validate.OneOf(list(STEPS)))
    reason = fields.String(required=True, validate=validate.OneOf(_REASONS))
    count = fields.Integer(required=True)


class CountSchema(TotalSchema):
    hour = fields.String(required=True)


class CountList(ListSchema):
    data = fields.List(fields.Nested(CountSchema), required=True)
    totals = fields.List(fields.Nested(TotalSchema), required=True)
