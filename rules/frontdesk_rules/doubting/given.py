"""What is known of every moment of a trigger, before anything is asked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from frontdesk_rules.doubting.logic import conjuncts
from frontdesk_rules.doubting.sets import DAY, Allowed, days, minutes
from frontdesk_rules.durations import milliseconds
from frontdesk_rules.facts.cron import Cron, cron_of
from frontdesk_rules.facts.zones import WEEKDAYS
from frontdesk_rules.language.aggregates import Aggregate
from frontdesk_rules.language.conditions import Compare
from frontdesk_rules.language.edges import ENTERS, ChangeTrigger, EventTrigger, SegmentTrigger
from frontdesk_rules.language.operators import ALONE
from frontdesk_rules.language.pages import DwellTrigger, ScrollTrigger
from frontdesk_rules.language.timed import AbsenceTrigger, ReachesTrigger, ScheduleTrigger
from frontdesk_rules.language.triggers import Trigger
from frontdesk_rules.language.windows import Window

_NOW: Final = "time.now"
_WEEK: Final = len(WEEKDAYS)
_HOUR: Final = 60
# Somebody who travels has another midnight: what has no zone of its own is reached by so much earlier.
_ZONES_APART_S: Final = 26 * 3_600


def given(trigger: Trigger) -> Iterator[Compare]:
    """Comparisons that hold."""
    if isinstance(trigger, DwellTrigger):
        yield Compare("page.dwell", "gte", f"{trigger.seconds:g}s")
    elif isinstance(trigger, ScrollTrigger):
        yield Compare("page.scroll", "gte", trigger.percent)
    elif isinstance(trigger, EventTrigger):
        yield Compare("event.name", "eq", trigger.name)
        yield from conjuncts(trigger.where)
    elif isinstance(trigger, ReachesTrigger | AbsenceTrigger):
        yield from _of_time(trigger)
    else:
        yield from _of_person(trigger)


def times(trigger: Trigger) -> tuple[Allowed, ...]:
    """The days of the week and minutes of the day at which a schedule comes, on the clocks that it goes by. What clocks
    skip comes up to an hour later."""
    if not isinstance(trigger, ScheduleTrigger):
        return ()
    cron = cron_of(trigger.cron)
    starts = {hour * _HOUR + minute for hour in cron.hours for minute in cron.minutes}
    later = {start + skipped for start in starts for skipped in range(_HOUR + 1)}
    on = _days(cron)
    after = {(day + 1) % _WEEK for day in on} if max(later) >= DAY else set()
    return (
        days(_NOW, trigger.zone, on | after),
        minutes(_NOW, trigger.zone, {minute % DAY for minute in later}),
    )


def _days(cron: Cron) -> set[int]:
    """A day of the month may be any day of the week."""
    return set(range(_WEEK)) if cron.either_day else {(day - 1) % _WEEK for day in cron.weekdays}


def _of_time(trigger: ReachesTrigger | AbsenceTrigger) -> Iterator[Compare]:
    if isinstance(trigger, ReachesTrigger):
        yield Compare(trigger.field, "exists")
        least = milliseconds(trigger.offset) // 1_000 - _ZONES_APART_S
        if least > 0 and not trigger.before:
            yield Compare(trigger.field, "older_than", f"{least}s")
        return
    yield Compare(Aggregate("count", trigger.after), "gte", 1)
    if trigger.key_property is None and not trigger.by_company:  # else, others than those may have come
        yield Compare(Aggregate("count", trigger.of, Window("within", trigger.within)), "eq", 0)


def _of_person(trigger: Trigger) -> Iterator[Compare]:
    if isinstance(trigger, ChangeTrigger) and trigger.after:
        yield Compare(trigger.field, "in", trigger.after)
    elif isinstance(trigger, SegmentTrigger):
        op = "in_segment" if trigger.change == ENTERS else "not_in_segment"
        yield Compare(ALONE[op], op, trigger.segment)
