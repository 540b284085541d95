"""Tables of what arrived. `person_id` is the visitor's id, or the contact's where no browser was named."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from frontdesk.core.db import Base


class Event(Base):
    """One thing a visitor did. No foreign keys: this is the hot, partitionable table."""

    __tablename__ = "event"

    id: Mapped[str] = mapped_column(primary_key=True)
    workspace_id: Mapped[str]
    person_id: Mapped[str]
    session_id: Mapped[str | None]
    type: Mapped[str]
    name: Mapped[str | None]
    properties: Mapped[dict[str, Any]]
    url: Mapped[str | None]
    path: Mapped[str | None]
    title: Mapped[str | None]
    verified: Mapped[bool]
    message_id: Mapped[str]
    occurred_at: Mapped[datetime]
    received_at: Mapped[datetime]

    __table_args__ = (
        Index("ix_event_person", "person_id", "name", "occurred_at"),
        Index("ix_event_workspace", "workspace_id", "occurred_at"),
    )


class MessageSeen(Base):
    """The `messageId`s of the last days: what makes a resent event count once."""

    __tablename__ = "message_seen"

    workspace_id: Mapped[str] = mapped_column(primary_key=True)
    message_id: Mapped[str] = mapped_column(primary_key=True)
    content_hash: Mapped[str]
    seen_at: Mapped[datetime] = mapped_column(index=True)


class DeadLetter(Base):
    """An item that was refused, with the reason: nothing is dropped in silence."""

    __tablename__ = "dead_letter"

    id: Mapped[str] = mapped_column(primary_key=True)
    workspace_id: Mapped[str] = mapped_column(ForeignKey("workspace.id"), index=True)
    message_id: Mapped[str | None]
    code: Mapped[str]
    field: Mapped[str | None]
    detail: Mapped[str]
    body: Mapped[str]
    received_at: Mapped[datetime]


class Session(Base):
    """A run of activity of one person: ends after 30 idle minutes, 24 hours, or with a new campaign."""

    __tablename__ = "session"

    id: Mapped[str] = mapped_column(primary_key=True)
    workspace_id: Mapped[str] = mapped_column(ForeignKey("workspace.id"))
    person_id: Mapped[str]
    number: Mapped[int]
    touch: Mapped[dict[str, Any]]
    landing_path: Mapped[str | None]
    page_views: Mapped[int] = mapped_column(default=0)
    dwell: Mapped[dict[str, Any]] = mapped_column(default=dict)
    started_at: Mapped[datetime]
    last_at: Mapped[datetime]

    __table_args__ = (Index("ix_session_person", "person_id", "last_at"),)


class Touchpoint(Base):
    """An arrival with a source: UTM, click id or referrer, and the channel that they make."""

    __tablename__ = "touchpoint"

    id: Mapped[str] = mapped_column(primary_key=True)
    workspace_id: Mapped[str] = mapped_column(ForeignKey("workspace.id"))
    person_id: Mapped[str] = mapped_column(index=True)
    session_id: Mapped[str]
    channel: Mapped[str]
    touch: Mapped[dict[str, Any]]
    at: Mapped[datetime]
