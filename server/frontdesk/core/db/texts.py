"""The texts of statements about many rows, the same on SQLite and PostgreSQL as far as they go."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Dialect, Table

Columns = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """`text(values, dialect)` is a SELECT from `values`, which is `VALUES (…), (…)`; it finds nothing for NULLs.

    `given` are columns of the table, of whose types the values are; `told` those that it finds first.
    """

    table: Table
    given: Columns
    told: Columns
    text: Callable[[str, str], str]


@dataclass(frozen=True, slots=True)
class Statement:
    """A kind of statement about some columns of a table. `also`: what it returns, selects, or is keyed by."""

    kind: "Kind"
    table: Table
    columns: Columns
    also: Columns = ()
    after: str | None = None
    question: Question | None = None


Kind = Callable[[Statement, Dialect, int], str]


def _values(statement: Statement, dialect: Dialect, count: int) -> str:
    """`VALUES (?, ?), (?, ?)`. PostgreSQL is told each type: it cannot guess that of a NULL."""
    types = [statement.table.c[name].type.compile(dialect) for name in statement.columns]
    rows = [
        ", ".join(_mark(dialect, row * len(types) + at, kind) for at, kind in enumerate(types, 1))
        for row in range(count)
    ]
    return "VALUES " + ", ".join(f"({row})" for row in rows)


def _mark(dialect: Dialect, number: int, kind: str) -> str:
    return "?" if dialect.name == "sqlite" else f"CAST(${number} AS {kind})"


def inserting(statement: Statement, dialect: Dialect, count: int) -> str:
    names = ", ".join(statement.columns)
    return f"INSERT INTO {statement.table.name} ({names}) {_values(statement, dialect, count)}"


def inserting_new(statement: Statement, dialect: Dialect, count: int) -> str:
    returning = ", ".join(statement.also)
    return f"{inserting(statement, dialect, count)} ON CONFLICT DO NOTHING RETURNING {returning}"


def updating(statement: Statement, dialect: Dialect, count: int) -> str:
    own, keys = statement.table.name, len(statement.also)
    placed = [(name, f"given.column{place}") for place, name in enumerate(statement.columns, 1)]
    changes = ", ".join(f"{name} = {place}" for name, place in placed[keys:])
    match = " AND ".join(f"{own}.{name} = {place}" for name, place in placed[:keys])
    return f"UPDATE {own} SET {changes} FROM ({_values(statement, dialect, count)}) AS given WHERE {match}"  # noqa: S608  our own names


def finding(statement: Statement, dialect: Dialect, count: int) -> str:
    own = statement.table.name
    chosen = ", ".join(f"{own}.{name}" for name in statement.also)
    match = " AND ".join(f"{own}.{name} = asked.column{place}" for place, name in enumerate(statement.columns, 1))
    mark = _mark(dialect, count * len(statement.columns) + 1, "BIGINT")
    after = f" AND {own}.{statement.after} > {mark}" if statement.after else ""
    # CROSS JOIN: SQLite then looks each key up in the table's index, and never the other way round
    keys = _values(statement, dialect, count)
    return f"SELECT {chosen} FROM ({keys}) AS asked CROSS JOIN {own} WHERE {match}{after}"  # noqa: S608  our own names


def locking(statement: Statement, dialect: Dialect, count: int) -> str:
    found = finding(statement, dialect, count)
    if dialect.name == "sqlite":
        return found
    own = statement.table.name
    order = ", ".join(f"{own}.{name}" for name in statement.columns)
    return f"{found} ORDER BY {order} FOR NO KEY UPDATE OF {own}"


def asking(statement: Statement, dialect: Dialect, count: int) -> str:
    text = statement.question and statement.question.text(_values(statement, dialect, count), dialect.name)
    return text or ""


MATCHING = {updating, finding, locking, asking}
"""Those that find nothing for a row of NULLs."""
