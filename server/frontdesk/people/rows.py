"""Rows of people as the hot path holds them: plain objects with the columns of their tables, no ORM in between."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(slots=True)
class VisitorRow:
    """A row of `visitor`. A list or map in it is replaced, never changed in place: that is how a change is seen."""

    id: str
    workspace_id: str
    anonymous_id: str
    first_seen_at: datetime
    seen_at: datetime
    token_hash: str | None = None
    token_presented: bool = False
    contact_id: str | None = None
    contact_verified: bool = False
    email: str | None = None
    email_verified: bool = False
    name: str | None = None
    attributes: dict[str, Any] = field(default_factory=dict)
    identified_at: datetime | None = None
    said_at: dict[str, Any] | None = None
    tags: list[str] = field(default_factory=list)
    browser: str | None = None
    os: str | None = None
    device: str | None = None
    language: str | None = None
    timezone: str | None = None
    country: str | None = None
    region: str | None = None
    city: str | None = None
    region_timezone: str | None = None
    first_touch: dict[str, Any] | None = None
    last_touch: dict[str, Any] | None = None
    page: dict[str, Any] | None = None
    sessions: int = 0
    page_views: int = 0
    present_until: datetime | None = None


@dataclass(slots=True)
class ContactRow:
    """A row of `contact`; the same holds of its lists and maps."""

    id: str
    workspace_id: str
    user_id: str
    created_at: datetime
    seen_at: datetime
    name: str | None = None
    email: str | None = None
    phone: str | None = None
    attributes: dict[str, Any] = field(default_factory=dict)
    tags: list[str] = field(default_factory=list)
    verified: bool = False
    owner_id: str | None = None
    registered_at: datetime | None = None
    registered_said: bool = False
    identified_at: datetime | None = None
    said_at: dict[str, Any] | None = None


@dataclass(slots=True)
class CompanyRow:
    """A row of `company`; the same holds of its map."""

    id: str
    workspace_id: str
    group_id: str
    created_at: datetime
    seen_at: datetime
    name: str | None = None
    attributes: dict[str, Any] = field(default_factory=dict)
    verified: bool = False
    identified_at: datetime | None = None
    said_at: dict[str, Any] | None = None
