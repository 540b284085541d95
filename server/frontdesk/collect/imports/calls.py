"""What a record of a file says, as a Segment call; and the call through the border, as an event of the past. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Any

import orjson

from frontdesk.collect.door.draft import Received
from frontdesk.collect.door.parse import Parsed
from frontdesk.collect.door.pipeline import parse_item
from frontdesk.collect.imports.columns import Columns, columns_of_contacts, columns_of_events
from frontdesk.collect.imports.left_out import Note, left_out, readable
from frontdesk.collect.imports.records import Record
from frontdesk.collect.imports.times import past
from frontdesk.collect.refusals import Drop, Refusal, Rejected

Call = dict[str, Any]
Wrong = tuple[Rejected, str | None, str]
_STEPS = {Rejected.TOO_LARGE: "size", Rejected.MALFORMED: "parse"}


@dataclass(frozen=True, slots=True)
class Line:
    """A record, read: the line of the file on which it begins, and what the border says of it.

    Of a call that is taken, `notes` name the values that cannot be kept.
    """

    number: int
    read: Parsed | Refusal | Drop
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class Kind:
    """What a file holds: how its columns are named, and how a record of it becomes a whole call, of the past.

    What `happened` did so once, in whichever file it stands. Else it is how things are, and each file sets it anew.
    """

    name: str
    columns: Callable[[Sequence[str]], Columns]
    complete: Callable[[Call, datetime], Wrong | None]
    happened: bool


class OwnIds:
    """The messageIds of records that bring none: of the n-th record with this content, whatever stands around it.

    So whoever mends, adds or deletes lines leaves the ids of all others; and equal lines are events of their own.
    Of what did not happen but is so, they are ids of this run of the file alone. It remembers a record in about 100
    bytes.
    """

    def __init__(self, kind: Kind, run: str) -> None:
        self._person = kind.name.encode()
        self._salt = b"" if kind.happened else blake2b(run.encode(), digest_size=16).digest()
        self._times: dict[int, int] = {}

    def of(self, record: Record) -> str:
        """The next id of a record with this content; to be asked of every record of a file, in order."""
        digest = blake2b(record.content, digest_size=15, person=self._person, salt=self._salt)
        key = int.from_bytes(digest.digest()[:8])
        before = self._times.get(key, 0)
        self._times[key] = before + 1
        if before:
            digest.update(b"\n%d" % before)
        return f"imp_{digest.hexdigest()}"


def read(record: Record, own_id: str, kind: Kind, received: Received) -> Line:
    """The record through the border; without a messageId it gets its own id."""
    if record.too_large:
        return _refused(record, own_id, (Rejected.TOO_LARGE, None, "An event has at most 32 KB."))
    if record.call is None:
        return _refused(record, own_id, (Rejected.MALFORMED, None, record.wrong or "This cannot be read."))
    call = record.call
    try:
        told = orjson.dumps(call)
    except orjson.JSONEncodeError as error:
        return _refused(record, own_id, (Rejected.INVALID, None, _unwritten(error)))
    call["messageId"] = call.get("messageId") or own_id
    wrong = kind.complete(call, received.now)
    if wrong:
        return _refused(record, str(call["messageId"])[:200], wrong)
    readable(call)
    return Line(record.line, parse_item(orjson.dumps(call), received, told), left_out(call))


def _unwritten(error: orjson.JSONEncodeError) -> str:
    return "This is nested too deep." if "ecursion" in str(error) else f"This cannot be written as JSON: {error}."


def _refused(record: Record, message_id: str, wrong: Wrong) -> Line:
    no = Refusal(message_id, *wrong, record.content, _STEPS.get(wrong[0], "check"))
    return Line(record.line, no)


def _complete_event(call: Call, now: datetime) -> Wrong | None:
    """An event of the past says when it happened; one that has no type is a track call."""
    if not call.get("type"):
        if not call.get("event"):
            return Rejected.MISSING, "event", "An event has a name, or a type that needs none."
        call["type"] = "track"
    field = "timestamp" if call.get("timestamp") else "originalTimestamp"
    if not call.get(field):
        return Rejected.MISSING, "timestamp", "An event that is imported says when it happened."
    return _dated(call, field, now)


def _complete_contact(call: Call, now: datetime) -> Wrong | None:
    if call.setdefault("type", "identify") != "identify":
        return Rejected.INVALID, "type", "A contact is an identify call."
    if not call.get("userId"):
        return Rejected.MISSING, "userId", "A contact has a userId."
    return _dated(call, "timestamp", now) if call.get("timestamp") else None


def _dated(call: Call, field: str, now: datetime) -> Wrong | None:
    try:
        call["timestamp"] = past(call[field], now)
    except ValueError as error:
        return Rejected.INVALID, field, str(error)
    return None


EVENTS = Kind("events", columns_of_events, _complete_event, happened=True)
CONTACTS = Kind("contacts", columns_of_contacts, _complete_contact, happened=False)
KINDS = {kind.name: kind for kind in (EVENTS, CONTACTS)}
