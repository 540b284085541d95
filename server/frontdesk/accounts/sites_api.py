"""The sites of a workspace and what each takes: /api/v1/sites."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from flask import Response
from werkzeug.exceptions import HTTPException

from frontdesk.accounts import queries, schemas, sites
from frontdesk.accounts.auth import caller
from frontdesk.accounts.models import Site
from frontdesk.accounts.site_rules import SettingsRefused, as_settings
from frontdesk.core.border import Blueprint
from frontdesk.core.clock import iso
from frontdesk.core.http import json_response, problem
from frontdesk.core.paging import listed
from frontdesk.core.runtime import runtime

sites_api = Blueprint("sites", __name__, url_prefix="/api/v1", description="Web sites, and what each takes.")


@sites_api.errorhandler(SettingsRefused)
def answer_refused(error: SettingsRefused) -> Response:
    """The problem, with every entry that is bad: `errors: [{path, reason}]`."""
    status, body = problem(error)
    found = [{"path": path, "reason": reason} for path, reason in error.errors]
    return json_response(body | {"errors": found}, status, mimetype="application/problem+json")


@sites_api.errorhandler(422)
def answer_unsound(error: HTTPException) -> Response:
    """What is not even of the right kind, told as bad entries are, and together with them."""
    found = list(_reasons(getattr(error, "data", {}).get("messages", {})))
    response: Response = answer_refused(SettingsRefused(found))
    return response


def _reasons(messages: Any, *steps: str) -> Iterator[tuple[str, str]]:
    """Path and reason of each of marshmallow's nested messages."""
    if isinstance(messages, dict):
        for step, inner in messages.items():
            yield from _reasons(inner, *steps, *([] if step in {"json", "_schema"} else [str(step)]))
    else:
        yield from ((".".join(steps), str(message)) for message in messages)


@sites_api.route("/sites")
@sites_api.response(200, schemas.SiteList)
def list_sites() -> dict[str, Any]:
    """All sites of the workspace, the oldest first."""
    found = runtime().db.read(partial(queries.sites, workspace_id=caller().workspace_id))
    return listed([_dump(site) for site in found])


@sites_api.route("/sites/<site_id>")
@sites_api.response(200, schemas.WholeSite)
def get_site(site_id: str) -> dict[str, Any]:
    """One site and what it takes."""
    return _dump(runtime().db.read(partial(queries.site, workspace_id=caller().workspace_id, site_id=site_id)))


@sites_api.route("/sites/<site_id>", methods=["PATCH"])
@sites_api.arguments(schemas.SiteRulesSchema)
@sites_api.response(200, schemas.WholeSite)
def change_site(body: dict[str, Any], site_id: str) -> dict[str, Any]:
    """Change what a site takes, for owners and admins; what is not named stays. It holds within 5 seconds."""
    me = caller()
    me.must_be("admin")
    job = partial(sites.change, workspace_id=me.workspace_id, site_id=site_id, settings=body)
    return _dump(runtime().db.write(job))


def _dump(site: Site) -> dict[str, Any]:
    return {
        "id": site.id,
        "name": site.name,
        "key": site.key,
        "color": site.color,
        "corner": site.corner,
        "created_at": iso(site.created_at),
        **as_settings(queries.rules_of(site)),
    }
