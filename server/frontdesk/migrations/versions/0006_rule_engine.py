"""Timers of rules, what a decision and a delivery know of themselves, simulations."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"

_JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
_PENDING: dict[str, Any] = dict.fromkeys(("sqlite_where", "postgresql_where"), sa.text("state = 'pending'"))
_WAITS: dict[str, Any] = dict.fromkeys(
    ("sqlite_where", "postgresql_where"), sa.text("state IN ('queued', 'sent', 'seen', 'clicked') AND kind <> 'email'")
)
_OVER: dict[str, Any] = dict.fromkeys(
    ("sqlite_where", "postgresql_where"), sa.text("state <> 'pending' AND kind <> 'reaches'")
)
_WITHOUT_ROWID: dict[str, Any] = {"sqlite_with_rowid": False}


def upgrade() -> None:
    _add_timers()
    _add_runs()
    _add_templates()
    _add_counts()
    _widen()


def _add_timers() -> None:
    op.create_table(
        "timer",
        sa.Column("rule_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("anchor", sa.String(), nullable=False),
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("anchor_at", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("fires_at", sa.BigInteger(), nullable=False),
        sa.Column("payload", _JSON, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("lease", sa.String(), nullable=True),
        sa.Column("lease_until", sa.BigInteger(), nullable=True),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("fired_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("rule_id", "person_id", "anchor", name="pk_timer"),
        **_WITHOUT_ROWID,
    )
    with op.batch_alter_table("timer") as batch_op:
        batch_op.create_index("ix_timer_due", ["priority", "fires_at"], **_PENDING)
        batch_op.create_index("ix_timer_person", ["person_id", "fires_at"], **_PENDING)
        batch_op.create_index("ix_timer_over", ["fired_at"], **_OVER)


def _add_runs() -> None:
    op.create_table(
        "activation",
        sa.Column("rule_id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("fresh", sa.Boolean(), nullable=False),
        sa.Column("cursor", sa.String(), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("armed", sa.Integer(), nullable=False),
        sa.Column("due", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("finished_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["rule_id"], ["rule.id"], name="fk_activation_rule_id"),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name="fk_activation_workspace_id"),
        sa.PrimaryKeyConstraint("rule_id", "version", name="pk_activation"),
    )
    with op.batch_alter_table("activation") as batch_op:
        batch_op.create_index("ix_activation_state", ["state"])
    op.create_table(
        "simulation",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("question", _JSON, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("progress", sa.Double(), nullable=False),
        sa.Column("result", _JSON, nullable=True),
        sa.Column("error", sa.String(), nullable=True),
        sa.Column("created_by", sa.String(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("finished_at", sa.BigInteger(), nullable=True),
        sa.Column("runner", sa.String(), nullable=True),
        sa.Column("lease_until", sa.BigInteger(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name="fk_simulation_workspace_id"),
        sa.PrimaryKeyConstraint("id", name="pk_simulation"),
    )
    with op.batch_alter_table("simulation") as batch_op:
        batch_op.create_index("ix_simulation_workspace", ["workspace_id", "created_at"])
        batch_op.create_index("ix_simulation_state", ["state", "created_at"])


def _add_templates() -> None:
    op.create_table(
        "template",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("content", _JSON, nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name="fk_template_workspace_id"),
        sa.PrimaryKeyConstraint("id", name="pk_template"),
        sa.UniqueConstraint("workspace_id", "key", name="uq_template_workspace_id"),
    )


def _add_counts() -> None:
    op.create_table(
        "decision_count",
        sa.Column("rule_id", sa.String(), nullable=False),
        sa.Column("rule_version", sa.Integer(), nullable=False),
        sa.Column("shadow", sa.Boolean(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["rule_id"], ["rule.id"], name="fk_decision_count_rule_id"),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name="fk_decision_count_workspace_id"),
        sa.PrimaryKeyConstraint("rule_id", "rule_version", "shadow", "outcome", "reason", name="pk_decision_count"),
    )
    with op.batch_alter_table("decision_count") as batch_op:
        batch_op.create_index("ix_decision_count_workspace_id", ["workspace_id"])


def _widen() -> None:
    with op.batch_alter_table("decision") as batch_op:
        batch_op.add_column(sa.Column("arm", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("variant", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("shadow", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("occurred_at", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("contradicted_at", sa.BigInteger(), nullable=True))
        batch_op.drop_index("ix_decision_rule")
        batch_op.create_index(
            "ix_decision_rule", ["rule_id", "at", "shadow", "outcome", "reason", "variant", "arm", "person_id"]
        )
    op.execute("UPDATE decision SET occurred_at = at")
    with op.batch_alter_table("delivery") as batch_op:
        batch_op.add_column(sa.Column("person_id", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("conversation_id", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("clicked_at", sa.BigInteger(), nullable=True))
        batch_op.alter_column("visitor_id", existing_type=sa.VARCHAR(), nullable=True)
        batch_op.create_index("ix_delivery_person", ["person_id", "created_at"])
    op.create_index("ix_delivery_waits", "delivery", ["expires_at"], **_WAITS)
    op.execute("UPDATE delivery SET person_id = visitor_id")
    op.execute("UPDATE delivery SET clicked_at = seen_at WHERE state = 'clicked'")
    with op.batch_alter_table("rule_version") as batch_op:
        batch_op.add_column(sa.Column("origin", sa.String(), server_default="api", nullable=False))
        batch_op.add_column(sa.Column("created_by", sa.String(), nullable=True))
    with op.batch_alter_table("workspace") as batch_op:
        batch_op.add_column(sa.Column("gates", _JSON, nullable=True))
        batch_op.add_column(sa.Column("rfm", _JSON, nullable=True))
        batch_op.add_column(sa.Column("admits_unverified", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("decisions_counted_at", sa.BigInteger(), nullable=True))
