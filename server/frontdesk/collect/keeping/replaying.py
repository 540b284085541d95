"""Letters sent again: through the whole pipeline as what they were, each once, beside a running server.

A letter is read beside the writer, and stored with a few others in one short transaction, with a pause before the next:
whoever sends now must not wait for what was refused long ago.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session as Db

from frontdesk.collect.counts import COUNTS, EVERY, count
from frontdesk.collect.door.draft import Client, Received
from frontdesk.collect.door.parse import Parsed
from frontdesk.collect.door.pipeline import parse_item
from frontdesk.collect.door.shared import read as read_shared
from frontdesk.collect.duplicates import conflict, noted_as
from frontdesk.collect.isolating import failures
from frontdesk.collect.keeping.stored_before import Past
from frontdesk.collect.models import DeadLetter, MessageSeen
from frontdesk.collect.refusals import Drop, Dropped, LeftOut, Refusal, Rejected
from frontdesk.collect.requests import Answer, Request, Sender
from frontdesk.collect.senders import page_of_site, server_of
from frontdesk.collect.store import Store
from frontdesk.core.clock import Clock
from frontdesk.core.db import Database
from frontdesk.core.db.apart import Part, apart

TOGETHER = 5  # letters of a transaction: a few ms of a writer on which requests wait
_PAUSE_S = 0.1  # SQLite's writers who wait for each other look again after that long
_REST = 4  # and the writer is ours for a fifth of the time at most
_NEAR = timedelta(minutes=5)  # what was sent again by its sender happened then, by another reading of its clock
Done = Answer | Refusal | Drop


@dataclass(frozen=True, slots=True)
class Replayed:
    """What became of a letter: `stored`, `duplicate` (we had it), `dropped` with its reason, `refused` again, or
    `gone`: deleted before it was its turn.

    `step` of the pipeline is where it ended. What is stored may be so without the values `left_out`, or with
    their beginnings.
    """

    letter_id: str
    outcome: str
    code: str | None = None
    field: str | None = None
    detail: str | None = None
    step: str = "store"
    left_out: tuple[LeftOut, ...] = ()


@dataclass(frozen=True, slots=True)
class Again:
    """A letter that was read again: why it was refused, whose it is, and its event, or why there is none."""

    letter_id: str
    code: str
    sender: Sender
    item: Parsed | Refusal | Drop


@dataclass(frozen=True, slots=True)
class Replaying:
    """How letters of a workspace are sent again. `wait` passes the time between two groups."""

    db: Database
    workspace_id: str
    store: Store
    clock: Clock
    wait: Callable[[float], None] = time.sleep

    def replay(self, groups: Iterable[Sequence[str]]) -> Iterator[Replayed]:
        """Send the letters with these ids again, a group in a transaction; tell of each, and count them.

        The counts are kept now and then, and whatever ends it.
        """
        rest, counted_at = 0.0, self.clock()
        try:
            for ids in groups:
                if rest:
                    self.wait(rest)
                letters = self.db.read(partial(read_again, workspace_id=self.workspace_id, ids=ids))
                began = time.perf_counter()
                told = self.db.write(partial(store_again, letters=letters, store=self.store, now=self.clock()))
                rest = max(_PAUSE_S, (time.perf_counter() - began) * _REST)
                told += _gone(ids, letters)
                for one in told:
                    self._count(one)
                if self.clock() - counted_at >= EVERY:
                    COUNTS.flush(self.db, self.clock())
                    counted_at = self.clock()
                yield from told
        finally:
            COUNTS.flush(self.db, self.clock())

    def _count(self, told: Replayed) -> None:
        if told.outcome == GONE:
            return
        count(self.workspace_id, told.step, told.code or told.outcome)
        for one in told.left_out:
            count(self.workspace_id, one.step, one.code)


def read_again(session: Db, workspace_id: str, ids: Sequence[str]) -> list[Again]:
    """Pass letters through the door again.

    What they say is of the time when they came, so rules do not act on it, and no age is too old. Of those that this
    workspace has not, or no more, there is none.
    """
    senders: dict[tuple[bool, str | None], Sender | None] = {}
    found = []
    asked = select(DeadLetter).where(DeadLetter.workspace_id == workspace_id, DeadLetter.id.in_(ids))
    rows = {row.id: row for row in session.scalars(asked)}
    for row in [rows[letter_id] for letter_id in dict.fromkeys(ids) if letter_id in rows]:
        key = (row.verified, row.site_id)
        if key not in senders:
            senders[key] = (
                server_of(session, workspace_id) if row.verified else page_of_site(session, workspace_id, row.site_id)
            )
        found.append(_again(row, senders[key]))
    return found


def store_again(session: Db, letters: Sequence[Again], store: Store, now: datetime) -> list[Replayed]:
    """Store what passed, each letter once however many send it again; one that is refused again stays as it was."""
    there = _there(session, [one.letter_id for one in letters])
    waiting = {letter_id for letter_id, waits in there.items() if waits}
    done: dict[str, Done] = {one.letter_id: one.item for one in letters if not isinstance(one.item, Parsed)}
    ours = [one for one in letters if one.letter_id not in done and one.letter_id in waiting]
    done |= {one.letter_id: _HAD for one in letters if one.letter_id not in waiting}
    done |= {one.letter_id: had for one in ours if (had := _had(session, one, store.secret))}
    new = [one for one in ours if one.letter_id not in done]
    for part in apart(session, lambda some: store(session, [_request(one, now) for one in some]), new) if new else ():
        done |= zip([one.letter_id for one in part.things], part.value or _failed(part), strict=True)
    told = [
        _told(one.letter_id, done[one.letter_id]) if one.letter_id in there else Replayed(one.letter_id, GONE)
        for one in letters
    ]
    over = [one.letter_id for one in told if one.outcome != "refused" and one.letter_id in waiting]
    session.execute(update(DeadLetter).where(DeadLetter.id.in_(over)).values(replayed_at=now))
    return told


GONE = "gone"
_HAD = Drop("duplicate", Dropped.DUPLICATE)


def _gone(ids: Sequence[str], letters: Sequence[Again]) -> list[Replayed]:
    found = {one.letter_id for one in letters}
    return [Replayed(letter_id, GONE) for letter_id in dict.fromkeys(ids) if letter_id not in found]


def _again(row: DeadLetter, sender: Sender | None) -> Again:
    if sender is None:
        no = _stays(row, "No site is left whose settings tell whether it may be kept: make one, and send it again.")
        return Again(row.id, row.code, Sender(row.workspace_id, verified=row.verified), no)
    return Again(row.id, row.code, sender, _item(row, sender))


def _stays(row: DeadLetter, detail: str) -> Refusal:
    """Refused as it was, and why it cannot be sent again."""
    return Refusal(row.message_id, Rejected(row.code), row.field, detail, b"", row.step)


def _item(row: DeadLetter, sender: Sender) -> Parsed | Refusal | Drop:
    if not row.body:
        return _stays(row, "Nobody had agreed that it be kept: there is nothing to send again.")
    client = Client(rules=sender.rules)
    shared = read_shared(row.context)
    received = Received(row.received_at, row.sent_at, row.kind, shared, row.verified, historic=True, client=client)
    return parse_item(row.body.encode(), received)


def _there(session: Db, ids: Sequence[str]) -> dict[str, bool]:
    """Those that are still there, and whether they wait; nobody else sends them until this transaction is over."""
    asked = select(DeadLetter.id, DeadLetter.replayed_at).where(DeadLetter.id.in_(ids))
    return {row.id: row.replayed_at is None for row in session.execute(asked.order_by(DeadLetter.id).with_for_update())}


def _had(session: Db, one: Again, secret: str) -> Drop | Refusal | None:
    """What its sender has sent again itself, be it so long ago that its id is forgotten; or other content of its id.

    None where there is nothing of the kind, or where the store knows better.
    """
    item = one.item
    if not isinstance(item, Parsed) or one.code == Rejected.CONFLICT:  # that one is for other content
        return None
    if item.traits and _remembered(session, one.sender.workspace_id, item):
        return None  # an event does not keep them, but what is remembered of the id tells
    (verdict,) = Past(one.sender.workspace_id, secret, _NEAR).verdicts(session, [item])
    if verdict is Dropped.DUPLICATE:
        return _HAD
    return conflict(item) if verdict else None


def _remembered(session: Db, workspace_id: str, item: Parsed) -> bool:
    noted = MessageSeen.workspace_id == workspace_id, MessageSeen.message_id == noted_as(item)
    return bool(session.scalar(select(exists().where(*noted))))


def _request(one: Again, now: datetime) -> Request:
    items = (one.item,) if isinstance(one.item, Parsed) else ()
    return Request(one.sender, now, items=items, letters=False)


def _failed(part: Part[Again, Sequence[Answer]]) -> list[Refusal]:
    items = [one.item for one in part.things if isinstance(one.item, Parsed)]
    return failures(part.error, items) if part.error else []


def _told(letter_id: str, done: Done) -> Replayed:
    refusal = done if isinstance(done, Refusal) else next(iter(getattr(done, "refused", ())), None)
    if refusal:
        return Replayed(letter_id, "refused", refusal.code.value, refusal.field, refusal.detail, refusal.step)
    if isinstance(done, Answer) and done.stored:
        return _stored(letter_id, done)
    drop = done if isinstance(done, Drop) else next(iter(getattr(done, "dropped", ())), _HAD)
    if drop.reason is Dropped.DUPLICATE:
        return Replayed(letter_id, "duplicate", step=drop.step)
    return Replayed(letter_id, "dropped", drop.reason.value, step=drop.step)


def _stored(letter_id: str, answer: Answer) -> Replayed:
    detail = " ".join(one.detail for one in answer.left_out) or None
    return Replayed(letter_id, "stored", detail=detail, left_out=tuple(answer.left_out))
