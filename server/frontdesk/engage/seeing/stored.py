"""Stored events by the thousand, in the order of time: millions are read so, and nothing is done to their values."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, Final

from sqlalchemy import BigInteger, ColumnElement, select, type_coerce
from sqlalchemy.orm import Session
from sqlalchemy.types import NullType

from frontdesk.collect.models import Event
from frontdesk.engage.seeing.happenings import StoredRow
from frontdesk.engage.seeing.lateness import LATE_MS

AT_ONCE: Final = 5_000


def stored_events(
    session: Session, workspace_id: str, span: tuple[int, int], *which: ColumnElement[bool]
) -> Iterator[list[StoredRow]]:
    """Those of a workspace from one millisecond to another, some thousands at a time: each time from where the last
    ones ended, so that no cursor stays open."""
    at, last = span[0], ""
    while True:
        query = _SELECT.where(Event.workspace_id == workspace_id, _AT.between(at, span[1]), *which)
        if last:
            query = query.where((Event.id > last) | (at != _AT))
        rows = _fetched(session, query)
        if rows:
            yield rows
        if len(rows) < AT_ONCE:
            return
        at, last = rows[-1].at, rows[-1].id


def _fetched(session: Session, query: Any) -> list[StoredRow]:
    """Straight from the driver: what SQLAlchemy makes of a row costs twice the row."""
    connection = session.connection()
    asked = query.compile(dialect=connection.dialect, compile_kwargs={"render_postcompile": True})
    params = asked.construct_params()
    cursor = connection.connection.cursor()
    try:
        cursor.execute(asked.string, [params[name] for name in asked.positiontup] if asked.positional else params)
        return list(map(_as_row, cursor.fetchall()))
    finally:
        cursor.close()


_as_row: Final[Callable[[Any], StoredRow]] = partial(tuple.__new__, StoredRow)  # what `_make` does, and quicker
_AT: Final[ColumnElement[int]] = type_coerce(Event.occurred_at, BigInteger)
_SELECT: Final[Any] = (
    select(
        Event.id,
        Event.person_id,
        Event.session_id,
        Event.type,
        Event.name,
        type_coerce(Event.properties, NullType()).label("properties"),
        Event.url,
        Event.path,
        Event.title,
        _AT.label("at"),
        LATE_MS.label("late"),
    )
    .order_by(_AT, Event.id)
    .limit(AT_ONCE)
)
