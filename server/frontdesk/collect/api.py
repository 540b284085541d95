"""What was collected: /api/v1/events."""

from typing import Any

from flask_smorest import Blueprint
from sqlalchemy.orm import Session

from frontdesk.accounts.auth import caller
from frontdesk.collect import queries, schemas
from frontdesk.core.paging import listed
from frontdesk.core.runtime import runtime

events_api = Blueprint("events", __name__, url_prefix="/api/v1", description="What visitors and contacts did.")


@events_api.route("/events")
@events_api.arguments(schemas.EventQuery, location="query")
@events_api.response(200, schemas.EventList)
def list_events(asked: dict[str, Any]) -> dict[str, Any]:
    """Events, newest first, of everyone or of one person."""
    workspace_id = caller().workspace_id

    def query(session: Session) -> dict[str, Any]:
        found, following = queries.events(session, workspace_id, asked)
        return listed([queries.dump_event(row) for row in found], following)

    return runtime().db.read(query)
