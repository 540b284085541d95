"""When an event happened, by clocks that may be wrong. Pure."""

from datetime import UTC, datetime, timedelta

from frontdesk.core.clock import whole_ms

LATE = timedelta(days=7)
LIVE = timedelta(minutes=10)
_SKEW = timedelta(hours=24)
_FUTURE = timedelta(minutes=5)
# a year from the ends of the calendar, so that zones and skews can be added to any moment
FIRST = datetime(2, 1, 1, tzinfo=UTC)
_LAST = datetime(9998, 1, 1, tzinfo=UTC)


def occurred_at(timestamp: datetime | None, sent_at: datetime | None, now: datetime) -> datetime:
    """Received − (sentAt − timestamp), clamped: a clock that is more than a day off is not believed."""
    if timestamp is None:
        return now
    at = _utc(timestamp)
    if sent_at is not None:
        skew = now - _utc(sent_at)
        at = at + skew if abs(skew) < _SKEW else now
    return whole_ms(at if at < now + _FUTURE else now)


def _utc(moment: datetime) -> datetime:
    if not FIRST.year < moment.year < _LAST.year:
        return FIRST if moment.year <= FIRST.year else _LAST
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
