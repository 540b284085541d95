"""The sessions of a group: loaded together, cut by the pure fold of `sessions`, written together.

Two processes must not cut one person's sessions at the same time: whoever loads the visitors locks their rows before
their sessions are loaded here. Rows are locked look-up by look-up, sorted by its key within each; where two processes
wait for each other between two look-ups, PostgreSQL ends one of them, and that transaction is tried again.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy.orm import Session as Db

from frontdesk.collect.door.parse import Parsed
from frontdesk.collect.sessions.fold import Mark, Run, Step, follow, in_order
from frontdesk.collect.sessions.late import Known, Stretch, fold_again, placed_again, stretches
from frontdesk.collect.sessions.policy import IDLE, LONGEST, MOST_SESSIONS
from frontdesk.collect.sessions.tallies import Person, note, note_anew
from frontdesk.collect.sessions.written import Changes, last_named_touch, last_runs, marks_of, runs_since, values_of
from frontdesk.collect.sources.touches import Touch, touch_of
from frontdesk.core.clock import from_ms, to_ms
from frontdesk.core.ids import new_id


class Arrived(NamedTuple):
    """An event of a visitor that is not stored yet, and the origins of the site that it came through."""

    visitor: Person
    item: Parsed
    origins: tuple[str, ...] = ()


class Placed(NamedTuple):
    """Where an event went: its session, the time on its path that was known before it, the source that it names."""

    session_id: str
    dwell_before_ms: int
    touch: Touch | None


class Runs:
    """The sessions of `visitors`."""

    def __init__(self, db: Db, visitors: Iterable[Person], now: datetime) -> None:
        self._db = db
        self._now = now
        self._since = now - LONGEST - IDLE
        self._changes = Changes()
        known = {(visitor.id, visitor.sessions) for visitor in visitors if visitor.sessions}
        self._runs = last_runs(db, sorted(known), self._since)

    def current(self, visitor: Person) -> Run | None:
        """The session that this visitor is in, or was in within the last day."""
        runs = self._runs.get(visitor.id)
        return runs[-1] if runs and runs[-1].last_at > self._now - LONGEST else None

    def attach(self, arrived: Sequence[Arrived]) -> list[Placed]:
        """Cut the sessions of the whole group, once; tells in the same order where each event went."""
        marks = [_mark(one) for one in arrived]
        own: defaultdict[str, list[int]] = defaultdict(list)
        for place, one in enumerate(arrived):
            own[one.visitor.id].append(place)
        steps: dict[int, Step] = {}
        late: dict[str, Person] = {}
        for places in own.values():
            places.sort(key=lambda place: in_order(marks[place]))
            visitor = arrived[places[0]].visitor
            taken = self._follow(visitor, [marks[place] for place in places])
            if taken is None:
                late[visitor.id] = visitor
            else:
                steps.update(zip(places, taken, strict=True))
        if late:
            again = self._fold_again(late, {one: [marks[place] for place in own[one]] for one in late})
            steps.update((place, again[id(marks[place])]) for one in late for place in own[one])
        return [Placed(steps[n].run.id, steps[n].dwell_before_ms, mark.touch) for n, mark in enumerate(marks)]

    def store(self) -> None:
        """Write what changed of sessions, touchpoints, and of the sessions of stored events."""
        self._changes.write(self._db)

    def _follow(self, visitor: Person, marks: list[Mark]) -> list[Step] | None:
        """The quick way, from the rows of the last sessions alone; None where something came late."""
        stored = self._runs.get(visitor.id, [])
        crowded = visitor.sessions > MOST_SESSIONS
        if not stored and visitor.sessions and not crowded and marks[0].at <= self._since + IDLE:
            return None  # an older session may be near
        last = stored[-1] if stored else None
        landed_at = last.landed_at if last else None
        runs = list(stored)
        steps = follow(runs, marks, visitor.sessions, joined=crowded)
        if steps is None:
            return None
        if last and steps[0].run is last:
            if last.landed_at == landed_at:
                self._changes.grow(last)
            else:
                self._changes.cut(last)
                note(visitor, last)
        for run in runs[len(stored) :]:
            self._begin(run, visitor)
            note(visitor, run)
        visitor.sessions += len(runs) - len(stored)
        visitor.page_views += sum(mark.is_page for mark in marks)
        self._runs[visitor.id] = runs
        return steps

    def _fold_again(self, late: dict[str, Person], marks: dict[str, list[Mark]]) -> dict[int, Step]:
        """The long way: from the stored events that those which came late may matter to. Steps by the mark's `id()`."""
        first = min(own[0].at for own in marks.values())
        found = runs_since(self._db, sorted(late), from_ms(to_ms(first - IDLE) - 1))
        parts = {one: stretches(found.get(one, ()), marks[one]) for one in late}
        known = marks_of(self._db, [run for own in parts.values() for part in own for run in part.disturbed()])
        steps: dict[int, Step] = {}
        for one, visitor in late.items():
            folded = self._refold(visitor, found.get(one, []), parts[one], known)
            visitor.page_views += sum(mark.is_page for mark in marks[one])
            steps.update(placed_again(folded))
        return steps

    def _refold(
        self, visitor: Person, stored: list[Run], parts: list[Stretch], known: Known
    ) -> list[tuple[Run, list[Mark]]]:
        before = visitor.sessions - len(stored)
        were = {run.id: values_of(run) for run in stored}
        folded = fold_again(parts, known, before)
        runs = [run for run, _ in folded]
        for run, marks in folded:
            if not run.id:
                self._begin(run, visitor)
            elif values_of(run) != were[run.id]:
                self._changes.cut(run)
            for mark in marks:
                if mark.event_id and mark.session_id != run.id:
                    self._changes.move(mark.event_id, mark.at, run.id)
        self._changes.remove(were.keys() - {run.id for run in runs})
        visitor.sessions = before + len(runs)
        self._runs[visitor.id] = runs
        if not note_anew(visitor, runs):
            visitor.last_touch = last_named_touch(self._db, visitor.id, runs[0].started_at) or visitor.first_touch
        return folded

    def _begin(self, run: Run, visitor: Person) -> None:
        run.id = new_id("ses", run.started_at)
        run.workspace_id, run.person_id = visitor.workspace_id, visitor.id
        self._changes.begin(run)


def _mark(arrived: Arrived) -> Mark:
    item, page = arrived.item, arrived.item.page
    touch = touch_of(page, item.campaign, arrived.origins)
    is_page = item.type == "page"
    if page is None:
        return Mark(item.occurred_at, item.message_id, is_page, touch=touch)
    return Mark(item.occurred_at, item.message_id, is_page, page.url, page.path, touch, page.dwell_ms)
