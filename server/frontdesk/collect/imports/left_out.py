"""Values that a person or company cannot keep, so that whoever imports them hears of it. Pure."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import Any

from frontdesk.collect.imports.times import moment
from frontdesk.people.traits import OF_COMPANIES, OF_CONTACTS

Call = dict[str, Any]
Note = tuple[str, str]
"""The field, and a sentence."""
_RESERVED = {"identify": OF_CONTACTS, "group": OF_COMPANIES}
_DATES: dict[str, Callable[[datetime], str]] = {
    "createdAt": lambda at: at.isoformat(),
    "birthday": lambda at: at.date().isoformat(),
}
_WANTED = {
    "address": "an object",
    "age": "a number",
    "avatar": "an address that begins with https://",
    "birthday": "a day, such as 1990-11-02",
    "company": "an object; a column of it is “company.name”",
    "createdAt": "a time, such as 2026-11-02 or 2026-11-02T10:00:00Z",
    "email": "an e-mail address",
    "employees": "a number",
}


def readable(call: Call) -> None:
    """Write dates of spreadsheets among the traits as people's are read; what is no date stays as it is."""
    traits = call.get("traits")
    if not isinstance(traits, dict):
        return
    for name, write in _DATES.items():
        given = traits.get(name)
        if given is not None and OF_CONTACTS[name](given) is None:
            with suppress(ValueError):
                traits[name] = write(moment(given))


def left_out(call: Call) -> tuple[Note, ...]:
    """The reserved traits of an identify or group call whose values are nothing that can be kept there."""
    traits, reserved = call.get("traits"), _RESERVED.get(str(call.get("type")), {})
    if not isinstance(traits, dict):
        return ()
    return tuple(
        (f"traits.{name}", f"“{str(value)[:60]}” is left out: what belongs here is {_WANTED.get(name, 'a text')}.")
        for name, value in traits.items()
        if name in reserved and not _blank(value) and reserved[name](value) is None
    )


def _blank(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())
