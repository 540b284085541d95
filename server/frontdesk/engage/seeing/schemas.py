"""What goes over the wire about what rules do, would do and did."""

from datetime import UTC, datetime
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from frontdesk.core.clock import OUT_OF_REACH, within_reach
from frontdesk.core.paging import ListSchema, PageQuery
from frontdesk.engage.wording import SaidSchema, WordsSchema

LONGEST_YAML = 512_000
_TIME = {"format": "date-time"}
ARMS = ("treated", "held_out")


def _reachable(at: datetime | None) -> None:
    if at is not None and not within_reach(at):
        raise ValidationError(OUT_OF_REACH)


def _instant(**more: Any) -> fields.AwareDateTime:
    """A date is its first instant in UTC, as on the command line."""
    form: Any = {"invalid": "A date or time such as 2026-03-01 or 2026-03-01T09:00Z is needed here."}
    return fields.AwareDateTime(
        load_default=None, default_timezone=UTC, validate=_reachable, error_messages=form, **more
    )


class SimulationInput(Schema):
    """A rule that is kept (by id or key; `version`: that one of its versions), or one as YAML."""

    rule = fields.String(load_default=None, allow_none=True, validate=validate.Length(min=1, max=200))
    version = fields.Integer(load_default=None, allow_none=True, validate=validate.Range(min=1, max=10**9))
    yaml = fields.String(load_default=None, allow_none=True, validate=validate.Length(min=1, max=LONGEST_YAML))
    since = _instant(allow_none=True, metadata={"description": "30 days ago"})
    until = _instant(allow_none=True, metadata={"description": "now"})

    @validates_schema
    def one_rule(self, data: dict[str, object], **_: object) -> None:
        if (data["rule"] is None) == (data["yaml"] is None):
            raise ValidationError("Name a rule, or send one as YAML.", "rule")


class SimulationSchema(Schema):
    id = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(["queued", "running", "done", "failed", "cancelled"]))
    progress = fields.Float(required=True)
    question = fields.Dict(required=True)
    error = fields.String(required=True, allow_none=True)
    created_by = fields.String(required=True, allow_none=True)
    created_at = fields.String(required=True, metadata=_TIME)
    finished_at = fields.String(required=True, allow_none=True, metadata=_TIME)


class WholeSimulation(SimulationSchema):
    """`result` is there when it is done: as `frontdesk rules simulate --json` prints it."""

    yaml = fields.String(required=True, allow_none=True)
    result = fields.Dict(required=True, allow_none=True)


class SimulationList(ListSchema):
    data = fields.List(fields.Nested(SimulationSchema), required=True)


class SimulationQuery(PageQuery):
    pass


class SpanQuery(Schema):
    since = _instant(metadata={"description": "30 days ago"})
    until = _instant(metadata={"description": "now"})


def _version() -> fields.Integer:
    told = {"description": "This version of the rule. Without it, the one that is live."}
    return fields.Integer(load_default=None, validate=validate.Range(min=1, max=10**9), metadata=told)


class WhyNobodyQuery(SpanQuery):
    version = _version()


class ExplainQuery(Schema):
    version = _version()
    person = fields.String(required=True, validate=validate.Length(min=1, max=200))
    at = _instant()
    moment = fields.String(
        load_default=None, validate=validate.Length(min=1, max=80), metadata={"description": "The id of an event."}
    )


class NoteSchema(SaidSchema):
    code = fields.String(required=True)


class ExplainedSchema(SaidSchema):
    """`moment`: which one was asked about, and whether it is an assumed one; `decision`: what the rule concludes at it;
    `condition`: its tree with what was expected and found, and where that was seen; `stored`: what it had concluded.
    Each of them says itself in words, too (`text_en`, `text_zh`).

    `at` is another time than `asked_at` where a clock brings the moment: then it is when its timer is due."""

    rule = fields.Dict(required=True)
    person = fields.String(required=True)
    asked_at = fields.String(required=True, metadata=_TIME)
    at = fields.String(required=True, metadata=_TIME)
    moment = fields.Dict(required=True)
    outcome = fields.String(required=True)
    reason = fields.String(required=True, allow_none=True)
    stage = fields.String(required=True, allow_none=True)
    stage_words = fields.Nested(WordsSchema, required=True, allow_none=True)
    until = fields.String(required=True, allow_none=True, metadata=_TIME)
    arm = fields.String(required=True, allow_none=True)
    variant = fields.String(required=True, allow_none=True)
    lost_to = fields.String(required=True, allow_none=True)
    condition = fields.Dict(required=True, allow_none=True)
    nearest = fields.List(fields.Dict(), required=True)
    actions = fields.List(fields.Dict(), required=True)
    stored = fields.List(fields.Dict(), required=True)
    notes = fields.List(fields.Nested(NoteSchema), required=True)


