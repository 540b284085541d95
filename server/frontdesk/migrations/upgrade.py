"""Bring a database to the newest version, in one step."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

_LOCK = 7_105_520  # one number for all our processes, so that two that start together do not both migrate


def upgrade(engine: Engine, to: str = "head") -> None:
    """Run what is missing up to the version `to`. Safe to call at every start and from several processes at once."""
    config = _config()
    with engine.connect() as connection, _links_loose(connection), connection.begin():
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        config.attributes["connection"] = connection
        command.upgrade(config, to)
        _refuse_broken(connection)


def _refuse_broken(connection: Connection) -> None:
    if connection.dialect.name == "sqlite" and (broken := connection.execute(text("PRAGMA foreign_key_check")).all()):
        raise RuntimeError(f"The upgrade would break links between rows: {broken[:3]}")


@contextmanager
def _links_loose(connection: Connection) -> Iterator[None]:
    """SQLite changes a column by making its table anew, and to drop the old one must not take what is linked to it.

    It heeds this outside of a transaction only; the links are checked before the upgrade is committed.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    raw = cast("sqlite3.Connection", connection.connection.driver_connection)
    raw.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        raw.execute("PRAGMA foreign_keys=ON")


def is_newest(engine: Engine) -> bool:
    """Whether the database is at the version that this code knows."""
    with engine.connect() as connection:
        found = MigrationContext.configure(connection).get_current_revision()
    return found == ScriptDirectory.from_config(_config()).get_current_head()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    return config
