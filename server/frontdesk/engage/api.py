"""Rules and what they decided: /api/v1/rules, /api/v1/decisions."""

from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from frontdesk.accounts.auth import caller
from frontdesk.core.border import Blueprint
from frontdesk.core.paging import listed
from frontdesk.core.runtime import runtime
from frontdesk.engage import queries, schemas
from frontdesk.engage.queries import DecisionFilter
from frontdesk.engage.rules import queries as rules
from frontdesk.engage.rules import saving
from frontdesk.engage.rules.api import answer_refused
from frontdesk.engage.rules.installation import installation
from frontdesk.engage.rules.queries import RuleFilter
from frontdesk.engage.rules.refused import Refused
from frontdesk.engage.rules.saving import Wanted
from frontdesk.engage.rules.schemas import RulesInput, StateInput
from frontdesk.engage.rules.versions import Edit

NUMBER = "int(min=1, max=2147483647)"  # what the column holds

rules_api = Blueprint("rules", __name__, url_prefix="/api/v1", description="Rules and what they decided.")
rules_api.register_error_handler(Refused, answer_refused)


@rules_api.route("/rules")
@rules_api.arguments(schemas.RuleQuery, location="query")
@rules_api.response(200, schemas.RuleList)
def list_rules(asked: dict[str, Any]) -> dict[str, Any]:
    """Rules, newest first; or those that have a version in a state."""
    return runtime().db.read(partial(rules.page, workspace_id=caller().workspace_id, asked=RuleFilter(**asked)))


@rules_api.route("/rules", methods=["POST"])
@rules_api.arguments(RulesInput)
@rules_api.response(200, schemas.RuleList)
def save_rules(body: dict[str, str]) -> dict[str, Any]:
    """Save the rules of a YAML text, as drafts or in another state; answers with them, each in the version that it is
    shown by.

    Refused with path and reason, or saved whole. A rule that git manages is not changed here.
    """
    at, me = runtime(), caller()
    # a long text takes a second to read: beside the writer, which has visitors waiting
    new = at.db.read(lambda _session: saving.drafts(body["yaml"]))
    edit = Edit(me.workspace_id, at.clock(), me.teammate_id, at_home=installation(at.settings))
    saved = at.db.write(partial(saving.put, edit=edit, new=new, wanted=Wanted(body["state"])))
    mine = {one.rule_id for one in saved}
    return listed(at.db.read(partial(rules.rules, workspace_id=me.workspace_id, only=mine)))


@rules_api.route("/rules/<rule_id>")
@rules_api.response(200, schemas.RuleSchema)
def show_rule(rule_id: str) -> dict[str, Any]:
    """One rule, by its id or key, in the version that it is shown by."""
    return runtime().db.read(partial(rules.rule, workspace_id=caller().workspace_id, name=rule_id))


@rules_api.route("/rules/<rule_id>/versions")
@rules_api.response(200, schemas.VersionList)
def list_versions(rule_id: str) -> dict[str, Any]:
    """All versions of a rule, newest first."""
    return listed(runtime().db.read(partial(rules.versions, workspace_id=caller().workspace_id, name=rule_id)))


@rules_api.route(f"/rules/<rule_id>/versions/<{NUMBER}:number>")
@rules_api.response(200, schemas.VersionSchema)
def show_version(rule_id: str, number: int) -> dict[str, Any]:
    """One version: what it says and said."""
    at = runtime()
    return at.db.read(partial(rules.version, workspace_id=caller().workspace_id, name=rule_id, number=number))


@rules_api.route(f"/rules/<rule_id>/versions/<{NUMBER}:number>/state", methods=["POST"])
@rules_api.arguments(StateInput)
@rules_api.response(200, schemas.VersionSchema)
def move_version(body: dict[str, str], rule_id: str, number: int) -> dict[str, Any]:
    """Bring a version to another state; who stood in its place is archived. A rule that git manages is only paused and
    resumed here."""
    at, me = runtime(), caller()
    edit = Edit(me.workspace_id, at.clock(), me.teammate_id, at_home=installation(at.settings))

    def move(session: Session) -> None:
        known = rules.rule_id_of(session, me.workspace_id, rule_id)
        saving.set_version(session, edit, known, number, body["state"])

    at.db.write(move)
    return at.db.read(partial(rules.version, workspace_id=me.workspace_id, name=rule_id, number=number))


@rules_api.route("/decisions")
@rules_api.arguments(schemas.DecisionQuery, location="query")
@rules_api.response(200, schemas.DecisionList)
def list_decisions(asked: dict[str, Any]) -> dict[str, Any]:
    """What rules concluded, of a rule or of a person, newest first, each with its reasons."""
    wanted = DecisionFilter(asked["rule"], asked["person"], asked["cursor"], asked["limit"])
    return runtime().db.read(partial(queries.decisions, workspace_id=caller().workspace_id, asked=wanted))
