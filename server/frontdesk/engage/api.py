"""Rules and what they decided: /api/v1/rules, /api/v1/decisions."""

from functools import partial
from typing import Any

from flask import Response

from frontdesk.accounts.auth import caller
from frontdesk.core.border import Blueprint
from frontdesk.core.http import json_response, problem
from frontdesk.core.runtime import runtime
from frontdesk.engage import queries, schemas
from frontdesk.engage.queries import DecisionFilter
from frontdesk.engage.rules import saving as rules
from frontdesk.engage.rules.saving import RulesRefused

rules_api = Blueprint("rules", __name__, url_prefix="/api/v1", description="Rules and what they decided.")


@rules_api.errorhandler(RulesRefused)
def answer_refused(error: RulesRefused) -> Response:
    """The problem, with every finding: `errors: [{path, reason, line, rule}]`."""
    status, body = problem(error)
    found = [
        {"path": finding.path, "reason": finding.reason, "line": finding.line, "rule": finding.rule}
        for finding in error.findings
    ]
    return json_response(body | {"errors": found}, status, mimetype="application/problem+json")


@rules_api.route("/rules")
@rules_api.response(200, schemas.RuleList)
def list_rules() -> dict[str, Any]:
    """All rules in their newest version, live ones first."""
    found = runtime().db.read(partial(queries.rules, workspace_id=caller().workspace_id))
    return {"data": found, "next_cursor": None}


@rules_api.route("/rules", methods=["POST"])
@rules_api.arguments(schemas.RulesInput)
@rules_api.response(200, schemas.RuleList)
def save_rules(body: dict[str, str]) -> dict[str, Any]:
    """Set the rules of a YAML text live; answers with them. Refused with path and reason, or saved whole."""
    at, me = runtime(), caller()
    # a long text takes a second to read: beside the writer, which has visitors waiting
    new = at.db.read(lambda _session: rules.drafts(body["yaml"]))
    saved = at.db.write(partial(rules.set_live, workspace_id=me.workspace_id, new=new, now=at.clock()))
    found = at.db.read(partial(queries.rules, workspace_id=me.workspace_id))
    return {"data": [rule for rule in found if rule["id"] in saved], "next_cursor": None}


@rules_api.route("/rules/<rule_id>")
@rules_api.response(200, schemas.RuleSchema)
def show_rule(rule_id: str) -> dict[str, Any]:
    """One rule in its newest version."""
    return runtime().db.read(partial(queries.rule, workspace_id=caller().workspace_id, rule_id=rule_id))


@rules_api.route("/decisions")
@rules_api.arguments(schemas.DecisionQuery, location="query")
@rules_api.response(200, schemas.DecisionList)
def list_decisions(asked: dict[str, Any]) -> dict[str, Any]:
    """What rules concluded, of a rule or of a person, newest first, each with its reasons."""
    wanted = DecisionFilter(asked["rule"], asked["person"], asked["cursor"], asked["limit"])
    return runtime().db.read(partial(queries.decisions, workspace_id=caller().workspace_id, asked=wanted))
