"""Statements that both databases know but SQLAlchemy spells by dialect."""

from collections.abc import Sequence
from datetime import timedelta
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
