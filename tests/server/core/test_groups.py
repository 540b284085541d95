"""Group commit: what shares a transaction, and who fails with whom."""

import secrets
import sqlite3
import threading
from datetime import UTC, datetime

import gevent
import psycopg
import pytest
from sqlalchemy import create_engine, select, text
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from sqlalchemy.orm import Session, sessionmaker

from frontdesk.accounts.models import SetupLink
from frontdesk.core.clock import MovableClock
from frontdesk.core.db import Database, open_database
from frontdesk.core.db.executors import GeventExecutor
from frontdesk.core.db.failures import unavailable
from frontdesk.core.db.groups import Commit, Work, commit_group
from frontdesk.core.errors import Unavailable
from frontdesk.core.signals import Bus, announce

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def keep(clock: MovableClock):
    def handler(session: Session, names: list[str]) -> list[int]:
        for name in names:
            if name == "bad":
                raise ValueError(name)
            session.add(SetupLink(token_hash=name, created_at=clock(), expires_at=clock()))
            announce(session, name)
        session.flush()
        return [len(names)] * len(names)

    return handler


def stored(db: Database) -> list[str]:
    return db.read(lambda session: sorted(session.scalars(select(SetupLink.token_hash))))


def group_of(db: Database, handler, names: list[str]) -> Commit:
    return commit_group(sessionmaker(db.engines.writer, expire_on_commit=False), [Work(handler, n) for n in names])


def test_items_of_one_handler_are_handed_to_it_together(db: Database, clock: MovableClock) -> None:
    done = group_of(db, keep(clock), ["a", "b", "c"])
    assert [outcome.value for outcome in done.outcomes] == [3, 3, 3]
    assert done.signals == ["a", "b", "c"]


def test_an_item_that_fails_fails_alone(db: Database, clock: MovableClock) -> None:
    done = group_of(db, keep(clock), ["a", "b", "bad", "c", "d"])
    assert [type(outcome.error) for outcome in done.outcomes] == [
        type(None), type(None), ValueError, type(None), type(None)
    ]  # fmt: skip
    assert stored(db) == ["a", "b", "c", "d"]
    assert sorted(map(str, done.signals)) == ["a", "b", "c", "d"]


def test_an_item_that_only_the_commit_refuses_fails_alone(db: Database, clock: MovableClock) -> None:
    group_of(db, keep(clock), ["taken"])
    done = group_of(db, keep(clock), ["a", "taken", "b"])
    assert [outcome.error is None for outcome in done.outcomes] == [True, False, True]
    assert stored(db) == ["a", "b", "taken"]


def test_a_job_raises_to_the_one_who_asked_and_leaves_nothing(db: Database, clock: MovableClock, bus: Bus) -> None:
    heard: list[object] = []
    bus.subscribe(str, heard.append)

    def job(session: Session) -> None:
        session.add(SetupLink(token_hash="x", created_at=clock(), expires_at=clock()))
        announce(session, "x")
        session.flush()
        raise LookupError("no")

    with pytest.raises(LookupError):
        db.write(job)
    assert stored(db) == []
    assert heard == []


def test_signals_are_published_after_the_commit(db: Database, clock: MovableClock, bus: Bus) -> None:
    seen: list[list[str]] = []
    bus.subscribe(str, lambda _signal: seen.append(stored(db)))
    db.write_together(keep(clock), "durable")
    assert seen == [["durable"]]


def serving(db: Database) -> GeventExecutor:
    sessions = sessionmaker(db.engines.writer, expire_on_commit=False)
    return GeventExecutor(lambda works: commit_group(sessions, works), Bus().publish, native=db.engines.sqlite)


def test_the_server_s_writer_groups_what_waits_and_answers_each(db: Database, clock: MovableClock) -> None:
    executor, handler = serving(db), keep(clock)
    greenlets = [gevent.spawn(executor.write, Work(handler, f"n{number:03}"), together=True) for number in range(50)]
    gevent.joinall(greenlets)
    executor.close()
    assert len(stored(db)) == 50
    assert max(greenlet.value.value for greenlet in greenlets) > 1


def test_on_sqlite_nothing_touches_the_database_on_the_hub_s_thread(sqlite_url: str) -> None:
    database = open_database(sqlite_url, Bus(), server=True)
    hub = threading.get_ident()
    assert database.write(lambda _session: threading.get_ident()) != hub
    assert database.read(lambda _session: threading.get_ident()) != hub
    assert database.compute(threading.get_ident) != hub
    database.close()


