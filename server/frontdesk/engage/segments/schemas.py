"""What goes over the wire about segments."""

from marshmallow import Schema, fields, validate

from frontdesk.core.paging import ListSchema
from frontdesk.people.schemas import PersonBriefSchema

_LONGEST = 200


class NameSchema(Schema):
    """What people call it; one of the two languages is enough."""

    en = fields.String(validate=validate.Length(min=1, max=_LONGEST))
    zh = fields.String(validate=validate.Length(min=1, max=_LONGEST))


class SegmentSchema(Schema):
    """`condition` is null of a segment by hand. `size` is null where nobody has counted: a condition is asked when it
    is needed, and its members are kept only while a live rule watches who enters and leaves (`kept`)."""

    id = fields.String(required=True)
    key = fields.String(required=True)
    name = fields.Nested(NameSchema, required=True)
    by = fields.String(required=True, validate=validate.OneOf(["hand", "condition"]))
    condition = fields.Dict(required=True, allow_none=True)
    yaml = fields.String(required=True, allow_none=True)
    kept = fields.Boolean(required=True)
    size = fields.Integer(required=True, allow_none=True)
    created_at = fields.String(required=True, metadata={"format": "date-time"})
    updated_at = fields.String(required=True, metadata={"format": "date-time"})


class SegmentList(ListSchema):
    data = fields.List(fields.Nested(SegmentSchema), required=True)


class SegmentChange(Schema):
    """`condition`: a tree as the `when` of rules has it, or the same as YAML text; null for a segment by hand."""

    name = fields.Nested(NameSchema)
    condition = fields.Raw(allow_none=True)


class NewSegment(SegmentChange):
    """`key` is what rules call it, for good."""

    key = fields.String(required=True, validate=validate.Length(min=1, max=64))


class MemberSchema(PersonBriefSchema):
    """Somebody who is in a segment."""


class MemberList(ListSchema):
    data = fields.List(fields.Nested(MemberSchema), required=True)


class NewMember(Schema):
    """A visitor's or a contact's id."""

    person = fields.String(required=True)
