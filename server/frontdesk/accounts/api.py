"""Sign in, set up, who works here, and keys of servers: /api/v1/session, /setup, /teammates, /teams, /api_keys."""

from functools import partial
from typing import Any

from flask import Response, make_response, request
from flask.views import MethodView

from frontdesk.accounts import api_keys, queries, schemas, sessions
from frontdesk.accounts.auth import COOKIE, LASTS, Caller, caller
from frontdesk.accounts.ports import CountOpen
from frontdesk.accounts.sessions import Login
from frontdesk.accounts.workspaces import NewTeammate
from frontdesk.core.border import Blueprint
from frontdesk.core.errors import Unauthenticated
from frontdesk.core.paging import listed
from frontdesk.core.runtime import runtime

session_api = Blueprint("session", __name__, url_prefix="/api/v1", description="Sign in and set up.")
keys_api = Blueprint("api_keys", __name__, url_prefix="/api/v1", description="Keys with which servers call us.")


@session_api.route("/session")
class SessionView(MethodView):
    """The log-in of this browser."""

    @session_api.arguments(schemas.LoginSchema)
    @session_api.response(200, schemas.MeSchema)
    def post(self, body: dict[str, str]) -> Response:
        """Sign in with e-mail and password; answers with Me and sets the session cookie."""
        at = runtime()
        # on a reader's thread: a password hash is slow on purpose and would hold up the hub
        teammate_id = at.db.read(partial(sessions.authenticate, email=body["email"], password=body["password"]))
        return _signed_in(at.db.write(partial(sessions.log_in, teammate_id=teammate_id, now=at.clock())))

    @session_api.response(200, schemas.MeSchema)
    def get(self) -> dict[str, Any]:
        """Who I am."""
        return _me(_teammate())

    @session_api.arguments(schemas.MeChange)
    @session_api.response(200, schemas.MeSchema)
    def patch(self, body: dict[str, Any]) -> dict[str, Any]:
        """Say whether I am available, and which language I read."""
        me = _teammate()

        def change(session: Any) -> None:
            row = queries.teammate(session, me.workspace_id, me.teammate_id or "")
            row.language = body.get("language", row.language)
            if "online" in body:
                sessions.set_available(session, row, available=body["online"])

        runtime().db.write(change)
        return _me(me)

    @session_api.response(204)
    def delete(self) -> Response:
        """Sign out: the session ends everywhere, its sockets too."""
        token = request.cookies.get(COOKIE)
        if token:
            runtime().db.write(partial(sessions.log_out, token=token))
        response = make_response("", 204)
        response.delete_cookie(COOKIE)
        return response


@session_api.route("/setup")
class SetupView(MethodView):
    """The one-time link of a new installation."""

    @session_api.arguments(schemas.SetupQuery, location="query")
    @session_api.response(200, schemas.SetupState)
    def get(self, query: dict[str, str]) -> dict[str, bool]:
        """Whether the link can still be used."""
        at = runtime()
        return {"valid": at.db.read(partial(sessions.setup_open, token=query["token"], now=at.clock()))}

    @session_api.arguments(schemas.SetupSchema)
    @session_api.response(200, schemas.MeSchema)
    def post(self, body: dict[str, str]) -> Response:
        """Create the workspace and its owner, and sign in."""
        at = runtime()
        owner = NewTeammate(name=body["name"], email=body["email"], password=body["password"], role="owner")
        job = partial(
            sessions.set_up, token=body["token"], workspace_name=body["workspace"], owner=owner, now=at.clock()
        )
        return _signed_in(at.db.write(job))


def colleagues(count_open: CountOpen) -> Blueprint:
    """Teammates and teams; `count_open` tells how busy each is."""
    blp = Blueprint("colleagues", __name__, url_prefix="/api/v1", description="Who works here.")

    @blp.route("/teammates")
    @blp.response(200, schemas.TeammateList)
    def list_teammates() -> dict[str, Any]:
        """Everyone who works in this workspace, with presence and load."""
        now, me = runtime().clock(), caller()

        def query(session: Any) -> list[dict[str, Any]]:
            counts = count_open(session, me.workspace_id)
            teams = queries.teams(session, me.workspace_id)
            return [
                queries.dump_teammate(row, [team.id for team, members in teams if row.id in members], now)
                | {"open_count": counts.teammates.get(row.id, 0)}
                for row in queries.teammates(session, me.workspace_id)
            ]

        return {"data": runtime().db.read(query), "next_cursor": None}

    @blp.route("/teams")
    @blp.response(200, schemas.TeamList)
    def list_teams() -> dict[str, Any]:
        """The teams and their members."""
        me = caller()

        def query(session: Any) -> list[dict[str, Any]]:
            counts = count_open(session, me.workspace_id)
            return [
                {
                    "id": team.id,
                    "key": team.key,
                    "name": team.name,
                    "member_ids": members,
                    "open_count": counts.teams.get(team.id, 0),
                }
                for team, members in queries.teams(session, me.workspace_id)
            ]

        return {"data": runtime().db.read(query), "next_cursor": None}

    return blp


@keys_api.route("/api_keys")
@keys_api.response(200, schemas.ApiKeyList)
def list_api_keys() -> dict[str, Any]:
    """The API keys of the workspace, the newest first; for owners and admins. The keys themselves are not kept."""
    me = caller()
    me.must_be("admin")
    rows = runtime().db.read(partial(queries.api_keys, workspace_id=me.workspace_id))
    return listed([queries.dump_api_key(row) for row in rows])


@keys_api.route("/api_keys", methods=["POST"])
@keys_api.arguments(schemas.NewApiKey)
@keys_api.response(201, schemas.ShownApiKey)
def make_api_key(body: dict[str, str]) -> dict[str, str]:
    """Make a key, for owners and admins who are signed in. The answer shows it; nothing ever shows it again."""
    at, me = runtime(), _keeper_of_keys()
    new = at.db.write(partial(api_keys.make, workspace_id=me.workspace_id, name=body["name"], now=at.clock()))
    return queries.dump_api_key(new.row) | {"key": new.key}


@keys_api.route("/api_keys/<api_key_id>", methods=["DELETE"])
@keys_api.response(204)
def revoke_api_key(api_key_id: str) -> None:
    """End a key, for owners and admins who are signed in: here at once, for events within 5 seconds."""
    me = _keeper_of_keys()

    def job(session: Any) -> None:
        api_keys.revoke(session, queries.api_key(session, me.workspace_id, api_key_id))

    runtime().db.write(job)


def _keeper_of_keys() -> Caller:
    me = caller()
    me.must_be("admin")
    me.must_be_person()
    return me


def _teammate() -> Caller:
    me = caller()
    if me.teammate_id is None:
        raise Unauthenticated("An API key is not a teammate.")
    return me


def _me(me: Caller) -> dict[str, Any]:
    at = runtime()
    teammate_id = me.teammate_id or ""
    return at.db.read(partial(queries.me, workspace_id=me.workspace_id, teammate_id=teammate_id, now=at.clock()))


def _signed_in(login: Login) -> Response:
    me = Caller(login.workspace_id, login.teammate_id, role="", name="")
    response = make_response(schemas.MeSchema().dump(_me(me)))
    response.set_cookie(
        COOKIE,
        login.token,
        max_age=int(LASTS.total_seconds()),
        httponly=True,
        samesite="Lax",
        secure=request.is_secure,
    )
    return response
