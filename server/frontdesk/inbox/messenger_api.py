"""The messenger's side of conversations: /messenger/v1, with the visitor's token."""

from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from frontdesk.core.border import Blueprint
from frontdesk.core.runtime import runtime
from frontdesk.inbox import conversations, dump, inputs, parts, queries, readings, schemas
from frontdesk.inbox.conversations import Start
from frontdesk.inbox.dump import Wire
from frontdesk.inbox.home import home
from frontdesk.inbox.parts import Author, Entry
from frontdesk.inbox.policy import page_seen
from frontdesk.inbox.ports import StartedFrom, inbox_ports
from frontdesk.inbox.principal import guard, visitor_scope
from frontdesk.inbox.signals import Typed
from frontdesk.people import queries as people

messenger_api = guard(
    Blueprint("messenger", __name__, url_prefix="/messenger/v1", description="What the messenger in a page asks.")
)


@messenger_api.route("/home")
@messenger_api.response(200, schemas.HomeSchema)
def show_home() -> Wire:
    """Who is there, how soon they answer, and what was said."""
    at = runtime()
    return at.db.read(partial(home, scope=visitor_scope(), now=at.clock()))


@messenger_api.route("/conversations")
@messenger_api.response(200, schemas.ConversationList)
def list_my_conversations() -> Wire:
    """The visitor's own conversations, newest activity first."""
    scope = visitor_scope()

    def query(session: Session) -> list[Wire]:
        return dump.for_visitor(session, queries.of_visitor(session, scope))

    return {"data": runtime().db.read(query), "next_cursor": None}


@messenger_api.route("/conversations", methods=["POST"])
@messenger_api.arguments(inputs.StartInput)
@messenger_api.response(201, schemas.StartedSchema)
def start_my_conversation(body: dict[str, Any]) -> Wire:
    """Start one, or answer an auto-message; the same `client_id` again answers with the same conversation."""
    scope, now, ports = visitor_scope(), runtime().clock(), inbox_ports()

    def job(session: Session) -> Wire:
        visitor = people.visitor(session, scope.workspace_id, scope.visitor_id or "")
        origin = StartedFrom(_page(body["page"]), body["locale"] or visitor.language or "en")
        asked = Start(body["client_id"], body["body"], origin, body["delivery"])
        found = conversations.start(session, visitor, asked, ports, now)
        session.flush()
        said = queries.parts(session, found, after=0, shown_only=True)
        return {
            "conversation": dump.for_visitor(session, [found])[0],
            "parts": dump.parts_for_visitor(session, scope.workspace_id, said),
        }

    return runtime().db.write(job)


@messenger_api.route("/conversations/<conversation_id>")
@messenger_api.response(200, schemas.ConversationSchema)
def show_my_conversation(conversation_id: str) -> Wire:
    """One of the visitor's conversations."""
    scope = visitor_scope()

    def query(session: Session) -> Wire:
        return dump.for_visitor(session, [queries.conversation(session, scope, conversation_id)])[0]

    return runtime().db.read(query)


@messenger_api.route("/conversations/<conversation_id>/parts")
@messenger_api.arguments(inputs.AfterQuery, location="query")
@messenger_api.response(200, schemas.PartList)
def list_my_parts(asked: dict[str, int], conversation_id: str) -> Wire:
    """What was said after `after`, oldest first."""
    scope = visitor_scope()

    def query(session: Session) -> Wire:
        found = queries.conversation(session, scope, conversation_id)
        said = queries.parts(session, found, after=asked["after"], shown_only=True)
        data = dump.parts_for_visitor(session, scope.workspace_id, said)
        return {"data": data, "last_seq": found.last_message_seq, "next_cursor": None}

    return runtime().db.read(query)


@messenger_api.route("/conversations/<conversation_id>/parts", methods=["POST"])
@messenger_api.arguments(inputs.SayInput)
@messenger_api.response(201, schemas.PartSchema)
def say_in_my_conversation(body: dict[str, Any], conversation_id: str) -> Wire:
    """Write; the same `client_id` again answers with the same part. A closed conversation opens again."""
    scope, now, ports = visitor_scope(), runtime().clock(), inbox_ports()
    page = _page(body["page"])
    me = Author("visitor", scope.visitor_id, None)
    entry = Entry("message", me, body["body"], body["client_id"], {"page": page} if page else None)

    def job(session: Session) -> Wire:
        found = queries.conversation(session, scope, conversation_id, lock=True)
        part, new = parts.say(session, found, entry, now)
        if new:
            ports.replied(session, found, now)
        return dump.parts_for_visitor(session, scope.workspace_id, [part])[0]

    return runtime().db.write(job)


@messenger_api.route("/conversations/<conversation_id>/read", methods=["POST"])
@messenger_api.arguments(inputs.ReadInput)
@messenger_api.response(204)
def read_my_conversation(body: dict[str, int], conversation_id: str) -> None:
    """The visitor has read up to `seq`."""
    scope = visitor_scope()

    def job(session: Session) -> None:
        found = queries.conversation(session, scope, conversation_id, lock=True)
        readings.visitor_has_read(session, found, body["seq"])

    runtime().db.write(job)


@messenger_api.route("/conversations/<conversation_id>/typing", methods=["POST"])
@messenger_api.response(204)
def type_in_my_conversation(conversation_id: str) -> None:
    """The visitor is typing: told to the teammates, kept nowhere."""
    signal = runtime().db.read(partial(visitor_types, scope=visitor_scope(), conversation_id=conversation_id))
    runtime().bus.publish([signal])


def visitor_types(session: Session, *, scope: queries.Scope, conversation_id: str) -> Typed:
    """The signal that this visitor types in its conversation."""
    found = queries.conversation(session, scope, conversation_id)
    person = people.persons_of_visitors(session, [found.visitor_id])[found.visitor_id]
    return Typed(found.id, found.workspace_id, found.visitor_id, "visitor", person.label)


def _page(given: dict[str, Any] | None) -> dict[str, Any] | None:
    return page_seen(given["url"], given["title"], given["dwell_ms"]) if given else None
