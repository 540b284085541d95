"""The instants at which an operator of time holds: for certain, and perhaps, where a zone or a text is not exact."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any, Final

from sqlalchemy import and_, case, false, literal, not_, or_, true

from frontdesk.engage.sql import dialects as d
from frontdesk.engage.sql.slots import Sql, falsity, instant, truth
from frontdesk_rules.facts.zones import instant as instant_in
from frontdesk_rules.facts.zones import zone_named
from frontdesk_rules.language.conditions import Compare

# No zone is a day away from UTC, and no gap in one is longer than a day.
ANY_ZONE: Final = timedelta(days=2)
# A text names a local day, whose instants lie within a day of the same day in UTC.
_DAY: Final = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Between:
    """Instants from `low` to `high`, both included; None: without end. Empty where nothing is."""

    low: datetime | None = None
    high: datetime | None = None
    empty: bool = False

    def wider(self, by: timedelta) -> Between:
        return Between(moved(self.low, -by), moved(self.high, by), self.empty)

    def holds(self, at: Sql) -> Sql:
        """Whether an expression of milliseconds lies in it."""
        ends = (at >= instant(self.low) if self.low else true(), at <= instant(self.high) if self.high else true())
        return false() if self.empty else and_(*ends)

    def holds_day(self, day: Sql) -> Sql:
        """Whether a day of the calendar may overlap it, in whichever zone."""
        span = self.wider(_DAY)
        return false() if self.empty else and_(
            day >= literal(span.low.date().isoformat()) if span.low else true(),
            day <= literal(span.high.date().isoformat()) if span.high else true(),
        )  # fmt: skip


def moved(at: datetime | None, by: timedelta) -> datetime | None:
    """Later by so much; where the calendar ends, as far as it goes."""
    if at is None:
        return None
    try:
        return at + by
    except OverflowError:
        return datetime.min.replace(tzinfo=UTC) if by < timedelta(0) else datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Clock:
    """When a condition is asked (None: at a moment of each row), and in which zone (None: each person's own)."""

    now: datetime | None
    zone: tzinfo | None = None

    def of(self, name: str | None) -> tzinfo | None:
        """The zone that a comparison names, if it is the same for everybody."""
        return self.zone if name is None else zone_named(name)


_ALWAYS, _NEVER = Between(), Between(empty=True)
_TICK: Final = timedelta(milliseconds=1)
_Holds = Callable[[Any, Clock, str | None], tuple[Between, Between]]


def _point(expected: datetime, clock: Clock, zone: str | None) -> tuple[datetime, timedelta]:
    """The instant, and how far it may be off. It has no part of a millisecond, as nothing that is written has."""
    if expected.tzinfo:
        return expected, timedelta(0)
    known = clock.of(zone)
    return (instant_in(expected, known), timedelta(0)) if known else (expected.replace(tzinfo=UTC), ANY_ZONE)


def _before(expected: datetime, clock: Clock, zone: str | None) -> tuple[Between, Between]:
    at, slack = _point(expected, clock, zone)
    end = moved(at, -_TICK)
    return Between(None, moved(end, slack)), Between(None, moved(end, -slack))


def _after(expected: datetime, clock: Clock, zone: str | None) -> tuple[Between, Between]:
    at, slack = _point(expected, clock, zone)
    return Between(moved(at, -slack)), Between(moved(at, slack))


def _within_last(ms: int, clock: Clock, _zone: str | None) -> tuple[Between, Between]:
    if clock.now is None:
        return _ALWAYS, _NEVER
    span = Between(moved(clock.now, _TICK - timedelta(milliseconds=ms)), clock.now)
    return span, span


def _older_than(ms: int, clock: Clock, _zone: str | None) -> tuple[Between, Between]:
    if clock.now is None:
        return _ALWAYS, _NEVER
    span = Between(None, moved(clock.now, -timedelta(milliseconds=ms)))
    return span, span


def _by_local_time(_expected: object, _clock: Clock, _zone: str | None) -> tuple[Between, Between]:
    return _ALWAYS, _NEVER


# Operator → when it may hold, and when it holds for certain.
HOLDS: Final[Mapping[str, _Holds]] = {
    "before": _before,
    "after": _after,
    "within_last": _within_last,
    "older_than": _older_than,
    "on_weekday": _by_local_time,
    "time_between": _by_local_time,
}


def asked_of_instant(at: Sql, asked: Compare, clock: Clock, *, wide: bool) -> Sql:
    """An operator of time, asked of an expression of milliseconds."""
    perhaps, surely = HOLDS[asked.op](asked.expected, clock, asked.zone)
    return case((at.is_not(None), (perhaps if wide else surely).holds(at)))


def asked_of_text(text: Sql, asked: Compare, clock: Clock, *, wide: bool) -> Sql:
    """The same, asked of a text that may be a time: known by the day that it begins with, if it does."""
    perhaps, surely = HOLDS[asked.op](asked.expected, clock, asked.zone)
    dated, day = d.Dated(text), d.Day(text)
    if wide:
        return truth(or_(not_(dated), perhaps.holds_day(day)))
    # whatever lies within it by more than the days that a text may be off is in it
    inner = surely.wider(-2 * _DAY)
    return falsity(and_(text.is_not(None), or_(not_(dated), not_(inner.holds_day(day)))))
