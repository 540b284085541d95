"""Conversations: start, assign, close, reopen, tag. The conversation handed in is locked."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from frontdesk.core.errors import NotFound
from frontdesk.core.ids import new_id
from frontdesk.core.signals import announce
from frontdesk.inbox import parts, queries
from frontdesk.inbox.models import Conversation, Part
from frontdesk.inbox.parts import Author, Entry
from frontdesk.inbox.policy import OPEN, Move
from frontdesk.inbox.ports import InboxPorts, Opening, StartedFrom
from frontdesk.inbox.signals import ConversationStarted
from frontdesk.people.models import Visitor


@dataclass(frozen=True, slots=True)
class Start:
    """What a visitor starts with. `delivery_id`: the auto-message that they answer."""

    client_id: str
    body: str
    origin: StartedFrom
    delivery_id: str | None = None


@dataclass(frozen=True, slots=True)
class Assigned:
    """Who answers from now on, and why. Named ones are {id, name}; `reasons` are {code, text_en, text_zh}."""

    teammate: dict[str, str] | None
    team: dict[str, str] | None
    author: Author
    rule: dict[str, Any] | None = None
    reasons: list[dict[str, Any]] = field(default_factory=list)

    @property
    def detail(self) -> dict[str, Any]:
        return {
            "team": self.team,
            "teammate": self.teammate,
            "rule": self.rule,
            "reasons": self.reasons,
            "by": self.author.by,
        }


def start(session: Session, visitor: Visitor, asked: Start, ports: InboxPorts, now: datetime) -> Conversation:
    """A visitor writes first, or answers an auto-message, which then is part 1. Resent: the same conversation."""
    _one_at_a_time(session, visitor.id)
    known = queries.started_with(session, visitor.id, asked.client_id)
    if known:
        return known
    opening = _opening(session, visitor, asked, ports, now)
    conversation = _open(session, visitor, asked.client_id, now)
    conversation.delivery_id, conversation.page = asked.delivery_id, asked.origin.page
    if opening:
        sender = Author("rule", opening.rule_id, opening.sender_name)
        parts.add(session, conversation, Entry("message", sender, opening.text), now)
    said = Entry("message", Author("visitor", visitor.id, None), asked.body, asked.client_id, _page_detail(asked))
    parts.say(session, conversation, said, now)
    ports.started(session, conversation, asked.origin, now)
    return conversation


def start_by_teammate(session: Session, visitor: Visitor, first: Entry, now: datetime) -> Conversation:
    """A teammate writes first, and so takes it on. Resent: the same conversation."""
    _one_at_a_time(session, visitor.id)
    # apart from the visitor's own ids, which the two sides choose without knowing of each other
    client_id = f"{first.author.id}:{first.client_id}"
    known = queries.started_with(session, visitor.id, client_id)
    if known:
        return known
    conversation = _open(session, visitor, client_id, now)
    conversation.page = visitor.page and {key: visitor.page.get(key) for key in ("url", "path", "title", "dwell_ms")}
    parts.reply(session, conversation, first, now)
    take(session, conversation, first.author, now)
    return conversation


def _one_at_a_time(session: Session, visitor_id: str) -> None:
    # two starts of one visitor wait for each other, so that a resend finds what the first one made
    session.execute(select(Visitor.id).where(Visitor.id == visitor_id).with_for_update(key_share=True))


def _opening(session: Session, visitor: Visitor, asked: Start, ports: InboxPorts, now: datetime) -> Opening | None:
    if asked.delivery_id is None:
        return None
    opening = ports.opening(session, visitor, asked.delivery_id, now)
    if opening is None:
        raise NotFound("There is no such delivery.", field="delivery")
    return opening


def _page_detail(asked: Start) -> dict[str, Any] | None:
    return {"page": asked.origin.page} if asked.origin.page else None


def _open(session: Session, visitor: Visitor, client_id: str, now: datetime) -> Conversation:
    conversation = Conversation(
        id=new_id("cnv", now),
        workspace_id=visitor.workspace_id,
        visitor_id=visitor.id,
        client_id=client_id,
        state=OPEN,
        tags=[],
        last_seq=0,
        last_message_seq=0,
        visitor_read_seq=0,
        teammate_read_seq=0,
        created_at=now,
        updated_at=now,
    )
    session.add(conversation)
    session.flush()
    announce(session, ConversationStarted(conversation.id, conversation.workspace_id, conversation.visitor_id))
    return conversation


def assign(session: Session, conversation: Conversation, to: Assigned, now: datetime) -> None:
    """Write who answers and the part that says why.

    Where nothing changes there is no part, except that a rule which found nobody says so.
    """
    teammate_id, team_id = (to.teammate or {}).get("id"), (to.team or {}).get("id")
    found_nobody = bool(to.rule) and not (teammate_id or team_id)
    if (conversation.assignee_id, conversation.team_id) == (teammate_id, team_id) and not found_nobody:
        return
    if teammate_id and teammate_id != conversation.assignee_id:
        conversation.assigned_at = now
    conversation.assignee_id, conversation.team_id = teammate_id, team_id
    parts.add(session, conversation, Entry("assignment", to.author, detail=to.detail), now)
    parts.changed(session, conversation, shown=True)


_ANSWERED_FIRST = {"code": "answered", "text_en": "{} answered first", "text_zh": "{} 最先回复"}


def take(session: Session, conversation: Conversation, teammate: Author, now: datetime) -> None:
    """Who answers a conversation that nobody has, has it from now on."""
    if conversation.assignee_id is not None or teammate.id is None:  # an API key answers, but takes on nothing
        return
    name = teammate.name or ""
    reason = {key: text.format(name) for key, text in _ANSWERED_FIRST.items()}
    team = queries.team_of(session, conversation)
    to = Assigned({"id": teammate.id, "name": name}, team, teammate, reasons=[reason])
    assign(session, conversation, to, now)


def answer(session: Session, conversation: Conversation, entry: Entry, ports: InboxPorts, now: datetime) -> Part:
    """A teammate's message. Who answers what nobody has, takes it on."""
    if queries.part_sent_as(session, conversation, entry.client_id or ""):
        return parts.reply(session, conversation, entry, now)
    take(session, conversation, entry.author, now)
    part = parts.reply(session, conversation, entry, now)
    ports.answered(session, conversation, now)
    return part


def close(session: Session, conversation: Conversation, by: Author, now: datetime) -> None:
    parts.move(session, conversation, Move.CLOSE, by, now)


def reopen(session: Session, conversation: Conversation, by: Author, now: datetime) -> None:
    parts.move(session, conversation, Move.REOPEN, by, now)


def tag(session: Session, conversation: Conversation, name: str, by: Author, now: datetime) -> None:
    """Add a tag once; a change part says so."""
    if name in conversation.tags:
        return
    conversation.tags = [*conversation.tags, name]
    detail = {"change": "tagged", "tag": name, "by": by.by}
    parts.add(session, conversation, Entry("change", by, detail=detail), now)
