"""What a person did before: the port through which windows, sequences and absence ask.

One question is one name and one span, so a server answers it with one scan of its index (person, name, time), and a
simulator from memory. `None` says that nobody knows, and makes what asked *unknown*.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from operator import attrgetter
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Span:
    """Half open, (after, until]: the instant `after` does not belong to it, `until` does. None: from the beginning."""

    after: datetime | None
    until: datetime


@dataclass(frozen=True, slots=True)
class PastEvent:
    """One event of the person, as it was stored."""

    at: datetime
    properties: Mapping[str, object] = field(default_factory=dict)
    id: str = ""


class History(Protocol):
    """The past of one person under all ids, the event of the moment itself included."""

    @property
    def known_since(self) -> datetime | None:
        """Since when what the person does would have been seen; None if nobody can say."""

    def events(self, name: str, span: Span, /) -> Sequence[PastEvent] | None:
        """The events of a name in a span, oldest first."""

    def count(self, name: str, span: Span, /) -> int | None:
        """How many there are; what `len(events(…))` would be, and cheaper."""


@dataclass(frozen=True, slots=True)
class NoHistory:
    """Where nobody keeps one: everything about the past is unknown."""

    known_since: None = None

    def events(self, _name: str, _span: Span, /) -> None:
        return None

    def count(self, _name: str, _span: Span, /) -> None:
        return None


NO_HISTORY = NoHistory()
_at = attrgetter("at")


@dataclass(slots=True)
class RememberedHistory:
    """A past that is all there, in memory. Events may be added in any order."""

    known_since: datetime | None = None
    by_name: dict[str, list[PastEvent]] = field(default_factory=dict)

    def add(self, name: str, event: PastEvent) -> None:
        events = self.by_name.setdefault(name, [])
        if not events or events[-1].at <= event.at:
            events.append(event)
        else:
            events.insert(bisect_right(events, event.at, key=_at), event)

    def events(self, name: str, span: Span, /) -> Sequence[PastEvent]:
        events = self.by_name.get(name)
        return events[slice(*self._ends(events, span))] if events else ()

    def count(self, name: str, span: Span, /) -> int:
        events = self.by_name.get(name)
        if not events:
            return 0
        start, end = self._ends(events, span)
        return max(end - start, 0)

    @staticmethod
    def _ends(events: list[PastEvent], span: Span) -> tuple[int, int]:
        start = 0 if span.after is None else bisect_right(events, span.after, key=_at)
        return start, bisect_right(events, span.until, key=_at)
