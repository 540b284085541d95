"""A million timers that are not due for days, written straight into a database."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from random import Random
from typing import Any

import psycopg
from sqlalchemy import make_url

from frontdesk.core.clock import system_clock, to_ms
from tests.running import Installed

PRIORITIES = (10, 40, 50, 50, 50, 80, 90)
DAY_MS = 86_400_000
_COLUMNS = (
    "rule_id", "person_id", "anchor", "workspace_id", "kind", "priority", "anchor_at", "due_at", "fires_at", "payload",
    "state",
)  # fmt: skip
_PAYLOAD = '{"properties": {"plan": "free", "source": "pricing page"}}'


def someone(number: int) -> str:
    """The id of one of those people; they came one after the other."""
    return f"vis_01h{number:023}"


def fill(server: Installed, workspace_id: str, count: int) -> None:
    """So many timers of as many people, due from the day after tomorrow on, for a year."""
    url = make_url(server.database_url)
    rows = _rows(workspace_id, count, Random(1))
    if url.get_backend_name() == "sqlite":
        _insert(str(url.database), rows)
    else:
        _copy(server.database_url, rows)


def _rows(workspace_id: str, count: int, chance: Random) -> Iterator[tuple[Any, ...]]:
    now = to_ms(system_clock())
    for number in range(count):
        due = now + 2 * DAY_MS + chance.randrange(365 * DAY_MS)
        priority = chance.choice(PRIORITIES)
        yield (
            "rul_filling", someone(number), f"evt_{number:026}", workspace_id, "absence", priority, due - DAY_MS, due,
            due + 2_000, _PAYLOAD, "pending",
        )  # fmt: skip


def _insert(path: str, rows: Iterator[tuple[Any, ...]]) -> None:
    marks = ", ".join("?" * len(_COLUMNS))
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executemany(f"INSERT INTO timer ({', '.join(_COLUMNS)}) VALUES ({marks})", rows)


def _copy(url: str, rows: Iterator[tuple[Any, ...]]) -> None:
    with psycopg.connect(url) as connection:
        with connection.cursor().copy(f"COPY timer ({', '.join(_COLUMNS)}) FROM STDIN") as copy:  # type: ignore[arg-type]  # names of ours
            for row in rows:
                copy.write_row(row)
        connection.commit()
        connection.autocommit = True
        connection.execute("VACUUM ANALYZE timer")  # as it would be after a while
