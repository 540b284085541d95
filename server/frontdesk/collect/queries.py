"""The one door to events."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session as Db

from frontdesk.collect.models import Event
from frontdesk.core.clock import iso, to_ms
from frontdesk.core.paging import paged, read_cursor
from frontdesk.people.queries import event_person_ids, person


def events(db: Db, workspace_id: str, asked: dict[str, Any]) -> tuple[Sequence[Event], str | None]:
    """Newest first, filtered by `person` (all of its browsers) and `name`."""
    query = select(Event).where(Event.workspace_id == workspace_id)
    if asked["person"]:
        query = query.where(Event.person_id.in_(event_person_ids(db, person(db, workspace_id, asked["person"]))))
    if asked["name"]:
        query = query.where(Event.name == asked["name"])
    if asked["cursor"]:
        at, row_id = read_cursor(asked["cursor"])
        query = query.where(tuple_(Event.occurred_at, Event.id) < tuple_(to_ms(at), row_id))
    newest = query.order_by(Event.occurred_at.desc(), Event.id.desc()).limit(asked["limit"] + 1)
    return paged(db.scalars(newest).all(), asked["limit"], lambda row: (row.occurred_at, row.id))


def dump_event(row: Event) -> dict[str, Any]:
    return {
        "id": row.id,
        "type": row.type,
        "name": row.name,
        "url": row.url,
        "path": row.path,
        "title": row.title,
        "properties": row.properties,
        "session_id": row.session_id,
        "person": row.person_id,
        "message_id": row.message_id,
        "verified": row.verified,
        "occurred_at": iso(row.occurred_at),
    }
