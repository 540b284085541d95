"""Conversations as what happened: started, replied to, answered, closed."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from frontdesk.engage.models import Delivery, RuleRow
from frontdesk.inbox.models import Conversation, Part
from frontdesk.inbox.policy import CLOSED, OPEN

CLOSES: Final = "closed"


class Talk(NamedTuple):
    """One thing that befell a conversation; `rule` is the key of the auto-message's rule that it answers."""

    at: datetime
    visitor_id: str
    name: str
    conversation_id: str
    page: Mapping[str, Any]
    rule: str | None


@dataclass(frozen=True, slots=True)
class Talks:
    """What befell conversations in a span, in order; `going_on`: the visitors who were in one at its beginning."""

    told: tuple[Talk, ...]
    going_on: frozenset[str]


class _Begun(NamedTuple):
    id: str
    visitor_id: str
    page: Mapping[str, Any] | None
    rule: str | None


def talks(session: Session, workspace_id: str, begin: datetime, until: datetime) -> Talks:
    """All conversations of a workspace in [begin, until]. Their texts are not read."""
    moved = _conversations(session, workspace_id, Conversation.updated_at >= begin)
    begun = {one.id: one for one in moved}
    told: list[Talk] = []
    last: dict[str, Talk] = {}
    for talk in _told(session, workspace_id, begun, begin, until):
        if talk.at < begin:
            last[talk.conversation_id] = talk
        else:
            told.append(talk)
    quiet = (Conversation.updated_at < begin) & (Conversation.state == OPEN)
    open_ones = [one.visitor_id for one in _conversations(session, workspace_id, quiet)]
    open_ones += [talk.visitor_id for talk in last.values() if talk.name != CLOSES]
    return Talks(tuple(told), frozenset(open_ones))


def _conversations(session: Session, workspace_id: str, which: ColumnElement[bool]) -> list[_Begun]:
    row = Conversation
    query = (
        select(row.id, row.visitor_id, row.page, RuleRow.key)
        .outerjoin(Delivery, Delivery.id == row.delivery_id)
        .outerjoin(RuleRow, RuleRow.id == Delivery.rule_id)
        .where(row.workspace_id == workspace_id, row.state.in_((OPEN, CLOSED)), which)
    )
    return [_Begun(*found) for found in session.execute(query)]


def _told(
    session: Session, workspace_id: str, begun: Mapping[str, _Begun], begin: datetime, until: datetime
) -> Iterator[Talk]:
    moved = (
        select(Conversation.id)
        .where(Conversation.workspace_id == workspace_id, Conversation.state.in_((OPEN, CLOSED)))
        .where(Conversation.updated_at >= begin)
    )
    query = (
        select(Part.conversation_id, Part.kind, Part.author_kind, Part.detail, Part.created_at)
        .where(Part.conversation_id.in_(moved), Part.kind.in_(("message", "change")), Part.created_at <= until)
        .order_by(Part.created_at, Part.conversation_id, Part.seq)
    )
    seen: set[str] = set()
    for conversation_id, kind, author, detail, at in session.execute(query):
        name = _name(kind, author, detail, first=conversation_id not in seen)
        one = begun.get(conversation_id)
        if name and one:
            seen.add(conversation_id)
            yield Talk(at, one.visitor_id, name, one.id, one.page or {}, one.rule)


_SAID: Final = {("visitor", True): "started", ("visitor", False): "replied"}


def _name(kind: str, author: str, detail: Mapping[str, Any] | None, *, first: bool) -> str | None:
    """What a part tells, if it tells any of it. One that a teammate began was started by nobody."""
    if kind == "change":
        change = (detail or {}).get("change")
        return change if change in ("closed", "reopened") else None
    return _SAID.get((author, first)) or ("answered" if author == "teammate" else None)


def people_of(found: Talks) -> Iterable[str]:
    return {talk.visitor_id for talk in found.told} | found.going_on
