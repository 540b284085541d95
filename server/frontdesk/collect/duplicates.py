"""Once per (workspace, messageId): the same content again is a duplicate, other content is a conflict."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import cast

from sqlalchemy import Table, select, tuple_
from sqlalchemy.orm import Session

from frontdesk.collect.checks import Rejected
from frontdesk.collect.models import MessageSeen
from frontdesk.collect.parse import Parsed, Refusal
from frontdesk.core.db.statements import insert_new

Seen = tuple[str, str]
"""(workspace id, message id)."""


def sift(session: Session, items: Sequence[tuple[str, Parsed]], now: datetime) -> list[Rejected | None]:
    """For each (workspace id, item): None when it is new, else DUPLICATE or CONFLICT. New ones are noted as seen."""
    rows = {
        (workspace_id, item.message_id): {
            "workspace_id": workspace_id,
            "message_id": item.message_id,
            "content_hash": item.content_hash,
            "seen_at": now,
        }
        for workspace_id, item in reversed(items)
    }
    new = {
        (workspace_id, message_id)
        for workspace_id in {workspace_id for workspace_id, _ in rows}
        for message_id in insert_new(
            session,
            cast(Table, MessageSeen.__table__),
            [row for key, row in rows.items() if key[0] == workspace_id],
            "message_id",
        )
    }
    hashes = _hashes(session, rows.keys() - new) | {key: rows[key]["content_hash"] for key in new}
    return [_verdict(workspace_id, item, new, hashes) for workspace_id, item in items]


def _verdict(workspace_id: str, item: Parsed, new: set[Seen], hashes: dict[Seen, object]) -> Rejected | None:
    key = (workspace_id, item.message_id)
    if hashes[key] != item.content_hash:
        return Rejected.CONFLICT
    if key in new:
        new.discard(key)  # the first of several in one group is the new one
        return None
    return Rejected.DUPLICATE


def _hashes(session: Session, keys: Iterable[Seen]) -> dict[Seen, object]:
    wanted = list(keys)
    if not wanted:
        return {}
    found = session.execute(
        select(MessageSeen.workspace_id, MessageSeen.message_id, MessageSeen.content_hash).where(
            tuple_(MessageSeen.workspace_id, MessageSeen.message_id).in_(wanted)
        )
    )
    return {(workspace_id, message_id): content_hash for workspace_id, message_id, content_hash in found}


def conflict(item: Parsed) -> Refusal:
    detail = "This messageId was used before, for other content."
    return Refusal(item.message_id, Rejected.CONFLICT, "messageId", detail, item.body)
