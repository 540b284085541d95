"""Many rows in one statement, for the hot path: the same words on SQLite and PostgreSQL, no ORM in between.

Rows go in and out as tuples in the order of the named columns; moments, JSON and booleans are Python values on this
side. A statement takes a few rows or a power of two, so that few texts cover any number and the databases keep each
prepared; all rows of a statement are written while other threads run.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

import orjson
from sqlalchemy import JSON, Boolean, Connection, Dialect, Table
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeEngine

from frontdesk.core.clock import from_ms, to_ms
from frontdesk.core.db.columns import Instant
from frontdesk.core.db.texts import (
    MATCHING,
    Columns,
    Kind,
    Question,
    Statement,
    asking,
    finding,
    inserting,
    inserting_new,
    locking,
    updating,
)

Row = Sequence[Any]
_MOST_ROWS = 128  # of a statement; SQLite binds at most 32,766 values
_FEW_ROWS = 8  # up to these each number has a text of its own: a small group is to be quick


def insert(session: Session, table: Table, columns: Columns, rows: Sequence[Row]) -> None:
    """Insert `rows`; a collision is the database's error."""
    _each(session, Statement(inserting, table, columns), rows)


def insert_new(session: Session, table: Table, columns: Columns, rows: Sequence[Row], returning: Columns) -> list[Row]:
    """Insert those of `rows` that collide with no unique key; returns the `returning` columns of the new ones."""
    return _each(session, Statement(inserting_new, table, columns, returning), rows)


def update(session: Session, table: Table, keys: Columns, columns: Columns, rows: Sequence[Row]) -> None:
    """Set `columns` of the rows that `keys` name; each of `rows` holds its keys, then its values.

    A key may be among the columns: then it is the value that is expected, and the one to set.
    """
    _each(session, Statement(updating, table, keys + columns, keys), rows)


def find(
    session: Session,
    table: Table,
    columns: Columns,
    keys: dict[Columns, Sequence[Row]],
    since: tuple[str, datetime] | None = None,
) -> list[Row]:
    """The `columns` of the rows whose key columns have one of the values: `{("workspace_id", "id"): [(…, …)]}`.

    The values must differ from each other. `since` leaves out rows whose column of that name is not after it.
    """
    return _found(session, finding, (table, columns, since), keys)


def find_locked(
    session: Session,
    table: Table,
    columns: Columns,
    keys: dict[Columns, Sequence[Row]],
    since: tuple[str, datetime] | None = None,
) -> list[Row]:
    """As `find`, and nobody else changes these rows until we commit.

    Sort the values: PostgreSQL then locks in one order in every process. On SQLite whoever writes is alone.
    """
    return _found(session, locking, (table, columns, since), keys)


def ask(session: Session, question: Question, rows: Sequence[Row]) -> list[Row]:
    """What a question of one's own finds for each of `rows`, which hold its `given` columns."""
    return _each(session, Statement(asking, question.table, question.given, question.told, question=question), rows)


def _found(
    session: Session,
    kind: Kind,
    what: tuple[Table, Columns, tuple[str, datetime] | None],
    keys: dict[Columns, Sequence[Row]],
) -> list[Row]:
    table, columns, since = what
    ((by, values),) = keys.items()
    after = None if since is None else since[0]
    last = () if since is None else (to_ms(since[1]),)
    return _each(session, Statement(kind, table, by, columns, after), values, last)


def _each(session: Session, statement: Statement, rows: Sequence[Row], last: tuple[Any, ...] = ()) -> list[Row]:
    if not rows:
        return []
    connection = session.connection()
    writers = _converters(statement.table, statement.columns, reading=False)
    if statement.kind in MATCHING:
        rows = [*rows, *[(None,) * len(statement.columns)] * _left_open(len(rows))]
    found: list[Row] = []
    for chunk in _chunks(rows):
        text = _text(statement, connection.dialect, len(chunk))
        found += _run(connection, statement, text, (*_flat(chunk, writers), *last))
    return _read(found, _converters(statement.table, statement.also, reading=True)) if found else found


def _run(connection: Connection, statement: Statement, text: str, values: tuple[Any, ...]) -> list[Row]:
    """Straight to the driver: SQLAlchemy's own way costs five times the statement. Errors are SQLAlchemy's."""
    driver: Any = connection.connection.dbapi_connection
    dbapi: Any = connection.dialect.dbapi
    try:
        cursor = _EXECUTE[connection.dialect.name](driver, text, values)
        return [] if statement.kind in _SILENT else cursor.fetchall()
    except dbapi.Error as error:
        raise DBAPIError.instance(text, None, error, dbapi.Error, dialect=connection.dialect) from error


_SILENT = frozenset({inserting, updating})
# PostgreSQL's own `$1`: a long text of psycopg's own marks is read anew each time, at fifteen times the cost
_EXECUTE: dict[str, Callable[[Any, str, tuple[Any, ...]], Any]] = {
    "sqlite": lambda driver, text, values: driver.execute(text, values),
    "postgresql": lambda driver, text, values: driver.raw.execute(text, values),
}


@lru_cache(maxsize=2048)
def _text(statement: Statement, dialect: Dialect, count: int) -> str:
    return statement.kind(statement, dialect, count)


def _left_open(count: int) -> int:
    """How many rows of NULLs, which match nothing, fill up the last statement to a power of two."""
    last = count % _MOST_ROWS
    return (1 << (last - 1).bit_length()) - last if last else 0


def _chunks(rows: Sequence[Row]) -> Iterator[Sequence[Row]]:
    start = 0
    while left := len(rows) - start:
        size = left if left <= _FEW_ROWS else min(1 << left.bit_length() - 1, _MOST_ROWS)
        yield rows[start : start + size]
        start += size


def _flat(rows: Sequence[Row], writers: tuple[Callable[[Any], Any] | None, ...]) -> list[Any]:
    return [
        value if write is None or value is None else write(value)
        for row in rows
        for value, write in zip(row, writers, strict=True)
    ]


def _read(rows: list[Row], readers: tuple[Callable[[Any], Any] | None, ...]) -> list[Row]:
    changed = [(place, read) for place, read in enumerate(readers) if read]
    if not changed:
        return rows
    read_rows: list[Row] = []
    for row in rows:
        values = list(row)
        for place, read in changed:
            if values[place] is not None:
                values[place] = read(values[place])
        read_rows.append(values)
    return read_rows


def _dumped(value: Any) -> str:
    return orjson.dumps(value).decode()


def _loaded(value: Any) -> Any:
    return orjson.loads(value) if isinstance(value, str) else value  # psycopg has read it already


@lru_cache(maxsize=256)
def _converters(table: Table, columns: Columns, *, reading: bool) -> tuple[Callable[[Any], Any] | None, ...]:
    def converter(kind: TypeEngine[Any]) -> Callable[[Any], Any] | None:
        pairs = ((Instant, to_ms, from_ms), (JSON, _dumped, _loaded), (Boolean, bool, bool))
        return next((pair[2 if reading else 1] for pair in pairs if isinstance(kind, pair[0])), None)

    return tuple(converter(table.c[name].type) for name in columns)
