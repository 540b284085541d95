"""When a condition may come out otherwise though nothing happens: the one instant that a timer is armed for.

Until then, and unless an event or a change comes, its verdict stays what it is; then it is asked again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, time, timedelta
from math import ceil
from typing import Any, Final

from frontdesk_rules.durations import lasting
from frontdesk_rules.facts.history import Span
from frontdesk_rules.facts.known import Changing
from frontdesk_rules.facts.moments import View
from frontdesk_rules.facts.times import time_in
from frontdesk_rules.facts.zones import instant, midnight, moved, period
from frontdesk_rules.language.aggregates import Aggregate
from frontdesk_rules.language.conditions import Compare, Condition, leaves
from frontdesk_rules.language.literals import is_number

_TICK: Final = timedelta(milliseconds=1)
# What grows by itself, a millisecond in each: how long ago something was.
_AGES: Final = frozenset({"contact.rfm.recency"})


def flips_at(condition: Condition, view: View) -> datetime | None:
    """The first instant after now at which some comparison of it may change with time alone; None if none does."""
    instants = (at for leaf in leaves(condition) for at in _instants(leaf, view))
    return min((at for at in instants if at > view.now), default=None)


def _instants(leaf: Compare, view: View) -> Iterator[datetime]:
    if isinstance(leaf.field, Aggregate):
        yield from _of_the_past(leaf.field, leaf, view)
    elif leaf.field == "time.now" and leaf.op in _BY_CLOCK:
        yield from _BY_CLOCK[leaf.op](leaf, view)
    elif leaf.op in ("within_last", "older_than"):
        yield from _of_age(view[leaf.field], leaf, view)
    elif isinstance(view.facts, Changing):
        yield from _of_facts(leaf, view.facts, view)


def _of_facts(leaf: Compare, facts: Changing, view: View) -> Iterator[datetime]:
    """A fact that is reckoned becomes another, or an age the one that it is compared with."""
    name = str(leaf.field)
    if (at := facts.changes_at(name, view.now)) is not None:
        yield at
    if name in _AGES:
        yield from _of_growing(view[name], leaf, view)


def _of_age(value: object, leaf: Compare, view: View) -> Iterator[datetime]:
    at, ms = time_in(value, view.zone(leaf.zone)), leaf.expected
    if at is not None and isinstance(ms, int):
        yield at
        yield moved(at, timedelta(milliseconds=ms))


def _of_date(leaf: Compare, view: View) -> Iterator[datetime]:
    expected: Any = leaf.expected
    yield expected if expected.tzinfo else instant(expected, view.zone(leaf.zone))


def _of_weekday(leaf: Compare, view: View) -> Iterator[datetime]:
    zone = view.zone(leaf.zone)
    yield midnight(view.now.astimezone(zone).date() + timedelta(days=1), zone)


def _of_hours(leaf: Compare, view: View) -> Iterator[datetime]:
    """Each end of the hours, today, tomorrow and (the local day may just have begun) yesterday."""
    zone, ends = view.zone(leaf.zone), leaf.expected
    today = view.now.astimezone(zone).date()
    for minute in ends if isinstance(ends, tuple) else ():
        for ahead in (-1, 0, 1, 2):
            day = today + timedelta(days=ahead + minute // (24 * 60))
            yield instant(datetime.combine(day, time(minute // 60 % 24, minute % 60)), zone)


_BY_CLOCK: Final[dict[str, Callable[[Compare, View], Iterator[datetime]]]] = {
    "before": _of_date,
    "after": _of_date,
    "on_weekday": _of_weekday,
    "time_between": _of_hours,
}


def _of_the_past(asked: Aggregate, leaf: Compare, view: View) -> Iterator[datetime]:
    """An event leaves its window, a period ends, the person is known for long enough, or the last is so long ago."""
    if asked.window.kind == "within":
        yield from _of_window(asked, view)
    elif asked.window.kind == "calendar":
        yield period(asked.window.value, view.now, view.zone(asked.window.zone))[1]
        yield from _next_period(asked, view)
    if asked.kind.startswith("time_since"):
        yield from _of_growing(view[asked], leaf, view)
    elif leaf.op in ("within_last", "older_than"):
        yield from _of_age(view[asked], leaf, view)


def _of_growing(age: object, leaf: Compare, view: View) -> Iterator[datetime]:
    """When it is as much as any value that it is compared with, and a moment later, when it is more."""
    expected = leaf.expected if isinstance(leaf.expected, tuple) else (leaf.expected,)
    for one in expected if isinstance(age, int) else ():
        if is_number(one):
            reached = moved(view.now, timedelta(milliseconds=ceil(one - age)))
            yield reached
            yield moved(reached, _TICK)


def _next_period(asked: Aggregate, view: View) -> Iterator[datetime]:
    """When `yesterday` or `last_month` becomes another: with the day or month that we are in."""
    current = asked.window.value.replace("yesterday", "today").replace("last_", "this_")
    yield period(current, view.now, view.zone(asked.window.zone))[1]


def _of_window(asked: Aggregate, view: View) -> Iterator[datetime]:
    width = lasting(asked.window.value)
    if view.history.known_since is not None:
        yield moved(view.history.known_since, width)
    for step in asked.steps:
        found = view.history.events(step.event, Span(moved(view.now, -width), view.now))
        for past in found or ():
            if step.fits(past):
                yield moved(past.at, width)
                break
