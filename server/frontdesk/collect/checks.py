"""What may be wrong with a call: a table of named refusals."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from frontdesk.collect.wire import TYPES, WireItem
from frontdesk.core.text import clean, deeper_than

_LONGEST_ID = 200
_LONGEST_MESSAGE_ID = _LONGEST_ANONYMOUS_ID = 100
_DEEPEST = 32
_WITHOUT_LIMIT = 32 * 1024  # no text of an event is longer than the event


class Rejected(StrEnum):
    """Why an item was refused; the value is the `code` on the wire."""

    MALFORMED = "malformed"
    INVALID = "invalid"
    MISSING = "missing"
    TOO_LARGE = "too_large"
    TOO_LATE = "too_late"
    CONFLICT = "conflict"
    DUPLICATE = "duplicate"


@dataclass(frozen=True, slots=True)
class Call:
    """A call with its ids as we keep them: sound text, whole, None where nothing is left of them."""

    kind: str | None
    item: WireItem
    occurred_at: datetime
    message_id: str | None
    anonymous_id: str | None
    user_id: str | None
    group_id: str | None
    previous_id: str | None
    event: str | None


Wrong = tuple[Rejected, str, str]
"""Code, field, and a sentence for people."""
Row = tuple[bool, Rejected, str, str]
"""Whether it is wrong, and then how."""


def call_of(item: WireItem, kind: str | None, occurred_at: datetime) -> Call:
    return Call(
        kind=kind,
        item=item,
        occurred_at=occurred_at,
        message_id=_whole(item.message_id),
        anonymous_id=_whole(item.anonymous_id),
        user_id=_whole(item.user_id),
        group_id=_whole(item.group_id),
        previous_id=_whole(item.previous_id),
        event=_whole(item.event),
    )


def _whole(given: str | int | None) -> str | None:
    return (clean(str(given), _WITHOUT_LIMIT).strip() or None) if given is not None else None


def what_is_wrong(call: Call, *, backend: bool, oldest: datetime) -> Wrong | None:
    """The first thing that is wrong with `call`; `backend` senders cannot know a browser, `oldest` is too late."""
    item = call.item
    rows = (*_kinds(call), *_names(call, backend=backend), *_lengths(call), *_depths(item))
    late = "Events are taken up to 7 days late; older ones come in by import."
    rows += ((call.occurred_at < oldest, Rejected.TOO_LATE, "timestamp", late),)
    return next(((code, field, detail) for holds, code, field, detail in rows if holds), None)


def _kinds(call: Call) -> tuple[Row, ...]:
    kind = call.kind
    return (
        (kind not in TYPES, Rejected.INVALID, "type", f"A type is one of {', '.join(TYPES)}."),
        (kind == "track" and not call.event, Rejected.MISSING, "event", "A track call names its event."),
        (kind == "group" and not call.group_id, Rejected.MISSING, "groupId", "A group call names its group."),
        (kind == "alias" and not call.user_id, Rejected.MISSING, "userId", "An alias call names a userId."),
    )


def _names(call: Call, *, backend: bool) -> tuple[Row, ...]:
    nobody = not (call.user_id or call.anonymous_id)
    unknown = call.kind == "identify" and backend and not call.user_id
    return (
        (nobody, Rejected.MISSING, "userId", "An event names its person by userId or anonymousId."),
        (unknown, Rejected.MISSING, "userId", "A server identifies by userId."),
    )


def _lengths(call: Call) -> tuple[Row, ...]:
    """An id is never cut: two people whose ids begin alike must not become one."""
    ids = (
        ("messageId", call.message_id, _LONGEST_MESSAGE_ID),
        ("anonymousId", call.anonymous_id, _LONGEST_ANONYMOUS_ID),
        ("userId", call.user_id, _LONGEST_ID),
        ("groupId", call.group_id, _LONGEST_ID),
        ("previousId", call.previous_id, _LONGEST_ID),
    )
    return tuple(
        (bool(text and len(text) > most), Rejected.INVALID, field, f"It has at most {most} characters.")
        for field, text, most in ids
    )


def _depths(item: WireItem) -> tuple[Row, ...]:
    given = (
        ("properties", item.properties),
        ("traits", item.traits),
        ("context.traits", item.context.traits if item.context else None),
    )
    return tuple(
        (deeper_than(value, _DEEPEST), Rejected.INVALID, field, f"It is nested at most {_DEEPEST} deep.")
        for field, value in given
    )
