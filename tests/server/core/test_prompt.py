"""Connections to PostgreSQL that first look whether the answer is there."""

from typing import Any

import psycopg
import pytest

from frontdesk.core.db.prompt import PromptConnection


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
