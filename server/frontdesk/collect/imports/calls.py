"""What a record of a file says, as a Segment call; and the call through the border, as an event of the past. Pure."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Any

import orjson

from frontdesk.collect.door.draft import Received
from frontdesk.collect.door.parse import Parsed
from frontdesk.collect.door.pipeline import parse_item
from frontdesk.collect.imports.columns import Columns, columns_of_contacts, columns_of_events
from frontdesk.collect.imports.files import Record
from frontdesk.collect.refusals import Drop, Refusal, Rejected

Call = dict[str, Any]
Wrong = tuple[Rejected, str, str]
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DATE_AND_TIME = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2}) ([0-9:.]+)(?: ?(Z|UTC|[+-][0-9]{2}:?[0-9]{2}))?")
_SECONDS = re.compile(r"[0-9]{9,10}(\.[0-9]+)?")
_MILLISECONDS = re.compile(r"[0-9]{12,13}")


@dataclass(frozen=True, slots=True)
class Line:
    """A record, read: the line of the file on which it begins, and what the border says of it."""

    number: int
    read: Parsed | Refusal | Drop


@dataclass(frozen=True, slots=True)
class Kind:
    """What a file holds: how its columns are named, and how a record of it becomes a whole call."""

    name: str
    columns: Callable[[Sequence[str]], Columns]
    complete: Callable[[Call], Wrong | None]


def read(record: Record, kind: Kind, received: Received) -> Line:
    """The record through the border. Without a messageId it gets the one that its line always gets."""
    own_id = _own_id(record, kind)
    if record.too_large:
        return _refused(record, own_id, (Rejected.TOO_LARGE, None, "An event has at most 32 KB."))
    if record.call is None:
        return _refused(record, own_id, (Rejected.MALFORMED, None, record.wrong or "This cannot be read."))
    call = record.call
    call["messageId"] = call.get("messageId") or own_id
    wrong = kind.complete(call)
    if wrong:
        return _refused(record, str(call["messageId"])[:200], wrong)
    try:
        raw = orjson.dumps(call)
    except orjson.JSONEncodeError:
        return _refused(record, own_id, (Rejected.INVALID, None, "This is nested too deep."))
    return Line(record.line, parse_item(raw, received))


def _own_id(record: Record, kind: Kind) -> str:
    """Content and line: mending one line of a file leaves the ids of all others; two equal lines are two events."""
    digest = blake2b(record.content, digest_size=15, person=kind.name.encode())
    digest.update(b"\n%d" % record.line)
    return f"imp_{digest.hexdigest()}"


def _refused(record: Record, message_id: str, wrong: tuple[Rejected, str | None, str]) -> Line:
    return Line(record.line, Refusal(message_id, *wrong, record.content))


def _complete_event(call: Call) -> Wrong | None:
    """An event of the past says when it happened; one that is named is a track call."""
    if "type" not in call and "event" in call:
        call["type"] = "track"
    happened = call.get("timestamp") or call.get("originalTimestamp")
    if happened is None:
        return Rejected.MISSING, "timestamp", "An event that is imported says when it happened."
    call["timestamp"] = moment(happened)
    return None


def _complete_contact(call: Call) -> Wrong | None:
    if call.setdefault("type", "identify") != "identify":
        return Rejected.INVALID, "type", "A contact is an identify call."
    if not call.get("userId"):
        return Rejected.MISSING, "userId", "A contact has a userId."
    if call.get("timestamp"):
        call["timestamp"] = moment(call["timestamp"])
    return None


def moment(given: Any) -> Any:
    """A time as exports write it, in the spelling of the wire; what is none stays as it is, for the border to refuse.

    >>> moment("2026-03-01"), moment("2026-03-01 10:00:00"), moment(1_772_323_200)
    ('2026-03-01T00:00:00Z', '2026-03-01T10:00:00Z', '2026-03-01T00:00:00.000+00:00')
    """
    text = str(given) if isinstance(given, str | int | float) else ""
    if _DATE.fullmatch(text):
        return f"{text}T00:00:00Z"
    written = _DATE_AND_TIME.fullmatch(text)
    if written:
        zone = written[3] or "Z"
        return f"{written[1]}T{written[2]}{'Z' if zone == 'UTC' else zone}"
    seconds = _since_1970(text)
    return given if seconds is None else datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds")


def _since_1970(text: str) -> float | None:
    if _MILLISECONDS.fullmatch(text):
        return int(text) / 1000
    return float(text) if _SECONDS.fullmatch(text) else None


EVENTS = Kind("events", columns_of_events, _complete_event)
CONTACTS = Kind("contacts", columns_of_contacts, _complete_contact)
