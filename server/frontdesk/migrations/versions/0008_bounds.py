"""Found however much there is: a contact's browsers, conversations that wait, people whom a rule could not meet."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

_LINKED: dict[str, Any] = dict.fromkeys(("sqlite_where", "postgresql_where"), sa.text("contact_id IS NOT NULL"))
_WAITS: dict[str, Any] = dict.fromkeys(("sqlite_where", "postgresql_where"), sa.text("waiting_since IS NOT NULL"))


def upgrade() -> None:
    with op.batch_alter_table("visitor") as batch_op:
        batch_op.create_index("ix_visitor_contact", ["contact_id", "contact_verified", "id"], **_LINKED)
        batch_op.drop_index("ix_visitor_contact_id")
    with op.batch_alter_table("conversation") as batch_op:
        batch_op.create_index("ix_conversation_waits", ["workspace_id", "id"], **_WAITS)
    op.create_table(
        "activation_set_aside",
        sa.Column("rule_id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("error", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["rule_id", "version"],
            ["activation.rule_id", "activation.version"],
            name="fk_activation_set_aside_rule_id",
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name="fk_activation_set_aside_workspace_id"),
        sa.PrimaryKeyConstraint("rule_id", "version", "person_id", name="pk_activation_set_aside"),
    )
