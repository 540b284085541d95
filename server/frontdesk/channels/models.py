"""Tables of what leaves the house."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from frontdesk.core.db import Base


def _where(condition: str) -> dict[str, Any]:
    """What is done stays as a row, so that it is not sent twice, and out of the indexes."""
    return dict.fromkeys(("sqlite_where", "postgresql_where"), text(condition))


class OutboxRow(Base):
    """Something to send, written in the transaction of its cause; sent at least once, under its `key`.

    `channel` says who sends it; `endpoint` to whom, so that one that is dead delays no other. Claimed under `lease`
    until `lease_until`. `tries` counts those whose end is known, `unheard` those since then of which nothing was heard.
    pending → done | dead.
    """

    __tablename__ = "outbox"

    id: Mapped[str] = mapped_column(primary_key=True)
    workspace_id: Mapped[str] = mapped_column(ForeignKey("workspace.id"))
    channel: Mapped[str]
    endpoint: Mapped[str]
    key: Mapped[str]
    payload: Mapped[dict[str, Any]]
    state: Mapped[str]
    tries: Mapped[int] = mapped_column(default=0)
    unheard: Mapped[int] = mapped_column(default=0, server_default="0")
    next_at: Mapped[datetime]
    lease: Mapped[str | None]
    lease_until: Mapped[datetime | None]
    error: Mapped[str | None]
    created_at: Mapped[datetime]
    done_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("workspace_id", "key"),
        Index("ix_outbox_next", "endpoint", "next_at", **_where("state = 'pending'")),
        Index("ix_outbox_left", "workspace_id", "created_at", **_where("state <> 'done'")),
        Index("ix_outbox_over", "created_at", **_where("state <> 'pending'")),
    )
