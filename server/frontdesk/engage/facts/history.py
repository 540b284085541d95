"""What people did before, from the stored events: the rule library's port `History`.

The first question of a group of requests brings the answers to all that its candidates may ask (`foreseen`): what is
only counted is counted by the database, of the rest the newest events are loaded, as far back as somebody may ask. What
a person did hundreds of times is loaded whole only where each event must be looked at. Events of the present
transaction are stored before anybody asks, so they are among them.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import islice
from operator import itemgetter

import orjson
from sqlalchemy.orm import Session

from frontdesk.core.clock import from_ms, to_ms
from frontdesk.core.db import bulk
from frontdesk.core.db.bulk import Row
from frontdesk.engage.facts.foreseen import BEGINNING, Counted, Foreseen, Key
from frontdesk.engage.facts.instants import LAST, Place
from frontdesk.engage.facts.scans import COUNT_OF, EVERY_OF, NEWEST, NEWEST_OF
from frontdesk_rules import PastEvent, Span

MOST_AT_ONCE = 512  # questions that are answered together; others when they are asked
_Raw = tuple[int, str, str, int]
"""Milliseconds, id, properties as JSON, milliseconds of when it was received."""

_ms = itemgetter(0)


class _Past:
    """All events after `after`, oldest first; made of their rows only where somebody looks at them."""

    def __init__(self, after: datetime, rows: list[_Raw]) -> None:
        self.after = after
        self.rows = rows

    @cached_property
    def _events(self) -> list[PastEvent]:
        return [PastEvent(from_ms(ms), orjson.loads(properties), event_id) for ms, event_id, properties, _ in self.rows]

    def within(self, span: Span, place: Place | None) -> Sequence[PastEvent]:
        start, end = self._ends(span)
        later = self._later(place, start, end)
        found = self._events[start:end]
        return [one for number, one in enumerate(found, start) if number not in later] if later else found

    def count(self, span: Span, place: Place | None) -> int:
        start, end = self._ends(span)
        return max(end - start, 0) - len(self._later(place, start, end))

    def _later(self, place: Place | None, start: int, end: int) -> Set[int]:
        """The numbers of what came after the event at that place, in its own instant: that is where the span ends."""
        if place is None:
            return frozenset()
        received = to_ms(place.received_at)
        first = bisect_left(self.rows, to_ms(place.at), start, max(start, end), key=_ms)
        rows = enumerate(self.rows[first:end], first)
        return {number for number, row in rows if row[1] > place.event_id and row[-1] >= received}

    def _ends(self, span: Span) -> tuple[int, int]:
        start = 0 if span.after is None else bisect_right(self.rows, to_ms(span.after), key=_ms)
        return start, bisect_right(self.rows, to_ms(span.until), key=_ms)


class Pasts:
    """The events of the people of one group. `foresee` tells what may be asked."""

    def __init__(self, session: Session, foresee: Callable[[], Foreseen]) -> None:
        self._session = session
        self._foresee = foresee
        self._pasts: dict[Key, _Past] = {}
        self._joined: dict[tuple[tuple[str, ...], str], _Past] = {}
        self._counts: dict[Counted, int] = {}

    @cached_property
    def _foreseen(self) -> Foreseen:
        return self._foresee()

    def events(self, ids: tuple[str, ...], name: str, span: Span, place: Place | None = None) -> Sequence[PastEvent]:
        """What the person that goes by these ids did of this name, oldest first; up to `place` where it ends there."""
        after = span.after or BEGINNING
        past = self._of(ids, name)
        if past.after > after:
            self._load_every([(one, name) for one in ids if self._pasts[one, name].after > after], after)
            self._joined.pop((ids, name))
            past = self._of(ids, name)
        return past.within(span, place)

    def count(self, ids: tuple[str, ...], name: str, span: Span, place: Place | None = None) -> int:
        """How often."""
        asked = (ids, name, span, place)
        if asked not in self._counts and asked in self._foreseen.counts:
            self._count_all(asked)
        if asked not in self._counts:
            past = self._of(ids, name)
            if past.after <= (span.after or BEGINNING):
                return past.count(span, place)
            self._count_all(asked)
        return self._counts[asked]

    def _count_all(self, first: Counted) -> None:
        """Have the database count this, and of what may be asked as much as makes sense at once."""
        self._foreseen.counts.pop(first, None)
        asked = [first, *islice(self._foreseen.counts, MOST_AT_ONCE - 1)]
        keys = {(one, name, *_ends(span, place)): None for ids, name, span, place in asked for one in ids}
        counted = {tuple(key): number for *key, number in bulk.ask(self._session, COUNT_OF, list(keys))}
        for one in asked:
            ids, name, span, place = one
            self._foreseen.counts.pop(one, None)
            self._counts[one] = sum(counted[known, name, *_in_ms(_ends(span, place))] for known in ids)

    def _of(self, ids: tuple[str, ...], name: str) -> _Past:
        """What is known of them under all ids."""
        past = self._joined.get((ids, name))
        if past is None:
            missing = [(one, name) for one in ids if (one, name) not in self._pasts]
            if missing:
                self._load_newest(missing)
            known = [self._pasts[one, name] for one in ids]
            past = known[0]
            if len(known) > 1:
                rows = sorted(row for one in known for row in one.rows)
                past = _Past(max(one.after for one in known), rows)
            self._joined[ids, name] = past
        return past

    def _load_newest(self, missing: list[Key]) -> None:
        """Load these, and of those that may be asked for as many as make sense at once."""
        foreseen = self._foreseen.events
        asked = {key: foreseen.pop(key, BEGINNING) for key in missing}
        for key in list(islice(foreseen, max(0, MOST_AT_ONCE - len(asked)))):
            asked[key] = foreseen.pop(key)
        found = self._found(bulk.ask(self._session, NEWEST_OF, [(*key, after) for key, after in asked.items()]))
        for key, after in asked.items():
            self._pasts[key] = _newest(found.get(key, []), after)

    def _load_every(self, keys: list[Key], after: datetime) -> None:
        found = self._found(bulk.ask(self._session, EVERY_OF, [(*key, after) for key in keys]))
        for key in keys:
            self._pasts[key] = _Past(after, found.get(key, []))

    @staticmethod
    def _found(rows: Iterable[Row]) -> dict[Key, list[_Raw]]:
        found: dict[Key, list[_Raw]] = {}
        for person_id, name, *raw in rows:
            found.setdefault((person_id, name), []).append(tuple(raw))
        for events in found.values():
            events.sort()
        return found


def _ends(span: Span, place: Place | None) -> tuple[datetime, datetime, datetime, str]:
    last = place or LAST
    return span.after or BEGINNING, span.until, last.received_at, last.event_id


def _in_ms(ends: tuple[datetime, datetime, datetime, str]) -> tuple[int, int, int, str]:
    after, until, received_at, event_id = ends
    return to_ms(after), to_ms(until), to_ms(received_at), event_id


def _newest(rows: list[_Raw], after: datetime) -> _Past:
    """Where there are more, perhaps not all of the oldest instant were loaded: so none of it counts as known."""
    if len(rows) <= NEWEST:
        return _Past(after, rows)
    oldest = rows[0][0]
    return _Past(from_ms(oldest), rows[bisect_right(rows, oldest, key=_ms) :])


@dataclass(frozen=True, slots=True)
class PersonHistory:
    """The past of one person, under all ids; at the `place` of an event, without what came after it."""

    pasts: Pasts
    ids: tuple[str, ...]
    since: Callable[[Sequence[str]], datetime | None]
    place: Place | None = None

    @property
    def known_since(self) -> datetime | None:
        return self.since(self.ids)

    def events(self, name: str, span: Span, /) -> Sequence[PastEvent]:
        return self.pasts.events(self.ids, name, span, self.place and self.place.ending(span))

    def count(self, name: str, span: Span, /) -> int:
        return self.pasts.count(self.ids, name, span, self.place and self.place.ending(span))
