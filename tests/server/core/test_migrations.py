"""The chain of migrations adds up to the tables that the code knows, on both databases."""

import inspect
import re
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

import frontdesk
from frontdesk.core.db import Database
from frontdesk.migrations.comparing import options
from frontdesk.migrations.tables import metadata
from frontdesk.migrations.upgrade import upgrade


def test_migrations_and_models_agree(db: Database) -> None:
    with db.engines.writer.connect() as connection:
        context = MigrationContext.configure(connection, opts=options(connection.dialect.name))
        assert compare_metadata(context, metadata) == []


def test_upgrading_twice_changes_nothing(db: Database) -> None:
    upgrade(db.engines.writer)


def test_tables_come_to_be_by_migrations_only() -> None:
    package = Path(inspect.getfile(frontdesk)).parent
    # a calendar month of a table is no table of its own
    sources = [path for path in package.rglob("*.py") if "versions" not in path.parts and path.name != "partitions.py"]
    assert [str(path) for path in sources if re.search(r"create_all\(|CREATE TABLE", path.read_text("utf-8"))] == []
