"""What became of a delivery in the page that shows it: /messenger/v1/deliveries, with the visitor's token."""

from typing import Any

from marshmallow import Schema, fields, validate
from sqlalchemy.orm import Session

from frontdesk.core.border import Blueprint
from frontdesk.core.errors import NotFound
from frontdesk.core.runtime import runtime
from frontdesk.engage import queries
from frontdesk.engage.deciding.cases import Case
from frontdesk.engage.deciding.engine import Engine
from frontdesk.engage.doing import answers, deliveries
from frontdesk.engage.facts.subjects import subjects
from frontdesk.engage.models import Delivery
from frontdesk.inbox.principal import guard, visitor_scope
from frontdesk_rules import Moment, moment_key

MOST_ANSWERS = 20

deliveries_api = guard(
    Blueprint("deliveries", __name__, url_prefix="/messenger/v1", description="What became of a delivery.")
)


@deliveries_api.route(f"/deliveries/<delivery_id>/<any({', '.join(deliveries.REPORTED)}):state>", methods=["POST"])
@deliveries_api.response(204)
def report_delivery(delivery_id: str, state: str) -> None:
    """Note that a delivery was seen, clicked or dismissed; saying so again changes nothing."""
    scope, now = visitor_scope(), runtime().clock()

    def job(session: Session) -> None:
        row = queries.delivery_of_visitor(session, scope.visitor_id or "", delivery_id)
        if row is None:
            raise NotFound("There is no such delivery.")
        deliveries.move(session, row, state, now)

    runtime().db.write(job)


class AnswersInput(Schema):
    """By the keys of the questions: nps 0 to 10, csat 1 to 5, one of the choices, or text."""

    answers = fields.Dict(required=True, validate=validate.Length(min=1, max=MOST_ANSWERS))


def answers_api(engine: Engine) -> Blueprint:
    """The route by which surveys are answered; rules may wait for that."""
    blp = guard(Blueprint("answers", __name__, url_prefix="/messenger/v1", description="What people answer."))

    @blp.route("/deliveries/<delivery_id>/answered", methods=["POST"])
    @blp.arguments(AnswersInput)
    @blp.response(204)
    def answer_survey(body: dict[str, Any], delivery_id: str) -> None:
        """Answer a survey; it is stored as the event `Survey Answered`. Answering again changes nothing."""
        scope, now = visitor_scope(), runtime().clock()

        def job(session: Session) -> None:
            row = queries.delivery_of_visitor(session, scope.visitor_id or "", delivery_id)
            if row is None:
                raise NotFound("There is no such delivery.")
            moment = answers.answer(session, row, body["answers"], now)
            if moment:
                _tell(session, engine, row, moment)

        runtime().db.write(job)

    return blp


def _tell(session: Session, engine: Engine, row: Delivery, moment: Moment) -> None:
    """Ask the rules about it."""
    visitor_id = row.visitor_id or ""
    subject = subjects(session, row.workspace_id, [visitor_id], moment.at).get(visitor_id)
    if subject:
        rules = engine.live.get(session, row.workspace_id)
        arming = rules.armed_by.get(moment_key(moment), ())
        engine.conclude(session, [Case(subject, moment, (), None, rules=rules, arming=arming)], moment.at)
