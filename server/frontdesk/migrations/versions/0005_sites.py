"""What a site takes, and what was counted of it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    entries = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
    with op.batch_alter_table("site", schema=None) as batch_op:
        for name in ("origins", "ignore_ips", "ignore_paths", "staff"):
            batch_op.add_column(sa.Column(name, entries, nullable=False, server_default="[]"))
        batch_op.add_column(sa.Column("consent", sa.String(), nullable=False, server_default="granted"))
        batch_op.add_column(sa.Column("bots", sa.String(), nullable=False, server_default="drop"))
    op.create_table(
        "collect_count",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("hour", sa.BigInteger(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "hour", "step", "reason", name="pk_collect_count"),
    )
