"""Tables of what teammates are to do for people."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from frontdesk.core.db import Base


class Task(Base):
    """Something for a teammate or a team to do about a person. open → done."""

    __tablename__ = "task"

    id: Mapped[str] = mapped_column(primary_key=True)
    workspace_id: Mapped[str] = mapped_column(ForeignKey("workspace.id"))
    key: Mapped[str]
    title: Mapped[dict[str, Any]]
    person_id: Mapped[str | None]
    teammate_id: Mapped[str | None] = mapped_column(ForeignKey("teammate.id"))
    team_id: Mapped[str | None] = mapped_column(ForeignKey("team.id"))
    rule_id: Mapped[str | None]
    state: Mapped[str]
    due_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    done_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("workspace_id", "key"),
        Index("ix_task_workspace", "workspace_id", "state", "due_at"),
    )
