"""What rules do, would do and did: /api/v1/simulations, /api/v1/rules/<id>/explain, why-nobody, funnel, lift."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

from flask import Response
from sqlalchemy.orm import Session

from frontdesk.accounts.auth import caller
from frontdesk.core.border import Blueprint
from frontdesk.core.clock import iso
from frontdesk.core.errors import Invalid
from frontdesk.core.http import json_response, problem
from frontdesk.core.paging import listed
from frontdesk.core.runtime import runtime
from frontdesk.engage.rules.refused import RulesRefused, tree_of
from frontdesk.engage.seeing import asked, schemas, simulations
from frontdesk.engage.seeing.children import answered, question_of
from frontdesk.engage.seeing.explaining import At, explain
from frontdesk.engage.seeing.funnel import Span, funnel
from frontdesk.engage.seeing.lift import lift

seeing_api = Blueprint(
    "seeing", __name__, url_prefix="/api/v1", description="What rules do, would do and did: explained and counted."
)
_USUAL: Final = timedelta(days=30)


@seeing_api.errorhandler(RulesRefused)
def answer_refused(error: RulesRefused) -> Response:
    """The problem, with every finding: `errors: [{path, reason, line, rule}]`."""
    status, body = problem(error)
    found = [tree_of(finding) for finding in error.findings]
    return json_response(body | {"errors": found}, status, mimetype="application/problem+json")


@seeing_api.route("/simulations", methods=["POST"])
@seeing_api.arguments(schemas.SimulationInput)
@seeing_api.response(202, schemas.WholeSimulation)
def begin_simulation(body: dict[str, Any]) -> dict[str, Any]:
    """Queue a simulation: what a rule would have done with what was recorded. Ask for it again to see how far it is."""
    at, me = runtime(), caller()
    now = at.clock()
    if (body["since"] or now - _USUAL) >= (body["until"] or now):
        raise Invalid("It must begin before it ends.", field="since")

    def check(session: Session) -> dict[str, Any]:
        if body["yaml"] is not None:
            asked.written(session, me.workspace_id, body["yaml"])
            return body
        found = asked.kept(session, me.workspace_id, body["rule"], body["version"], asked.TRIED).rule
        return body | {"rule": found.id, "version": found.version}

    question = question_of(at.db.read(check), now)
    begin = partial(simulations.ask, workspace_id=me.workspace_id, question=question, by=me.teammate_id, now=now)
    return simulations.dump(at.db.write(begin), whole=True)


@seeing_api.route("/simulations")
@seeing_api.arguments(schemas.SimulationQuery, location="query")
@seeing_api.response(200, schemas.SimulationList)
def list_simulations(page: dict[str, Any]) -> dict[str, Any]:
    """Those of the last days, newest first, without their results."""
    me = caller()
    rows, following = runtime().db.read(partial(simulations.simulations, workspace_id=me.workspace_id, **page))
    return listed([simulations.dump(row) for row in rows], following)


@seeing_api.route("/simulations/<simulation_id>")
@seeing_api.response(200, schemas.WholeSimulation)
def show_simulation(simulation_id: str) -> dict[str, Any]:
    """How far it is, from 0 to 1, and its result once it is done."""
    show = partial(simulations.simulation, workspace_id=caller().workspace_id, simulation_id=simulation_id)
    return simulations.dump(runtime().db.read(show), whole=True)


@seeing_api.route("/simulations/<simulation_id>/cancel", methods=["POST"])
@seeing_api.response(200, schemas.WholeSimulation)
def cancel_simulation(simulation_id: str) -> dict[str, Any]:
    """End it, if it waits or runs; one that has ended stays as it is."""
    at, me = runtime(), caller()
    end = partial(simulations.cancel, workspace_id=me.workspace_id, simulation_id=simulation_id, now=at.clock())
    return simulations.dump(at.db.write(end), whole=True)


@seeing_api.route("/rules/<rule_id>/explain")
@seeing_api.arguments(schemas.ExplainQuery, location="query")
@seeing_api.response(200, schemas.ExplainedSchema)
def explain_rule(query: dict[str, Any], rule_id: str) -> dict[str, Any]:
    """Why a rule acts for a person or does not: now, with all that is known; or at a time, or at one event of theirs,
    with what had been heard of then."""
    at, me = runtime(), caller()
    when = At(at.clock(), query["at"], query["moment"])

    def read(session: Session) -> dict[str, Any]:
        found = asked.kept(session, me.workspace_id, rule_id, query["version"])
        return explain(session, me.workspace_id, found, query["person"], when)

    told: dict[str, Any] = at.db.read(read)
    return told


@seeing_api.route("/rules/<rule_id>/why-nobody")
@seeing_api.arguments(schemas.WhyNobodyQuery, location="query")
@seeing_api.response(200, schemas.WhyNobodySchema)
def show_why_nobody(query: dict[str, Any], rule_id: str) -> dict[str, Any]:
    """How many moments each stage of a decision let through, and where most were lost. Plays what was recorded."""
    since, until, _ = _ends(query)
    at, workspace_id = runtime(), caller().workspace_id
    found = at.db.read(partial(asked.kept, workspace_id=workspace_id, name=rule_id, version=query["version"])).rule
    which = ("why-nobody", found.id, "--version", str(found.version), "--workspace", workspace_id)
    return answered(at.db, at.settings.data, *which, "--since", iso(since), "--until", iso(until))


@seeing_api.route("/rules/<rule_id>/funnel")
@seeing_api.arguments(schemas.SpanQuery, location="query")
@seeing_api.response(200, schemas.FunnelSchema)
def show_funnel(query: dict[str, Any], rule_id: str) -> dict[str, Any]:
    """What became of a rule's moments, from matched to converted; by variant."""
    return _counted(funnel, query, rule_id)


@seeing_api.route("/rules/<rule_id>/lift")
@seeing_api.arguments(schemas.SpanQuery, location="query")
@seeing_api.response(200, schemas.LiftSchema)
def show_lift(query: dict[str, Any], rule_id: str) -> dict[str, Any]:
    """What a rule brings about, against those whom it holds out; with intervals, and no winner before there is one."""
    return _counted(lift, query, rule_id)


def _counted(count: Callable[..., dict[str, Any]], query: dict[str, Any], rule_id: str) -> dict[str, Any]:
    since, until, _ = _ends(query)
    workspace_id = caller().workspace_id

    def read(session: Session) -> dict[str, Any]:
        found = asked.kept(session, workspace_id, rule_id)
        return count(session, workspace_id, found.rule, Span(since, until))

    told: dict[str, Any] = runtime().db.read(read)
    return told


def _ends(query: dict[str, Any]) -> tuple[datetime, datetime, datetime]:
    now = runtime().clock()
    until = query["until"] or now
    since = query["since"] or until - _USUAL
    if since >= until:
        raise Invalid("It must begin before it ends.", field="since")
    return since, until, now
