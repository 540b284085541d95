"""Values that a person or company cannot keep, so that whoever imports them hears of it. Pure."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import Any

from frontdesk.collect.imports.times import moment
from frontdesk.people.traits import OF_CONTACTS
from frontdesk.people.unkept import RESERVED, WANTED, wrong

Call = dict[str, Any]
Note = tuple[str, str]
"""The field, and a sentence."""
_DATES: dict[str, Callable[[datetime], str]] = {
    "createdAt": lambda at: at.isoformat(),
    "birthday": lambda at: at.date().isoformat(),
}
_WANTED = {**WANTED, "company": "an object; a column of it is “company.name”"}


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
    traits, reserved = call.get("traits"), RESERVED.get(str(call.get("type")), {})
    if not isinstance(traits, dict):
        return ()
    return tuple(
        (
            f"traits.{name}",
            f"“{str(traits[name])[:60]}” is left out: what belongs here is {_WANTED.get(name, 'a text')}.",
        )
        for name in wrong(traits, reserved)
    )
