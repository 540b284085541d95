"""What goes over the wire about rules, decisions and deliveries."""

from marshmallow import Schema, fields, validate

LONGEST_YAML = 512_000


class WordsSchema(Schema):
    en = fields.String(required=True)
    zh = fields.String(required=True)


class CountsSchema(Schema):
    """How often a rule was asked and matched, did what it says, or was held back."""

    matched = fields.Integer(required=True)
    acted = fields.Integer(required=True)
    held = fields.Integer(required=True)


class RuleSchema(Schema):
    id = fields.String(required=True)
    key = fields.String(required=True)
    name = fields.Nested(WordsSchema, required=True)
    state = fields.String(required=True, validate=validate.OneOf(["draft", "shadow", "live", "paused", "archived"]))
    version = fields.Integer(required=True)
    yaml = fields.String(required=True)
    sentence = fields.Nested(WordsSchema, required=True)
    counts = fields.Nested(CountsSchema, required=True)
    updated_at = fields.String(required=True, metadata={"format": "date-time"})


class RuleList(Schema):
    data = fields.List(fields.Nested(RuleSchema), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class RulesInput(Schema):
    """One rule, or several as documents of one YAML text."""

    yaml = fields.String(required=True, validate=validate.Length(min=1, max=LONGEST_YAML))


class DecisionQuery(Schema):
    rule = fields.String(load_default=None)
    person = fields.String(load_default=None)
    cursor = fields.String(load_default=None)
    limit = fields.Integer(load_default=50, validate=validate.Range(min=1, max=200))


class DecisionSchema(Schema):
    id = fields.String(required=True)
    rule = fields.String(required=True)
    rule_version = fields.Integer(required=True)
    person = fields.String(required=True)
    outcome = fields.String(required=True, validate=validate.OneOf(["acted", "held"]))
    reason = fields.String(required=True, allow_none=True)
    detail = fields.Dict(required=True)
    at = fields.String(required=True, metadata={"format": "date-time"})


class DecisionList(Schema):
    data = fields.List(fields.Nested(DecisionSchema), required=True)
    next_cursor = fields.String(required=True, allow_none=True)
