"""Events as rows, and the statements that are run meanwhile."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from typing import Any, cast

from sqlalchemy import Table
from sqlalchemy.orm import Session

from frontdesk.collect.models import Event
from frontdesk.core.db import bulk

EVENT = cast(Table, Event.__table__)
COLUMNS = (
    "id", "workspace_id", "person_id", "type", "name", "properties", "verified", "message_id", "occurred_at",
    "received_at",
)  # fmt: skip
_numbers = count(1)


@dataclass(frozen=True)
class Done:
    """What somebody did."""

    person_id: str
    name: str
    at: datetime
    properties: dict[str, Any] = field(default_factory=dict)
    type: str = "track"
    verified: bool = True
    heard: datetime | None = None
    id: str = field(default_factory=lambda: f"evt_{next(_numbers):08}")


def store(session: Session, done: list[Done], workspace_id: str = "wsp") -> None:
    rows = [
        (
            one.id,
            workspace_id,
            one.person_id,
            one.type,
            one.name,
            one.properties,
            one.verified,
            one.id,
            one.at,
            one.heard or one.at,
        )
        for one in done
    ]
    bulk.insert(session, EVENT, COLUMNS, rows)


@contextmanager
def statements(session: Session) -> Iterator[list[str]]:
    """What SQLite is asked meanwhile."""
    driver: Any = session.connection().connection.dbapi_connection
    asked: list[str] = []
    driver.set_trace_callback(asked.append)
    yield asked
    driver.set_trace_callback(None)
