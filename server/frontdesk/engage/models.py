"""Tables of rules at work. A version never changes; its state does."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from frontdesk.core.db import Base


def _where(condition: str) -> dict[str, Any]:
    return dict.fromkeys(("sqlite_where", "postgresql_where"), text(condition))


class RuleRow(Base):
    """A rule by its key; what it says stands in its versions."""

    __tablename__ = "rule"

    id: Mapped[str] = mapped_column(primary_key=True)
    workspace_id: Mapped[str] = mapped_column(ForeignKey("workspace.id"))
    key: Mapped[str]
    created_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("workspace_id", "key"),)


class RuleVersion(Base):
    """What a rule said from one moment on: the canonical tree, the text it came from, and its state.

    `origin`: `git` where `frontdesk rules apply` brought it, which the console then only shows; else `api`.
    """

    __tablename__ = "rule_version"

    rule_id: Mapped[str] = mapped_column(ForeignKey("rule.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[str] = mapped_column(ForeignKey("workspace.id"), index=True)
    state: Mapped[str]
    tree: Mapped[dict[str, Any]]
    source: Mapped[str]
    origin: Mapped[str] = mapped_column(default="api", server_default="api")
    created_by: Mapped[str | None]
    created_at: Mapped[datetime]
    state_at: Mapped[datetime]


class DecisionRow(Base):
    """What a rule concluded for one person: acted, deferred, or held with the stage that said no.

    `at` is when it was concluded, `occurred_at` the moment it was about. `arm` is `treated` or `held_out`. A late event
    that would have made it another is noted in `contradicted_at`: what was done is not undone.
    """

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
    arm: Mapped[str | None]
    variant: Mapped[str | None]
    shadow: Mapped[bool] = mapped_column(default=False, server_default=false())
    at: Mapped[datetime]
    occurred_at: Mapped[datetime | None]
    contradicted_at: Mapped[datetime | None]

    __table_args__ = (
        Index("ix_decision_person", "person_id", "rule_id", "outcome"),
        # all that a rule's funnel counts: a million decisions are counted without being looked at
        Index("ix_decision_rule", "rule_id", "at", "shadow", "outcome", "reason", "variant", "arm", "person_id"),
        Index("ix_decision_workspace", "workspace_id", "at"),
    )


class DecisionCount(Base):
    """How many decisions there were until the workspace's `decisions_counted_at`; the rest are counted when asked.

    `reason` is empty where a rule acted.
    """

    __tablename__ = "decision_count"

    rule_id: Mapped[str] = mapped_column(ForeignKey("rule.id"), primary_key=True)
    rule_version: Mapped[int] = mapped_column(primary_key=True)
    shadow: Mapped[bool] = mapped_column(primary_key=True)
    outcome: Mapped[str] = mapped_column(primary_key=True)
    reason: Mapped[str] = mapped_column(primary_key=True)
    workspace_id: Mapped[str] = mapped_column(ForeignKey("workspace.id"), index=True)
    count: Mapped[int] = mapped_column(BigInteger)


# what may wait in vain, as the index says it: SQLite finds it only by the same words
DELIVERY_WAITS = "state IN ('queued', 'sent', 'seen', 'clicked') AND kind <> 'email'"


class Delivery(Base):
    """One message to one person: queued, sent, seen, clicked, dismissed, answered, replied or expired.

    `person_id` is whom it is for, by the id of its decision; `visitor_id` the browser that shows it, if one does.
    `session_id` is the session that it is shown in, the last one where it was not seen before; `first_session_id` the
    one in which it was first shown: in that it counts for caps.
    """

    __tablename__ = "delivery"

    id: Mapped[str] = mapped_column(primary_key=True)
    workspace_id: Mapped[str] = mapped_column(ForeignKey("workspace.id"))
    person_id: Mapped[str | None]
    visitor_id: Mapped[str | None] = mapped_column(ForeignKey("visitor.id"))
    decision_id: Mapped[str] = mapped_column(ForeignKey("decision.id"))
    rule_id: Mapped[str] = mapped_column(ForeignKey("rule.id"))
    kind: Mapped[str]
    message_class: Mapped[str]
    sender: Mapped[dict[str, Any]]
    locale: Mapped[str]
    content: Mapped[dict[str, Any]]
    page: Mapped[dict[str, Any] | None]
    session_id: Mapped[str | None]
    first_session_id: Mapped[str | None]
    conversation_id: Mapped[str | None]
    state: Mapped[str]
    idempotency_key: Mapped[str]
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    seen_at: Mapped[datetime | None]
    clicked_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    expires_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("workspace_id", "idempotency_key"),
        Index("ix_delivery_visitor", "visitor_id", "state"),
        Index("ix_delivery_person", "person_id", "created_at"),
        Index("ix_delivery_rule", "rule_id", "state"),
        Index("ix_delivery_waits", "expires_at", **_where(DELIVERY_WAITS)),
    )


_PENDING = _where("state = 'pending'")
"""What is done stays as a row, so that it is not done twice, and out of the index that is asked each second."""
_OVER = _where("state <> 'pending' AND kind <> 'reaches'")
"""What may go one day. A time that was reached is remembered, for a rule that goes live again meets it again."""


class TimerRow(Base):
    """One instant at which one rule is to be asked about one person: unique by its key, so that it is armed once.

    `kind` is that of the moment it makes, or `deferred` for a message that was put off, or `segment`, where `rule_id`
    is a segment's. Claimed under `lease` until `lease_until`. pending → fired, or failed for good; a
    cancelled one is deleted, so that it may be armed again.
    """

    __tablename__ = "timer"

    rule_id: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[str] = mapped_column(primary_key=True)
    anchor: Mapped[str] = mapped_column(primary_key=True)
    workspace_id: Mapped[str]
    kind: Mapped[str]
    priority: Mapped[int]
    anchor_at: Mapped[datetime]
    due_at: Mapped[datetime]
    fires_at: Mapped[datetime]
    payload: Mapped[dict[str, Any]]
    state: Mapped[str]
    lease: Mapped[str | None]
    lease_until: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0, server_default="0")
    fired_at: Mapped[datetime | None]

    __table_args__ = (
        Index("ix_timer_due", "priority", "fires_at", **_PENDING),
        Index("ix_timer_person", "person_id", "fires_at", **_PENDING),
        Index("ix_timer_over", "fired_at", **_OVER),
        {"sqlite_with_rowid": False},
    )


class Template(Base):
    """A saved text of a message, survey, tour, hint or checklist: `content` by locale."""

    __tablename__ = "template"

    id: Mapped[str] = mapped_column(primary_key=True)
    workspace_id: Mapped[str] = mapped_column(ForeignKey("workspace.id"))
    key: Mapped[str]
    kind: Mapped[str]
    content: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("workspace_id", "key"),)


class SimulationRow(Base):
    """A simulation that somebody asked for: its question, how far it is (0 to 1), and what came of it.

    queued → running → done | failed | cancelled. `runner` is the process that sees to it, until `lease_until`.
    """

    __tablename__ = "simulation"

    id: Mapped[str] = mapped_column(primary_key=True)
    workspace_id: Mapped[str] = mapped_column(ForeignKey("workspace.id"))
    question: Mapped[dict[str, Any]]
    state: Mapped[str]
    progress: Mapped[float] = mapped_column(default=0)
    result: Mapped[dict[str, Any] | None]
    error: Mapped[str | None]
    created_by: Mapped[str | None]
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    runner: Mapped[str | None]
    lease_until: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)

    __table_args__ = (
        Index("ix_simulation_workspace", "workspace_id", "created_at"),
        Index("ix_simulation_state", "state", "created_at"),
    )
