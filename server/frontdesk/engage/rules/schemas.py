"""What goes over the wire about texts of rules and the gates of a workspace."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from frontdesk.core.paging import ListSchema
from frontdesk.engage.rules.planning import KINDS
from frontdesk.engage.rules.states import STATES
from frontdesk.engage.wording import SaidSchema, WordsSchema
from frontdesk_rules.reading.schema import schema

LONGEST_YAML = 512_000


def _not_too_long(text: str) -> None:
    if len(text) > LONGEST_YAML:
        raise ValidationError(f"{LONGEST_YAML:,} characters at most; send the rules in several texts.")


class TextInput(Schema):
    """One rule, or several as documents of one YAML text of at most 512,000 characters."""

    yaml = fields.String(required=True, validate=[validate.Length(min=1), _not_too_long])


class RulesInput(TextInput):
    """`state`: where the rules are to go; nothing is live that nobody said should be."""

    state = fields.String(load_default="draft", validate=validate.OneOf(["draft", "shadow", "live"]))


class StateInput(Schema):
    state = fields.String(required=True, validate=validate.OneOf(STATES))


class FindingSchema(Schema):
    """Why a rule is refused; `path` as `when.all[1].page.dwell`, empty for the whole rule."""

    path = fields.String(required=True)
    reason = fields.String(required=True)
    line = fields.Integer(required=True, allow_none=True)
    rule = fields.String(required=True, allow_none=True)


class RemarkSchema(SaidSchema):
    """What speaks against a rule that can be read."""

    code = fields.String(required=True)
    rule = fields.String(required=True)
    path = fields.String(required=True)
    line = fields.Integer(required=True, allow_none=True)


class CostSchema(Schema):
    """About how many nanoseconds one asking of the condition takes at most."""

    rule = fields.String(required=True)
    ns = fields.Integer(required=True)


class LintAnswer(Schema):
    findings = fields.List(fields.Nested(FindingSchema), required=True)
    remarks = fields.List(fields.Nested(RemarkSchema), required=True)
    costs = fields.List(fields.Nested(CostSchema), required=True)


class ChangeSchema(Schema):
    """What would become of one rule. `version` and `before` are what is replaced or left; `diff` is unified."""

    rule = fields.String(required=True)
    change = fields.String(required=True, validate=validate.OneOf(KINDS))
    version = fields.Integer(required=True, allow_none=True)
    before = fields.String(required=True, allow_none=True, validate=validate.OneOf(STATES))
    after = fields.String(required=True, validate=validate.OneOf(STATES))
    diff = fields.String(required=True)


class PlanAnswer(Schema):
    data = fields.List(fields.Nested(ChangeSchema), required=True)
    remarks = fields.List(fields.Nested(RemarkSchema), required=True)
    costs = fields.List(fields.Nested(CostSchema), required=True)


class TestResultSchema(Schema):
    rule = fields.String(required=True)
    name = fields.String(required=True)
    passed = fields.Boolean(required=True)
    expected = fields.List(fields.Dict(), required=True)
    actual = fields.List(fields.Dict(), required=True)


class TestAnswer(Schema):
    passed = fields.Boolean(required=True)
    data = fields.List(fields.Nested(TestResultSchema), required=True)


class FmtAnswer(Schema):
    yaml = fields.String(required=True)
    changed = fields.Boolean(required=True)


class FieldSchema(Schema):
    """A fact that a rule may ask about. `in_templates`: messages may hold it, too."""

    name = fields.String(required=True)
    type = fields.String(required=True)
    label = fields.Nested(WordsSchema, required=True)
    source = fields.String(required=True)
    personal = fields.Boolean(required=True)
    in_templates = fields.Boolean(required=True)
    supported = fields.Boolean(required=True)
    operators = fields.List(fields.String(), required=True)


class FamilySchema(Schema):
    """Fields that the customer names are of any type, and personal: `contact.plan`."""

    family = fields.String(required=True)
    source = fields.String(required=True)


class FieldList(ListSchema):
    data = fields.List(fields.Nested(FieldSchema), required=True)
    open_families = fields.List(fields.Nested(FamilySchema), required=True)


def _gate(name: str) -> dict[str, Any]:
    """As the rule language has it; a list of caps may be empty here."""
    tree = {key: value for key, value in schema()["properties"][name].items() if key != "minItems"}
    if name == "quiet":
        tree["properties"] = {**tree["properties"], "zone": {"type": "string"}}
        return {"oneOf": [tree, {"type": "null"}]}
    return tree


class GatesInput(Schema):
    """Caps and quiet hours for every rule. That there are none is said, too: `caps: []`, `quiet: null`."""

    caps = fields.Raw(required=True, metadata=_gate("caps"))
    quiet = fields.Raw(required=True, allow_none=True, metadata=_gate("quiet"))


class GatesSchema(Schema):
    """`chosen` is false where the default ones hold."""

    caps = fields.Raw(required=True, metadata=_gate("caps"))
    quiet = fields.Raw(required=True, allow_none=True, metadata=_gate("quiet"))
    chosen = fields.Boolean(required=True)
