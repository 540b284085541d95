"""The one door to conversations. A door takes a scope: what lies outside it does not exist."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import Select, Table, bindparam, case, func, select, type_coerce
from sqlalchemy.orm import Session

from frontdesk.accounts import queries as accounts
from frontdesk.accounts.ports import OpenCounts
from frontdesk.core.db import Instant, bulk
from frontdesk.core.errors import NotFound
from frontdesk.inbox.models import Conversation, Part, Reading
from frontdesk.inbox.policy import OPEN, SHOWN_TO_VISITORS


@dataclass(frozen=True, slots=True)
class Scope:
    """What somebody may see: all of a workspace, or in it the conversations of one visitor."""

    workspace_id: str
    visitor_id: str | None = None

    def narrow(self, query: Select[Conversation]) -> Select[Conversation]:
        mine = query.where(Conversation.workspace_id == self.workspace_id)
        return mine.where(Conversation.visitor_id == self.visitor_id) if self.visitor_id else mine


def conversation(session: Session, scope: Scope, conversation_id: str, *, lock: bool = False) -> Conversation:
    """The conversation, or NotFound outside `scope`. With `lock` nobody else can add a part until we commit."""
    query = scope.narrow(select(Conversation).where(Conversation.id == conversation_id))
    if lock:
        query = _locked(query)
    row = session.execute(query).scalar_one_or_none()
    if row is None:
        raise NotFound("There is no such conversation.")
    return row


def for_rules(session: Session, conversation_id: str) -> Conversation:
    """The conversation, locked, for a rule that acts on it inside the transaction that asked the rule."""
    return session.execute(_locked(select(Conversation).where(Conversation.id == conversation_id))).scalar_one()


def _locked(query: Select[Conversation]) -> Select[Conversation]:
    # NO KEY UPDATE: others may still refer to the row. On SQLite there is one writer and nothing to lock
    return query.with_for_update(key_share=True).execution_options(populate_existing=True)


def started_with(session: Session, visitor_id: str, client_id: str) -> Conversation | None:
    """The conversation that this visitor's `client_id` already made."""
    return session.execute(
        select(Conversation).where(Conversation.visitor_id == visitor_id, Conversation.client_id == client_id)
    ).scalar_one_or_none()


def of_visitor(session: Session, scope: Scope, most: int = 50) -> list[Conversation]:
    """A visitor's conversations, newest activity first."""
    query = scope.narrow(select(Conversation)).order_by(Conversation.updated_at.desc(), Conversation.id.desc())
    return list(session.scalars(query.limit(most)))


def parts(session: Session, found: Conversation, *, after: int, shown_only: bool) -> list[Part]:
    """The parts beyond seq `after`, oldest first; with `shown_only` those that the visitor may read."""
    query = select(Part).where(Part.conversation_id == found.id, Part.seq > after).order_by(Part.seq)
    return list(session.scalars(query.where(Part.kind.in_(SHOWN_TO_VISITORS)) if shown_only else query))


def team_of(session: Session, found: Conversation) -> dict[str, str] | None:
    """{id, name} of the conversation's team."""
    if found.team_id is None:
        return None
    row = accounts.team(session, found.workspace_id, found.team_id)
    return {"id": row.id, "name": row.name}


def part(session: Session, found: Conversation, part_id: str) -> Part:
    row = session.get(Part, part_id)
    if row is None or row.conversation_id != found.id:
        raise NotFound("There is no such part.")
    return row


def part_sent_as(session: Session, found: Conversation, client_id: str) -> Part | None:
    """The part that this `client_id` already made in the conversation."""
    return session.execute(
        select(Part).where(Part.conversation_id == found.id, Part.client_id == client_id)
    ).scalar_one_or_none()


def last_messages(session: Session, found: Sequence[Conversation]) -> dict[str, Part]:
    """Conversation id → its newest message, in one query."""
    rows = session.scalars(
        select(Part)
        .join(Conversation, (Conversation.id == Part.conversation_id) & (Conversation.last_message_seq == Part.seq))
        .where(Conversation.id.in_([each.id for each in found]))
    )
    return {row.conversation_id: row for row in rows}


def unread_by_visitor(session: Session, conversation_ids: Iterable[str]) -> dict[str, int]:
    """Conversation id → messages that its visitor has not read."""
    return _counted(session, _UNREAD_BY_VISITOR.where(Conversation.id.in_(list(conversation_ids))))


_UNREAD_BY_VISITOR = (
    select(Conversation.id, func.count())
    .join(Part, Part.conversation_id == Conversation.id)
    .where(
        Part.seq > Conversation.visitor_read_seq,
        Part.kind.in_(SHOWN_TO_VISITORS),
        Part.author_kind != "visitor",
    )
    .group_by(Conversation.id)
)


@dataclass(frozen=True, slots=True)
class Standing:
    """Which visitors are in an open conversation; how many messages each has not read, absent means none."""

    talking: set[str] = field(default_factory=set)
    unread: dict[str, int] = field(default_factory=dict)


