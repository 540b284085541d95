"""Who is here, and whom we know: /api/v1/people."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask_smorest import Blueprint
from sqlalchemy.orm import Session

from frontdesk.accounts.auth import caller
from frontdesk.core.paging import listed
from frontdesk.core.runtime import runtime
from frontdesk.people import lists, queries, schemas
from frontdesk.people.ports import CountConversations
from frontdesk.people.queries import Person


def blueprint(count_conversations: CountConversations) -> Blueprint:
    """The routes of people; the inbox counts their conversations."""
    blp = Blueprint("people", __name__, url_prefix="/api/v1", description="Visitors and contacts.")

    def profiles(session: Session, persons: Sequence[Person], now: datetime) -> list[dict[str, Any]]:
        counts = count_conversations(session, [one.visitor.id for one in persons if one.visitor])
        had = [counts.get(one.visitor.id, 0) if one.visitor else 0 for one in persons]
        return [
            lists.profile(session, one, now) | {"conversations": number}
            for one, number in zip(persons, had, strict=True)
        ]

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

    return blp
