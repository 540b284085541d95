"""Cron expressions: five fields, as in the crontab of POSIX with ranges, steps and names."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from typing import Final

from frontdesk_rules.facts.zones import instant, midnight, second

_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAYS: Final = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
# Name of the field, lowest and highest value, words for values.
_FIELDS: Final[tuple[tuple[str, int, int, dict[str, int]], ...]] = (
    ("minute", 0, 59, {}),
    ("hour", 0, 23, {}),
    ("day of the month", 1, 31, {}),
    ("month", 1, 12, {name: n + 1 for n, name in enumerate(_MONTHS)}),
    ("day of the week", 0, 7, {name: n for n, name in enumerate(_DAYS)}),
)
_PART: Final = re.compile(r"(\*|[0-9a-z]+)(?:-([0-9a-z]+))?(?:/([0-9]{1,2}))?")
_LONGEST_WAIT: Final = timedelta(days=8 * 366)  # 29 February, around a year that is no leap year


@dataclass(frozen=True, slots=True)
class Cron:
    minutes: tuple[int, ...]
    hours: tuple[int, ...]
    days: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]
    either_day: bool
    hourly: bool = False

    def following(self, after: datetime, zone: tzinfo) -> datetime | None:
        """The first time later than `after`, in UTC; None if there is none within eight years.

        A time that a DST gap skips is the next minute there is. One that comes twice is the first of the two; both,
        where the hour is `*`, which says how often and not when.
        """
        local = after.astimezone(zone).replace(tzinfo=None)
        day, earliest = local.date(), local.hour
        last = day + _LONGEST_WAIT
        while day <= last:
            # What the clocks there have shown already is over, also where a gap has carried it on: it ended before now.
            times = self._times(day, earliest) if self._on(day) else iter(())
            first = next((at for shown in times if shown > local and (at := instant(shown, zone)) > after), None)
            again = self._again(day, after, zone) if self.hourly else None
            if first or again:
                return min(at for at in (first, again) if at)
            day, earliest = day + timedelta(days=1), 0
        return None

    def _again(self, day: date, after: datetime, zone: tzinfo) -> datetime | None:
        """The first time that comes a second time, on a day on which the clocks are put back."""
        if not self._on(day) or (midnight(day + timedelta(days=1), zone) - midnight(day, zone)) <= timedelta(days=1):
            return None
        return next((at for shown in self._times(day, 0) if (at := second(shown, zone)) and at > after), None)

    def _on(self, day: date) -> bool:
        if day.month not in self.months:
            return False
        month_day, week_day = day.day in self.days, day.isoweekday() % 7 in self.weekdays
        return month_day or week_day if self.either_day else month_day and week_day

    def _times(self, day: date, earliest: int) -> Iterator[datetime]:
        """On the clocks of that day, from an hour on."""
        for hour in self.hours[bisect_left(self.hours, earliest) :]:
            for minute in self.minutes:
                yield datetime.combine(day, time(hour, minute))


class CronRefused(ValueError):  # noqa: N818 - it is told to authors as a refusal
    """Why the text is no cron expression, in plain words."""


@lru_cache(maxsize=1024)
def cron_of(text: str) -> Cron:
    """Raises CronRefused.

    >>> cron_of("0 9 * * mon-fri").hours
    (9,)
    """
    fields = text.lower().split()
    if len(fields) != len(_FIELDS):
        raise CronRefused("five fields are needed here: minute, hour, day of the month, month, day of the week")
    minutes, hours, days, months, weekdays = (_values(text, *row) for text, row in zip(fields, _FIELDS, strict=True))
    return Cron(
        minutes=tuple(sorted(minutes)),
        hours=tuple(sorted(hours)),
        days=days,
        months=months,
        weekdays=frozenset(day % 7 for day in weekdays),
        # As cron has always read it: where both days are named, either will do.
        either_day=not fields[2].startswith("*") and not fields[4].startswith("*"),
        hourly=fields[1] == "*",
    )


def _values(text: str, name: str, low: int, high: int, words: dict[str, int]) -> frozenset[int]:
    values: set[int] = set()
    for part in text.split(","):
        found = _PART.fullmatch(part)
        if found is None:
            raise CronRefused(f"{part!r} is no {name}")
        first, last, step = found.groups()
        start = low if first == "*" else _number(first, words)
        end = _number(last, words) if last else high if first == "*" or step else start
        if not low <= start <= end <= high or step == "0":
            raise CronRefused(f"{part!r} is no {name}: {low} to {high}")
        values.update(range(start, end + 1, int(step or 1)))
    return frozenset(values)


def _number(text: str, words: dict[str, int]) -> int:
    return words[text] if text in words else int(text) if text.isdigit() else -1
