"""When an event happened, by clocks that may be wrong. Pure."""

from datetime import UTC, datetime, timedelta

from msgspec import Struct

from frontdesk.core.clock import whole_ms

LATE = timedelta(days=7)
LIVE = timedelta(minutes=10)
_SKEW = timedelta(hours=24)
_FUTURE = timedelta(minutes=5)
# a year from the ends of the calendar, so that zones and skews can be added to any moment
FIRST = datetime(2, 1, 1, tzinfo=UTC)
_LAST = datetime(9998, 1, 1, tzinfo=UTC)


class Happened(Struct, frozen=True):
    """When, by our clock. `clock` is ok, or what was clamped: skew (over a day off), future (over five minutes).

    Rules act on what is `live`: known to be at most ten minutes old. When something clamped happened is not known."""

    at: datetime
    clock: str = "ok"
    live: bool = True


def happened(timestamp: datetime | None, sent_at: datetime | None, now: datetime) -> Happened:
    """Received − (sentAt − timestamp), clamped: a clock that is more than a day off is not believed."""
    if timestamp is None:
        return Happened(now)
    at, skew = _utc(timestamp), timedelta()
    if sent_at is not None:
        skew = now - _utc(sent_at)
    if abs(skew) >= _SKEW:
        return Happened(now, "skew", live=False)
    at += skew
    if at >= now + _FUTURE:
        return Happened(now, "future", live=False)
    return Happened(whole_ms(at), "ok", at > now - LIVE)


def _utc(moment: datetime) -> datetime:
    if not FIRST.year < moment.year < _LAST.year:
        return FIRST if moment.year <= FIRST.year else _LAST
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
