"""What was collected, and how many events went which way: /api/v1/events, /api/v1/collect/counts."""

from datetime import timedelta
from typing import Any

from flask_smorest import Blueprint
from marshmallow import RAISE
from sqlalchemy.orm import Session

from frontdesk.accounts.auth import caller
from frontdesk.collect import queries, schemas
from frontdesk.collect.counts import counted, dump_counts
from frontdesk.core.errors import Invalid
from frontdesk.core.paging import listed
from frontdesk.core.runtime import runtime

events_api = Blueprint("events", __name__, url_prefix="/api/v1", description="What visitors and contacts did.")

_HOUR = timedelta(hours=1)
_USUAL_SPAN, _LONGEST_SPAN = timedelta(days=1), timedelta(days=92)


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


@events_api.route("/collect/counts")
@events_api.arguments(schemas.CountQuery, location="query", unknown=RAISE)
@events_api.response(200, schemas.CountList)
def count_events(asked: dict[str, Any]) -> dict[str, Any]:
    """How many events each step of collect let end, by hour and reason; and their sums. At most 92 days at once.

    `store` counts those that were stored; `person` those among them of which attributes were left out.
    What happened in the last five seconds may still be missing.
    """
    workspace_id, now = caller().workspace_id, runtime().clock()
    until = asked["until"] or now + _HOUR  # the hour that now is, too
    since = asked["since"] or until - _USUAL_SPAN
    if not timedelta() <= until - since <= _LONGEST_SPAN:
        raise Invalid(f"The time ends after it begins, {_LONGEST_SPAN.days} days later at most.", field="from")
    return runtime().db.read(
        lambda session: dump_counts(counted(session, workspace_id, since, until, asked["step"]))
    ) | {"next_cursor": None}