def standing(session: Session, visitor_ids: Iterable[str]) -> Standing:
    """How these visitors stand with all of their conversations.

    It is asked with every answer to a visitor, of whom few have a conversation, and fewer one with something new.
    """
    talks = bulk.find(session, _CONVERSATION, _READ_UP_TO, {("visitor_id",): [(one,) for one in visitor_ids]})
    behind = [visitor_id for visitor_id, _, last, read in talks if last > read]
    unread = dict(session.execute(_UNREAD_OF_VISITORS, {"visitors": behind}).all()) if behind else {}
    return Standing({visitor_id for visitor_id, state, _, _ in talks if state == OPEN}, unread)


_CONVERSATION = cast(Table, Conversation.__table__)
_STATE = ("visitor_id", "state")
_READ_UP_TO = (*_STATE, "last_message_seq", "visitor_read_seq")
_UNREAD_OF_VISITORS = (
    select(Conversation.visitor_id, func.count())
    .join(Part, Part.conversation_id == Conversation.id)
    .where(
        Conversation.visitor_id.in_(bindparam("visitors", expanding=True)),
        Conversation.last_message_seq > Conversation.visitor_read_seq,
        Part.seq > Conversation.visitor_read_seq,
        Part.kind.in_(SHOWN_TO_VISITORS),
        Part.author_kind != "visitor",
    )
    .group_by(Conversation.visitor_id)
)


def read_by_teammate(session: Session, conversation_ids: Sequence[str], teammate_id: str | None) -> dict[str, int]:
    """Conversation id → how far this teammate has read; absent means not at all."""
    rows = session.execute(
        select(Reading.conversation_id, Reading.seq).where(
            Reading.teammate_id == teammate_id, Reading.conversation_id.in_(conversation_ids)
        )
    )
    return dict(rows.all())


def unread_by_teammate(session: Session, conversation_ids: Sequence[str], teammate_id: str | None) -> dict[str, int]:
    """Conversation id → messages of the visitor that this teammate has not read."""
    mine = (Reading.conversation_id == Part.conversation_id) & (Reading.teammate_id == teammate_id)
    return _counted(
        session,
        select(Part.conversation_id, func.count())
        .outerjoin(Reading, mine)
        .where(
            Part.conversation_id.in_(conversation_ids),
            Part.kind == "message",
            Part.author_kind == "visitor",
            Part.seq > func.coalesce(Reading.seq, 0),
        )
        .group_by(Part.conversation_id),
    )


def _counted(session: Session, query: Select[str, int]) -> dict[str, int]:
    return dict(session.execute(query).all())


def open_counts(session: Session, workspace_id: str) -> OpenCounts:
    """How many open conversations each teammate and each team has."""
    rows = session.execute(
        select(Conversation.assignee_id, Conversation.team_id, func.count())
        .where(Conversation.workspace_id == workspace_id, Conversation.state == OPEN)
        .group_by(Conversation.assignee_id, Conversation.team_id)
    )
    counts = OpenCounts({}, {})
    for assignee_id, team_id, count in rows:
        if assignee_id:
            counts.teammates[assignee_id] = counts.teammates.get(assignee_id, 0) + count
        if team_id:
            counts.teams[team_id] = counts.teams.get(team_id, 0) + count
    return counts


@dataclass(frozen=True, slots=True)
class Load:
    """How many open conversations a teammate has, and when they last got one."""

    open: int
    assigned_at: datetime | None


def loads(session: Session, teammate_ids: Sequence[str]) -> dict[str, Load]:
    """Teammate id → load; absent means that they never had a conversation."""
    rows = session.execute(
        select(
            Conversation.assignee_id,
            func.sum(case((Conversation.state == OPEN, 1), else_=0)),
            type_coerce(func.max(Conversation.assigned_at), Instant),
        )
        .where(Conversation.assignee_id.in_(teammate_ids))
        .group_by(Conversation.assignee_id)
    )
    return {teammate_id: Load(int(count), at) for teammate_id, count, at in rows if teammate_id}


def in_conversation(session: Session, visitor_ids: Iterable[str]) -> set[str]:
    """Those of the visitors who have an open conversation."""
    found = bulk.find(session, _CONVERSATION, _STATE, {("visitor_id",): [(one,) for one in visitor_ids]})
    return {visitor_id for visitor_id, state in found if state == OPEN}


_REPLIES_LOOKED_AT = 500  # enough for a steady median, few enough to ask at every opening of the messenger


def first_replies(session: Session, workspace_id: str, now: datetime) -> list[int]:
    """How long first replies took in the last 30 days, in milliseconds."""
    month_ago = now - timedelta(days=30)
    query = (
        select(Conversation.first_reply_ms)
        .where(
            Conversation.workspace_id == workspace_id,
            Conversation.updated_at >= month_ago,
            Conversation.created_at >= month_ago,
            Conversation.first_reply_ms.is_not(None),
        )
        .order_by(Conversation.updated_at.desc())
        .limit(_REPLIES_LOOKED_AT)
    )
    return [ms for ms in session.scalars(query) if ms is not None]
