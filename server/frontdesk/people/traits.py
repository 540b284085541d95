"""Traits as senders write them, read. Pure."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from frontdesk.core.text import clean

RESERVED = ("name", "firstName", "lastName", "email", "phone", "createdAt", "avatar")


@dataclass(frozen=True, slots=True)
class Traits:
    """Traits read: the reserved ones by name, None where absent or unusable; the rest as attributes."""

    name: str | None = None
    email: str | None = None
    phone: str | None = None
    registered_at: datetime | None = None
    attributes: dict[str, Any] = field(default_factory=dict)


def read_traits(traits: dict[str, Any]) -> Traits:
    """Traits as a sender wrote them, sorted into what we know and what only the customer knows.

    >>> read_traits({"firstName": "Li", "lastName": "Na", "plan": "pro"})
    Traits(name='Li Na', email=None, phone=None, registered_at=None, attributes={'plan': 'pro'})
    """
    first_last = " ".join(part for key in ("firstName", "lastName") if (part := _text(traits.get(key), 100)))
    return Traits(
        name=_text(traits.get("name"), 200) or first_last or None,
        email=_email(traits.get("email")),
        phone=_text(traits.get("phone"), 50),
        registered_at=_instant(traits.get("createdAt")),
        attributes={key: value for key, value in traits.items() if key not in RESERVED},
    )


def _text(value: Any, most: int) -> str | None:
    return clean(str(value), most).strip() or None if isinstance(value, str | int | float) else None


def _email(value: Any) -> str | None:
    text = _text(value, 254)
    return text.lower() if text and "@" in text.strip("@") else None


def _instant(value: Any) -> datetime | None:
    """ISO 8601 text, or seconds since 1970 as a number (milliseconds where it is that large)."""
    readers: dict[type, Callable[[Any], datetime]] = {
        str: lambda text: datetime.fromisoformat(text),
        int: lambda number: datetime.fromtimestamp(number / 1000 if number > 10**11 else number, UTC),
    }
    reader = readers.get(int if isinstance(value, float) else type(value))
    if reader is None:
        return None
    try:
        at = reader(value)
        return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    except (ValueError, OverflowError, OSError):
        return None
