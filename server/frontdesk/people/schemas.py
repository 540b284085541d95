"""What goes over the wire about people."""

from typing import Any

from marshmallow import Schema, fields

from frontdesk.core.paging import ListSchema, PageQuery


class TouchSchema(Schema):
    """Where somebody came from."""

    channel = fields.String(required=True)
    source = fields.String(allow_none=True)
    medium = fields.String(allow_none=True)
    campaign = fields.String(allow_none=True)
    term = fields.String(allow_none=True)
    content = fields.String(allow_none=True)
    referrer = fields.String(allow_none=True)
    landing_url = fields.String(allow_none=True)
    at = fields.String(allow_none=True)


class PageNowSchema(Schema):
    url = fields.String(required=True)
    path = fields.String(required=True)
    title = fields.String(allow_none=True)
    dwell_ms = fields.Integer(required=True)
    since = fields.String(required=True)


class CompanySchema(Schema):
    id = fields.String(required=True)
    name = fields.String(required=True, allow_none=True)


class PersonBriefSchema(Schema):
    id = fields.String(required=True)
    kind = fields.String(required=True)
    name = fields.String(required=True, allow_none=True)
    label = fields.String(required=True)
    email = fields.String(required=True, allow_none=True)
    verified = fields.Boolean(required=True)
    online = fields.Boolean(required=True)
    country = fields.String(required=True, allow_none=True)
    color = fields.String(required=True)


class PersonSchema(PersonBriefSchema):
    phone = fields.String(required=True, allow_none=True)
    user_id = fields.String(required=True, allow_none=True)
    attributes = fields.Dict(keys=fields.String(), values=fields.Raw(allow_none=True), required=True)
    tags = fields.List(fields.String(), required=True)
    companies = fields.List(fields.Nested(CompanySchema), required=True)
    browser = fields.String(required=True, allow_none=True)
    os = fields.String(required=True, allow_none=True)
    device = fields.String(required=True, allow_none=True)
    language = fields.String(required=True, allow_none=True)
    timezone = fields.String(required=True, allow_none=True)
    region = fields.String(required=True, allow_none=True)
    city = fields.String(required=True, allow_none=True)
    first_seen_at = fields.String(required=True)
    last_seen_at = fields.String(required=True)
    sessions = fields.Integer(required=True)
    page_views = fields.Integer(required=True)
    first_touch = fields.Nested(TouchSchema, required=True, allow_none=True)
    last_touch = fields.Nested(TouchSchema, required=True, allow_none=True)
    page_now = fields.Nested(PageNowSchema, required=True, allow_none=True)
    conversations = fields.Integer(required=True)


class PersonList(ListSchema):
    data = fields.List(fields.Nested(PersonSchema), required=True)


class PeopleQuery(PageQuery):
    """`online` lists who is on the site now; else contacts, those seen last first, filtered by `q`."""

    online = fields.Boolean(load_default=False)
    q = fields.String(load_default=None, allow_none=True)


class MergeSchema(Schema):
    """A visitor was recognised as a contact. `by` and `undone_by`: teammates, or null for senders and keys."""

    id = fields.String(required=True)
    visitor = fields.String(required=True)
    contact = fields.String(required=True)
    cause = fields.String(required=True)
    verified = fields.Boolean(required=True)
    by = fields.String(required=True, allow_none=True)
    at = fields.String(required=True)
    undone_by = fields.String(required=True, allow_none=True)
    undone_at = fields.String(required=True, allow_none=True)


class MergeList(ListSchema):
    data = fields.List(fields.Nested(MergeSchema), required=True)


class MergeQuery(PageQuery):
    """`person` is a visitor's or a contact's id."""

    person = fields.String(required=True)


class NewMerge(Schema):
    """Ids of a visitor and of the contact that it is."""

    visitor = fields.String(required=True)
    contact = fields.String(required=True)


class WordSchema(Schema):
    """What a person said to messages of a class."""

    granted = fields.Boolean(required=True)
    at = fields.String(required=True, metadata={"format": "date-time"})


class ConsentsSchema(Schema):
    """null where nothing was said, which is no refusal. What keeps an order or an account going cannot be refused."""

    marketing = fields.Nested(WordSchema, required=True, allow_none=True)
    onboarding = fields.Nested(WordSchema, required=True, allow_none=True)
    support = fields.Nested(WordSchema, required=True, allow_none=True)


class YesOrNo(fields.Boolean):
    """`true` or `false` and nothing like them: what somebody consents to is never guessed."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return super()._deserialize(value, attr, data, **kwargs)


class ConsentsInput(Schema):
    """Class → whether the person wants such messages; what is not named stays. `transactional` takes no `false`."""

    marketing = YesOrNo()
    onboarding = YesOrNo()
    support = YesOrNo()
    transactional = YesOrNo()
