"""What rules reach beyond messages: the outbox, segments, consent, notifications, tasks."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"

_JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
_PENDING: dict[str, Any] = dict.fromkeys(("sqlite_where", "postgresql_where"), sa.text("state = 'pending'"))
_LEFT: dict[str, Any] = dict.fromkeys(("sqlite_where", "postgresql_where"), sa.text("state <> 'done'"))

_OVER: dict[str, Any] = dict.fromkeys(("sqlite_where", "postgresql_where"), sa.text("state <> 'pending'"))


def upgrade() -> None:
    _add_outbox()
    _add_segments()
    _add_consent()
    _add_work()
    _widen()


def _add_outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("endpoint", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("payload", _JSON, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("unheard", sa.Integer(), server_default="0", nullable=False),
        sa.Column("next_at", sa.BigInteger(), nullable=False),
        sa.Column("lease", sa.String(), nullable=True),
        sa.Column("lease_until", sa.BigInteger(), nullable=True),
        sa.Column("error", sa.String(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("done_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name="fk_outbox_workspace_id"),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        sa.UniqueConstraint("workspace_id", "key", name="uq_outbox_workspace_id"),
    )
    with op.batch_alter_table("outbox") as batch_op:
        batch_op.create_index("ix_outbox_next", ["endpoint", "next_at"], **_PENDING)
        batch_op.create_index("ix_outbox_left", ["workspace_id", "created_at"], **_LEFT)
        batch_op.create_index("ix_outbox_over", ["created_at"], **_OVER)


def _add_segments() -> None:
    op.create_table(
        "segment",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("name", _JSON, nullable=False),
        sa.Column("tree", _JSON, nullable=True),
        sa.Column("state", sa.String(), server_default="idle", nullable=False),
        sa.Column("cursor", sa.String(), server_default="", nullable=False),
        sa.Column("watched_at", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name="fk_segment_workspace_id"),
        sa.PrimaryKeyConstraint("id", name="pk_segment"),
        sa.UniqueConstraint("workspace_id", "key", name="uq_segment_workspace_id"),
    )
    op.create_table(
        "segment_member",
        sa.Column("segment_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("entered_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["segment_id"], ["segment.id"], name="fk_segment_member_segment_id"),
        sa.PrimaryKeyConstraint("segment_id", "person_id", name="pk_segment_member"),
    )
    with op.batch_alter_table("segment_member") as batch_op:
        batch_op.create_index("ix_segment_member_person_id", ["person_id"])


def _add_consent() -> None:
    op.create_table(
        "consent",
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("message_class", sa.String(), nullable=False),
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("granted", sa.Boolean(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name="fk_consent_workspace_id"),
        sa.PrimaryKeyConstraint("person_id", "message_class", name="pk_consent"),
    )


def _add_work() -> None:
    op.create_table(
        "notification",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("teammate_id", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("text", _JSON, nullable=False),
        sa.Column("person_id", sa.String(), nullable=True),
        sa.Column("conversation_id", sa.String(), nullable=True),
        sa.Column("rule_id", sa.String(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("read_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["teammate_id"], ["teammate.id"], name="fk_notification_teammate_id"),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name="fk_notification_workspace_id"),
        sa.PrimaryKeyConstraint("id", name="pk_notification"),
        sa.UniqueConstraint("teammate_id", "key", name="uq_notification_teammate_id"),
    )
    with op.batch_alter_table("notification") as batch_op:
        batch_op.create_index("ix_notification_teammate", ["teammate_id", "created_at"])
    op.create_table(
        "task",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("title", _JSON, nullable=False),
        sa.Column("person_id", sa.String(), nullable=True),
        sa.Column("teammate_id", sa.String(), nullable=True),
        sa.Column("team_id", sa.String(), nullable=True),
        sa.Column("rule_id", sa.String(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("done_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name="fk_task_team_id"),
        sa.ForeignKeyConstraint(["teammate_id"], ["teammate.id"], name="fk_task_teammate_id"),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name="fk_task_workspace_id"),
        sa.PrimaryKeyConstraint("id", name="pk_task"),
        sa.UniqueConstraint("workspace_id", "key", name="uq_task_workspace_id"),
    )
    with op.batch_alter_table("task") as batch_op:
        batch_op.create_index("ix_task_workspace", ["workspace_id", "state", "due_at"])


def _widen() -> None:
    with op.batch_alter_table("event") as batch_op:
        batch_op.add_column(sa.Column("cause", sa.String(), nullable=True))
    with op.batch_alter_table("visitor") as batch_op:
        batch_op.add_column(sa.Column("region_timezone", sa.String(), nullable=True))
