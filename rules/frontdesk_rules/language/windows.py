"""Which part of the past an aggregate looks at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, timedelta
from typing import Final

from frontdesk_rules.durations import lasting
from frontdesk_rules.facts.catalogue import FieldType, field_of
from frontdesk_rules.facts.history import Span
from frontdesk_rules.facts.moments import View
from frontdesk_rules.facts.times import time_in
from frontdesk_rules.facts.zones import instant, moved, period
from frontdesk_rules.language.literals import read_instant

WINDOWS: Final = ("within", "calendar", "since", "ever")
# Times count whole milliseconds, as both databases keep them: one before the first instant excludes nothing else.
_TICK: Final = timedelta(milliseconds=1)

# The longest that a period and those before it last, with a day for zones.
_REACH: Final = {
    "today": timedelta(days=2),
    "yesterday": timedelta(days=3),
    "this_week": timedelta(days=8),
    "last_week": timedelta(days=15),
    "this_month": timedelta(days=32),
    "last_month": timedelta(days=63),
    "this_year": timedelta(days=367),
    "last_year": timedelta(days=733),
}


@dataclass(frozen=True, slots=True)
class Window:
    """`within` a duration: (now - w, now]. A `calendar` period: from its first instant, and not beyond now. `since` a
    date, or a field that holds a time, that instant included. `ever`: all there is."""

    kind: str = "ever"
    value: str = ""
    zone: str | None = None

    @property
    def since_field(self) -> str | None:
        return self.value if self.kind == "since" and field_of(self.value) else None

    @property
    def local(self) -> bool:
        if self.kind == "since":
            row = field_of(self.value)
            return row is None or row.type is not FieldType.TIME
        return self.kind == "calendar"

    @property
    def reach(self) -> timedelta | None:
        """It does not begin longer ago than this; None where that cannot be told beforehand."""
        if self.kind == "within":
            return lasting(self.value)
        return _REACH[self.value] if self.kind == "calendar" else None

    def span(self, view: View) -> Span | None:
        """None where the field that it begins with is not known."""
        if self.kind == "within":
            return Span(moved(view.now, -lasting(self.value)), view.now)
        if self.kind == "calendar":
            start, end = period(self.value, view.now, view.zone(self.zone))
            return Span(start - _TICK, min(view.now, end - _TICK))
        return Span(None, view.now) if self.kind == "ever" else self._since(view)

    def _since(self, view: View) -> Span | None:
        if self.since_field:
            start = time_in(view[self.value], view.zone(self.zone) if self.local else UTC)
        else:
            written = read_instant(self.value)
            start = written if written.tzinfo else instant(written, view.zone(self.zone))
        return None if start is None else Span(moved(start, -_TICK), view.now)

    def to_tree(self) -> dict[str, object]:
        tree: dict[str, object] = {"ever": True} if self.kind == "ever" else {self.kind: self.value}
        return tree if self.zone is None else {**tree, "zone": self.zone}
