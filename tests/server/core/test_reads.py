"""Reads beside the writer: they change nothing, and leave the connections as quick as they were."""

from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import Any, cast

import psycopg
import pytest
from sqlalchemy import Table, func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from frontdesk.collect.models import MessageSeen
from frontdesk.core.db import Database, bulk

SEEN = cast(Table, MessageSeen.__table__)
COLUMNS = ("workspace_id", "message_id", "content_hash", "seen_at")
SEVERAL = 10  # the driver prepares what it is asked for the sixth time


def _see(session: Session, number: int, now: datetime) -> None:
    bulk.insert(session, SEEN, COLUMNS, [("wsp", str(number), "hash", now)])


def _count(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(SEEN)) or 0


def _declined(_session: Session) -> None:
    raise LookupError


@pytest.mark.parametrize("raises", [False, True])
def test_what_a_read_changes_is_not_kept(db: Database, now: datetime, *, raises: bool) -> None:
    def meddle(session: Session) -> None:
        _see(session, 1, now)
        if raises:
            _declined(session)

    with suppress(DBAPIError, LookupError):  # PostgreSQL refuses the change itself
        db.read(meddle)
    assert db.read(_count) == 0


def test_what_a_read_brought_can_be_looked_at_when_it_is_over(db: Database, now: datetime) -> None:
    db.write(partial(_see, number=1, now=now))
    (row,) = db.read(lambda session: session.scalars(select(MessageSeen)).all())
    assert (row.message_id, row.seen_at) == ("1", now)


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
def test_a_read_leaves_the_statements_prepared_that_are_written_with(db: Database, now: datetime) -> None:
    def prepared(session: Session) -> Any:
        return session.scalar(text("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE 'INSERT%'"))

    for number in range(SEVERAL):
        db.write(partial(_see, number=number, now=now))
    assert db.write(prepared) == 1
    for _ in range(SEVERAL):
        assert db.read(_count) == SEVERAL
    assert db.write(prepared) == 1


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
def test_a_write_may_follow_a_read_on_its_connection(db: Database, now: datetime) -> None:
    assert db.read(_count) == 0
    with pytest.raises(LookupError):
        db.read(_declined)
    db.write(partial(_see, number=1, now=now))
    assert db.read(_count) == 1


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
def test_where_the_database_has_closed_a_connection_another_one_is_opened(db: Database, now: datetime) -> None:
    others = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = current_database()"
    db.write(partial(_see, number=1, now=now))
    with psycopg.connect(db.engines.writer.url.set(drivername="postgresql").render_as_string(False)) as apart:
        apart.execute(f"{others} AND pid <> pg_backend_pid()")
    db.write(partial(_see, number=2, now=now))
    assert db.read(_count) == 2


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
def test_a_connection_hears_of_a_network_that_is_gone(db: Database) -> None:
    def parameters(session: Session) -> dict[str, str]:
        connection: Any = session.connection().connection.driver_connection
        return cast("dict[str, str]", connection.info.get_parameters())

    known = db.read(parameters)
    assert {"connect_timeout": "2", "tcp_user_timeout": "5000"}.items() <= known.items()
