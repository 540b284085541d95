"""The only place that reads the clock. Everyone else is handed `now`, an aware UTC datetime."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """Now, aware UTC, to the millisecond (what both databases and the wire can hold)."""
    return whole_ms(datetime.now(UTC))  # noqa: TID251  the one place that may


def whole_ms(moment: datetime) -> datetime:
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


class MovableClock:
    """A clock that stands still until it is moved: for tests and simulations."""

    def __init__(self, start: datetime) -> None:
        self._now = whole_ms(start)

    def __call__(self) -> datetime:
        return self._now

    def advance(self, by: timedelta) -> None:
        self._now += by


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MS = timedelta(milliseconds=1)
# what is asked of an instant looks years ahead of it, as a schedule does, and no calendar goes beyond 9999
_LATEST = datetime(9990, 1, 1, tzinfo=UTC)
OUT_OF_REACH = "This must lie between the years 1970 and 9990."


def within_reach(moment: datetime) -> bool:
    """Whether one may ask what was, or will be, at a time; `OUT_OF_REACH` says why not."""
    return _EPOCH <= moment < _LATEST


def to_ms(moment: datetime) -> int:
    """Milliseconds since 1970-01-01 UTC."""
    return (moment - _EPOCH) // _MS


def from_ms(ms: int) -> datetime:
    """The aware UTC datetime of `ms` milliseconds since 1970-01-01.

    >>> from_ms(1_500).isoformat()
    '1970-01-01T00:00:01.500000+00:00'
    """
    return _EPOCH + timedelta(0, 0, 0, ms)


def iso(moment: datetime) -> str:
    """ISO 8601 UTC with milliseconds, as on the wire.

    >>> iso(from_ms(1_500))
    '1970-01-01T00:00:01.500Z'
    """
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
