"""Statements that both databases know but SQLAlchemy spells by dialect."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from hashlib import blake2b
from typing import Any

from sqlalchemy import Table, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session


def insert_new(session: Session, table: Table, rows: Sequence[dict[str, Any]], returning: str) -> set[Any]:
    """Insert `rows`, leaving out those that collide with a unique key; returns `returning` of the new ones."""
    if not rows:
        return set()
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = insert(table).on_conflict_do_nothing().returning(table.c[returning])
    return set(session.scalars(statement, list(rows)))


def end_if_stopped(session: Session, after: timedelta) -> None:
    """If this process stands still for so long in this transaction, PostgreSQL undoes it, and its locks are gone.

    On SQLite a process that stops with the lock stops whoever writes; there is only one.
    """
    if session.get_bind().dialect.name == "postgresql":
        ms = round(after.total_seconds() * 1000)
        session.execute(text(f"SET LOCAL idle_in_transaction_session_timeout = {ms}"))


def one_at_a_time(session: Session, names: Iterable[str]) -> None:
    """Wait until no other transaction is at any of these `names`, and keep others waiting until this one is done.

    In one order in every process. On SQLite whoever writes is alone.
    """
    keys = sorted({int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), signed=True) for name in names})
    if keys and session.get_bind().dialect.name == "postgresql":
        session.execute(_ONE_AT_A_TIME, {"keys": keys})


_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(key) FROM unnest(CAST(:keys AS bigint[])) AS key")
