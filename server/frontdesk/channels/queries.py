"""The one door to the outbox: what waits and what was given up."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import literal_column, select, tuple_
from sqlalchemy.orm import Session

from frontdesk.channels.models import OutboxRow
from frontdesk.core.clock import iso, to_ms
from frontdesk.core.errors import NotFound
from frontdesk.core.paging import paged, read_cursor

STATES: Final = ("pending", "dead")
_LEFT = OutboxRow.state != literal_column("'done'")


@dataclass(frozen=True, slots=True)
class Which:
    """Of a workspace; those in one state, of one channel."""

    workspace_id: str
    state: str | None = None
    channel: str | None = None


def left(
    session: Session, which: Which, limit: int, cursor: str | None = None
) -> tuple[Sequence[OutboxRow], str | None]:
    """What is not done, newest first, and where the next page begins."""
    query = select(OutboxRow).where(OutboxRow.workspace_id == which.workspace_id, _LEFT)
    if which.state:
        query = query.where(OutboxRow.state == which.state)
    if which.channel:
        query = query.where(OutboxRow.channel == which.channel)
    if cursor:
        at, row_id = read_cursor(cursor)
        query = query.where(tuple_(OutboxRow.created_at, OutboxRow.id) < tuple_(to_ms(at), row_id))
    rows = session.scalars(query.order_by(OutboxRow.created_at.desc(), OutboxRow.id.desc()).limit(limit + 1)).all()
    return paged(rows, limit, lambda row: (row.created_at, row.id))


def parcel(session: Session, workspace_id: str, parcel_id: str) -> OutboxRow:
    """The parcel, locked, or NotFound where it is not of this workspace."""
    row = session.get(OutboxRow, parcel_id, with_for_update=True)
    if row is None or row.workspace_id != workspace_id:
        raise NotFound("There is no such parcel.")
    return row


def dump(row: OutboxRow) -> dict[str, Any]:
    """Parcel, as on the wire: what is in it is not shown, for it may be a letter."""
    return {
        "id": row.id,
        "channel": row.channel,
        "endpoint": row.endpoint,
        "key": row.key,
        "state": row.state,
        "tries": row.tries,
        "error": row.error,
        "next_at": iso(row.next_at) if row.state == "pending" else None,
        "created_at": iso(row.created_at),
        "done_at": iso(row.done_at) if row.done_at else None,
    }
