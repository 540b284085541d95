"""Parts: what is said and done in a conversation, numbered without gaps.

Each function here wants the conversation locked (`queries.conversation(…, lock=True)`), takes the next `seq` in the
same transaction, and answers a resent `client_id` with the part that it made the first time.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from frontdesk.core.errors import Conflict
from frontdesk.core.ids import new_id
from frontdesk.core.signals import announce, announced
from frontdesk.inbox import queries, readings
from frontdesk.inbox.models import Conversation, Part
from frontdesk.inbox.policy import CHANGES, MOVES, SHOWN_TO_VISITORS, Move, first_reply_ms, waiting
from frontdesk.inbox.signals import ConversationChanged, PartAdded


@dataclass(frozen=True, slots=True)
class Author:
    """Who made a part: kind visitor, teammate, rule or system. An API key writes as a teammate without id."""

    kind: str
    id: str | None
    name: str | None

    @property
    def by(self) -> dict[str, Any]:
        """How an assignment or change names its author."""
        return {"kind": self.kind, "name": self.name}


SYSTEM = Author("system", None, "Frontdesk")


@dataclass(frozen=True, slots=True)
class Entry:
    """A part to be. `detail` is what an assignment or change says of itself, or {"page": …} of a message."""

    kind: str
    author: Author
    body: str | None = None
    client_id: str | None = None
    detail: dict[str, Any] | None = None


def add(session: Session, conversation: Conversation, entry: Entry, now: datetime) -> Part:
    """The next part of a locked conversation."""
    conversation.last_seq += 1
    conversation.updated_at = now
    shown = entry.kind in SHOWN_TO_VISITORS
    if shown:
        conversation.last_message_seq = conversation.last_seq
    part = Part(
        id=new_id("prt", now),
        workspace_id=conversation.workspace_id,
        conversation_id=conversation.id,
        seq=conversation.last_seq,
        client_id=entry.client_id,
        kind=entry.kind,
        author_kind=entry.author.kind,
        author_id=entry.author.id,
        author_name=entry.author.name,
        body=entry.body,
        detail=entry.detail,
        created_at=now,
    )
    session.add(part)
    session.flush()
    ids = (conversation.id, conversation.workspace_id, conversation.visitor_id)
    announce(session, PartAdded(*ids, part.id, part.seq, part.kind))
    changed(session, conversation, shown=shown)
    return part


def changed(session: Session, conversation: Conversation, *, shown: bool) -> None:
    """Announce that the conversation is not what it was: once a transaction, to as many as any change concerns."""
    ids = (conversation.id, conversation.workspace_id, conversation.visitor_id)
    inside, everyone = ConversationChanged(*ids, shown=False), ConversationChanged(*ids, shown=True)
    waiting_signals = announced(session)
    if everyone in waiting_signals or (inside in waiting_signals and not shown):
        return
    announce(session, everyone if shown else inside)


def move(session: Session, conversation: Conversation, what: Move, by: Author, now: datetime) -> None:
    """Let the state and the waiting follow `what`; a state that moves leaves a change part."""
    before = conversation.state
    conversation.state = MOVES[before, what]
    conversation.waiting_since = waiting(conversation.waiting_since, what, now)
    change = CHANGES.get((before, conversation.state))
    if change:
        add(session, conversation, Entry("change", by, detail={"change": change, "by": by.by}), now)
        changed(session, conversation, shown=True)


def say(session: Session, conversation: Conversation, entry: Entry, now: datetime) -> tuple[Part, bool]:
    """A visitor's message, and whether it is new. It reopens a closed conversation."""
    known = _resent(session, conversation, entry)
    if known:
        return known, False
    move(session, conversation, Move.VISITOR_WROTE, entry.author, now)
    part = add(session, conversation, entry, now)
    conversation.visitor_read_seq = part.seq
    return part, True


def reply(session: Session, conversation: Conversation, entry: Entry, now: datetime) -> Part:
    """A teammate's message."""
    known = _resent(session, conversation, entry)
    if known:
        return known
    conversation.first_reply_ms = first_reply_ms(conversation.first_reply_ms, conversation.waiting_since, now)
    move(session, conversation, Move.TEAMMATE_WROTE, entry.author, now)
    part = add(session, conversation, entry, now)
    readings.teammate_has_read(session, conversation, entry.author.id, part.seq)
    return part


def note(session: Session, conversation: Conversation, entry: Entry, now: datetime) -> Part:
    """Words among teammates; the visitor never hears of them."""
    known = _resent(session, conversation, entry)
    if known:
        return known
    part = add(session, conversation, entry, now)
    readings.teammate_has_read(session, conversation, entry.author.id, part.seq)
    return part


def _resent(session: Session, conversation: Conversation, entry: Entry) -> Part | None:
    known = queries.part_sent_as(session, conversation, entry.client_id) if entry.client_id else None
    if known and (known.author_kind, known.author_id, known.kind) != (entry.author.kind, entry.author.id, entry.kind):
        raise Conflict("This client_id belongs to another part.", field="client_id", code="client_id_taken")
    return known
