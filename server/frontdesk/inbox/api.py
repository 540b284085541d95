"""The teammates' side of conversations: /api/v1/inbox, /api/v1/conversations."""

from collections.abc import Callable
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from frontdesk.accounts import queries as accounts
from frontdesk.accounts.auth import Caller, caller
from frontdesk.core.border import Blueprint
from frontdesk.core.errors import Conflict, Invalid
from frontdesk.core.runtime import runtime
from frontdesk.inbox import conversations, dump, inputs, parts, queries, readings, schemas, views
from frontdesk.inbox.conversations import Assigned
from frontdesk.inbox.dump import Wire
from frontdesk.inbox.models import Conversation
from frontdesk.inbox.parts import Author, Entry
from frontdesk.inbox.ports import inbox_ports
from frontdesk.inbox.queries import Scope
from frontdesk.inbox.signals import Typed
from frontdesk.people import queries as people

inbox_api = Blueprint("inbox", __name__, url_prefix="/api/v1", description="The inbox and its conversations.")

Act = Callable[[Session, Conversation], None]


def _author(me: Caller) -> Author:
    return Author("teammate", me.teammate_id, me.name)


@inbox_api.route("/inbox/views")
@inbox_api.response(200, schemas.ViewList)
def list_views() -> Wire:
    """The views of the inbox and how many conversations each holds."""
    return {"data": runtime().db.read(partial(views.counts, caller=caller())), "next_cursor": None}


@inbox_api.route("/conversations")
@inbox_api.arguments(inputs.ConversationQuery, location="query")
@inbox_api.response(200, schemas.SummaryList)
def list_conversations(asked: dict[str, Any]) -> Wire:
    """The conversations of a view, newest activity first."""
    me, now, page = caller(), runtime().clock(), views.Page(**asked)

    def query(session: Session) -> Wire:
        rows, cursor = views.page(session, me, page)
        return {"data": dump.for_teammate(session, rows, me.teammate_id, now), "next_cursor": cursor}

    return runtime().db.read(query)


@inbox_api.route("/conversations", methods=["POST"])
@inbox_api.arguments(inputs.TeammateStartInput)
@inbox_api.response(201, schemas.SummarySchema)
def start_conversation(body: dict[str, str]) -> Wire:
    """Write to a person first; the conversation is then the teammate's own."""
    me, now = caller(), runtime().clock()
    first = Entry("message", _author(me), body["body"], body["client_id"])

    def job(session: Session) -> Wire:
        person = people.person(session, me.workspace_id, body["person"])
        if person.visitor is None:
            raise Conflict("This person has never been seen in a browser.", field="person", code="unreachable")
        found = conversations.start_by_teammate(session, person.visitor, first, now)
        return dump.for_teammate(session, [found], me.teammate_id, now)[0]

    return runtime().db.write(job)


@inbox_api.route("/conversations/<conversation_id>")
@inbox_api.response(200, schemas.SummarySchema)
def show_conversation(conversation_id: str) -> Wire:
    """One conversation."""
    me, now = caller(), runtime().clock()

    def query(session: Session) -> Wire:
        found = queries.conversation(session, Scope(me.workspace_id), conversation_id)
        return dump.for_teammate(session, [found], me.teammate_id, now)[0]

    return runtime().db.read(query)


@inbox_api.route("/conversations/<conversation_id>/parts")
@inbox_api.arguments(inputs.AfterQuery, location="query")
@inbox_api.response(200, schemas.InsidePartList)
def list_parts(asked: dict[str, int], conversation_id: str) -> Wire:
    """Everything after `after`, notes, assignments and changes included, oldest first."""
    me = caller()

    def query(session: Session) -> Wire:
        found = queries.conversation(session, Scope(me.workspace_id), conversation_id)
        rows = queries.parts(session, found, after=asked["after"], shown_only=False)
        data = dump.parts_for_teammate(session, found, rows)
        return {"data": data, "last_seq": found.last_seq, "next_cursor": None}

    return runtime().db.read(query)


