"""When each trait was said, so that the newest word of each holds, in whichever order they arrive. Pure.

A row keeps when it was described last. Only of traits that this newest word did not speak of, or took away, it keeps a
moment of their own: of most people there is none.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Protocol

from frontdesk.core.clock import from_ms, to_ms
from frontdesk.people.traits import Traits

MOST = 300
"""The moments of a row: the newest. A trait without one, as each of a longer name, counts as of the newest word.

Nor does each word of somebody of whom more is known have all of that to look through.
"""
_LONGEST = 100
_COLUMNS = {"name": "name", "email": "email", "phone": "phone", "registered_at": "createdAt"}
"""By their names on the wire, which no attribute has."""
Moments = Mapping[str, int]


class Described(Protocol):
    """A visitor, a contact or a company: a row of the hot path or of the ORM, or what it was."""

    @property
    def attributes(self) -> dict[str, Any]: ...
    @property
    def identified_at(self) -> datetime | None: ...
    @property
    def said_at(self) -> dict[str, Any] | None: ...


class Row(Protocol):
    """The same, to be written."""

    attributes: dict[str, Any]
    identified_at: datetime | None
    said_at: dict[str, Any] | None


def in_time(row: Row, traits: Traits, at: datetime) -> Traits:
    """What of these traits, which were said `at` that moment, holds. The row notes when they were said."""
    said, now = dict(_said(traits)), to_ms(at)
    moments: Moments = row.said_at or {}
    last = None if row.identified_at is None else to_ms(row.identified_at)
    if last is None or now >= last:
        row.identified_at = at
        if last is not None or None in said.values():
            _note(row, _newest(row, moments, said, (last, now)))
        return traits
    known = _known(row)
    before = {name: moments.get(name, last if name in known else None) for name in said}
    held = {name: now for name, moment in before.items() if moment is None or now >= moment}
    _note(row, {**moments, **held})
    columns = {name: value for name, value in traits.columns.items() if _COLUMNS[name] in held}
    return Traits(columns, {name: value for name, value in traits.attributes.items() if name in held})


def moment(row: Described, name: str) -> int | None:
    """When this trait, by its name on the wire, was said or taken away; None of one that nobody spoke of."""
    last = None if row.identified_at is None or name not in _known(row) else to_ms(row.identified_at)
    said: int | None = (row.said_at or {}).get(name, last)
    return said


def put(row: Row, name: str, at: int) -> None:
    """This trait, which is known, was said then; the newest word of the row is no older."""
    moments: Moments = row.said_at or {}
    left = {other: said for other, said in moments.items() if other != name}
    newest = row.identified_at is not None and at == to_ms(row.identified_at)
    _note(row, left if newest else {**left, name: at})


def moments_of(row: Described) -> dict[str, int]:
    """When each trait was said or taken away, as far as the row has a moment for it."""
    moments: Moments = row.said_at or {}
    if row.identified_at is None or len(row.attributes) > MOST:
        return dict(moments)
    last = to_ms(row.identified_at)
    return {**{name: last for name in _known(row) if len(name) <= _LONGEST}, **moments}


def restore(row: Row, moments: Moments) -> None:
    """The row's traits were said then; it was described last no earlier than the newest of them was said."""
    last = max([*moments.values(), *([] if row.identified_at is None else [to_ms(row.identified_at)])], default=None)
    row.identified_at = None if last is None else from_ms(last)
    known = _known(row)
    _note(row, {name: said for name, said in moments.items() if said != last or name not in known})


def _newest(row: Row, moments: Moments, said: Mapping[str, Any], times: tuple[int | None, int]) -> Moments:
    """The moments once this is the newest word."""
    last, now = times
    left = {name: moment for name, moment in moments.items() if name not in said}
    if last is not None and last != now and len(row.attributes) <= MOST:
        left |= {name: last for name in _known(row) if name not in said and name not in left}
    return left | {name: now for name, value in said.items() if value is None}


def _said(traits: Traits) -> Iterator[tuple[str, Any]]:
    for name, value in traits.columns.items():
        yield _COLUMNS[name], value
    yield from traits.attributes.items()


def _known(row: Described) -> set[str]:
    """The traits that somebody said; that one registered with the first identify is nobody's word."""
    known = {*row.attributes, *(name for name in ("name", "email", "phone") if getattr(row, name, None) is not None)}
    return known | {"createdAt"} if getattr(row, "registered_said", False) else known


def _note(row: Row, moments: Moments) -> None:
    """A map that says the same stays the very map: that is how it is seen that nothing changed."""
    kept = {name: moment for name, moment in moments.items() if len(name) <= _LONGEST}
    if len(kept) > MOST:
        kept = dict(sorted(kept.items(), key=lambda one: (one[1], one[0]))[-MOST:])
    if kept != (row.said_at or {}):
        row.said_at = kept
