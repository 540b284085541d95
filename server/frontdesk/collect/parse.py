"""The border: raw items become frozen `Parsed` events or named refusals; inside, nobody checks again."""

import traceback
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Any

import msgspec
import orjson
import structlog

from frontdesk.collect.checks import Call, Rejected, call_of, what_is_wrong
from frontdesk.collect.device import LONGEST_USER_AGENT
from frontdesk.collect.page import page_of
from frontdesk.collect.ports import PageSeen
from frontdesk.collect.times import FIRST, LATE, LIVE, occurred_at
from frontdesk.collect.wire import WireContext, WireItem
from frontdesk.core.ids import new_id
from frontdesk.core.text import clean, clean_map

MOST_BYTES_OF_AN_EVENT = 32 * 1024
_MOST_OF_AN_ID = 200  # what an answer repeats of an id that is too long
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Refusal:
    """A refused item: the answer names it, the dead-letter table keeps it."""

    message_id: str | None
    code: Rejected
    field: str | None
    detail: str
    body: bytes

    def on_the_wire(self) -> dict[str, str | None]:
        return {"messageId": self.message_id, "code": self.code, "field": self.field, "detail": self.detail}


@dataclass(frozen=True, slots=True)
class Parsed:
    """One event, sound. `name` is what was tracked, None for page views. `occurred_at` is corrected and clamped.

    `ip` is where a backend says that its visitor is; a browser is where its request comes from.
    """

    type: str
    name: str | None
    message_id: str
    content_hash: str
    anonymous_id: str | None
    user_id: str | None
    group_id: str | None
    previous_id: str | None
    properties: dict[str, Any]
    traits: dict[str, Any]
    page: PageSeen | None
    campaign: dict[str, str]
    locale: str | None
    timezone: str | None
    user_agent: str | None
    ip: str | None
    occurred_at: datetime
    live: bool
    body: bytes


@dataclass(frozen=True, slots=True)
class Received:
    """What the request says of all its items: when it came, by the sender's clock and by ours.

    `historic` ones are imported: taken at any age, and never acted on.
    """

    now: datetime
    sent_at: datetime | None
    kind: str | None
    context: WireContext | None
    backend: bool
    historic: bool = False


_decode_item = msgspec.json.Decoder(WireItem).decode


def parse_item(raw: bytes, received: Received) -> Parsed | Refusal:
    """The event in `raw`, or the reason why there is none. Never raises: one bad item must not sink its batch."""
    if len(raw) > MOST_BYTES_OF_AN_EVENT:
        return Refusal(None, Rejected.TOO_LARGE, None, "An event has at most 32 KB.", raw[:MOST_BYTES_OF_AN_EVENT])
    try:
        return _read(raw, received)
    except msgspec.ValidationError as error:
        detail, _, path = str(error).partition(" - at `$.")
        return Refusal(_message_id(raw), Rejected.INVALID, path.rstrip("`") or None, detail, raw)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        return Refusal(None, Rejected.MALFORMED, None, str(error), raw)
    except Exception as error:  # noqa: BLE001  what we did not foresee in one item
        where = traceback.extract_tb(error.__traceback__)[-1]
        # an error's own words may repeat the item's, which stay out of the log
        log.error("item_unreadable", error=type(error).__name__, at=f"{where.name}:{where.lineno}")  # noqa: TRY400
        return Refusal(None, Rejected.MALFORMED, None, "This item cannot be read.", raw)


def _read(raw: bytes, received: Received) -> Parsed | Refusal:
    item = _decode_item(raw)
    happened = occurred_at(item.timestamp, received.sent_at, received.now)
    call = call_of(item, received.kind or item.type, happened)
    oldest = FIRST if received.historic else received.now - LATE
    wrong = what_is_wrong(call, backend=received.backend, oldest=oldest)
    if wrong:
        return Refusal(call.message_id[:_MOST_OF_AN_ID] if call.message_id else None, *wrong, raw)
    return _parsed(call, raw, received)


def _parsed(call: Call, raw: bytes, received: Received) -> Parsed:
    item = call.item
    own = item.context or _NOTHING
    shared = received.context or _NOTHING
    return Parsed(
        type=call.kind or "",
        name=clean(call.event, 200) if call.event else None,
        message_id=call.message_id or new_id("msg", received.now),  # as Segment does: each call is one of its own
        content_hash=_content_hash(item),
        anonymous_id=call.anonymous_id,
        user_id=call.user_id,
        group_id=call.group_id,
        previous_id=call.previous_id,
        properties=clean_map(item.properties or {}),
        traits=clean_map(item.traits or own.traits or {}),
        page=page_of(own.page or shared.page, item.properties or {}, is_page=call.kind == "page"),
        campaign=_campaign(own, shared),
        locale=_short(own.locale or shared.locale),
        timezone=_short(own.timezone or shared.timezone),
        user_agent=clean(own.user_agent or shared.user_agent or "", LONGEST_USER_AGENT) or None,
        ip=_short(own.ip or shared.ip) if received.backend else None,
        occurred_at=call.occurred_at,
        live=not received.historic and call.occurred_at > received.now - LIVE,
        body=raw,
    )


_NOTHING = WireContext()


def _campaign(own: WireContext, shared: WireContext) -> dict[str, str]:
    given = own.campaign or shared.campaign
    if given is None:
        return {}
    named = {
        "source": given.source,
        "medium": given.medium,
        "campaign": given.name,
        "term": given.term,
        "content": given.content,
    }
    return {key: clean(value, 200) for key, value in named.items() if value}


def _short(value: str | None) -> str | None:
    return clean(value, 64) if value else None


def _content_hash(item: WireItem) -> str:
    sound = clean_map(msgspec.to_builtins(item), most=MOST_BYTES_OF_AN_EVENT)
    packed = orjson.dumps(sound, option=orjson.OPT_SORT_KEYS)
    return blake2b(packed, digest_size=12).hexdigest()


def _message_id(raw: bytes) -> str | None:
    try:
        found = orjson.loads(raw).get("messageId")
    except (orjson.JSONDecodeError, AttributeError):
        return None
    return clean(found, _MOST_OF_AN_ID) if isinstance(found, str) else None
