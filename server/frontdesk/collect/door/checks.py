"""What may be wrong with a call: a table of named refusals."""

from collections.abc import Callable
from operator import attrgetter
from typing import Any

from msgspec import Struct

from frontdesk.collect.door.wire import TYPES, WireItem
from frontdesk.collect.refusals import Rejected
from frontdesk.core.text import clean, deeper_than

_DEEPEST = 32
_WITHOUT_LIMIT = 32 * 1024  # no text of an event is longer than the event


class Call(Struct, frozen=True):
    """A call with its ids as we keep them: sound text, whole, None where nothing is left of them.

    `backend`: a verified sender made it, which knows its people by user id.
    """

    kind: str | None
    item: WireItem
    backend: bool
    message_id: str | None
    anonymous_id: str | None
    user_id: str | None
    group_id: str | None
    previous_id: str | None
    event: str | None


Wrong = tuple[Rejected, str, str]
"""Code, field, and a sentence for people."""


def call_of(item: WireItem, kind: str | None, *, backend: bool) -> Call:
    return Call(
        kind,
        item,
        backend,
        _whole(item.message_id),
        _whole(item.anonymous_id),
        _whole(item.user_id),
        _whole(item.group_id),
        _whole(item.previous_id),
        _whole(item.event),
    )


def _whole(given: str | int | None) -> str | None:
    return (clean(str(given), _WITHOUT_LIMIT).strip() or None) if given is not None else None


def what_is_wrong(call: Call) -> Wrong | None:
    """The first thing that is wrong with `call`."""
    for holds, code, field, detail in CHECKS:
        if holds(call):
            return code, field, detail
    return None


def _nobody(call: Call) -> bool:
    return not (call.user_id or call.anonymous_id)


def _unknown(call: Call) -> bool:
    return call.kind == "identify" and call.backend and not call.user_id and "email" not in (call.item.traits or {})


def _longer(name: str, most: int) -> Callable[[Call], bool]:
    own = attrgetter(name)

    def longer(call: Call) -> bool:
        text = own(call)
        return text is not None and len(text) > most

    return longer


def _deeper(what: Callable[[WireItem], Any]) -> Callable[[Call], bool]:
    def deeper(call: Call) -> bool:
        value = what(call.item)
        return bool(value) and deeper_than(value, _DEEPEST)

    return deeper


_NESTED = f"It is nested at most {_DEEPEST} deep."
_AT_MOST = "It has at most {} characters."
CHECKS: tuple[tuple[Callable[[Call], bool], Rejected, str, str], ...] = (
    (lambda call: call.kind not in TYPES, Rejected.INVALID, "type", f"A type is one of {', '.join(TYPES)}."),
    (
        lambda call: call.kind == "track" and not call.event,
        Rejected.MISSING,
        "event",
        "A track call names its event.",
    ),
    (
        lambda call: call.kind == "group" and not call.group_id,
        Rejected.MISSING,
        "groupId",
        "A group call names its group.",
    ),
    (
        lambda call: call.kind == "alias" and not call.user_id,
        Rejected.MISSING,
        "userId",
        "An alias call names a userId.",
    ),
    (_nobody, Rejected.MISSING, "userId", "An event names its person by userId or anonymousId."),
    (_unknown, Rejected.MISSING, "userId", "A server identifies by userId, or a browser by its e-mail."),
    # an id is never cut: two people whose ids begin alike must not become one
    (_longer("message_id", 100), Rejected.INVALID, "messageId", _AT_MOST.format(100)),
    (_longer("anonymous_id", 100), Rejected.INVALID, "anonymousId", _AT_MOST.format(100)),
    (_longer("user_id", 200), Rejected.INVALID, "userId", _AT_MOST.format(200)),
    (_longer("group_id", 200), Rejected.INVALID, "groupId", _AT_MOST.format(200)),
    (_longer("previous_id", 200), Rejected.INVALID, "previousId", _AT_MOST.format(200)),
    (_deeper(lambda item: item.properties), Rejected.INVALID, "properties", _NESTED),
    (_deeper(lambda item: item.traits), Rejected.INVALID, "traits", _NESTED),
    (_deeper(lambda item: item.context and item.context.traits), Rejected.INVALID, "context.traits", _NESTED),
)
