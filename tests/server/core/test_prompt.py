"""Connections to PostgreSQL that first look whether the answer is there."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session, sessionmaker

from frontdesk.core.db.engines import open_engines
from frontdesk.core.db.groups import Work, commit_group
from frontdesk.core.db.prompt import PromptConnection
from frontdesk.core.errors import Unavailable


@pytest.fixture
def connection(postgres_url: str) -> Any:
    with PromptConnection.connect(postgres_url) as opened:
        yield opened


@pytest.mark.parametrize("seconds", [0, 0.01])
def test_the_answer_is_the_same_whether_it_comes_at_once_or_later(connection: PromptConnection, seconds: float) -> None:
    asked = connection.raw.execute("SELECT $1::int FROM pg_sleep($2)", (7, seconds))
    assert asked.fetchall() == [(7,)]


def test_what_is_larger_than_one_look_brings_is_read_to_its_end(connection: PromptConnection) -> None:
    long = "x" * 3_000_000
    assert connection.raw.execute("SELECT $1::text", (long,)).fetchone() == (long,)


@pytest.mark.parametrize(("question", "error"), [
    ("SELECT 1/0", psycopg.errors.DivisionByZero),
    ("SELECT pg_terminate_backend(pg_backend_pid())", psycopg.OperationalError),
])  # fmt: skip
def test_errors_are_the_drivers(connection: PromptConnection, question: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        connection.raw.execute(question)


@contextmanager
def stopped(connection: PromptConnection) -> Iterator[None]:
    """PostgreSQL's process behind this connection stands still."""
    ((process,),) = connection.raw.execute("SELECT pg_backend_pid()").fetchall()
    os.kill(process, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(process, signal.SIGCONT)


def test_a_database_that_hangs_is_given_up(connection: PromptConnection) -> None:
    connection.answers_within_s = 0.2
    with stopped(connection), pytest.raises(psycopg.OperationalError, match=r"has not answered for 0\.2 s"):
        connection.raw.execute("SELECT 1")
    assert connection.closed


def test_where_the_database_hangs_senders_are_told_and_the_next_ones_are_served(postgres_url: str) -> None:
    engines = open_engines(postgres_url, answers_within_s=0.2)
    sessions = sessionmaker(engines.writer)

    def ask(session: Session, items: list[Any]) -> list[Any]:
        return [session.scalar(text("SELECT 1")) for _ in items]

    with engines.writer.connect() as held:
        driver: Any = held.connection.driver_connection
    with stopped(driver):
        (told,) = commit_group(sessions, [Work(ask, None)]).outcomes
    (served,) = commit_group(sessions, [Work(ask, None)]).outcomes
    engines.dispose()
    assert isinstance(told.error, Unavailable)
    assert served.value == 1