def test_a_write_that_waits_for_a_lock_holds_up_nobody_else(sqlite_url: str, clock: MovableClock) -> None:
    database = open_database(sqlite_url, Bus(), server=True)
    beats: list[int] = []
    with sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        waiting = gevent.spawn(database.write_together, keep(clock), "late")
        while len(beats) < 20:
            gevent.sleep(0.005)
            beats.append(len(beats))
        assert not waiting.ready()
        other.execute("ROLLBACK")
    other.close()
    waiting.get(timeout=10)
    assert stored(database) == ["late"]
    database.close()


def test_a_database_that_is_locked_fails_the_whole_group_at_once_and_by_name(
    sqlite_url: str, clock: MovableClock
) -> None:
    engine = create_engine(sqlite_url, connect_args={"timeout": 0})
    tries: list[int] = []

    def handler(session: Session, names: list[str]) -> list[int]:
        tries.append(len(names))
        return keep(clock)(session, names)

    with sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        done = commit_group(sessionmaker(engine), [Work(handler, name) for name in "abcdef"])
        other.execute("ROLLBACK")
    other.close()
    engine.dispose()
    assert [type(outcome.error) for outcome in done.outcomes] == [Unavailable] * 6
    assert tries == [6]


def refused_by_the_database(session: Session, items: list[str]) -> list[int]:
    """An `OperationalError` that is the work's own fault: too long for an index, or wrong SQL."""
    if "bad" in items and session.get_bind().dialect.name == "sqlite":
        session.execute(text("SELECT * FROM nowhere"))
    for item in items:
        named = secrets.token_hex(8_000) if item == "bad" else item
        session.add(SetupLink(token_hash=named, created_at=NOON, expires_at=NOON))
    session.flush()
    return [len(items)] * len(items)


def test_what_the_database_refuses_of_one_is_that_one_s_and_not_the_group_s(db: Database) -> None:
    done = group_of(db, refused_by_the_database, ["a", "bad", "c"])
    assert [type(outcome.error) for outcome in done.outcomes] == [type(None), OperationalError, type(None)]
    assert stored(db) == ["a", "c"]


def test_nor_is_it_that_of_other_handlers_in_the_group(db: Database, clock: MovableClock) -> None:
    works = [Work(keep(clock), "a"), Work(refused_by_the_database, "bad"), Work(keep(clock), "c")]
    done = commit_group(sessionmaker(db.engines.writer, expire_on_commit=False), works)
    assert [type(outcome.error) for outcome in done.outcomes] == [type(None), OperationalError, type(None)]
    assert stored(db) == ["a", "c"]


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (None, True), ("08006", True), ("53100", True), ("57P01", True), ("58030", True), ("55P03", True),
        ("40001", True), ("25006", True), ("54000", False), ("55000", False),
    ],
)  # fmt: skip
def test_whose_fault_it_is_stands_in_what_postgresql_says(state: str | None, *, expected: bool) -> None:
    said = psycopg.OperationalError("said")
    said.sqlstate = state
    assert unavailable(OperationalError("SELECT 1", {}, said)) is expected


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (InterfaceError("SELECT 1", {}, psycopg.InterfaceError("the connection is closed")), True),
        (NoConnectionFree("QueuePool limit reached"), True),
        (InterfaceError("SELECT 1", {}, sqlite3.InterfaceError("bad parameter")), False),
        (ValueError("bad"), False),
    ],
    ids=["closed", "none free", "bad parameter", "bad"],
)
def test_whose_fault_it_is_stands_in_what_is_raised(error: Exception, *, expected: bool) -> None:
    assert unavailable(error) is expected


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (sqlite3.SQLITE_BUSY_SNAPSHOT, True), (sqlite3.SQLITE_LOCKED, True), (sqlite3.SQLITE_FULL, True),
        (sqlite3.SQLITE_READONLY_DBMOVED, True), (sqlite3.SQLITE_IOERR_WRITE, True), (sqlite3.SQLITE_CANTOPEN, True),
        (sqlite3.SQLITE_ERROR, False), (sqlite3.SQLITE_TOOBIG, False),
    ],
)  # fmt: skip
def test_whose_fault_it_is_stands_in_what_sqlite_says(code: int, *, expected: bool) -> None:
    said = sqlite3.OperationalError("said")
    said.sqlite_errorcode = code
    assert unavailable(OperationalError("SELECT 1", {}, said)) is expected


def test_a_database_that_closed_takes_no_more(sqlite_url: str) -> None:
    database = open_database(sqlite_url, Bus(), server=True)
    database.close()
    with pytest.raises(Unavailable):
        database.write(lambda _session: None)
