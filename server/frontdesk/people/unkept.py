"""Reserved traits whose values are not kept, or not whole, and what belongs there. Pure."""

from collections.abc import Mapping
from typing import Any

from frontdesk.people.traits import OF_COMPANIES, OF_CONTACTS, Reader, Text

RESERVED = {"identify": OF_CONTACTS, "group": OF_COMPANIES}
"""By the call that says them."""
WANTED = {
    "address": "an object",
    "age": "a number",
    "avatar": "an address that begins with https://",
    "birthday": "a day, such as 1990-11-02",
    "company": "an object",
    "createdAt": "a time, such as 2026-11-02 or 2026-11-02T10:00:00Z",
    "email": "an e-mail address",
    "employees": "a number",
}
"""What belongs where; in all others, a text."""


def wrong(traits: Mapping[str, Any], reserved: Mapping[str, Reader]) -> list[str]:
    """The reserved traits whose values are nothing of their kind, so that they are not kept; blank ones say nothing.

    >>> wrong({"email": 17, "age": "33", "name": " ", "plan": 1}, OF_CONTACTS)
    ['email']
    """
    return [
        name
        for name, value in traits.items()
        if name in reserved and not _tells_nothing_wrong(value, reserved[name]) and reserved[name](value) is None
    ]


def shortened(traits: Mapping[str, Any], reserved: Mapping[str, Reader]) -> list[str]:
    """The reserved traits of which only the beginning is kept.

    >>> shortened({"name": "Li Na", "phone": "0" * 51}, OF_CONTACTS)
    ['phone']
    """
    return [
        name
        for name, value in traits.items()
        if isinstance(value, str) and isinstance(read := reserved.get(name), Text) and read.shortens(value)
    ]


def _tells_nothing_wrong(value: Any, read: Reader) -> bool:
    """Asked first, for most are texts where texts belong."""
    return value is None or (isinstance(value, str) and (isinstance(read, Text) or not value.strip()))
