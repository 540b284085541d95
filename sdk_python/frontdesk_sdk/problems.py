"""What can go wrong with an event, by name."""

from dataclasses import dataclass
from enum import StrEnum


class Dropped(StrEnum):
    """Why an event never reached the server, or was not taken. The values are public API."""

    BAD_SETTINGS = "bad_settings"
    MISSING_ID = "missing_id"
    MISSING_NAME = "missing_name"
    UNKNOWN_OPTION = "unknown_option"
    UNREADABLE = "unreadable"
    TOO_LARGE = "too_large"
    QUEUE_FULL = "queue_full"
    CLOSED = "closed"
    MALFORMED = "malformed"
    UNKNOWN_KEY = "unknown_key"
    REFUSED = "refused"
    GAVE_UP = "gave_up"
    REJECTED = "rejected"
    INTERNAL = "internal"


@dataclass(frozen=True, slots=True)
class Problem:
    """One event that was not delivered, as ``on_error`` receives it.

    ``code`` is a value of :class:`Dropped`, or the server's own code when it refused that single event;
    ``field`` names the part of the event at fault, when it is known.
    """

    code: str
    detail: str
    message_id: str | None = None
    field: str | None = None
