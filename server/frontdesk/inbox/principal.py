"""Who asks in the messenger: a visitor by its token. Any web page may carry a messenger, so any origin may ask."""

from functools import partial
from typing import cast

from flask import Response, g, request
from sqlalchemy.orm import Session

from frontdesk.core.border import Blueprint
from frontdesk.core.errors import Unauthenticated
from frontdesk.core.http import bearer
from frontdesk.core.runtime import runtime
from frontdesk.inbox.queries import Scope
from frontdesk.people.queries import visitor_by_token

# 86,400 s is the longest that a browser honours; without it each call from another site costs two round trips
_PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, POST",
    "Access-Control-Allow-Headers": "Authorization, Content-Type",
    "Access-Control-Max-Age": "86400",
}


def guard(blueprint: Blueprint) -> Blueprint:
    """Let only visitors with their token in, from pages of any origin."""
    blueprint.before_request(identify_visitor)
    blueprint.after_request(allow_any_origin)
    return blueprint


def scope_by_token(session: Session, token: str) -> Scope | None:
    """What the holder of a visitor token may see: its own visitor's conversations."""
    visitor = visitor_by_token(session, token)
    return Scope(visitor.workspace_id, visitor.id) if visitor else None


def identify_visitor() -> None:
    if request.method == "OPTIONS":
        return
    token = bearer()
    found = runtime().db.read(partial(scope_by_token, token=token)) if token else None
    if found is None:
        raise Unauthenticated("Nobody we know holds this token.", code="unknown_token")
    g.visitor_scope = found


def allow_any_origin(response: Response) -> Response:
    # safe with `*`: the token travels in a header that a page must set, never in a cookie
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cache-Control"] = "no-store"
    if request.method == "OPTIONS":
        response.headers.update(_PREFLIGHT)
    return response


def visitor_scope() -> Scope:
    """The scope of this request's visitor."""
    return cast(Scope, g.visitor_scope)
