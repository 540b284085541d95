"""Dead letters: what was refused, looked at and sent again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import Select, select, tuple_
from sqlalchemy.orm import Session as Db

from frontdesk.collect.counts import count
from frontdesk.collect.door.draft import Client, Received
from frontdesk.collect.door.parse import Parsed
from frontdesk.collect.door.pipeline import parse_item
from frontdesk.collect.models import DeadLetter
from frontdesk.collect.refusals import Drop, Refusal, Rejected
from frontdesk.collect.requests import Answer, Request
from frontdesk.collect.senders import page_of_site, server_of
from frontdesk.collect.store import Store
from frontdesk.core.clock import iso, to_ms
from frontdesk.core.db.failures import unavailable
from frontdesk.core.errors import NotFound
from frontdesk.core.paging import paged, read_cursor

log = structlog.get_logger(__name__)


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


@dataclass(frozen=True, slots=True)
class Replayed:
    """What became of a letter: `stored`, `duplicate` (we had it), `dropped` with its reason, or `refused` again.

    `step` of the pipeline is where it ended.
    """

    letter_id: str
    outcome: str
    code: str | None = None
    field: str | None = None
    detail: str | None = None
    step: str = "store"


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


def waiting(session: Db, which: Which, after: tuple[datetime, str] | None, limit: int) -> list[tuple[datetime, str]]:
    """The next of those to replay, in the order in which they came: when each was received, and its id.

    Of what was refused before consent could be asked only the reason was kept, so that there is nothing to replay.
    """
    asked = which.query().where(DeadLetter.body != "").with_only_columns(DeadLetter.received_at, DeadLetter.id)
    if after:
        asked = asked.where(tuple_(DeadLetter.received_at, DeadLetter.id) > tuple_(to_ms(after[0]), after[1]))
    found = session.execute(asked.order_by(DeadLetter.received_at, DeadLetter.id).limit(limit))
    return [(at, row_id) for at, row_id in found]


def replay(session: Db, row: DeadLetter, store: Store, now: datetime) -> Replayed:
    """Pass the letter through the pipeline again; one that is refused again stays as it was, with its new reason told.

    What it says is of the time when it came, so rules do not act on it, and no age is too old.
    """
    where = row.workspace_id
    sender = server_of(session, where) if row.verified else page_of_site(session, where, row.site_id)
    if not row.body:
        detail = "Nobody had agreed that it be kept: there is nothing to send again."
        return Replayed(row.id, "refused", row.code, row.field, detail, row.step)
    client = Client(rules=sender.rules)
    received = Received(row.received_at, row.sent_at, row.kind, None, row.verified, historic=True, client=client)
    item = parse_item(row.body.encode(), received)
    done = _stored(session, store, Request(sender, now, items=(item,))) if isinstance(item, Parsed) else item
    told = _told(row.id, done)
    if told.outcome != "refused":
        row.replayed_at = now
    return told


def _stored(session: Db, store: Store, request: Request) -> Answer | Refusal:
    """A refusal leaves nothing behind, no second letter either."""
    point = session.begin_nested()
    try:
        (answer,) = store(session, [request])
    except Exception as error:  # one letter must not keep back the others
        if unavailable(error):
            raise  # the database's fault, not a letter's
        point.rollback()
        log.error("letter_not_stored", error=type(error).__name__)  # noqa: TRY400  its words may repeat the letter's
        return Refusal(request.items[0].message_id, Rejected.INVALID, None, "This cannot be stored.", b"", "store")
    if answer.refused:
        point.rollback()
        return answer.refused[0]
    point.commit()
    return answer


def _told(letter_id: str, done: Answer | Refusal | Drop) -> Replayed:
    if isinstance(done, Refusal):
        return Replayed(letter_id, "refused", done.code.value, done.field, done.detail, done.step)
    drop = done if isinstance(done, Drop) else next(iter(done.dropped), None)
    if drop:
        return Replayed(letter_id, "dropped", drop.reason.value, step=drop.step)
    duplicate = isinstance(done, Answer) and done.duplicates
    return Replayed(letter_id, "duplicate", step="duplicate") if duplicate else Replayed(letter_id, "stored")


def count_replayed(workspace_id: str, told: Sequence[Replayed]) -> None:
    """Count what became of letters, now that it is durable."""
    for one in told:
        count(workspace_id, one.step, one.code or one.outcome)


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
