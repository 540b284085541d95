"""Questions about the stored events of many people at once: each a scan of the index (person, name, time), no more."""

from typing import Final, cast

from sqlalchemy import Table

from frontdesk.collect.models import Event
from frontdesk.core.db.texts import Question

NEWEST: Final = 100  # of a name and id: more than most people ever do of what rules count

_EVENT = cast(Table, Event.__table__)
_FROM = ("person_id", "name", "occurred_at")
_PLACED = (*_FROM, "occurred_at", "received_at", "id")
_TOLD = ("person_id", "name")
_OWN = "own.person_id = asked.column1 AND own.name = asked.column2 AND own.occurred_at > asked.column3"
_TRACK = "own.type = 'track'"  # a page view, too, may have a name
# properties as their text: most are only counted, and never read
_CHOSEN = (
    "own.person_id, own.name, own.occurred_at, own.id, CAST(own.properties AS TEXT) AS properties, own.received_at"
)


def _newest(values: str, dialect: str) -> str:
    one_more = f"ORDER BY own.occurred_at DESC LIMIT {NEWEST + 1}"
    if dialect == "postgresql":
        newest = f"SELECT {_CHOSEN} FROM event AS own WHERE {_OWN} AND {_TRACK} {one_more}"  # noqa: S608  our own words
        return f"SELECT own.* FROM ({values}) AS asked CROSS JOIN LATERAL ({newest}) AS own"  # noqa: S608  our own words
    # SQLite knows no LATERAL; the rows are found by the index all the same, and then by their number
    newest = f"SELECT own.rowid FROM event AS own WHERE {_OWN} AND {_TRACK} {one_more}"  # noqa: S608  our own words
    return f"SELECT {_CHOSEN} FROM ({values}) AS asked CROSS JOIN event AS own WHERE own.rowid IN ({newest})"  # noqa: S608  our own words


def _every(values: str, _dialect: str) -> str:
    return f"SELECT {_CHOSEN} FROM ({values}) AS asked CROSS JOIN event AS own WHERE {_OWN} AND {_TRACK}"  # noqa: S608  our own words


def _counted(values: str, _dialect: str) -> str:
    later = "own.occurred_at = asked.column4 AND own.received_at >= asked.column5 AND own.id > asked.column6"
    until = f"own.occurred_at <= asked.column4 AND NOT ({later})"
    found = f"SELECT COUNT(*) FROM event AS own WHERE {_OWN} AND {until} AND {_TRACK}"  # noqa: S608  our own words
    return f"SELECT asked.*, ({found}) FROM ({values}) AS asked WHERE asked.column1 IS NOT NULL"  # noqa: S608  our own words


NEWEST_OF: Final = Question(_EVENT, _FROM, _TOLD, _newest)
"""(person id, name, after) → the newest events of that name after an instant, one more than `NEWEST` where there are
as many: person id, name, milliseconds, id, properties as JSON, milliseconds of when it
was received. In no order."""

EVERY_OF: Final = Question(_EVENT, _FROM, _TOLD, _every)
"""(person id, name, after) → all of them. In no order."""

COUNT_OF: Final = Question(_EVENT, _PLACED, _TOLD, _counted)
"""(person id, name, after, until, received at, id) → the same, the times in milliseconds, and how many: of the instant
`until`, none that was received then or later and has a greater id."""