@inbox_api.route("/conversations/<conversation_id>/parts", methods=["POST"])
@inbox_api.arguments(inputs.ReplyInput)
@inbox_api.response(201, schemas.InsidePartSchema)
def add_part(body: dict[str, str], conversation_id: str) -> Wire:
    """Answer the visitor, or leave a note; who answers first takes the conversation on."""
    me, now, ports = caller(), runtime().clock(), inbox_ports()
    entry = Entry(body["kind"], _author(me), body["body"], body["client_id"])

    def job(session: Session) -> Wire:
        found = queries.conversation(session, Scope(me.workspace_id), conversation_id, lock=True)
        if entry.kind == "note":
            part = parts.note(session, found, entry, now)
        else:
            part = conversations.answer(session, found, entry, ports, now)
        return dump.parts_for_teammate(session, found, [part])[0]

    return runtime().db.write(job)


@inbox_api.route("/conversations/<conversation_id>/assign", methods=["POST"])
@inbox_api.arguments(inputs.AssignInput)
@inbox_api.response(200, schemas.SummarySchema)
def assign_conversation(body: dict[str, str | None], conversation_id: str) -> Wire:
    """Say who answers; null is nobody, a missing field stays as it is."""
    me, now = caller(), runtime().clock()

    def act(session: Session, found: Conversation) -> None:
        teammate = _teammate(session, me, body.get("teammate", found.assignee_id))
        team = _team(session, me, body.get("team", found.team_id))
        conversations.assign(session, found, Assigned(teammate, team, _author(me)), now)

    return _acted(me, conversation_id, act)


@inbox_api.route("/conversations/<conversation_id>/close", methods=["POST"])
@inbox_api.response(200, schemas.SummarySchema)
def close_conversation(conversation_id: str) -> Wire:
    """Done. It opens again when the visitor writes."""
    me, now, closed = caller(), runtime().clock(), inbox_ports().closed

    def act(session: Session, found: Conversation) -> None:
        conversations.close(session, found, by=_author(me), now=now)
        closed(session, found, now)

    return _acted(me, conversation_id, act)


@inbox_api.route("/conversations/<conversation_id>/reopen", methods=["POST"])
@inbox_api.response(200, schemas.SummarySchema)
def reopen_conversation(conversation_id: str) -> Wire:
    """Not done after all."""
    me, now = caller(), runtime().clock()
    return _acted(me, conversation_id, partial(conversations.reopen, by=_author(me), now=now))


@inbox_api.route("/conversations/<conversation_id>/read", methods=["POST"])
@inbox_api.arguments(inputs.ReadInput)
@inbox_api.response(204)
def read_conversation(body: dict[str, int], conversation_id: str) -> None:
    """This teammate has read up to `seq`."""
    me = caller()

    def job(session: Session) -> None:
        found = queries.conversation(session, Scope(me.workspace_id), conversation_id, lock=True)
        readings.teammate_has_read(session, found, me.teammate_id, body["seq"])

    runtime().db.write(job)


@inbox_api.route("/conversations/<conversation_id>/typing", methods=["POST"])
@inbox_api.response(204)
def type_in_conversation(conversation_id: str) -> None:
    """This teammate is typing: told to the visitor and the others, kept nowhere."""
    signal = runtime().db.read(partial(teammate_types, me=caller(), conversation_id=conversation_id))
    runtime().bus.publish([signal])


def teammate_types(session: Session, *, me: Caller, conversation_id: str) -> Typed:
    """The signal that this teammate types in a conversation."""
    found = queries.conversation(session, Scope(me.workspace_id), conversation_id)
    return Typed(found.id, found.workspace_id, found.visitor_id, "teammate", me.name)


def _acted(me: Caller, conversation_id: str, act: Act) -> Wire:
    now = runtime().clock()

    def job(session: Session) -> Wire:
        found = queries.conversation(session, Scope(me.workspace_id), conversation_id, lock=True)
        act(session, found)
        return dump.for_teammate(session, [found], me.teammate_id, now)[0]

    return runtime().db.write(job)


def _teammate(session: Session, me: Caller, teammate_id: str | None) -> dict[str, str] | None:
    if teammate_id is None:
        return None
    row = accounts.teammate(session, me.workspace_id, teammate_id)
    if row.role == "viewer":
        raise Invalid("A viewer cannot answer.", field="teammate")
    return {"id": row.id, "name": row.name}


def _team(session: Session, me: Caller, team_id: str | None) -> dict[str, str] | None:
    if team_id is None:
        return None
    row = accounts.team(session, me.workspace_id, team_id)
    return {"id": row.id, "name": row.name}
