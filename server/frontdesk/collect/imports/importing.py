"""Import: the records of a file through the pipeline, in groups, beside a running server.

A group is stored, and counted, in one transaction: whoever interrupts an import and starts it again stores nothing
twice and leaves nothing out. What is imported is history: rules are not asked.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from itertools import islice
from typing import TypeVar

import structlog
from sqlalchemy.orm import Session as Db

from frontdesk.collect.counts import COUNTS, count, count_answer
from frontdesk.collect.door.draft import Client, Received
from frontdesk.collect.door.parse import Parsed
from frontdesk.collect.duplicates import conflict
from frontdesk.collect.imports import progress
from frontdesk.collect.imports.calls import Kind, Line, OwnIds, read
from frontdesk.collect.imports.conflicts import without_conflicts
from frontdesk.collect.imports.records import Record
from frontdesk.collect.keeping import partitions
from frontdesk.collect.keeping.partitions import Month
from frontdesk.collect.keeping.stored_before import Past
from frontdesk.collect.ports import Arrival, Verdict
from frontdesk.collect.refusals import Drop, Dropped, Refusal, Rejected
from frontdesk.collect.requests import Answer, Request, Sender
from frontdesk.collect.store import Store
from frontdesk.core.clock import Clock, iso
from frontdesk.core.db import Database
from frontdesk.core.errors import Declined, Invalid, Unavailable
from frontdesk.core.faults import place_of

TOGETHER = 500  # records of a transaction; a server beside us writes between two of them
_TRIES = 60
T = TypeVar("T")
Had = tuple[Parsed, Dropped | Rejected]
log = structlog.get_logger(__name__)


def unasked(_session: Db, arrivals: Sequence[Arrival], _now: datetime) -> list[Verdict]:
    """In the place of the rules, for what happened long ago."""
    return [Verdict() for _ in arrivals]


@dataclass(slots=True)
class Import:
    """An import as if by a server with an API key. `wait` passes the time until a busy database may answer again.

    `oldest` is when the oldest of its events happened, so far.
    """

    db: Database
    store: Store
    sender: Sender
    kind: Kind
    clock: Clock
    wait: Callable[[float], None] = time.sleep
    oldest: datetime | None = None
    _months: set[Month] = field(default_factory=set)

    def begin(self, file: tuple[str, str], *, again: bool = False) -> progress.Imported:
        """Where the file (its hash, its name) stands in this workspace. One that was finished can begin `again`."""
        now = self.clock()
        run_id = self._write(lambda db: progress.begin(db, self.sender.workspace_id, self.kind.name, file, now))
        run = self.db.read(partial(progress.imported, run_id=run_id))
        if not (again and run.finished_at):
            return run
        self._write(partial(progress.begin_again, run_id=run_id, now=now))
        return self.db.read(partial(progress.imported, run_id=run_id))

    def go_on(self, run: progress.Imported, records: Iterable[Record]) -> Iterator[int]:
        """Import what of `records` is not yet imported; yields how many are, after each group. Finishes the run.

        Invalid where they cannot be read to their end; what comes before is imported.
        """
        done = run.records
        own_ids = OwnIds(self.kind, f"{run.run_id} {iso(run.started_at)}")
        named = ((record, own_ids.of(record)) for record in records)
        try:
            for group in _groups(islice(named, done, None)):
                now = self.clock()
                received = Received(
                    now, None, None, None, backend=True, historic=True, client=Client(rules=self.sender.rules)
                )
                lines = [read(record, own_id, self.kind, received) for record, own_id in group]
                self._take(run.run_id, done, lines, now)
                done += len(group)
                yield done
            self._write(partial(progress.finish, run_id=run.run_id, now=self.clock()))
        finally:
            COUNTS.flush(self.db, self.clock())

    def _take(self, run_id: str, before: int, lines: list[Line], now: datetime) -> None:
        """Store a group. If it cannot be stored, halve it until the culprit stands alone, and is refused."""
        self._make_months(lines)
        try:
            answer = self._write(partial(self._store, run_id=run_id, before=before, lines=lines, now=now))
        except Declined:
            raise
        except Exception as error:  # noqa: BLE001  one line must not sink the file
            if len(lines) > 1:
                half = len(lines) // 2
                self._take(run_id, before, lines[:half], now)
                self._take(run_id, before + half, lines[half:], now)
                return
            lines = [_failed(lines[0], error)]
            answer = self._write(partial(self._store, run_id=run_id, before=before, lines=lines, now=now))
        self._count(lines, answer)

    def _count(self, lines: list[Line], answer: Answer) -> None:
        count_answer(self.sender.workspace_id, answer)
        for line in lines:
            if isinstance(line.read, Refusal):
                count(self.sender.workspace_id, line.read.step, line.read.code)

    def _store(self, session: Db, run_id: str, before: int, lines: list[Line], now: datetime) -> Answer:
        read_here = [line.read for line in lines if isinstance(line.read, Parsed)]
        agreeing, conflicts = without_conflicts(session, self.sender.workspace_id, read_here)
        items, had = self._new(session, agreeing)
        dropped = tuple(line.read for line in lines if isinstance(line.read, Drop))
        request = Request(self.sender, now, items=items, dropped=dropped)
        answer = self.store(session, [request])[0] if items else Answer(dropped=list(dropped))
        answer.refused += [*conflicts, *(conflict(item) for item, verdict in had if verdict is Rejected.CONFLICT)]
        answer.duplicates += sum(verdict is Dropped.DUPLICATE for _, verdict in had)
        progress.note(session, run_id, before, lines, answer)
        return answer

    def _new(self, session: Db, items: Sequence[Parsed]) -> tuple[tuple[Parsed, ...], list[Had]]:
        """Those to store, and those that are or would be stored twice: a longer export comes when ids are forgotten."""
        if not self.kind.happened:
            return tuple(items), []
        verdicts = Past(self.sender.workspace_id, self.store.secret).verdicts(session, items)
        judged = list(zip(items, verdicts, strict=True))
        return tuple(item for item, verdict in judged if not verdict), [(item, no) for item, no in judged if no]

    def _make_months(self, lines: list[Line]) -> None:
        moments = [line.read.occurred_at for line in lines if isinstance(line.read, Parsed)]
        self.oldest = min(moments if self.oldest is None else [self.oldest, *moments], default=None)
        needed = set(map(Month.of, moments)) - self._months
        if needed:
            self._write(partial(partitions.make, months=needed))
            self._months |= needed

    def _write(self, job: Callable[[Db], T]) -> T:
        """As the database does; one that is busy, or restarts, is asked again for a minute."""
        for tries_left in reversed(range(_TRIES)):
            try:
                return self.db.write(job)
            except Unavailable:
                if not tries_left:
                    raise
                self.wait(1.0)
        raise AssertionError("the last try returns or raises")


def _failed(line: Line, error: Exception) -> Line:
    """A line at which storing failed."""
    # an error's own words may repeat what the line says, which stays out of the log
    log.error("line_not_stored", line=line.number, error=type(error).__name__, at=place_of(error))
    message_id = line.read.message_id if isinstance(line.read, Parsed | Refusal) else None
    detail = "Storing this line failed, by a fault of ours; it was left out."
    return Line(line.number, Refusal(message_id, Rejected.FAILED, None, detail, b"", "store"))


def _groups(records: Iterable[T]) -> Iterator[list[T]]:
    """Records that are stored together. Where they end in a fault, it comes after the last group."""
    group: list[T] = []
    fault: Invalid | None = None
    try:
        for record in records:
            group.append(record)
            if len(group) == TOGETHER:
                yield group
                group = []
    except Invalid as error:
        fault = error
    if group:
        yield group
    if fault:
        raise fault
