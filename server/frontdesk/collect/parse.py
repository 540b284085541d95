"""The border: raw items become frozen `Parsed` events or named refusals; inside, nobody checks again."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from hashlib import blake2b
from typing import Any
from urllib.parse import urlsplit

import msgspec
import orjson

from frontdesk.collect.ports import PageSeen
from frontdesk.collect.wire import TYPES, WireContext, WireItem, WirePage
from frontdesk.core.clock import whole_ms
from frontdesk.core.text import clean, clean_map

MOST_BYTES_OF_AN_EVENT = 32 * 1024
_SKEW = timedelta(hours=24)
_FUTURE = timedelta(minutes=5)
_LATE = timedelta(days=7)
LIVE = timedelta(minutes=10)


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
    """One event, sound. `name` is what was tracked, None for page views. `occurred_at` is corrected and clamped."""

    type: str
    name: str | None
    message_id: str
    content_hash: str
    anonymous_id: str | None
    user_id: str | None
    group_id: str | None
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
    """What the request says of all its items: when it came, by the sender's clock and by ours."""

    now: datetime
    sent_at: datetime | None
    kind: str | None
    context: WireContext | None
    backend: bool


_decode_item = msgspec.json.Decoder(WireItem).decode


def parse_item(raw: bytes, received: Received) -> Parsed | Refusal:
    """The event in `raw`, or the reason why there is none."""
    if len(raw) > MOST_BYTES_OF_AN_EVENT:
        return Refusal(None, Rejected.TOO_LARGE, None, "An event has at most 32 KB.", raw[:MOST_BYTES_OF_AN_EVENT])
    try:
        item = _decode_item(raw)
    except msgspec.ValidationError as error:
        detail, _, path = str(error).partition(" - at `$.")
        return Refusal(_message_id(raw), Rejected.INVALID, path.rstrip("`") or None, detail, raw)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        return Refusal(None, Rejected.MALFORMED, None, str(error), raw)
    wrong = _what_is_wrong(item, received)
    if wrong:
        return Refusal(item.message_id, *wrong, raw)
    return _parsed(item, raw, received)


def _what_is_wrong(item: WireItem, received: Received) -> tuple[Rejected, str, str] | None:
    kind = received.kind or item.type
    checks = (
        (kind not in TYPES, Rejected.INVALID, "type", f"A type is one of {', '.join(TYPES)}."),
        (kind == "track" and not item.event, Rejected.MISSING, "event", "A track call names its event."),
        (
            not item.anonymous_id and _text(item.user_id) is None,
            Rejected.MISSING,
            "userId",
            "An event names its person by userId or anonymousId.",
        ),
        (
            kind == "identify" and received.backend and _text(item.user_id) is None,
            Rejected.MISSING,
            "userId",
            "A server identifies by userId.",
        ),
        (
            kind == "group" and _text(item.group_id) is None,
            Rejected.MISSING,
            "groupId",
            "A group call names its group.",
        ),
        (
            _occurred_at(item, received) < received.now - _LATE,
            Rejected.TOO_LATE,
            "timestamp",
            "Events are taken up to 7 days late; older ones come in by import.",
        ),
    )
    return next(((code, field, detail) for holds, code, field, detail in checks if holds), None)


def _parsed(item: WireItem, raw: bytes, received: Received) -> Parsed:
    own = item.context or _NOTHING
    shared = received.context or _NOTHING
    occurred_at = _occurred_at(item, received)
    content = _content_hash(item)
    return Parsed(
        type=received.kind or item.type or "",
        name=clean(item.event, 200) if item.event else None,
        message_id=clean(item.message_id, 100) if item.message_id else f"auto-{content}",
        content_hash=content,
        anonymous_id=clean(item.anonymous_id, 100) if item.anonymous_id else None,
        user_id=_text(item.user_id),
        group_id=_text(item.group_id),
        properties=clean_map(item.properties or {}),
        traits=clean_map(item.traits or own.traits or {}),
        page=_page(own.page or shared.page, item),
        campaign=_campaign(own, shared),
        locale=_short(own.locale or shared.locale),
        timezone=_short(own.timezone or shared.timezone),
        user_agent=own.user_agent or shared.user_agent,
        ip=own.ip or shared.ip,
        occurred_at=occurred_at,
        live=occurred_at > received.now - LIVE,
        body=raw,
    )


_NOTHING = WireContext()


def _occurred_at(item: WireItem, received: Received) -> datetime:
    """Received − (sentAt − timestamp), clamped: a clock that is more than a day off is not believed."""
    if item.timestamp is None:
        return received.now
    at = _aware(item.timestamp)
    if received.sent_at is not None:
        skew = received.now - _aware(received.sent_at)
        at = at + skew if abs(skew) < _SKEW else received.now
    latest = received.now + _FUTURE
    return whole_ms(at if at < latest else received.now)


def _aware(moment: datetime) -> datetime:
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _page(page: WirePage | None, item: WireItem) -> PageSeen | None:
    properties = item.properties or {}
    url = (page.url if page else None) or (properties.get("url") if item.type == "page" else None)
    if not isinstance(url, str) or not url:
        return None
    title = (page.title if page else None) or properties.get("title")
    dwell = properties.get("dwell_ms", 0)
    return PageSeen(
        url=clean(url, 2000),
        path=path_of(url),
        title=clean(title, 300) if isinstance(title, str) else None,
        referrer=clean(page.referrer, 2000) if page and page.referrer else None,
        dwell_ms=dwell if isinstance(dwell, int) and 0 <= dwell < _DAY_MS else 0,
    )


_DAY_MS = 86_400_000


def path_of(url: str) -> str:
    """The path of a URL, at least “/”; a hostile URL has the path “/”."""
    try:
        return clean(urlsplit(url).path, 500) or "/"
    except ValueError:
        return "/"


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


def _text(value: str | int | None) -> str | None:
    text = clean(str(value), 200).strip() if value is not None else ""
    return text or None


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
    return clean(found, 100) if isinstance(found, str) else None
