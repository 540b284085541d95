"""Sessions and their touchpoints as rows: how they are read and written, many at once."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from operator import attrgetter, itemgetter
from typing import Any, cast

from sqlalchemy import Table, delete, select
from sqlalchemy.orm import Session as Db

from frontdesk.collect.door.page import dwell_ms_of
from frontdesk.collect.models import Event, Session, Touchpoint
from frontdesk.collect.sessions.fold import Mark, Run
from frontdesk.collect.sessions.late import Known
from frontdesk.collect.sessions.policy import IDLE
from frontdesk.collect.sources.touches import Touch
from frontdesk.core.clock import iso
from frontdesk.core.db import bulk

_SESSION = cast(Table, Session.__table__)
_TOUCHPOINT = cast(Table, Touchpoint.__table__)
_EVENT = cast(Table, Event.__table__)

_STATE = (
    "started_at", "last_at", "number", "touch", "landing_path", "landed_at", "page_views", "events", "dwell",
)  # fmt: skip
_RUN = (*_STATE, "id", "workspace_id", "person_id")
_TOUCH = ("id", "channel", "touch", "at", "workspace_id", "person_id", "session_id")
_MARK = (
    "session_id", "id", "occurred_at", "message_id", "type", "url", "path", "touch", "properties",
)  # fmt: skip

Keys = dict[tuple[str, ...], Sequence[Sequence[Any]]]

values_of = attrgetter(*_RUN)
_GROWN = ("last_at", "page_views", "events", "dwell")  # all that changes of a session that merely goes on


def last_runs(db: Db, numbers: Iterable[tuple[str, int]], since: datetime) -> dict[str, list[Run]]:
    """By person, the session of a number, which is how many the person has; if it went on after `since`."""
    keys: Keys = {("person_id", "number"): list(numbers)}
    runs = (Run(*row) for row in bulk.find(db, _SESSION, _RUN, keys, since=("last_at", since)))
    return {run.person_id: [run] for run in runs}


def runs_since(db: Db, person_ids: Sequence[str], since: datetime) -> dict[str, list[Run]]:
    """By person, in order, the sessions that went on after `since`."""
    keys: Keys = {("person_id",): [(person_id,) for person_id in person_ids]}
    found: dict[str, list[Run]] = {}
    for row in bulk.find(db, _SESSION, _RUN, keys, since=("last_at", since)):
        run = Run(*row)
        found.setdefault(run.person_id, []).append(run)
    for runs in found.values():
        runs.sort(key=attrgetter("number"))
    return found


def marks_of(db: Db, runs: Sequence[Run]) -> Known:
    """The stored events of `runs`, by session."""
    if not runs:
        return {}
    keys: Keys = {("person_id", "session_id"): [(run.person_id, run.id) for run in runs]}
    since = min(run.started_at for run in runs) - IDLE  # the first version took a session's start as it first heard it
    known: Known = {}
    for row in bulk.find(db, _EVENT, _MARK, keys, since=("occurred_at", since)):
        known.setdefault(row[0], []).append(_mark(row))
    return known


def _mark(row: Sequence[Any]) -> Mark:
    session_id, event_id, at, message_id, kind, url, path, touch, properties = row
    dwell_ms = dwell_ms_of(properties) if path is not None else 0
    return Mark(at, message_id, kind == "page", url, path, touch, dwell_ms, event_id, session_id)


def last_named_touch(db: Db, person_id: str, before: datetime) -> Touch | None:
    """The newest touch of earlier sessions that says a source."""
    row = Touchpoint
    asked = select(row.touch, row.at).where(row.person_id == person_id, row.channel != "direct", row.at < before)
    found = db.execute(asked.order_by(row.at.desc()).limit(1)).first()
    return {**found.touch, "at": iso(found.at)} if found else None


class Changes:
    """What a group changed of sessions, touchpoints, and the sessions of stored events. Nothing is written twice."""

    def __init__(self) -> None:
        self._begun: list[Run] = []
        self._grown: list[Run] = []
        self._cut: list[Run] = []
        self._removed: list[str] = []
        self._moved: list[tuple[str, datetime, str]] = []

    def begin(self, run: Run) -> None:
        self._begun.append(run)

    def grow(self, run: Run) -> None:
        """It goes on."""
        self._grown.append(run)

    def cut(self, run: Run) -> None:
        """It landed, or is another one than before."""
        self._cut.append(run)

    def remove(self, session_ids: Iterable[str]) -> None:
        self._removed += session_ids

    def move(self, event_id: str, at: datetime, session_id: str) -> None:
        self._moved.append((event_id, at, session_id))

    def write(self, db: Db) -> None:
        """In the order of ids, as every process does: so that two of them never wait for each other."""
        bulk.insert(db, _SESSION, _RUN, [values_of(run) for run in self._begun])
        bulk.insert(db, _TOUCHPOINT, _TOUCH, [_touchpoint(run) for run in self._begun])
        _update(db, self._grown, _GROWN)
        _update(db, self._cut, _STATE)
        retold = sorted((_touchpoint(run)[:4] for run in self._cut), key=itemgetter(0))
        bulk.update(db, _TOUCHPOINT, ("id",), ("channel", "touch", "at"), retold)
        bulk.update(db, _EVENT, ("id", "occurred_at"), ("session_id",), sorted(self._moved))
        if self._removed:
            db.execute(delete(_TOUCHPOINT).where(_TOUCHPOINT.c.id.in_([_touchpoint_id(one) for one in self._removed])))
            db.execute(delete(_SESSION).where(_SESSION.c.id.in_(self._removed)))


def _update(db: Db, runs: list[Run], columns: tuple[str, ...]) -> None:
    values = attrgetter("id", *columns)
    bulk.update(db, _SESSION, ("id",), columns, sorted((values(run) for run in runs), key=itemgetter(0)))


def _touchpoint(run: Run) -> tuple[Any, ...]:
    """A session has one: the arrival that began it."""
    own = (_touchpoint_id(run.id), run.touch["channel"], run.touch, run.started_at)
    return (*own, run.workspace_id, run.person_id, run.id)


def _touchpoint_id(session_id: str) -> str:
    return "tch" + session_id[3:]
