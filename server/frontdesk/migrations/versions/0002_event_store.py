"""Where events are kept: by month on PostgreSQL. What a refused item needs to be sent again. What was imported."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"

_PARTITIONED: dict[str, Any] = {"postgresql_partition_by": "RANGE (occurred_at)"}
_WITHOUT_ROWID: dict[str, Any] = {"sqlite_with_rowid": False}
_YEAR_2000 = 946_684_800_000


def upgrade() -> None:
    _rebuild_event()
    _rebuild_message_seen()
    _widen_dead_letter()
    _add_imports()


def _rebuild_event() -> None:
    before = _set_aside("event", ("ix_event_person", "ix_event_workspace"))
    op.create_table(
        "event",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("session_id", sa.String(), nullable=True),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=True),
        sa.Column("properties", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("url", sa.String(), nullable=True),
        sa.Column("path", sa.String(), nullable=True),
        sa.Column("title", sa.String(), nullable=True),
        sa.Column("verified", sa.Boolean(), nullable=False),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("occurred_at", sa.BigInteger(), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", "occurred_at", name="pk_event"),
        **_PARTITIONED,
    )
    if op.get_bind().dialect.name == "postgresql":
        _make_months()
    _move(before, "event")
    op.create_index("ix_event_person", "event", ["person_id", "name", "occurred_at"])
    op.create_index("ix_event_workspace", "event", ["workspace_id", "occurred_at"])
    if op.get_bind().dialect.name == "postgresql":
        op.create_index("ix_event_occurred_at", "event", ["occurred_at"], postgresql_using="brin")


def _make_months() -> None:
    """A partition for each month that has events, and one for what no month covers."""
    op.execute("CREATE TABLE event_default PARTITION OF event DEFAULT")
    month = "to_char(to_timestamp(occurred_at / 1000) AT TIME ZONE 'UTC', 'YYYY-MM')"
    known = f"SELECT DISTINCT {month} FROM event_before WHERE occurred_at BETWEEN {_YEAR_2000} AND 253402300799999"  # noqa: S608  our own words
    for (name,) in op.get_bind().execute(sa.text(known)).all():
        year, number = (int(part) for part in name.split("-"))
        first, last = _ms(year, number), _ms(year + number // 12, number % 12 + 1)
        op.execute(f"CREATE TABLE event_{year:04}_{number:02} PARTITION OF event FOR VALUES FROM ({first}) TO ({last})")


def _ms(year: int, month: int) -> int:
    return int(datetime(year, month, 1, tzinfo=UTC).timestamp()) * 1000


def _rebuild_message_seen() -> None:
    """On SQLite its key is the table: half the pages to read and write for each message."""
    before = _set_aside("message_seen", ("ix_message_seen_seen_at",))
    op.create_table(
        "message_seen",
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("content_hash", sa.String(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "message_id", name="pk_message_seen"),
        **_WITHOUT_ROWID,
    )
    _move(before, "message_seen")
    op.create_index("ix_message_seen_seen_at", "message_seen", ["seen_at"])


def _set_aside(table: str, indexes: Sequence[str]) -> str:
    """Rename the table, and free the names of its key and its indexes; the name that it has now."""
    for index in indexes:
        op.drop_index(index, table)
    before = f"{table}_before"
    op.rename_table(table, before)
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"ALTER TABLE {before} DROP CONSTRAINT pk_{table}")
    return before


def _move(before: str, table: str) -> None:
    columns = ", ".join(column["name"] for column in sa.inspect(op.get_bind()).get_columns(before))
    op.execute(f"INSERT INTO {table} ({columns}) SELECT {columns} FROM {before}")  # noqa: S608  our own names
    op.drop_table(before)


def _widen_dead_letter() -> None:
    with op.batch_alter_table("dead_letter") as batch_op:
        batch_op.add_column(sa.Column("step", sa.String(), nullable=False, server_default="parse"))
        batch_op.add_column(sa.Column("verified", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("site_id", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("kind", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("sent_at", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("replayed_at", sa.BigInteger(), nullable=True))
        batch_op.drop_index("ix_dead_letter_workspace_id")
        batch_op.create_index("ix_dead_letter_workspace", ["workspace_id", "received_at"])
    for code, step in (("conflict", "duplicate"), ("too_large", "size"), ("too_late", "clock")):
        op.execute(f"UPDATE dead_letter SET step = '{step}' WHERE code = '{code}'")  # noqa: S608  our own words


def _add_imports() -> None:
    op.create_table(
        "import_run",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("workspace_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("file_hash", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("records", sa.BigInteger(), nullable=False),
        sa.Column("taken", sa.BigInteger(), nullable=False),
        sa.Column("duplicates", sa.BigInteger(), nullable=False),
        sa.Column("dropped", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("finished_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name="fk_import_run_workspace_id"),
        sa.PrimaryKeyConstraint("id", name="pk_import_run"),
        sa.UniqueConstraint("workspace_id", "kind", "file_hash", name="uq_import_run_workspace_id"),
    )
    op.create_table(
        "import_refusal",
        sa.Column("run_id", sa.String(), nullable=False),
        sa.Column("line", sa.BigInteger(), nullable=False),
        sa.Column("message_id", sa.String(), nullable=True),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("field", sa.String(), nullable=True),
        sa.Column("detail", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["import_run.id"], name="fk_import_refusal_run_id"),
        sa.PrimaryKeyConstraint("run_id", "line", name="pk_import_refusal"),
    )
