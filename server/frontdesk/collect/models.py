"""Tables of what arrived. `person_id` is the visitor's id, or the contact's where a server named no browser."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from frontdesk.core.db import Base


class Event(Base):
    """One thing a visitor did. No foreign keys: this is the hot table, by calendar month on PostgreSQL.

    `touch` is the source that it names, if it names one: sessions are cut by it. `clock` flags a moment that was
    clamped to its arrival: `skew`, the sender's clock is over a day off, or `future`. `cause` is the decision of the
    rule that emitted it, where a rule did.
    Its key holds `occurred_at`, for a partitioned table is only unique by what it is partitioned by; ids are unique.
    """

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
    occurred_at: Mapped[datetime] = mapped_column(primary_key=True)
    received_at: Mapped[datetime]
    touch: Mapped[dict[str, Any] | None]
    clock: Mapped[str | None]
    cause: Mapped[str | None]

    __table_args__ = (
        Index("ix_event_person", "person_id", "name", "occurred_at"),
        Index("ix_event_workspace", "workspace_id", "occurred_at"),
        Index("ix_event_occurred_at", "occurred_at", postgresql_using="brin", info={"only": "postgresql"}),
        {"postgresql_partition_by": "RANGE (occurred_at)"},
    )


class MessageSeen(Base):
    """The `messageId`s of the last days: what makes a resent event count once."""

    __tablename__ = "message_seen"

    workspace_id: Mapped[str] = mapped_column(primary_key=True)
    message_id: Mapped[str] = mapped_column(primary_key=True)
    content_hash: Mapped[str]
    seen_at: Mapped[datetime] = mapped_column(index=True)

    __table_args__ = ({"sqlite_with_rowid": False},)


class DeadLetter(Base):
    """An item that was refused, with the reason and all that it takes to send it again: nothing is dropped in silence.

    `step` is where it was refused. It came with an API key (`verified`) or with the key of the site `site_id`, as a
    call of its own named `kind` or else in a batch, whose clock said `sent_at`, and which said `context` for all.
    """

    __tablename__ = "dead_letter"

    id: Mapped[str] = mapped_column(primary_key=True)
    workspace_id: Mapped[str] = mapped_column(ForeignKey("workspace.id"))
    message_id: Mapped[str | None]
    step: Mapped[str] = mapped_column(default="parse", server_default="parse")
    code: Mapped[str]
    field: Mapped[str | None]
    detail: Mapped[str]
    body: Mapped[str]
    verified: Mapped[bool] = mapped_column(default=False, server_default=false())
    site_id: Mapped[str | None]
    kind: Mapped[str | None]
    context: Mapped[str | None]
    sent_at: Mapped[datetime | None]
    received_at: Mapped[datetime]
    replayed_at: Mapped[datetime | None]

    __table_args__ = (Index("ix_dead_letter_workspace", "workspace_id", "received_at"),)


class ImportRun(Base):
    """A file that was imported, or is being imported: how far, and what became of its records so far.

    It is written in the transaction of the records that it counts, so that an interrupted run goes on exactly.
    """

    __tablename__ = "import_run"

    id: Mapped[str] = mapped_column(primary_key=True)
    workspace_id: Mapped[str] = mapped_column(ForeignKey("workspace.id"))
    kind: Mapped[str]
    file_hash: Mapped[str]
    name: Mapped[str]
    records: Mapped[int] = mapped_column(BigInteger, default=0)
    taken: Mapped[int] = mapped_column(BigInteger, default=0)
    duplicates: Mapped[int] = mapped_column(BigInteger, default=0)
    dropped: Mapped[dict[str, Any]] = mapped_column(default=dict)
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]

    __table_args__ = (UniqueConstraint("workspace_id", "kind", "file_hash"),)


class ImportRefusal(Base):
    """A line of an imported file that was refused, or taken without some of its values (`left_out`)."""

    __tablename__ = "import_refusal"

    run_id: Mapped[str] = mapped_column(ForeignKey("import_run.id"), primary_key=True)
    line: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    message_id: Mapped[str | None]
    code: Mapped[str]
    field: Mapped[str | None]
    detail: Mapped[str]


class Session(Base):
    """A run of activity of one person: ends after 30 idle minutes, 24 hours, or with a new campaign.

    Its source and landing are those of its first event that tells of a page or a source, at `landed_at`.
    """

    __tablename__ = "session"

    id: Mapped[str] = mapped_column(primary_key=True)
    workspace_id: Mapped[str] = mapped_column(ForeignKey("workspace.id"))
    person_id: Mapped[str]
    number: Mapped[int]
    touch: Mapped[dict[str, Any]]
    landing_path: Mapped[str | None]
    landed_at: Mapped[datetime | None]
    page_views: Mapped[int] = mapped_column(default=0)
    events: Mapped[int] = mapped_column(default=0)
    dwell: Mapped[dict[str, Any]] = mapped_column(default=dict)
    started_at: Mapped[datetime]
    last_at: Mapped[datetime]

    __table_args__ = (Index("ix_session_person", "person_id", "number"),)


class Touchpoint(Base):
    """The arrival that began a session: its source, and the channel it came by. Its id is told by the session's."""

    __tablename__ = "touchpoint"

    id: Mapped[str] = mapped_column(primary_key=True)
    workspace_id: Mapped[str] = mapped_column(ForeignKey("workspace.id"))
    person_id: Mapped[str] = mapped_column(index=True)
    session_id: Mapped[str]
    channel: Mapped[str]
    touch: Mapped[dict[str, Any]]
    at: Mapped[datetime]


class CollectCount(Base):
    """How many events went which way in an hour: the step of the pipeline that decided, and its reason.

    No foreign key: a count of a workspace that is being erased must not hold up those of the others.
    """

    __tablename__ = "collect_count"

    workspace_id: Mapped[str] = mapped_column(primary_key=True)
    hour: Mapped[datetime] = mapped_column(primary_key=True)
    step: Mapped[str] = mapped_column(primary_key=True)
    reason: Mapped[str] = mapped_column(primary_key=True)
    count: Mapped[int] = mapped_column(BigInteger)
