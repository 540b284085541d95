"""What goes over the wire about rules, decisions and deliveries."""

from marshmallow import Schema, fields, validate

from frontdesk.core.paging import ListSchema, PageQuery
from frontdesk.engage.rules.states import STATES
from frontdesk.engage.wording import SaidSchema, WordsSchema


class CountsSchema(Schema):
    """How often a rule matched, and did what it says or was held back. What was put off (`deferred`) is one of the two
    as well, once it is released."""

    matched = fields.Integer(required=True)
    acted = fields.Integer(required=True)
    held = fields.Integer(required=True)
    deferred = fields.Integer(required=True)


class PlacesSchema(Schema):
    """Which version of the rule stands where, if one does: `standing` is live or paused."""

    draft = fields.Integer(required=True, allow_none=True)
    shadow = fields.Integer(required=True, allow_none=True)
    standing = fields.Integer(required=True, allow_none=True)


class SavedSchema(Schema):
    """What rules and their versions have in common. `origin`: `git` where `frontdesk rules apply` brought it."""

    name = fields.Nested(WordsSchema, required=True)
    priority = fields.Integer(required=True)
    sentence = fields.Nested(WordsSchema, required=True)
    state = fields.String(required=True, validate=validate.OneOf(STATES))
    version = fields.Integer(required=True)
    yaml = fields.String(required=True)
    origin = fields.String(required=True, validate=validate.OneOf(["api", "git"]))
    counts = fields.Nested(CountsSchema, required=True)
    updated_at = fields.String(required=True, metadata={"format": "date-time"})


class RuleSchema(SavedSchema):
    """A rule in the version that it is shown by: the one that stands, else in shadow, else a draft, else the newest."""

    id = fields.String(required=True)
    key = fields.String(required=True)
    versions = fields.Nested(PlacesSchema, required=True)


class RuleList(ListSchema):
    data = fields.List(fields.Nested(RuleSchema), required=True)


class RuleQuery(PageQuery):
    """`state`: rules that have a version in it, in that version; `archived`: those that have no other."""

    state = fields.String(load_default=None, validate=validate.OneOf(STATES))


class SetAsideSchema(Schema):
    """Somebody whom a rule could not be asked about, and the name of the error that stood in the way."""

    person = fields.String(required=True)
    error = fields.String(required=True)
    at = fields.String(required=True, metadata={"format": "date-time"})


class ActivationSchema(Schema):
    """How far a version has been asked about those who were there before it: how many it may concern, for how many of
    them it waits, and who of those was due at once. Those who were `set_aside` it does not wait for."""

    state = fields.String(required=True, validate=validate.OneOf(["running", "done", "stopped", "failed"]))
    asked = fields.Integer(required=True)
    armed = fields.Integer(required=True)
    due = fields.Integer(required=True)
    set_aside = fields.List(fields.Nested(SetAsideSchema), required=True)
    started_at = fields.String(required=True, metadata={"format": "date-time"})
    finished_at = fields.String(required=True, allow_none=True, metadata={"format": "date-time"})


class VersionSchema(SavedSchema):
    """What a rule said from one moment on; it never changes, its state does. `shadow_counts`: decided, and not done.

    `activation` is null where no clock brings its trigger, and of a version that was never set to work.
    """

    rule = fields.String(required=True)
    created_by = fields.String(required=True, allow_none=True)
    shadow_counts = fields.Nested(CountsSchema, required=True)
    activation = fields.Nested(ActivationSchema, required=True, allow_none=True)
    created_at = fields.String(required=True, metadata={"format": "date-time"})


class VersionList(ListSchema):
    data = fields.List(fields.Nested(VersionSchema), required=True)


class DecisionQuery(PageQuery):
    rule = fields.String(load_default=None)
    person = fields.String(load_default=None)


class DecisionSchema(SaidSchema):
    """What a rule concluded for one person at one moment; `text_en` and `text_zh` say outcome and reason in words."""

    id = fields.String(required=True)
    rule = fields.String(required=True)
    rule_version = fields.Integer(required=True)
    person = fields.String(required=True)
    outcome = fields.String(required=True, validate=validate.OneOf(["acted", "deferred", "held"]))
    reason = fields.String(required=True, allow_none=True)
    detail = fields.Dict(required=True)
    at = fields.String(required=True, metadata={"format": "date-time"})


class DecisionList(ListSchema):
    data = fields.List(fields.Nested(DecisionSchema), required=True)
