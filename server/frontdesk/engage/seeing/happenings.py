"""Stored events as what happened: a row for each kind. Pure, and quick, for a simulation takes millions of them."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple

from orjson import loads

from frontdesk.collect.reserved import DWELLED, LEAVING, PAGE_LEFT, RULE_CALLED, SCROLLED
from frontdesk.engage.deciding.moments import depth, whole_ms
from frontdesk_rules import Recorded

_NONE: Final[Mapping[str, object]] = {}


class StoredRow(NamedTuple):
    """The columns of an event that a simulation reads; `at` in milliseconds, `stored` as the driver gives it. `late`:
    when it was heard of, if that was too late to act on it."""

    id: str
    person_id: str
    session_id: str | None
    type: str
    name: str | None
    stored: Any
    url: str | None
    path: str | None
    title: str | None
    at: int
    late: int | None

    @property
    def properties(self) -> Mapping[str, Any]:
        """Few events have any."""
        stored = self.stored
        if not isinstance(stored, str):
            return stored or _NONE
        return loads(stored) if stored != "{}" else _NONE


def recorded_of(row: StoredRow, person: str, at: datetime, facts: Mapping[str, object] = _NONE) -> Recorded | None:
    """What happened to a person, and what is known from then on; None where it tells of nothing that rules know."""
    if row.type == "page":
        return _named(row, person, at, facts, "page")
    if row.type != "track":
        return Recorded(at=at, person=person, kind="facts", facts=facts, session=row.session_id) if facts else None
    special = _RESERVED.get(row.name or "")
    return special(row, Whose(person, at, facts)) if special else _named(row, person, at, facts, "event")


class Whose(NamedTuple):
    person: str
    at: datetime
    facts: Mapping[str, object]


def _named(row: StoredRow, person: str, at: datetime, facts: Mapping[str, object], kind: str) -> Recorded:
    event_id, _, session_id, _, name, stored, url, path, _, _, _ = row
    properties = _NONE if stored == "{}" else row.properties
    return Recorded(at, person, kind, name, url or path, properties, None, facts, session_id, None, event_id)


def _left(row: StoredRow, whose: Whose) -> Recorded:
    """Also an event like any other; it tells how long its page was seen."""
    properties = row.properties
    left = _named(row, *whose, "event")
    return left._replace(path=_path(row, properties), value=whole_ms(properties.get("dwell_ms")))


def _dwell(row: StoredRow, whose: Whose) -> Recorded | None:
    dwell_ms = whole_ms(row.properties.get("dwell_ms"))
    return None if dwell_ms is None else _of_page(row, whose, "dwell", dwell_ms)


def _scroll(row: StoredRow, whose: Whose) -> Recorded | None:
    scroll = depth(row.properties.get("scroll"))
    return None if scroll is None else _of_page(row, whose, "scroll", scroll)


def _leaving(row: StoredRow, whose: Whose) -> Recorded:
    return _of_page(row, whose, "exit_intent", None)


def _of_page(row: StoredRow, whose: Whose, kind: str, value: float | None) -> Recorded:
    one = Recorded(at=whose.at, person=whose.person, kind=kind, facts=whose.facts, session=row.session_id, id=row.id)
    return one._replace(path=_path(row, row.properties), value=value)


def _path(row: StoredRow, properties: Mapping[str, Any]) -> str | None:
    path = properties.get("path")
    return path if isinstance(path, str) else row.path


def _call(row: StoredRow, whose: Whose) -> Recorded | None:
    properties = row.properties
    name, given = properties.get("name"), properties.get("args")
    if not isinstance(name, str) or not name:
        return None
    return _named(row, *whose, "call")._replace(name=name, properties=given if isinstance(given, dict) else _NONE)


_RESERVED: Final[Mapping[str, Callable[[StoredRow, Whose], Recorded | None]]] = {
    PAGE_LEFT: _left,
    DWELLED: _dwell,
    SCROLLED: _scroll,
    LEAVING: _leaving,
    RULE_CALLED: _call,
}
