"""The session in which a message was first shown: it may be shown again in another, and counts for caps in that one."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.add_column("delivery", sa.Column("first_session_id", sa.String(), nullable=True))
