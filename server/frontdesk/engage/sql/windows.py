"""The part of the past that a window names, as conditions over events: what may lie in it, and what surely does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Final

from frontdesk.collect.models import Event
from frontdesk.engage.sql.slots import Sql, milliseconds
from frontdesk.engage.sql.times import ANY_ZONE, Between, moved
from frontdesk.people.models import Contact
from frontdesk_rules.durations import milliseconds as ms_of
from frontdesk_rules.facts.zones import instant, period, zone_named
from frontdesk_rules.language.literals import read_instant
from frontdesk_rules.language.windows import Window

_TICK: Final = timedelta(milliseconds=1)
# Every hour at which a local day may begin, and a day for what a gap may skip.
_OFFSETS: Final = tuple(timezone(timedelta(hours=hours)) for hours in range(-16, 17))
_GAP: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Within:
    """`surely` is None where nothing is certain; the same as `perhaps` where everything is."""

    perhaps: Sql
    surely: Sql | None


def within(window: Window, now: datetime) -> Within:
    """The events in a window that ends now."""
    return _KINDS[window.kind](window, now)


def _exactly(span: Between) -> Within:
    held = span.holds(milliseconds(Event.occurred_at))
    return Within(held, held)


def _about(perhaps: Between, surely: Between) -> Within:
    at = milliseconds(Event.occurred_at)
    return Within(perhaps.holds(at), surely.holds(at))


def _last(window: Window, now: datetime) -> Within:
    return _exactly(Between(moved(now, _TICK - timedelta(milliseconds=ms_of(window.value))), now))


def _ever(_window: Window, now: datetime) -> Within:
    return _exactly(Between(None, now))


def _calendar(window: Window, now: datetime) -> Within:
    zone = zone_named(window.zone) if window.zone else None
    if zone:
        start, end = period(window.value, now, zone)
        return _exactly(Between(start, min(now, end - _TICK)))
    starts, ends = zip(*(period(window.value, now, offset) for offset in _OFFSETS), strict=True)
    return _about(
        Between(min(starts) - _GAP, min(now, max(ends) + _GAP)),
        Between(max(starts) + _GAP, min(now, min(ends) - _GAP)),
    )


def _since(window: Window, now: datetime) -> Within:
    if window.since_field:
        return _since_field(window.since_field, now)
    written = read_instant(window.value)
    zone = zone_named(window.zone) if window.zone else None
    if written.tzinfo or zone:
        return _exactly(Between(instant(written, zone) if zone and not written.tzinfo else written, now))
    start = instant(written, UTC)
    return _about(Between(moved(start, -ANY_ZONE), now), Between(moved(start, ANY_ZONE), now))


def _since_field(name: str, now: datetime) -> Within:
    """From a time that the person has; the one column is certain, an attribute is only read by Python."""
    until = Between(None, now).holds(milliseconds(Event.occurred_at))
    if name != "contact.registered_at":
        return Within(until, None)
    held = until & (Event.occurred_at >= Contact.registered_at)
    return Within(held, held)


_KINDS: Final[Mapping[str, Callable[[Window, datetime], Within]]] = {
    "within": _last,
    "ever": _ever,
    "calendar": _calendar,
    "since": _since,
}


def certain(window: Window, *, assume_complete: bool) -> bool:
    """Whether what is not seen in it was not done: nobody is known for shorter, and its beginning is known."""
    if window.since_field:
        return False
    return assume_complete or window.kind in ("ever", "since")
