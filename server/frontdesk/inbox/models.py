"""Tables of conversations. `seq` counts the parts of one conversation without gaps."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from frontdesk.core.db import Base

_WAITS: dict[str, Any] = dict.fromkeys(("sqlite_where", "postgresql_where"), text("waiting_since IS NOT NULL"))


class Conversation(Base):
    """A whole exchange with one visitor; the contact behind it is found through the visitor.

    `last_message_seq` is the newest part that the visitor may see; `waiting_since` is the oldest word of theirs that
    nobody answered; `first_reply_ms` is how long the first of them waited.
    """

    __tablename__ = "conversation"

    id: Mapped[str] = mapped_column(primary_key=True)
    workspace_id: Mapped[str] = mapped_column(ForeignKey("workspace.id"))
    visitor_id: Mapped[str] = mapped_column(ForeignKey("visitor.id"), index=True)
    client_id: Mapped[str]
    state: Mapped[str]
    assignee_id: Mapped[str | None] = mapped_column(ForeignKey("teammate.id"))
    assigned_at: Mapped[datetime | None]
    team_id: Mapped[str | None] = mapped_column(ForeignKey("team.id"))
    delivery_id: Mapped[str | None]
    page: Mapped[dict[str, Any] | None]
    tags: Mapped[list[str]] = mapped_column(default=list)
    last_seq: Mapped[int] = mapped_column(default=0)
    last_message_seq: Mapped[int] = mapped_column(default=0)
    visitor_read_seq: Mapped[int] = mapped_column(default=0)
    teammate_read_seq: Mapped[int] = mapped_column(default=0)
    waiting_since: Mapped[datetime | None]
    first_reply_ms: Mapped[int | None] = mapped_column(BigInteger)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("visitor_id", "client_id"),
        Index("ix_conversation_workspace_updated", "workspace_id", "state", "updated_at"),
        Index("ix_conversation_assignee", "assignee_id", "state", "assigned_at"),
        Index("ix_conversation_waits", "workspace_id", "id", **_WAITS),
    )


class Part(Base):
    """One entry in a conversation. `detail` holds what an assignment or a change says of itself."""

    __tablename__ = "part"

    id: Mapped[str] = mapped_column(primary_key=True)
    workspace_id: Mapped[str]
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id"))
    seq: Mapped[int]
    client_id: Mapped[str | None]
    kind: Mapped[str]
    author_kind: Mapped[str]
    author_id: Mapped[str | None]
    author_name: Mapped[str | None]
    body: Mapped[str | None]
    detail: Mapped[dict[str, Any] | None]
    created_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("conversation_id", "seq"),
        UniqueConstraint("conversation_id", "client_id", name="uq_part_client_id"),
    )


class Reading(Base):
    """How far each teammate has read in a conversation."""

    __tablename__ = "reading"

    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id"), primary_key=True)
    teammate_id: Mapped[str] = mapped_column(ForeignKey("teammate.id"), primary_key=True)
    seq: Mapped[int]


class Notification(Base):
    """Something that a teammate is told: by a rule, about a person, perhaps in a conversation. `text` by locale."""

    __tablename__ = "notification"

    id: Mapped[str] = mapped_column(primary_key=True)
    workspace_id: Mapped[str] = mapped_column(ForeignKey("workspace.id"))
    teammate_id: Mapped[str] = mapped_column(ForeignKey("teammate.id"))
    key: Mapped[str]
    text: Mapped[dict[str, Any]]
    person_id: Mapped[str | None]
    conversation_id: Mapped[str | None]
    rule_id: Mapped[str | None]
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("teammate_id", "key"),
        Index("ix_notification_teammate", "teammate_id", "created_at"),
    )
