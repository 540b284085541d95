"""Columns of a CSV file, named by the paths of a Segment call; a row becomes the call. Pure.

`properties` and `traits` are read sensibly: numbers, true and false, JSON lists and objects; an empty cell is absent.
What only looks like a number stays text: ids, phone numbers, postal codes, and anything with a leading zero.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from frontdesk.core.errors import Invalid
from frontdesk.people.traits import OF_CONTACTS

Path = tuple[str, ...]
Read = Callable[[str], Any]

_OWN = (
    "type", "messageId", "anonymousId", "userId", "groupId", "previousId", "event", "name", "timestamp",
    "originalTimestamp",
)  # fmt: skip
_OPEN = ("properties", "traits", "context", "integrations")
_TYPED = ("properties", "traits", "integrations")
_ALIASES = {re.sub("[A-Z]", lambda letter: "_" + letter[0].lower(), name): name for name in _OWN}
_TEXT = re.compile(
    r"(?i:name|first_?name|last_?name|e?-?mail|phone|tel|telephone|mobile|fax|zip|zip_?code|post_?code|postal_?code|sku|"
    r"version|id|title)|.*_id|.*[a-z](Id|ID)|.*[_-](?i:phone|tel|mobile|zip)|.*[a-z](Phone|Mobile|Zip)"
)
_NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,15})?")
_WORDS = {"true": True, "false": False}


@dataclass(frozen=True, slots=True)
class Columns:
    """Where the cells of a row go, in order, and how each is read."""

    places: tuple[tuple[Path, Read], ...]

    def call(self, cells: Sequence[str]) -> dict[str, Any]:
        """The call of a row that has as many cells as the header."""
        call: dict[str, Any] = {}
        for (path, read), cell in zip(self.places, cells, strict=True):
            text = cell.strip()
            if text:
                *above, last = path
                inner = call
                for step in above:
                    inner = inner.setdefault(step, {})
                inner[last] = read(text)
        return call


def columns_of_events(header: Sequence[str]) -> Columns:
    """Invalid names a column that is no path of a Segment call, and one that is missing."""
    names = [_ALIASES.get(name.strip(), name.strip()) for name in header]
    for name in names:
        if name not in _OWN and name.partition(".")[0] not in _OPEN:
            meant = _meant(name, _OWN)
            what = f"is it “{meant}”?" if meant else f"a property of an event is “properties.{name}”."
            raise Invalid(f"Column “{name}” is no part of a Segment call; {what}")
    _demand(names, "timestamp", "originalTimestamp")
    _demand(names, "userId", "anonymousId")
    return _columns(names)


def columns_of_contacts(header: Sequence[str]) -> Columns:
    """`userId`, and any other column is a trait. Invalid as above."""
    names = [_ALIASES.get(name.strip(), name.strip()) for name in header]
    own = ("userId", "anonymousId", "messageId", "timestamp")
    for name in names:
        meant = _meant(name, (*own, *OF_CONTACTS))
        if meant:
            raise Invalid(f"Column “{name}” is called “{meant}”; if it is another trait, call it “traits.{name}”.")
    names = [name if name in own or name.startswith("traits.") else f"traits.{name}" for name in names]
    _demand(names, "userId")
    return _columns(names)


def _meant(name: str, known: Iterable[str]) -> str | None:
    """The known column that `name` is in another spelling: `UserID`, `user-id`, `Email`."""
    spelt = {_letters(one): one for one in known}
    meant = spelt.get(_letters(name))
    return None if meant == name else meant


def _letters(name: str) -> str:
    return re.sub("[ _-]", "", name).lower()


def _demand(names: Sequence[str], *either: str) -> None:
    if not set(names) & set(either):
        raise Invalid(f"The header names no column {' or '.join(f'“{name}”' for name in either)}.")


def _columns(names: Sequence[str]) -> Columns:
    paths = [tuple(name.split(".")) for name in names]
    for number, path in enumerate(paths):
        if not all(path):
            raise Invalid(f"Column {number + 1} has no name.")
        if path in paths[:number]:
            raise Invalid(f"Column “{names[number]}” is there twice.")
        if any(other[: len(path)] == path for other in paths if other != path):
            raise Invalid(f"Column “{names[number]}” cannot hold a value and other columns too.")
        if path[0] in _OPEN and len(path) == 1:
            raise Invalid(f"Column “{names[number]}” says not of what: “{names[number]}.something”.")
    return Columns(tuple((path, _reader(path)) for path in paths))


def _reader(path: Path) -> Read:
    typed = path[0] in _TYPED or path[:2] == ("context", "traits") or path[-1] == "dwell_ms"
    return typed_value if typed and not _TEXT.fullmatch(path[-1]) else str


def typed_value(text: str) -> Any:
    """What a cell holds.

    >>> [typed_value(text) for text in ("12", "12.50", "007", "TRUE", "1e5", "[1, 2]", "+49 30")]
    [12, 12.5, '007', True, '1e5', [1, 2], '+49 30']
    """
    if _NUMBER.fullmatch(text):
        return float(text) if "." in text else int(text)
    if text[0] in "[{":
        try:
            return orjson.loads(text)
        except orjson.JSONDecodeError:
            return text
    return _WORDS.get(text.lower(), text)
