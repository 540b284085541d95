"""One call of the host becomes one encoded event of the Segment HTTP API, or a named refusal. Pure."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypedDict

from frontdesk_sdk import clock
from frontdesk_sdk.jsonsafe import Json, TooMuch, safe, text
from frontdesk_sdk.problems import Dropped, Problem
from frontdesk_sdk.version import __version__

MAX_EVENT_BYTES = 32 * 1024
_RULE_CALL = "Rule Call"  # the name of the track event by which the server knows a call
_JSON = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode
LIBRARY: dict[str, Json] = {"name": "frontdesk-python", "version": __version__}


class CallOptions(TypedDict, total=False):
    """What every verb takes by keyword.

    ``anonymous_id`` is the visitor id of the browser, when the backend knows it. ``timestamp`` is when it
    happened (aware datetime, or ISO 8601 text; default: now). ``message_id`` makes a call idempotent: the
    server keeps one event an id.
    """

    anonymous_id: object
    context: Mapping[str, object] | None
    timestamp: datetime | str | None
    message_id: str | None


_OPTIONS = CallOptions.__optional_keys__


@dataclass(frozen=True, slots=True)
class Event:
    """An event on its way: its id, and its JSON as it will stand in the batch."""

    message_id: str
    body: bytes


class Refused(Exception):  # noqa: N818 - a plain statement, as all refusals here
    """This call makes no event; ``problem`` says why."""

    def __init__(self, code: Dropped, detail: str, field: str | None = None) -> None:
        super().__init__(detail)
        self.problem = Problem(code=code, detail=detail, field=field)


def build(kind: str, fields: Mapping[str, object], options: CallOptions) -> Event:
    """Encode a call: `fields` are those of its verb by wire name, `options` what all verbs share.

    Raises Refused.
    """
    unknown = options.keys() - _OPTIONS
    if unknown:
        raise Refused(Dropped.UNKNOWN_OPTION, f"{kind}() takes no option {min(unknown)!r}")
    event: dict[str, Json] = {
        "type": kind,
        "messageId": _identifier(options.get("message_id")) or clock.fresh_id(),
        "timestamp": _timestamp(options.get("timestamp")),
        "context": {**_mapping("context", options.get("context")), "library": LIBRARY},
    }
    for name, value in {**fields, "anonymousId": options.get("anonymous_id")}.items():
        _FIELDS[name](event, name, value)
    _check(kind, event)
    if kind == "call":
        event |= {"type": "track", "event": _RULE_CALL}
        event["properties"] = {"name": event.pop("name"), "args": event.pop("args")}
    return Event(message_id=str(event["messageId"]), body=_encode(event))


def _check(kind: str, event: Mapping[str, Json]) -> None:
    if "userId" not in event and "anonymousId" not in event:
        raise Refused(Dropped.MISSING_ID, f"{kind}() needs a user_id or an anonymous_id", "userId")
    for needed, argument, code in _NEEDED.get(kind, ()):
        if needed not in event:
            raise Refused(code, f"{kind}() needs {argument}", needed)


def _encode(event: Mapping[str, Json]) -> bytes:
    body = _JSON(event).encode()
    if len(body) > MAX_EVENT_BYTES:
        raise Refused(Dropped.TOO_LARGE, f"{len(body)} bytes; an event holds at most {MAX_EVENT_BYTES}")
    return body


def _timestamp(moment: object) -> Json:
    if moment is None:
        return clock.stamp(clock.now())
    return safe(moment)


def _mapping(name: str, value: object) -> dict[str, Json]:
    if value is None:
        return {}
    try:
        plain = safe(value)
    except TooMuch:
        raise Refused(Dropped.TOO_LARGE, f"{name} has more parts than an event can hold", name) from None
    if not isinstance(plain, dict):
        raise Refused(Dropped.UNREADABLE, f"{name} must be a mapping, not {type(value).__name__}", name)
    return plain


def _identifier(value: object) -> str | None:
    if value is None:
        return None
    plain = value if type(value) is str else str(safe(value))
    return text(plain).strip() or None


def _put_identifier(event: dict[str, Json], name: str, value: object) -> None:
    identifier = _identifier(value)
    if identifier is not None:
        event[name] = identifier


def _put_mapping(event: dict[str, Json], name: str, value: object) -> None:
    event[name] = _mapping(name, value)


_FIELDS = {
    "userId": _put_identifier,
    "anonymousId": _put_identifier,
    "groupId": _put_identifier,
    "previousId": _put_identifier,
    "event": _put_identifier,
    "name": _put_identifier,
    "args": _put_mapping,
    "traits": _put_mapping,
    "properties": _put_mapping,
}

_NEEDED: dict[str, tuple[tuple[str, str, Dropped], ...]] = {
    "track": (("event", "an event name", Dropped.MISSING_NAME),),
    "call": (("name", "a name", Dropped.MISSING_NAME),),
    "group": (("groupId", "a group_id", Dropped.MISSING_ID),),
    "alias": (
        ("previousId", "a previous_id", Dropped.MISSING_ID),
        ("userId", "a user_id", Dropped.MISSING_ID),
    ),
}
