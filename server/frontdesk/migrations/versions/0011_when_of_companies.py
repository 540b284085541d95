"""When each trait of a company was said, as it is known of contacts."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    json = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
    for column in (sa.Column("identified_at", sa.BigInteger()), sa.Column("said_at", json)):
        op.add_column("company", column)
    # a company is seen with each word about it: all that is known of it was said by then
    op.execute("UPDATE company SET identified_at = seen_at")
