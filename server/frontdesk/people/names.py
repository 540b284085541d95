"""The name of whom only a first and a last name are told. Pure.

It is as new as the newer of the two, so that neither a word of an earlier moment nor a part of one takes the place of a
name that was said since. Half a name is nobody's word for the whole: it stands until one is told, of whichever moment.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from frontdesk.core.clock import to_ms
from frontdesk.people import said_at
from frontdesk.people.said_at import moment

_PARTS = ("firstName", "lastName")
_NOBODY_S_WORD = 0


class Row(said_at.Row, Protocol):
    """A visitor, a contact or a company."""

    name: str | None


def told_in_parts(said: Iterable[str]) -> bool:
    """Whether any of these traits is part of a name."""
    return not set(_PARTS).isdisjoint(said)


def put_together(row: Row, at: datetime) -> None:
    """Parts of a name, and not the whole, were said `at` that moment, and are among the attributes by now."""
    parts = [part for part in _PARTS if row.attributes.get(part)]
    before, whole = moment(row, "name"), len(parts) == len(_PARTS)
    if not parts or (not whole and row.name is not None and before != _NOBODY_S_WORD):
        return
    told = max(moment(row, part) or _NOBODY_S_WORD for part in parts)
    if before is None or before < told or before == told == to_ms(at):
        row.name = " ".join(row.attributes[part] for part in parts)
        said_at.put(row, "name", told if whole else _NOBODY_S_WORD)
