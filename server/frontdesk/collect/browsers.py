"""What a visitor's row keeps of its browser: with what, where, and until when it counts as here."""

from datetime import datetime, timedelta

from frontdesk.collect.door.parse import Parsed
from frontdesk.collect.ports import PageSeen
from frontdesk.core.clock import iso
from frontdesk.people.rows import VisitorRow

STAYS_PRESENT = timedelta(seconds=75)  # two signs of presence and a half
LEAVES_IN = timedelta(seconds=5)  # time for the next page of the same visitor to say hello
PAGE_LEFT = "Page Left"


def be_present(visitor: VisitorRow, page: PageSeen, now: datetime) -> None:
    """A sign of presence, on this page."""
    visitor.seen_at = now
    visitor.present_until = now + STAYS_PRESENT
    visitor.page = _page_now(visitor, page, now)


def act(visitor: VisitorRow, item: Parsed, now: datetime) -> None:
    """An event: a server's, or one that comes late, tells of no presence."""
    visitor.seen_at = max(visitor.seen_at, item.occurred_at)
    if not item.live or item.verified:
        return
    leaves = item.name == PAGE_LEFT
    visitor.present_until = now + (LEAVES_IN if leaves else STAYS_PRESENT)
    if item.page and not leaves:
        visitor.page = _page_now(visitor, item.page, item.occurred_at)


def keep_device(visitor: VisitorRow, item: Parsed) -> None:
    if item.device:
        visitor.browser, visitor.os, visitor.device = item.device.browser, item.device.os, item.device.kind
    visitor.language = item.locale or visitor.language
    visitor.timezone = item.timezone or visitor.timezone
    if item.place.country:
        visitor.country, visitor.region, visitor.city = item.place.country, item.place.region, item.place.city


def _page_now(visitor: VisitorRow, page: PageSeen, at: datetime) -> dict[str, object]:
    """The page that a visitor is on; `since` stays while the address stays."""
    before = visitor.page or {}
    same = before.get("url") == page.url
    return {
        "url": page.url,
        "path": page.path,
        "title": page.title or (before.get("title") if same else None),
        "dwell_ms": max(page.dwell_ms, before.get("dwell_ms", 0)) if same else page.dwell_ms,
        "since": before["since"] if same else iso(at),
    }
