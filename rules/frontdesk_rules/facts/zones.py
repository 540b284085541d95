"""Local time: IANA zones, days that are 23 or 25 hours long, and minutes that do not exist."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

WEEKDAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MINUTE: Final = timedelta(minutes=1)
_FIRST: Final = datetime.min.replace(tzinfo=UTC)
_LAST: Final = datetime.max.replace(tzinfo=UTC)


@lru_cache(maxsize=1024)
def zone_named(name: str) -> tzinfo | None:
    """The zone of an IANA name; None where there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def first_zone(names: Iterable[object]) -> str:
    """The first name that is a zone; UTC where none is."""
    return next((name for name in names if isinstance(name, str) and zone_named(name)), "UTC")


def local_time(at: datetime, zone: tzinfo) -> datetime | None:
    """What the clocks of a zone show at an instant; None where their calendar, of the years 1 to 9999, has no such day.

    >>> local_time(datetime.min.replace(tzinfo=UTC), ZoneInfo("America/New_York"))
    """
    try:
        return at.astimezone(zone)
    except OverflowError:
        return None


def moved(at: datetime, by: timedelta) -> datetime:
    """Later by so much, or earlier; where the calendar ends, as far as it goes."""
    try:
        return at + by
    except OverflowError:
        return _FIRST if by < timedelta(0) else _LAST


def instant(local: datetime, zone: tzinfo) -> datetime:
    """The instant of a local time without zone, in UTC: the earlier of two; in a gap, the next minute there is. On the
    first or last day of the calendar, where there is no such instant in UTC, the clocks of UTC are read.

    >>> instant(datetime(2026, 3, 29, 2, 30), ZoneInfo("Europe/Berlin")).isoformat()
    '2026-03-29T01:00:00+00:00'
    """
    try:
        return _instant(local, zone)
    except OverflowError:
        return local.replace(tzinfo=UTC)


def _instant(local: datetime, zone: tzinfo) -> datetime:
    at = local.replace(tzinfo=zone).astimezone(UTC)
    if at.astimezone(zone).replace(tzinfo=None) == local:
        return at
    whole = local.replace(second=0, microsecond=0) + _MINUTE
    while instant_of(whole, zone) is None:
        whole += _MINUTE
    return whole.replace(tzinfo=zone).astimezone(UTC)


def instant_of(local: datetime, zone: tzinfo) -> datetime | None:
    """The instant of a local time; None in a gap."""
    at = local.replace(tzinfo=zone).astimezone(UTC)
    return at if at.astimezone(zone).replace(tzinfo=None) == local else None


def second(local: datetime, zone: tzinfo) -> datetime | None:
    """The later instant of a local time that comes twice; None of any other."""
    at = local.replace(tzinfo=zone, fold=1).astimezone(UTC)
    shown = at.astimezone(zone).replace(tzinfo=None, fold=0)
    return at if shown == local and at != instant(local, zone) else None


def shown_between(since: datetime, until: datetime, zone: tzinfo) -> timedelta:
    """How much later the clocks of a zone show it to be."""
    first, last = (at.astimezone(zone).replace(tzinfo=None, fold=0) for at in (since, until))
    return last - first


def midnight(day: date, zone: tzinfo) -> datetime:
    """When a local day begins; where midnight is skipped, the first minute of that day."""
    return instant(datetime.combine(day, time()), zone)


_MONTHS: Final = 12


def _month(day: date, ahead: int) -> date:
    count = day.year * _MONTHS + day.month - 1 + ahead
    return date(count // _MONTHS, count % _MONTHS + 1, 1)


def _week(day: date, ahead: int) -> date:
    return day - timedelta(days=day.weekday()) + timedelta(weeks=ahead)


def _days(day: date, ahead: int) -> date:
    return day + timedelta(days=ahead)


def _year(day: date, ahead: int) -> date:
    return date(day.year + ahead, 1, 1)


# Name → how its unit is counted, and which one it is: 0 is the one we are in.
PERIODS: Final = {
    "today": (_days, 0),
    "yesterday": (_days, -1),
    "this_week": (_week, 0),
    "last_week": (_week, -1),
    "this_month": (_month, 0),
    "last_month": (_month, -1),
    "this_year": (_year, 0),
    "last_year": (_year, -1),
}


def period(name: str, now: datetime, zone: tzinfo) -> tuple[datetime, datetime]:
    """First instant of a calendar period and of the one after it. Weeks begin on Monday (ISO 8601)."""
    unit, ahead = PERIODS[name]
    today = now.astimezone(zone).date()
    return midnight(unit(today, ahead), zone), midnight(unit(today, ahead + 1), zone)
