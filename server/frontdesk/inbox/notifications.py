"""What teammates are told: by a rule, about a person, perhaps in a conversation."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, cast

from sqlalchemy import Table, select, tuple_, update
from sqlalchemy.orm import Session

from frontdesk.core.clock import iso, to_ms
from frontdesk.core.db import bulk
from frontdesk.core.errors import NotFound
from frontdesk.core.ids import new_id
from frontdesk.core.paging import paged, read_cursor
from frontdesk.core.signals import announce
from frontdesk.inbox.models import Notification
from frontdesk.inbox.signals import TeammateNotified

_COLUMNS: Final = (
    "id", "workspace_id", "teammate_id", "key", "text", "person_id", "conversation_id", "rule_id", "created_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Notice:
    """What to tell; `text` by locale. Each teammate is told once under the same `key`."""

    workspace_id: str
    key: str
    text: Mapping[str, str]
    person_id: str | None
    conversation_id: str | None
    rule_id: str | None


def tell(session: Session, notice: Notice, teammate_ids: Collection[str], now: datetime) -> None:
    """Tell all of these, each once."""
    about = (notice.key, dict(notice.text), notice.person_id, notice.conversation_id, notice.rule_id, now)
    rows = [(new_id("ntf", now), notice.workspace_id, each, *about) for each in sorted(set(teammate_ids))]
    table = cast(Table, Notification.__table__)
    for notification_id, teammate_id in bulk.insert_new(session, table, _COLUMNS, rows, ("id", "teammate_id")):
        announce(session, TeammateNotified(notice.workspace_id, teammate_id, notification_id))


def of_teammate(
    session: Session, teammate_id: str, *, unread: bool, limit: int, cursor: str | None
) -> tuple[Sequence[Notification], str | None]:
    """What this teammate was told, newest first."""
    query = select(Notification).where(Notification.teammate_id == teammate_id)
    if unread:
        query = query.where(Notification.read_at.is_(None))
    if cursor:
        at, row_id = read_cursor(cursor)
        query = query.where(tuple_(Notification.created_at, Notification.id) < tuple_(to_ms(at), row_id))
    newest = query.order_by(Notification.created_at.desc(), Notification.id.desc())
    return paged(session.scalars(newest.limit(limit + 1)).all(), limit, lambda row: (row.created_at, row.id))


def notification(session: Session, teammate_id: str, notification_id: str) -> Notification:
    """The notification, or NotFound where it is not this teammate's."""
    row = session.get(Notification, notification_id)
    if row is None or row.teammate_id != teammate_id:
        raise NotFound("There is no such notification.")
    return row


def read(session: Session, teammate_id: str, notification_id: str, now: datetime) -> None:
    """This teammate has read it; saying so again changes nothing."""
    row = notification(session, teammate_id, notification_id)
    row.read_at = row.read_at or now
    session.flush()


def read_all(session: Session, teammate_id: str, now: datetime) -> None:
    """This teammate has read all there is."""
    unread = update(Notification).where(Notification.teammate_id == teammate_id, Notification.read_at.is_(None))
    session.execute(unread.values(read_at=now))


def dump(row: Notification) -> dict[str, Any]:
    """Notification, as on the wire."""
    return {
        "id": row.id,
        "text": row.text,
        "person": row.person_id,
        "conversation": row.conversation_id,
        "rule": row.rule_id,
        "created_at": iso(row.created_at),
        "read_at": iso(row.read_at) if row.read_at else None,
    }
