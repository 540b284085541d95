"""Texts of rules asked about, and what holds for all rules: /api/v1/rules/…, /api/v1/workspace/gates."""

from collections.abc import Callable
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, TypeVar

from flask import Response

import frontdesk_rules
from frontdesk.accounts.auth import caller
from frontdesk.core.border import Blueprint
from frontdesk.core.http import json_response, problem
from frontdesk.core.runtime import runtime
from frontdesk.engage.rules import gates, schemas, texts
from frontdesk.engage.rules.installation import installation
from frontdesk.engage.rules.planning import plan
from frontdesk.engage.rules.refused import Refused, tree_of
from frontdesk.engage.rules.saving import Wanted, drafts
from frontdesk.engage.rules.versions import Edit
from frontdesk_rules import Policy, fmt

T = TypeVar("T")


def answer_refused(error: Refused) -> Response:
    """The problem, with every finding: `errors: [{path, reason, line, rule}]`."""
    status, body = problem(error)
    found = {"errors": [tree_of(finding) for finding in error.findings]}
    return json_response(body | found, status, mimetype="application/problem+json")


texts_api = Blueprint("rule_texts", __name__, url_prefix="/api/v1", description="Texts of rules, asked about.")
texts_api.register_error_handler(Refused, answer_refused)


def _beside(work: Callable[[], T]) -> T:
    """A long text takes a second to read: not on the hub, and not in the writer, which has visitors waiting."""
    return runtime().db.read(lambda _session: work())


def _edit() -> Edit:
    """What the caller might do, were these texts saved."""
    at, me = runtime(), caller()
    return Edit(me.workspace_id, at.clock(), me.teammate_id, at_home=installation(at.settings))


@texts_api.route("/rules/plan", methods=["POST"])
@texts_api.arguments(schemas.RulesInput)
@texts_api.response(200, schemas.PlanAnswer)
def plan_rules(body: dict[str, str]) -> dict[str, Any]:
    """What saving these rules would create, change or leave, with what lint has to say; nothing is saved."""
    db, edit = runtime().db, _edit()
    found = _beside(lambda: drafts(body["yaml"]))
    changes = db.read(partial(plan, edit=edit, new=found, wanted=Wanted(body["state"])))
    said = db.read(partial(texts.remarked, edit=edit, text=body["yaml"], found=found))
    return {"data": [change.to_tree() for change in changes], **said}


@texts_api.route("/rules/lint", methods=["POST"])
@texts_api.arguments(schemas.TextInput)
@texts_api.response(200, schemas.LintAnswer)
def lint_rules(body: dict[str, str]) -> dict[str, Any]:
    """What is wrong with rules, what speaks against them, and what it costs to ask them."""
    return runtime().db.read(partial(texts.linted, edit=_edit(), text=body["yaml"]))


@texts_api.route("/rules/test", methods=["POST"])
@texts_api.arguments(schemas.TextInput)
@texts_api.response(200, schemas.TestAnswer)
def test_rules(body: dict[str, str]) -> dict[str, Any]:
    """Run the `tests:` of rules on a fake clock."""
    caller()
    return _beside(lambda: texts.tested([draft.rule for draft in drafts(body["yaml"])]))


@texts_api.route("/rules/fmt", methods=["POST"])
@texts_api.arguments(schemas.TextInput)
@texts_api.response(200, schemas.FmtAnswer)
def format_rules(body: dict[str, str]) -> dict[str, Any]:
    """The rules in canonical form, comments kept."""
    caller()
    text = body["yaml"]
    formatted = _beside(lambda: drafts(text) and fmt(text))
    return {"yaml": formatted, "changed": formatted != text}


@texts_api.route("/rules/schema")
@texts_api.response(200, {"type": "object"}, description="JSON Schema, draft 2020-12")
def show_schema() -> Response:
    """The JSON Schema of a rule, for editors."""
    caller()
    return Response(_schema(), mimetype="application/json")


@lru_cache(maxsize=1)
def _schema() -> bytes:
    return (Path(frontdesk_rules.__file__).parent / "schema.json").read_bytes()


@texts_api.route("/rules/fields")
@texts_api.response(200, schemas.FieldList)
def list_fields() -> dict[str, Any]:
    """What a rule may ask about: a typed catalogue."""
    caller()
    return {"data": texts.catalogue(), "open_families": texts.families(), "next_cursor": None}


@texts_api.route("/workspace/gates")
@texts_api.response(200, schemas.GatesSchema)
def show_gates() -> dict[str, Any]:
    """The caps and quiet hours that hold for every rule."""
    return _gates(runtime().db.read(partial(gates.policy_of, workspace_id=caller().workspace_id)))


@texts_api.route("/workspace/gates", methods=["PUT"])
@texts_api.arguments(schemas.GatesInput)
@texts_api.response(200, schemas.GatesSchema)
def choose_gates(body: dict[str, Any]) -> dict[str, Any]:
    """Let other caps and quiet hours hold for every rule, for owners and admins; within a second they do."""
    me = caller()
    me.must_be("admin")
    return _gates(runtime().db.write(partial(gates.choose, workspace_id=me.workspace_id, tree=body)))


def _gates(policy: Policy) -> dict[str, Any]:
    return {**policy.to_tree(), "chosen": policy != frontdesk_rules.DEFAULT_POLICY}
