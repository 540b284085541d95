"""What the outbox looks for all day is found by its indexes."""

from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import Connection, event
from sqlalchemy.orm import Session

from frontdesk.channels import outbox
from frontdesk.core.db import Database


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_is_long_over_is_found_by_its_index(db: Database, now: datetime) -> None:
    """PostgreSQL plans by what is in the table, and here is nothing."""
    said: list[str] = []

    def job(session: Session) -> None:
        def explain(connection: Connection, _cursor: Any, statement: str, given: Any, *_more: Any) -> None:
            if statement.startswith("DELETE"):
                plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", given)
                said.extend(str(row) for row in plan)

        engine = db.engines.writer
        event.listen(engine, "before_cursor_execute", explain)
        outbox.forget(session, now)
        event.remove(engine, "before_cursor_execute", explain)

    db.write(job)
    assert "ix_outbox_over" in "".join(said)
