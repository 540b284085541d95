"""What a sender may write: the Segment HTTP API, decoded by msgspec with types."""

from datetime import datetime
from typing import Any

from msgspec import Raw, Struct, field

TYPES = ("track", "page", "screen", "identify", "group", "alias")
OTHER_NAMES = {**{name[0]: name for name in ("batch", *TYPES)}, "import": "batch"}
"""The initials, by which analytics.js calls, and what analytics-ruby calls a batch."""


class WirePage(Struct, omit_defaults=True):
    url: str | None = None
    path: str | None = None
    title: str | None = None
    referrer: str | None = None
    search: str | None = None
    dwell_ms: int = 0


class WireCampaign(Struct, rename="camel", omit_defaults=True):
    id: str | None = None
    source_platform: str | None = None
    source: str | None = None
    medium: str | None = None
    name: str | None = None
    term: str | None = None
    content: str | None = None


class WireContext(Struct, rename="camel", omit_defaults=True):
    page: WirePage | None = None
    campaign: WireCampaign | None = None
    locale: str | None = None
    timezone: str | None = None
    user_agent: str | None = None
    ip: str | None = None
    traits: dict[str, Any] | None = None
    consent: dict[str, Any] | None = None
    webdriver: bool | None = None


class WireItem(Struct, rename="camel", omit_defaults=True):
    """One call. `write_key`, `token` and `sent_at` stand here in single calls, in the envelope in batches."""

    type: str | None = None
    message_id: str | int | None = None
    anonymous_id: str | int | None = None
    user_id: str | int | None = None
    group_id: str | int | None = None
    previous_id: str | int | None = None
    event: str | None = None
    name: str | None = None
    category: str | None = None
    properties: dict[str, Any] | None = None
    traits: dict[str, Any] | None = None
    integrations: dict[str, Any] | None = None
    context: WireContext | None = None
    timestamp: datetime | None = None


class Envelope(Struct, rename="camel"):
    """A batch; its items stay raw so that a bad one is refused alone."""

    batch: list[Raw]
    write_key: str | None = None
    token: str | None = None
    sent_at: datetime | None = None
    context: WireContext | None = None
    integrations: dict[str, Any] | None = None


class Single(Struct, rename="camel"):
    """What a single call says beside its item."""

    write_key: str | None = None
    token: str | None = None
    sent_at: datetime | None = None


class Presence(Struct, rename="camel"):
    """I am still here, on this page."""

    token: str
    page: WirePage = field(default_factory=WirePage)
    write_key: str | None = None
    visible: bool = True
