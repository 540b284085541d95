"""Who is here, and whom we know: /api/v1/people; who was recognised as whom: /api/v1/merges."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from frontdesk.accounts.auth import caller
from frontdesk.core.border import Blueprint
from frontdesk.core.paging import listed
from frontdesk.core.runtime import runtime
from frontdesk.people import consents, lists, merges, queries, schemas
from frontdesk.people.ports import CountConversations, Joined
from frontdesk.people.queries import Person


def blueprint(count_conversations: CountConversations, joined: Joined) -> Blueprint:
    """The routes of people; the inbox counts their conversations, and rules look again at who is one with another."""
    blp = Blueprint("people", __name__, url_prefix="/api/v1", description="Visitors and contacts.")

    def profiles(session: Session, persons: Sequence[Person], now: datetime) -> list[dict[str, Any]]:
        return lists.profiles(session, persons, now, count_conversations)

    @blp.route("/people")
    @blp.arguments(schemas.PeopleQuery, location="query")
    @blp.response(200, schemas.PersonList)
    def list_people(asked: dict[str, Any]) -> dict[str, Any]:
        """Who is on the site now (`online=true`), or contacts, those seen last first."""
        workspace_id, now, limit = caller().workspace_id, runtime().clock(), asked["limit"]

        def query(session: Session) -> dict[str, Any]:
            if asked["online"]:
                return listed(profiles(session, lists.here_now(session, workspace_id, limit, now), now))
            found, following = lists.contacts(session, workspace_id, q=asked["q"], limit=limit, cursor=asked["cursor"])
            return listed(profiles(session, found, now), following)

        return runtime().db.read(query)

    @blp.route("/people/<person_id>")
    @blp.response(200, schemas.PersonSchema)
    def get_person(person_id: str) -> dict[str, Any]:
        """One person, by contact or visitor id."""
        workspace_id, now = caller().workspace_id, runtime().clock()

        def query(session: Session) -> dict[str, Any]:
            return profiles(session, [queries.person(session, workspace_id, person_id)], now)[0]

        return runtime().db.read(query)

    _add_merges(blp, joined)
    _add_consents(blp)
    return blp


def _add_merges(blp: Blueprint, joined: Joined) -> None:
    @blp.route("/merges")
    @blp.arguments(schemas.MergeQuery, location="query")
    @blp.response(200, schemas.MergeList)
    def list_merges(asked: dict[str, Any]) -> dict[str, Any]:
        """Who was recognised as whom, of one visitor or contact, newest first, with what was undone."""
        workspace_id = caller().workspace_id

        def query(session: Session) -> dict[str, Any]:
            queries.person(session, workspace_id, asked["person"])  # who is not here has no list, not an empty one
            found, following = queries.merges(session, workspace_id, **asked)
            return listed([lists.dump_merge(row) for row in found], following)

        return runtime().db.read(query)

    @blp.route("/merges", methods=["POST"])
    @blp.arguments(schemas.NewMerge)
    @blp.response(200, schemas.MergeSchema)
    def merge(body: dict[str, str]) -> dict[str, Any]:
        """This visitor is this contact. Refused with `conflict` when it is known as another: undo that first."""
        me, now = caller(), runtime().clock()

        def job(session: Session) -> dict[str, Any]:
            visitor = queries.visitor(session, me.workspace_id, body["visitor"])
            contact = queries.contact(session, me.workspace_id, body["contact"])
            row = merges.merge(session, visitor, contact, me.teammate_id, now)
            joined(session, me.workspace_id, merges.known_as(row), now)
            return lists.dump_merge(row)

        return runtime().db.write(job)

    @blp.route("/merges/<merge_id>/undo", methods=["POST"])
    @blp.response(200, schemas.MergeSchema)
    def undo(merge_id: str) -> dict[str, Any]:
        """The visitor is again who it was before. Refused with `conflict` when a later merge of it still stands."""
        me, now = caller(), runtime().clock()

        def job(session: Session) -> dict[str, Any]:
            row = queries.merge(session, me.workspace_id, merge_id)
            merges.undo(session, row, me.teammate_id, now)
            joined(session, me.workspace_id, merges.known_as(row), now)
            return lists.dump_merge(row)

        return runtime().db.write(job)


def _add_consents(blp: Blueprint) -> None:
    @blp.route("/people/<person_id>/consents")
    @blp.response(200, schemas.ConsentsSchema)
    def get_consents(person_id: str) -> dict[str, Any]:
        """What this person said to messages, by their class."""
        workspace_id = caller().workspace_id
        return runtime().db.read(
            lambda session: consents.consents(session, queries.person(session, workspace_id, person_id))
        )

    @blp.route("/people/<person_id>/consents", methods=["PUT"])
    @blp.arguments(schemas.ConsentsInput)
    @blp.response(200, schemas.ConsentsSchema)
    def set_consents(body: dict[str, bool], person_id: str) -> dict[str, Any]:
        """Note what this person says to messages of these classes; what is not named stays."""
        workspace_id, now = caller().workspace_id, runtime().clock()

        def job(session: Session) -> dict[str, Any]:
            person = queries.person(session, workspace_id, person_id)
            consents.change(session, person, body, now)
            return consents.consents(session, person)

        return runtime().db.write(job)
