"""Conversations as what happened: started, replied to, answered, closed."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from frontdesk.engage.models import Delivery, RuleRow
from frontdesk.inbox.models import Conversation, Part
from frontdesk.inbox.policy import CLOSED, OPEN

CLOSES: Final = "closed"


class Talk(NamedTuple):
    """One thing that befell a conversation; `rule` is the key of the auto-message's rule that it answers, if any."""

    at: datetime
    visitor_id: str
    name: str
    conversation_id: str
    page: Mapping[str, Any]
    rule: str | None
    delivery_id: str | None = None


@dataclass(frozen=True, slots=True)
class Talks:
    """What befell conversations in a span, in order; `going_on`: the visitors who were in one at its beginning."""

    told: tuple[Talk, ...]
    going_on: frozenset[str]


class _Begun(NamedTuple):
    id: str
    visitor_id: str
    page: Mapping[str, Any] | None
    delivery_id: str | None
    rule: str | None


def talks(session: Session, workspace_id: str, begin: datetime, until: datetime) -> Talks:
    """All conversations of a workspace in [begin, until]. Their texts are not read."""
    states = (OPEN, CLOSED)
    own = and_(Conversation.workspace_id == workspace_id, Conversation.state.in_(states))
    told: list[Talk] = []
    last: dict[str, Talk] = {}
    for talk in _told(session, own & (Conversation.updated_at >= begin)):
        if talk.at < begin:
            last[talk.conversation_id] = talk
        elif talk.at <= until:
            told.append(talk)
    quiet = select(Conversation.visitor_id).where(
        Conversation.workspace_id == workspace_id, Conversation.state == OPEN, Conversation.updated_at < begin
    )
    open_ones = {talk.visitor_id for talk in last.values() if talk.name != CLOSES}
    return Talks(tuple(told), frozenset(open_ones.union(session.scalars(quiet))))


def talks_of(session: Session, visitor_ids: Collection[str]) -> list[Talk]:
    """All that befell the conversations of these visitors, in order."""
    return list(_told(session, Conversation.visitor_id.in_(visitor_ids)))


def _told(session: Session, which: ColumnElement[bool]) -> Iterator[Talk]:
    row = Conversation
    query = (
        select(row.id, row.visitor_id, row.page, row.delivery_id, RuleRow.key)
        .outerjoin(Delivery, Delivery.id == row.delivery_id)
        .outerjoin(RuleRow, RuleRow.id == Delivery.rule_id)
        .where(which)
    )
    begun = {one.id: one for one in map(_Begun._make, session.execute(query))}
    parts = (
        select(Part.conversation_id, Part.kind, Part.author_kind, Part.detail, Part.created_at)
        .where(Part.conversation_id.in_(select(row.id).where(which)), Part.kind.in_(("message", "change")))
        .order_by(Part.created_at, Part.conversation_id, Part.seq)
    )
    seen: set[str] = set()
    for conversation_id, kind, author, detail, at in session.execute(parts):
        name = _name(kind, author, detail, first=conversation_id not in seen)
        one = begun.get(conversation_id)
        if name and one:
            seen.add(conversation_id)
            yield Talk(at, one.visitor_id, name, one.id, one.page or {}, one.rule, one.delivery_id)


_SAID: Final = {("visitor", True): "started", ("visitor", False): "replied"}


def _name(kind: str, author: str, detail: Mapping[str, Any] | None, *, first: bool) -> str | None:
    """What a part tells, if it tells any of it. One that a teammate began was started by nobody."""
    if kind == "change":
        change = (detail or {}).get("change")
        return change if change in ("closed", "reopened") else None
    return _SAID.get((author, first)) or ("answered" if author == "teammate" else None)


def people_of(found: Talks) -> Iterable[str]:
    return {talk.visitor_id for talk in found.told} | found.going_on