class StageSchema(SaidSchema):
    """How many moments got here, and how many of them were lost here, by reason."""

    stage = fields.String(required=True)
    moments = fields.Integer(required=True)
    lost = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)


class LossSchema(SaidSchema):
    stage = fields.String(required=True)
    lost = fields.Integer(required=True)


def _reasons() -> fields.Dict:
    return fields.Dict(keys=fields.String(), values=fields.Nested(WordsSchema), required=True)


class WhyNobodySchema(Schema):
    """`left_undone`: how often it acted and left something out, why. `reasons`: those that are named, in words."""

    rule = fields.Dict(required=True)
    since = fields.String(required=True, metadata=_TIME)
    until = fields.String(required=True, metadata=_TIME)
    events = fields.Integer(required=True)
    heard = fields.Integer(required=True)
    triggered = fields.Integer(required=True)
    stages = fields.List(fields.Nested(StageSchema), required=True)
    acted = fields.Integer(required=True)
    people = fields.Integer(required=True)
    left_undone = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)
    largest = fields.Nested(LossSchema, required=True, allow_none=True)
    conditions = fields.List(fields.Dict(), required=True)
    stored = fields.Dict(required=True)
    reasons = _reasons()
    notes = fields.List(fields.Nested(NoteSchema), required=True)


class FunnelCounts(Schema):
    """Of one variant, or of all. Deliveries by how far they came; `value` is that of the conversions. `left_undone`: of
    those that acted, how many left something out or put it off, by reason."""

    variant = fields.String(required=True, allow_none=True)
    matched = fields.Integer(required=True)
    acted = fields.Integer(required=True)
    people = fields.Integer(required=True)
    deferred = fields.Integer(required=True)
    held = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)
    left_undone = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)
    deliveries = fields.Integer(required=True)
    sent = fields.Integer(required=True)
    seen = fields.Integer(required=True)
    clicked = fields.Integer(required=True)
    dismissed = fields.Integer(required=True)
    answered = fields.Integer(required=True)
    replied = fields.Integer(required=True)
    expired = fields.Integer(required=True)
    converted = fields.Integer(required=True)
    value = fields.Float(required=True, allow_none=True)


class FunnelSchema(Schema):
    """`shadow` is what its version in shadow concluded, apart. `verified`: whether goals count verified events only.
    `reasons`: those that are named, in words."""

    rule = fields.Dict(required=True)
    since = fields.String(required=True, metadata=_TIME)
    until = fields.String(required=True, metadata=_TIME)
    goal = fields.Dict(required=True, allow_none=True)
    verified = fields.Boolean(required=True)
    all = fields.Nested(FunnelCounts, required=True)
    variants = fields.List(fields.Nested(FunnelCounts), required=True)
    shadow = fields.Nested(FunnelCounts, required=True, allow_none=True)
    reasons = _reasons()


class ArmSchema(Schema):
    people = fields.Integer(required=True)
    converted = fields.Integer(required=True)
    rate = fields.Float(required=True, allow_none=True)
    interval = fields.List(fields.Float(), required=True, allow_none=True)
    value = fields.Float(required=True, allow_none=True)
    value_per_person = fields.Float(required=True, allow_none=True)


class LiftSchema(SaidSchema):
    """`verdict`: better, worse, undecided, mismatch (the arms are not as large as they should be: do not trust it), or
    no_data. `methods` names how each figure is found."""

    rule = fields.Dict(required=True)
    since = fields.String(required=True, metadata=_TIME)
    until = fields.String(required=True, metadata=_TIME)
    goal = fields.Dict(required=True, allow_none=True)
    verified = fields.Boolean(required=True)
    holdout = fields.Float(required=True)
    treated = fields.Nested(ArmSchema, required=True)
    held_out = fields.Nested(ArmSchema, required=True)
    crossed = fields.Integer(required=True)
    difference = fields.Dict(required=True, allow_none=True)
    ratio = fields.Dict(required=True, allow_none=True)
    value_difference = fields.Dict(required=True, allow_none=True)
    sample_ratio = fields.Dict(required=True, allow_none=True)
    verdict = fields.String(required=True)
    methods = fields.Dict(required=True)
