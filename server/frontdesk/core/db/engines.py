"""Engines: one that writes, one that reads, tuned for each database."""

import sqlite3
from dataclasses import dataclass
from functools import partial
from typing import Any

import orjson
from sqlalchemy import Connection, Dialect, Engine, create_engine, event, make_url
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.pool import SingletonThreadPool

_READERS = 4

# Of a server whose machine or network is gone nobody hears a word; seconds, and milliseconds.
_PATIENCE = {
    "connect_timeout": 2,
    "tcp_user_timeout": 5_000,
    "keepalives_idle": 10,
    "keepalives_interval": 2,
    "keepalives_count": 3,
}


@dataclass(frozen=True, slots=True)
class Engines:
    """On PostgreSQL they share their connections; there, what goes through `reader` cannot change anything."""

    writer: Engine
    reader: Engine

    @property
    def sqlite(self) -> bool:
        return self.writer.dialect.name == "sqlite"

    def dispose(self) -> None:
        self.writer.dispose()
        self.reader.dispose()


def open_engines(url: str, *, answers_within_s: float | None = None) -> Engines:
    """Engines for `sqlite:///path` or `postgresql://…` (psycopg 3), which is given up where it says nothing so long."""
    if make_url(url).get_backend_name() == "sqlite":
        return Engines(writer=_sqlite(url, begin="BEGIN IMMEDIATE"), reader=_sqlite(url, begin="BEGIN"))
    engine = create_engine(
        make_url(url).set(drivername="postgresql+psycopg"),
        pool_size=10,
        max_overflow=10,
        connect_args=_PATIENCE,
        pool_use_lifo=True,  # the connection that was used last has its statements prepared, and its caches warm
        **_JSON,
    )
    event.listen(engine, "do_connect", _promptly)
    event.listen(engine, "connect", partial(_set_up, answers_within_s))
    event.listen(engine, "checkout", partial(_look_whether_there, engine.dialect))
    return Engines(writer=engine, reader=engine.execution_options(postgresql_readonly=True))


def _promptly(_dialect: Any, _record: object, args: tuple[Any, ...], named: dict[str, Any]) -> Any:
    from frontdesk.core.db.prompt import PromptConnection  # its driver is there where PostgreSQL is used

    return PromptConnection.connect(*args, **named)


def _set_up(answers_within_s: float | None, connection: Any, _record: object) -> None:
    connection.answers_within_s = answers_within_s
    connection.prepared_max = 500  # the hot path's, each in the sizes of `bulk`; psycopg keeps 100


def _look_whether_there(dialect: Dialect, connection: Any, _record: object, _proxy: object) -> None:
    """The pool opens another where the database has closed this one: all that it says unasked is that, or a notice."""
    try:
        gone = connection.closed or (connection.spoken_to and not dialect.do_ping(connection))
    except dialect.dbapi.Error:  # type: ignore[union-attr]  # there is one: it has connected
        gone = True
    if gone:
        raise DisconnectionError("The database has closed the connection.")


def _sqlite(url: str, *, begin: str) -> Engine:
    # a connection for each native thread: the writer has one thread, the readers have four
    engine = create_engine(url, poolclass=SingletonThreadPool, pool_size=_READERS * 2, **_JSON)
    event.listen(engine, "connect", _set_pragmas)

    def start(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    event.listen(engine, "begin", start)
    return engine


def _set_pragmas(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves, so that savepoints work
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "busy_timeout=5000",
        "cache_size=-16000",
        "temp_store=MEMORY",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _dumps(value: Any) -> str:
    return orjson.dumps(value).decode()


_JSON: dict[str, Any] = {"json_serializer": _dumps, "json_deserializer": orjson.loads}
