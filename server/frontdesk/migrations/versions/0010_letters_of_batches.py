"""A letter holds what its batch said for all its items: consent, page and campaign."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.add_column("dead_letter", sa.Column("context", sa.String(), nullable=True))
