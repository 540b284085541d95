"""Dead letters: what was refused, looked at."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select, tuple_
from sqlalchemy.orm import Session as Db

from frontdesk.collect.models import DeadLetter
from frontdesk.collect.refusals import without_keys
from frontdesk.core.clock import iso, to_ms
from frontdesk.core.errors import NotFound
from frontdesk.core.paging import paged, read_cursor


@dataclass(frozen=True, slots=True)
class Which:
    """Letters of a workspace: by code, received since, those that wait or those that were replayed; None: any."""

    workspace_id: str
    code: str | None = None
    since: datetime | None = None
    replayed: bool | None = None

    def query(self) -> Select[DeadLetter]:
        asked = select(DeadLetter).where(DeadLetter.workspace_id == self.workspace_id)
        if self.code:
            asked = asked.where(DeadLetter.code == self.code)
        if self.since:
            asked = asked.where(DeadLetter.received_at >= self.since)
        if self.replayed is not None:
            asked = asked.where(
                DeadLetter.replayed_at.is_not(None) if self.replayed else DeadLetter.replayed_at.is_(None)
            )
        return asked


def letters(session: Db, which: Which, limit: int, cursor: str | None) -> tuple[Sequence[DeadLetter], str | None]:
    """Newest first: a page of them, and the cursor of the next."""
    asked = which.query()
    if cursor:
        at, row_id = read_cursor(cursor)
        asked = asked.where(tuple_(DeadLetter.received_at, DeadLetter.id) < tuple_(to_ms(at), row_id))
    newest = asked.order_by(DeadLetter.received_at.desc(), DeadLetter.id.desc()).limit(limit + 1)
    return paged(session.scalars(newest).all(), limit, lambda row: (row.received_at, row.id))


def letter(session: Db, workspace_id: str, letter_id: str) -> DeadLetter:
    row = session.get(DeadLetter, letter_id)
    if row is None or row.workspace_id != workspace_id:
        raise NotFound(f"There is no letter {letter_id}.")
    return row


def named(session: Db, workspace_id: str, ids: Sequence[str]) -> list[str]:
    """These ids, each once. NotFound for one that this workspace has not."""
    return [letter(session, workspace_id, letter_id).id for letter_id in dict.fromkeys(ids)]


def waiting(session: Db, which: Which, after: tuple[datetime, str] | None, limit: int) -> list[tuple[datetime, str]]:
    """The next of those to replay, in the order in which they came: when each was received, and its id.

    Of what was refused before consent could be asked only the reason was kept, so that there is nothing to replay.
    """
    asked = which.query().where(DeadLetter.body != "").with_only_columns(DeadLetter.received_at, DeadLetter.id)
    if after:
        asked = asked.where(tuple_(DeadLetter.received_at, DeadLetter.id) > tuple_(to_ms(after[0]), after[1]))
    found = session.execute(asked.order_by(DeadLetter.received_at, DeadLetter.id).limit(limit))
    return [(at, row_id) for at, row_id in found]


def dump_letter(row: DeadLetter) -> dict[str, Any]:
    return {
        "id": row.id,
        "message_id": row.message_id,
        "step": row.step,
        "code": row.code,
        "field": row.field,
        "detail": row.detail,
        "verified": row.verified,
        "site": row.site_id,
        "received_at": iso(row.received_at),
        "replayed_at": iso(row.replayed_at) if row.replayed_at else None,
    }


def dump_whole(row: DeadLetter) -> dict[str, Any]:
    """With its body, and what its batch said for all its items, both as JSON."""
    return dump_letter(row) | {"body": without_keys(row.body), "context": row.context}
