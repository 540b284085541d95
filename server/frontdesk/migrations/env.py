"""Alembic's entry: runs on the connection that it is given."""

from typing import Any, Literal

from alembic import context
from sqlalchemy import JSON

from frontdesk.core.db import Instant
from frontdesk.migrations.comparing import options
from frontdesk.migrations.tables import metadata


def plain_type(kind: str, item: Any, _context: object) -> str | Literal[False]:
    """Write our column types out as what they are, so that a released migration depends on no code of ours."""
    if kind == "type" and isinstance(item, Instant):
        return "sa.BigInteger()"
    if kind == "type" and isinstance(item, JSON):
        return 'sa.JSON().with_variant(postgresql.JSONB(), "postgresql")'
    return False


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    render_as_batch=True,
    render_item=plain_type,
    **options(connection.dialect.name),
)
with context.begin_transaction():
    context.run_migrations()
