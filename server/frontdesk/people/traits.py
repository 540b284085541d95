"""Traits as senders write them, read: the reserved ones by a table, each with its type; all others as they are. Pure.

The reserved names are those of the Segment spec for `identify` and `group`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Any

import orjson

from frontdesk.core.clock import iso
from frontdesk.core.text import LONGEST_TEXT, clean, cut

Reader = Callable[[Any], Any]
"""What a value is, as we keep it; None where it is nothing of the kind, and then nothing was said."""
_WHOLE = 10**16  # from here on a float has no fraction that JSON would show
_LONGEST_NUMBER = 19  # digits; any such number has 64 bits
_INTEGERS = range(-(2**63), 2**64)  # what JSON readers take for an integer


@dataclass(frozen=True, slots=True)
class Traits:
    """Traits read. In both, None takes away what was known, and what is absent was not spoken of."""

    columns: dict[str, Any] = field(default_factory=dict)
    attributes: dict[str, Any] = field(default_factory=dict)


def read_traits(traits: Mapping[str, Any], reserved: Mapping[str, Reader], columns: Mapping[str, str]) -> Traits:
    """Traits as a sender wrote them: those that have a column of their own, and the others.

    >>> read_traits({"name": " Li Na ", "age": "33", "plan": None}, OF_CONTACTS, CONTACT_COLUMNS)
    Traits(columns={'name': 'Li Na'}, attributes={'age': 33, 'plan': None})
    """
    found = Traits()
    for name, value in traits.items():
        read = reserved.get(name, _as_it_is)
        known = None if value is None else read(value)
        if value is None or known is not None:
            into, key = (found.columns, columns[name]) if name in columns else (found.attributes, name)
            into[key] = known
    return found


def email_of(traits: Mapping[str, Any]) -> str | None:
    """The e-mail that traits give."""
    return _email(traits.get("email"))


def alike(one: Any, other: Any) -> bool:
    """Whether two values are one as JSON, where 1, 1.0 and true are three.

    >>> alike({"a": 1, "b": 2}, {"b": 2, "a": 1}), alike(1, True)
    (True, False)
    """
    return one is other or orjson.dumps(one, option=_SORTED) == orjson.dumps(other, option=_SORTED)


_SORTED = orjson.OPT_SORT_KEYS


def renewed(was: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """The names whose values are not the very same: of a thousand that are known, few. Gone ones first.

    >>> renewed({"a": 1, "b": 2}, {"b": 2, "c": 3})
    ['a', 'c']
    """
    new = [name for name, value in now.items() if was.get(name) is not value]
    gone = (
        [] if len(was) + sum(name not in was for name in new) == len(now) else [name for name in was if name not in now]
    )
    return gone + new


def _as_it_is(value: Any) -> Any:
    """The value with its type, in a spelling that both databases give back alike.

    PostgreSQL writes a number without fraction as an integer, so a float that large is one from the start.
    """
    if isinstance(value, float) and abs(value) >= _WHOLE and int(value) in _INTEGERS:
        return int(value)
    if isinstance(value, dict):
        return {key: _as_it_is(inner) for key, inner in value.items()}
    return [_as_it_is(inner) for inner in value] if isinstance(value, list) else value


@dataclass(frozen=True, slots=True)
class Text:
    """Reads what can be told in one word or many, of which it keeps the first `most` characters."""

    most: int

    def __call__(self, value: Any) -> str | None:
        known = isinstance(value, str | int | float) and not isinstance(value, bool)
        return clean(str(value).strip(), self.most).strip() or None if known else None

    def shortens(self, value: str) -> bool:
        """Whether its end is not kept."""
        return cut(value.strip(), self.most)


def _email(value: Any) -> str | None:
    """Lower case, in one word: what holds a line break could not stand in the head of a letter, nor be an address."""
    text = _LINES(value)
    sound = (
        text
        and len(text) <= _LONGEST_EMAIL
        and "@" in text.strip("@")
        and text.isprintable()
        and not any(map(str.isspace, text))
    )
    return text.lower() if text and sound else None


def _number(value: Any) -> int | float | None:
    if isinstance(value, str):
        return int(value) if value.strip().isdecimal() and len(value) < _LONGEST_NUMBER else None
    return _as_it_is(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _object(value: Any) -> dict[str, Any] | None:
    return _as_it_is(value) if isinstance(value, dict) else None


def _picture(value: Any) -> str | None:
    """An address that a browser can fetch; nothing that it would run."""
    text = _LINES(value)
    sound = text and len(text) <= _LONGEST_ADDRESS and text.lower().startswith(("https://", "http://"))
    return text if sound else None


def _instant(value: Any) -> datetime | None:
    """ISO 8601 text, or seconds since 1970 as a number (milliseconds where it is that large)."""
    reader = _INSTANTS.get(type(value))
    if reader is None:
        return None
    try:
        at = reader(value)
        return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _of_seconds(number: float) -> datetime:
    return datetime.fromtimestamp(number / 1000 if abs(number) > 10**11 else number, UTC)


_INSTANTS: dict[type, Callable[[Any], datetime]] = {
    str: lambda text: datetime.fromisoformat(text.strip()),
    int: _of_seconds,
    float: _of_seconds,
}


def _moment(value: Any) -> str | None:
    at = _instant(value)
    return iso(at) if at else None


def _day(value: Any) -> str | None:
    """A day of the calendar, as it was written: in no time zone is it another."""
    try:
        return datetime.fromisoformat(value.strip()).date().isoformat()
    except (AttributeError, ValueError):
        at = _instant(value)
        return at.date().isoformat() if at else None


_LONGEST_EMAIL, _LONGEST_ADDRESS = 254, 2_000  # half of one leads nowhere, or to somebody else
_LINE, _LINES = Text(200), Text(LONGEST_TEXT)
OF_CONTACTS: dict[str, Reader] = {
    "address": _object,
    "age": _number,
    "avatar": _picture,
    "birthday": _day,
    "company": _object,
    "createdAt": _instant,
    "description": _LINES,
    "email": _email,
    "firstName": Text(100),
    "gender": _LINE,
    "id": _LINE,
    "lastName": Text(100),
    "name": _LINE,
    "phone": Text(50),
    "title": _LINE,
    "username": _LINE,
    "website": Text(2_000),
}
CONTACT_COLUMNS = {"name": "name", "email": "email", "phone": "phone", "createdAt": "registered_at"}
OF_COMPANIES: dict[str, Reader] = {
    "address": _object,
    "avatar": _picture,
    "createdAt": _moment,
    "description": _LINES,
    "email": _email,
    "employees": _number,
    "id": _LINE,
    "industry": _LINE,
    "name": _LINE,
    "phone": Text(50),
    "plan": _LINE,
    "website": Text(2_000),
}
COMPANY_COLUMNS = {"name": "name"}
of_contact = partial(read_traits, reserved=OF_CONTACTS, columns=CONTACT_COLUMNS)
of_company = partial(read_traits, reserved=OF_COMPANIES, columns=COMPANY_COLUMNS)
