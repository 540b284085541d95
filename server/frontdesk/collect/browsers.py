"""What a visitor's row keeps of its browser: with what, where, and until when it counts as here."""

from datetime import datetime, timedelta
from typing import Any

from frontdesk.collect.door.parse import Parsed
from frontdesk.collect.ports import PageSeen
from frontdesk.collect.reserved import PAGE_LEFT
from frontdesk.core.clock import iso, to_ms
from frontdesk.people.rows import VisitorRow

STAYS_PRESENT = timedelta(seconds=75)  # two signs of presence and a half
LEAVES_IN = timedelta(seconds=5)  # time for the next page of the same visitor to say hello

_SLIGHT_MS = 5_000  # that a page is still looked at is not worth a write each time


def be_present(visitor: VisitorRow, page: PageSeen, now: datetime) -> None:
    """A sign of presence, on this page."""
    visitor.seen_at = now
    visitor.present_until = now + STAYS_PRESENT
    visitor.page = _page_now(visitor, page, now)


def act(visitor: VisitorRow, item: Parsed, now: datetime) -> None:
    """An event of this browser: one that comes late tells of no presence, and a server's of no page either."""
    if item.verified:
        return
    leaves = item.name == PAGE_LEFT
    if item.live:
        visitor.present_until = now + (LEAVES_IN if leaves else STAYS_PRESENT)
    if item.page and not leaves:
        visitor.page = _page_now(visitor, item.page, item.occurred_at)


def keep_device(visitor: VisitorRow, item: Parsed) -> None:
    """With what and where the browser is: what came late, or by import, fills what is unknown. Ask before `seen_at`
    moves."""
    if item.live or item.occurred_at >= visitor.seen_at:
        _set_device(visitor, item)
        visitor.language = item.locale or visitor.language
        visitor.timezone = item.timezone or visitor.timezone
        _set_place(visitor, item)
        return
    if visitor.browser is None:
        _set_device(visitor, item)
    visitor.language = visitor.language or item.locale
    visitor.timezone = visitor.timezone or item.timezone
    if visitor.country is None:
        _set_place(visitor, item)


def same_device(one: Parsed, other: Parsed) -> bool:
    """Whether both say the same of it; quick, for all of a batch mostly do."""
    return (
        one.device is other.device
        and one.place is other.place
        and one.locale == other.locale
        and one.timezone == other.timezone
    )


def _set_device(visitor: VisitorRow, item: Parsed) -> None:
    if item.device:
        visitor.browser, visitor.os, visitor.device = item.device.browser, item.device.os, item.device.kind


def _set_place(visitor: VisitorRow, item: Parsed) -> None:
    if item.place.country:
        visitor.country, visitor.region, visitor.city = item.place.country, item.place.region, item.place.city
        visitor.region_timezone = item.place.timezone


def _page_now(visitor: VisitorRow, page: PageSeen, at: datetime) -> dict[str, Any]:
    """The page that a visitor was on last, by when it was; `since` stays while the address stays."""
    before = visitor.page or {}
    known_ms, at_ms = before.get("at_ms", 0), to_ms(at)
    if at_ms < known_ms:
        return before
    same = before.get("url") == page.url
    title = page.title or (before.get("title") if same else None)
    dwell_ms = max(page.dwell_ms, before.get("dwell_ms", 0)) if same else page.dwell_ms
    if same and at_ms - known_ms < _SLIGHT_MS and (title, dwell_ms) == (before.get("title"), before.get("dwell_ms")):
        return before
    since = before["since"] if same else iso(at)
    return {"url": page.url, "path": page.path, "title": title, "dwell_ms": dwell_ms, "since": since, "at_ms": at_ms}
