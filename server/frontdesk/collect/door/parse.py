"""Parse once, at the border: a sound call becomes a frozen `Parsed` event, and inside nobody checks again."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from hashlib import blake2b
from typing import Any

import msgspec
import orjson
from msgspec import Raw, Struct
from orjson import Fragment

from frontdesk.collect.door.checks import Call
from frontdesk.collect.door.device import Device
from frontdesk.collect.door.draft import Draft
from frontdesk.collect.door.mending import UNREADABLE, loosely, soundly
from frontdesk.collect.door.place import Place
from frontdesk.collect.door.preferences import preferences
from frontdesk.collect.door.wire import WireCampaign
from frontdesk.collect.ports import PageSeen
from frontdesk.collect.refusals import LeftOut
from frontdesk.core.ids import new_id
from frontdesk.core.text import clean, clean_map

LONGEST_NAME = 200
"""Of an event; and of what a campaign says."""
LONGEST_LOCALE = 64
"""And of a time zone."""


class Parsed(Struct, frozen=True):
    """One event, sound. `name` is what was tracked, None for page views. `occurred_at` is corrected and clamped.

    `clock` says how it was: ok, skew or future. `live` ones are young enough for rules to act on;
    `verified` ones came with an API key. `preferences` is what it says of classes of messages; `left_out` is
    what its call says and it does not hold.
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
    device: Device | None
    place: Place
    occurred_at: datetime
    clock: str
    live: bool
    verified: bool
    body: bytes
    preferences: dict[str, bool] = {}
    left_out: tuple[LeftOut, ...] = ()


def parsed(draft: Draft) -> Parsed:
    """The event of a draft that has passed every step of the door."""
    call, own, shared, when = draft.call, draft.own, draft.shared, draft.happened
    return Parsed(
        type=call.kind or "",
        name=clean(call.event, LONGEST_NAME) if call.event else None,
        message_id=call.message_id or new_id("msg", when.at),  # as Segment does: each call is one of its own
        content_hash=_content_hash(draft),
        anonymous_id=call.anonymous_id,
        user_id=call.user_id,
        group_id=call.group_id,
        previous_id=call.previous_id,
        properties=clean_map(properties_of(call)),
        traits=clean_map(draft.traits),
        page=draft.page,
        campaign=_campaign(own.campaign or shared.campaign),
        locale=_short(own.locale or shared.locale),
        timezone=_short(own.timezone or shared.timezone),
        device=draft.device,
        place=draft.place,
        occurred_at=when.at,
        clock=when.clock,
        live=when.live,
        verified=call.backend,
        body=draft.raw,
        preferences=preferences(call.kind, call.event, own.consent, shared.consent),
    )


def properties_of(call: Call) -> dict[str, Any]:
    """A page's or screen's name and category stand among its properties, as Segment's own destinations see them."""
    item, given = call.item, call.item.properties or {}
    if call.kind in {"page", "screen"} and (item.name or item.category):
        own = {"name": item.name, "category": item.category}
        given = {**{key: value for key, value in own.items() if value}, **given}
    return given


def _campaign(given: WireCampaign | None) -> dict[str, str]:
    if given is None:
        return {}
    named = {
        "source": given.source,
        "medium": given.medium,
        "campaign": given.name,
        "term": given.term,
        "content": given.content,
        "campaign_id": given.id,
        "platform": given.source_platform,
    }
    return {key: clean(value, LONGEST_NAME) for key, value in named.items() if value}


@lru_cache(maxsize=1024)
def _short(value: str | None) -> str | None:
    return clean(value, LONGEST_LOCALE) if value else None


# the last ones are what analytics.js, and whoever passes events on, write of the way itself
_ROUTE = ("writeKey", "token", "sentAt", "receivedAt", "_metadata")
_1970 = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


def _content_hash(draft: Draft) -> str:
    """What the call says, be it something that we do not read; apart from when it was sent, by whom and by which route,
    for a resend has the same. So has an import of what was sent: what counts of its time is the moment.
    """
    return blake2b(_content(draft) + _said_for_all(draft), digest_size=12).hexdigest()


def _content(draft: Draft) -> bytes:
    for read in (_as_sent, _without_halves):
        try:
            return _written(read(draft), draft.call)
        except (orjson.JSONEncodeError, *UNREADABLE):
            continue
    return _written(_in_pieces(draft), draft.call)


def _written(said: dict[str, Any], call: Call) -> bytes:
    for name in _ROUTE:
        said.pop(name, None)
    said["type"] = call.kind
    context, at = said.get("context"), call.item.timestamp
    if context:
        context.pop("library", None)
    if at is not None and said.get("timestamp"):
        at = at if at.tzinfo else at.replace(tzinfo=UTC)
        said["timestamp"] = (at - _1970) // _MILLISECOND
    return orjson.dumps(said, option=orjson.OPT_SORT_KEYS)


def _said_for_all(draft: Draft) -> bytes:
    """The page and the campaign that the batch gives an item which has none of its own."""
    own, shared = draft.own, draft.shared
    page, campaign = (None if own.page else shared.page), (None if own.campaign else shared.campaign)
    return _encode((page, campaign)) if page or campaign else b""


def _as_sent(draft: Draft) -> Any:
    return orjson.loads(draft.told or draft.raw)


def _without_halves(draft: Draft) -> Any:
    """As a file that is imported is read, where half an emoji stands."""
    return orjson.loads(soundly(loosely(draft.told or draft.raw)))


def _in_pieces(draft: Draft) -> dict[str, Any]:
    """Of a call that holds what nobody reads, such as 1e999: each part as it was written."""
    parts = _parts(draft.sound)
    said: dict[str, Any] = {name: Fragment(bytes(part)) for name, part in parts.items()}
    if draft.call.item.context is not None:
        said["context"] = {name: Fragment(bytes(part)) for name, part in _parts(parts["context"]).items()}
    return said


_encode = msgspec.json.encode
_parts = msgspec.json.Decoder(dict[str, Raw]).decode
