"""A million events in a minute: what the server itself stored of a thousand people, copied a hundred times.

Copies keep every column as the server wrote it, but for ids, values that must be unique, and times: copy k is of other
people and lies k shifts further back. So this file knows the tables by name, and of their columns only one.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import psycopg
from sqlalchemy import Table, UniqueConstraint, make_url

from frontdesk.collect.keeping.partitions import Month, make
from frontdesk.core.clock import from_ms, system_clock
from frontdesk.core.db import open_database
from frontdesk.core.db.columns import Instant
from frontdesk.core.ids import new_id
from frontdesk.core.signals import Bus
from frontdesk.migrations.tables import metadata
from tests.running import Installed

TABLES = ("contact", "visitor", "merge", "session", "touchpoint", "event", "message_seen")
DAY_MS = 86_400_000
SPAN_MS = 90 * DAY_MS
SEEN_MS = 7 * DAY_MS
_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_DIGITS = str.maketrans(_ALPHABET, "0123456789abcdefghijklmnopqrstuv")

Value = Any
Row = tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Sample:
    """The rows of one table as the database's driver gives them, and which columns are times, and which unique."""

    table: str
    columns: tuple[str, ...]
    times: tuple[int, ...]
    unique: tuple[int, ...]
    rows: list[Row]


class Store:
    """A database as rows of plain values: `read(table, columns)`, `write(table, columns, rows)`."""

    def __init__(self, server: Installed) -> None:
        self._url = make_url(server.database_url)
        self.sqlite = self._url.get_backend_name() == "sqlite"

    def read(self, table: str, columns: tuple[str, ...]) -> list[Row]:
        listed = ", ".join(f'"{column}"' if self.sqlite else f'"{column}"::text' for column in columns)
        return self._run(lambda connection: connection.execute(f'SELECT {listed} FROM "{table}"').fetchall())

    def write(self, table: str, columns: tuple[str, ...], rows: Iterable[Row]) -> None:
        self._run(lambda connection: (_fill if self.sqlite else _copy)(connection, table, columns, rows))

    def settle(self) -> None:
        """What PostgreSQL does by itself within minutes, at once, so that it does not happen while we measure."""
        if self.sqlite:
            self._run(lambda connection: connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall())
            return
        with psycopg.connect(self._dsn, autocommit=True) as connection:
            connection.execute("VACUUM ANALYZE")
            connection.execute("CHECKPOINT")

    @property
    def _dsn(self) -> str:
        return self._url.set(drivername="postgresql").render_as_string(hide_password=False)

    def _run(self, work: Callable[[Any], Any]) -> Any:
        if self.sqlite:
            with closing(sqlite3.connect(str(self._url.database))) as connection, connection:
                return work(connection)
        with psycopg.connect(self._dsn) as connection:
            return work(connection)


def multiply(server: Installed, copies: int) -> int:
    """Copy what a server that is stopped holds, so often, over `SPAN_MS`; the number of events that it then holds."""
    store = Store(server)
    _make_months(server)
    samples = [_sample(store, name) for name in TABLES]
    ids = {row[0] for sample in samples if sample.columns[0] == "id" for row in sample.rows}
    step = SPAN_MS // copies
    for sample in samples:
        most = min(copies, SEEN_MS // step + 1) if sample.table == "message_seen" else copies
        store.write(sample.table, sample.columns, _copies(sample, ids, [(k, k * step) for k in range(most - 1, 0, -1)]))
    store.settle()
    return next(len(sample.rows) for sample in samples if sample.table == "event") * copies


def _make_months(server: Installed) -> None:
    """The months that the server has not seen, as an import makes them."""
    now = system_clock()
    months = {Month.of(now - timedelta(milliseconds=ago)) for ago in range(0, SPAN_MS, DAY_MS)}
    with closing(open_database(server.database_url, Bus())) as db:
        db.write(lambda session: make(session, months))


def _sample(store: Store, name: str) -> Sample:
    table = metadata.tables[name]
    columns = tuple(sorted(table.columns.keys(), key=lambda column: column != "id"))
    times = tuple(n for n, column in enumerate(columns) if isinstance(table.columns[column].type, Instant))
    unique = tuple(
        n for n, column in enumerate(columns) if column in _unique(table) - {"workspace_id"} and n not in times
    )
    return Sample(name, columns, times, unique, store.read(name, columns))


def _unique(table: Table) -> set[str]:
    found = {column.name for column in table.primary_key.columns} | {"message_id"}
    for constraint in table.constraints:
        if isinstance(constraint, UniqueConstraint):
            found |= {column.name for column in constraint.columns}
    return found


def _copies(sample: Sample, ids: set[Value], shifts: list[tuple[int, int]]) -> Iterator[Row]:
    for number, shift in shifts:
        for row in sample.rows:
            values = [_moved(value, shift) if value in ids else value for value in row]
            for at in sample.times:
                if row[at] is not None:
                    values[at] = int(row[at]) - shift
            for at in sample.unique:
                if row[at] is not None and row[at] not in ids:
                    values[at] = f"{row[at]}~{number}"
            yield tuple(values)


def _moved(known: str, shift: int) -> str:
    """The same id, made `shift` ms earlier: its first ten characters behind the prefix are the time."""
    prefix, _, rest = known.partition("_")
    earlier = new_id(prefix, from_ms(int(rest[:10].translate(_DIGITS), 32) - shift))
    return earlier[: len(prefix) + 11] + rest[10:]


def _fill(connection: sqlite3.Connection, table: str, columns: tuple[str, ...], rows: Iterable[Row]) -> None:
    listed, places = ", ".join(f'"{column}"' for column in columns), ", ".join("?" for _ in columns)
    connection.executemany(f'INSERT INTO "{table}" ({listed}) VALUES ({places})', rows)


def _copy(connection: psycopg.Connection, table: str, columns: tuple[str, ...], rows: Iterable[Row]) -> None:
    listed = ", ".join(f'"{column}"' for column in columns)
    with connection.cursor().copy(f'COPY "{table}" ({listed}) FROM STDIN') as copy:  # type: ignore[call-overload]  # names of ours
        for row in rows:
            copy.write_row(row)
