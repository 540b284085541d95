"""What may hold a rule although its condition is true: caps, quiet hours, a share of people left alone on purpose."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from typing import Final

from frontdesk_rules.durations import lasting
from frontdesk_rules.facts.zones import WEEKDAYS, instant, second, shown_between
from frontdesk_rules.language.aggregates import Step
from frontdesk_rules.language.literals import clock_minutes

CAP_SUBJECTS: Final = ("person", "session", "conversation")
HOURS_PATTERN: Final = (
    r"^((Mon|Tue|Wed|Thu|Fri|Sat|Sun)(-(Mon|Tue|Wed|Thu|Fri|Sat|Sun))? )?"
    r"([01][0-9]|2[0-3]):[0-5][0-9]-(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$"
)
_HOURS: Final = re.compile(HOURS_PATTERN)
_WEEK: Final = 7
_SECOND: Final = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Cap:
    """At most `limit` messages in a window: to a person, in a session or conversation; of one class, or of any.

    `otherwise`: whether what it holds is deferred until it lets one more through, or held; None: as the moment is.
    """

    limit: int
    window: str
    per: str = "person"
    message_class: str | None = None
    otherwise: str | None = None

    @property
    def lasts(self) -> timedelta:
        return lasting(self.window)

    def to_tree(self) -> dict[str, object]:
        of_class = {"class": self.message_class} if self.message_class else {}
        otherwise = {"otherwise": self.otherwise} if self.otherwise else {}
        return {"per": self.per, **of_class, "limit": self.limit, "window": self.window, **otherwise}


@dataclass(frozen=True, slots=True)
class Hours:
    """From a minute of the day to before another, on some days; over midnight where the second is not the later one.

    A window that crosses midnight belongs to the day on which it begins.
    """

    days: frozenset[int]
    start: int
    end: int

    @staticmethod
    @lru_cache(maxsize=1024)
    def read(text: str) -> Hours:
        """`Mon-Fri 09:00-18:00`, `Sat 10:00-14:00`, `09:00-21:00`."""
        found = _HOURS.fullmatch(text)
        if found is None:
            raise ValueError(text)
        days, clock = found.group(1), text.rpartition(" ")[2]
        start, end = clock.split("-")
        return Hours(_days(days.strip()) if days else frozenset(range(_WEEK)), clock_minutes(start), clock_minutes(end))

    @property
    def overnight(self) -> bool:
        return self.end <= self.start

    def hold(self, local: datetime) -> bool:
        day, minute = local.weekday(), local.hour * 60 + local.minute
        if not self.overnight:
            return day in self.days and self.start <= minute < self.end
        before = (day - 1) % _WEEK
        return (day in self.days and minute >= self.start) or (before in self.days and minute < self.end)

    def opening(self, after: datetime, zone: tzinfo) -> datetime | None:
        """The next instant at which it begins, or is come upon as the clocks change; None if there is none in two
        weeks, for a change may skip what comes once a week."""
        today = after.astimezone(UTC).date()
        days = (today + timedelta(days=ahead) for ahead in range(2 * _WEEK + 1))
        return next((at for day in days for at in _openings(self, day, zone) if at > after), None)

    @property
    def begins(self) -> time:
        return time(self.start // 60, self.start % 60)


@lru_cache(maxsize=4096)
def _openings(hours: Hours, day: date, zone: tzinfo) -> tuple[datetime, ...]:
    """Of one day of UTC, in order. What the clocks skip does not open; what they show twice may do so twice."""
    begins = [datetime.combine(day + timedelta(days=ahead), hours.begins) for ahead in (-1, 0, 1)]
    found = {at for shown in begins for at in (instant(shown, zone), second(shown, zone)) if at and at.date() == day}
    return tuple(sorted(at for at in found | _clock_changes(day, zone) if hours.hold(at.astimezone(zone))))


@lru_cache(maxsize=4096)
def _clock_changes(day: date, zone: tzinfo) -> frozenset[datetime]:
    """When clocks first show another hour than would have followed, on a day of UTC."""
    before = datetime.combine(day, time(), UTC) - _SECOND
    after = before + timedelta(days=1)
    offset = before.astimezone(zone).utcoffset()
    if after.astimezone(zone).utcoffset() == offset:
        return frozenset()
    while after - before > _SECOND:
        middle = before + (after - before) // (2 * _SECOND) * _SECOND
        before, after = (middle, after) if middle.astimezone(zone).utcoffset() == offset else (before, middle)
    return frozenset({after})


def _days(text: str) -> frozenset[int]:
    first, _, last = text.partition("-")
    start, end = WEEKDAYS.index(first), WEEKDAYS.index(last or first)
    return (
        frozenset(range(start, end + 1)) if start <= end else frozenset(range(_WEEK)) - frozenset(range(end + 1, start))
    )


@dataclass(frozen=True, slots=True)
class Quiet:
    """When something may be shown (`allow`), and what becomes of it at other times: deferred, if that is not longer
    than `at_most`, or held. `recheck`: the condition is asked again when a deferred message is sent. `classes`: those
    it is about; empty means all but transactional."""

    allow: tuple[str, ...]
    zone: str | None = None
    otherwise: str = "defer"
    at_most: str | None = None
    recheck: bool = False
    classes: tuple[str, ...] = ()

    def concerns(self, message_class: str | None) -> bool:
        return message_class in self.classes if self.classes else message_class != "transactional"

    def opens(self, now: datetime, zone: tzinfo) -> datetime | None:
        """`now` where it is allowed now, else the next instant at which it is; None if there is none in two weeks."""
        local = now.astimezone(zone)
        for text in self.allow:
            if Hours.read(text).hold(local):
                return now
        openings = [Hours.read(text).opening(now, zone) for text in self.allow]
        return min([at for at in openings if at], default=None)

    def defers(self, since: datetime, until: datetime, zone: tzinfo) -> bool:
        """Whether it is put off for so long. A night is as long as its clocks say, also when they are put back."""
        if self.otherwise != "defer":
            return False
        return self.at_most is None or min(until - since, shown_between(since, until, zone)) <= lasting(self.at_most)

    def to_tree(self) -> dict[str, object]:
        tree: dict[str, object] = {
            "allow": self.allow[0] if len(self.allow) == 1 else list(self.allow),
            "zone": self.zone or "person",
            "otherwise": self.otherwise,
            "at_most": self.at_most,
            "recheck": self.recheck or None,
            "classes": list(self.classes) or None,
        }
        return {key: value for key, value in tree.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Goal:
    """What success is: an event within so long after the rule acted; `value` is the property that is added up."""

    step: Step
    within: str
    value: str | None = None

    def to_tree(self) -> dict[str, object]:
        return {**self.step.to_tree(), "within": self.within} | ({"value": self.value} if self.value else {})


@dataclass(frozen=True, slots=True)
class Policy:
    """What holds for every rule of a workspace, beside what the rule itself says. A rule's own quiet hours replace
    those of the workspace; its caps are added."""

    caps: tuple[Cap, ...] = ()
    quiet: Quiet | None = None

    def to_tree(self) -> dict[str, object]:
        return {"caps": [cap.to_tree() for cap in self.caps], "quiet": self.quiet.to_tree() if self.quiet else None}


# A message never harasses: two a day, and none at night. What a person asked for by their own doing (support) or has a
# right to (transactional) is none of it.
DEFAULT_POLICY: Final = Policy(
    caps=(Cap(limit=2, window="1d", message_class="marketing"),),
    quiet=Quiet(allow=("09:00-21:00",), classes=("marketing", "onboarding")),
)
