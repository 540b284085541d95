"""Whom a rule or a condition would concern: POST /api/v1/rules/audience."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from frontdesk.accounts.auth import caller
from frontdesk.core.border import Blueprint
from frontdesk.core.runtime import runtime
from frontdesk.engage.rules.api import answer_refused
from frontdesk.engage.rules.refused import Refused
from frontdesk.engage.seeing.audience import Audience, Question, audience, shown
from frontdesk.engage.seeing.momentary import lasting, momentary
from frontdesk.engage.seeing.whom import asked_of
from frontdesk.people.schemas import PersonBriefSchema

_LONGEST = 512_000
audience_api = Blueprint("audience", __name__, url_prefix="/api/v1", description="Whom a rule would concern.")
audience_api.register_error_handler(Refused, answer_refused)


class AudienceInput(Schema):
    """A rule or a condition, as YAML or as a tree."""

    yaml = fields.String(load_default=None, allow_none=True, validate=validate.Length(min=1, max=_LONGEST))
    tree = fields.Dict(keys=fields.String(), values=fields.Raw(allow_none=True), load_default=None, allow_none=True)

    @validates_schema
    def one_of_both(self, data: dict[str, Any], **_: object) -> None:
        if (data["yaml"] is None) is (data["tree"] is None):
            raise ValidationError("Either yaml or a tree is needed.", "yaml")


class SelectedPersonSchema(PersonBriefSchema):
    """One of those who are concerned."""


class AudienceSchema(Schema):
    """`size` people; where it is not `exact`, an estimate from a sample: with 95 % certainty between `low` and `high`.

    `momentary` are the fields that only a moment has, such as a page: they are taken to fit.
    Only the condition is `asked` about, not the trigger: whether what it waits for has happened to them, or ever will,
    is not part of it; of a rule that waits for a time, only those count who have that time, be it past or to come.
    """

    asked = fields.String(required=True, validate=validate.OneOf(["condition"]))

    size = fields.Integer(required=True)
    exact = fields.Boolean(required=True)
    low = fields.Integer(required=True)
    high = fields.Integer(required=True)
    momentary = fields.List(fields.String(), required=True)
    sample = fields.List(fields.Nested(SelectedPersonSchema), required=True)


@audience_api.route("/rules/audience", methods=["POST"])
@audience_api.arguments(AudienceInput)
@audience_api.response(200, AudienceSchema)
def show_audience(body: dict[str, Any]) -> dict[str, Any]:
    """How many people the condition of a rule selects as they are now, and some of them; its trigger is not asked."""
    at, me = runtime(), caller()
    condition = at.db.read(lambda _session: asked_of(body["yaml"], body["tree"]))
    rest = lasting(condition)
    if rest is False:
        return _told(Audience(0), condition, [])
    question = Question(me.workspace_id, None if rest is True else rest, at.clock())
    found = audience(at.db, question)
    return _told(found, condition, at.db.read(lambda session: shown(session, question, found)))


def _told(found: Audience, condition: Any, sample: list[dict[str, Any]]) -> dict[str, Any]:
    low, high = found.interval
    told = {"asked": "condition", "size": found.size, "exact": found.exact, "low": low, "high": high}
    return {**told, "momentary": momentary(condition), "sample": sample}
