"""Tables of rules at work. A version never changes; its state does."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from frontdesk.core.db import Base


class RuleRow(Base):
    """A rule by its key; what it says stands in its versions."""

    __tablename__ = "rule"

    id: Mapped[str] = mapped_column(primary_key=True)
    workspace_id: Mapped[str] = mapped_column(ForeignKey("workspace.id"))
    key: Mapped[str]
    created_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("workspace_id", "key"),)


class RuleVersion(Base):
    """What a rule said from one moment on: the canonical tree, the text it came from, and its state."""

    __tablename__ = "rule_version"

    rule_id: Mapped[str] = mapped_column(ForeignKey("rule.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[str] = mapped_column(ForeignKey("workspace.id"), index=True)
    state: Mapped[str]
    tree: Mapped[dict[str, Any]]
    source: Mapped[str]
    created_at: Mapped[datetime]
    state_at: Mapped[datetime]


class DecisionRow(Base):
    """What a rule concluded for one person: acted, or held with the stage that said no."""

    __tablename__ = "decision"

    id: Mapped[str] = mapped_column(primary_key=True)
    workspace_id: Mapped[str] = mapped_column(ForeignKey("workspace.id"))
    rule_id: Mapped[str] = mapped_column(ForeignKey("rule.id"))
    rule_version: Mapped[int]
    person_id: Mapped[str]
    repeat_key: Mapped[str]
    outcome: Mapped[str]
    reason: Mapped[str | None]
    detail: Mapped[dict[str, Any]]
    at: Mapped[datetime]

    __table_args__ = (
        Index("ix_decision_person", "person_id", "rule_id", "outcome"),
        Index("ix_decision_rule", "rule_id", "at"),
        Index("ix_decision_workspace", "workspace_id", "at"),
    )


class Delivery(Base):
    """One message to one person: queued, sent, seen, clicked, dismissed, replied or expired."""

    __tablename__ = "delivery"

    id: Mapped[str] = mapped_column(primary_key=True)
    workspace_id: Mapped[str] = mapped_column(ForeignKey("workspace.id"))
    visitor_id: Mapped[str] = mapped_column(ForeignKey("visitor.id"))
    decision_id: Mapped[str] = mapped_column(ForeignKey("decision.id"))
    rule_id: Mapped[str] = mapped_column(ForeignKey("rule.id"))
    kind: Mapped[str]
    message_class: Mapped[str]
    sender: Mapped[dict[str, Any]]
    locale: Mapped[str]
    content: Mapped[dict[str, Any]]
    page: Mapped[dict[str, Any] | None]
    session_id: Mapped[str | None]
    state: Mapped[str]
    idempotency_key: Mapped[str]
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    seen_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    expires_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("workspace_id", "idempotency_key"),
        Index("ix_delivery_visitor", "visitor_id", "state"),
        Index("ix_delivery_rule", "rule_id", "state"),
    )
