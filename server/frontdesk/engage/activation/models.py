"""Tables of versions that are asked about everybody, and of whom they could not be asked about."""

from datetime import datetime

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from frontdesk.core.db import Base


class Activation(Base):
    """A version that went live, and how far it has been asked about the people who were there before it.

    running → done, or stopped (another version runs), or failed. `cursor` is the last person id that was looked at,
    written in the transaction of what came of it. `asked` counts those whom the rule may concern, `armed` the timers
    that were set for them, `due` those of them that were due at once. `fresh`: what fired for another version, or for
    this one in shadow, does not count; not so where it was only paused.
    """

    __tablename__ = "activation"

    rule_id: Mapped[str] = mapped_column(ForeignKey("rule.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[str] = mapped_column(ForeignKey("workspace.id"))
    state: Mapped[str]
    fresh: Mapped[bool] = mapped_column(default=True)
    cursor: Mapped[str] = mapped_column(default="")
    asked: Mapped[int] = mapped_column(default=0)
    armed: Mapped[int] = mapped_column(default=0)
    due: Mapped[int] = mapped_column(default=0)
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]

    __table_args__ = (Index("ix_activation_state", "state"),)


class SetAside(Base):
    """Somebody whom a version could not be asked about, and the error that stood in the way: its name alone."""

    __tablename__ = "activation_set_aside"

    rule_id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[str] = mapped_column(primary_key=True)
    workspace_id: Mapped[str] = mapped_column(ForeignKey("workspace.id"))
    error: Mapped[str]
    at: Mapped[datetime]

    __table_args__ = (ForeignKeyConstraint(["rule_id", "version"], ["activation.rule_id", "activation.version"]),)
