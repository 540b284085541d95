"""Where database work runs: in the caller's thread, or off gevent's hub."""

from collections.abc import Callable, Sequence
from time import perf_counter
from typing import Any, Protocol

import gevent
from gevent.event import AsyncResult
from gevent.queue import Queue
from gevent.threadpool import ThreadPool

from frontdesk.core.db.groups import Commit, Outcome, Work
from frontdesk.core.errors import Unavailable
from frontdesk.core.metrics import METRICS, group_committed

CommitGroup = Callable[[Sequence[Work]], Commit]
Publish = Callable[[Sequence[object]], None]

MOST_IN_A_GROUP = 200
# what a transaction takes is also bounded by its bytes, and so in time: 40 batches of 20 events, some 50 ms
MOST_BYTES_IN_A_GROUP = 256 * 1024
# more waiting than this is seconds of work; its senders are told to come again, before memory grows without end
MOST_WAITING = 4_000
MOST_BYTES_WAITING = 64 * 1024 * 1024
READERS = 4
# a group waits until the hub has nothing else at hand, since a larger one costs little more; but never for long
GATHERING_S = 0.01


class Executor(Protocol):
    """Where writes, reads and slow computations run."""

    def write(self, work: Work, *, together: bool) -> Outcome: ...
    def read(self, query: Callable[[], Any]) -> Any: ...
    def compute(self, work: Callable[[], Any]) -> Any: ...
    def close(self) -> None: ...


class DirectExecutor:
    """For the command line, migrations and tests of services: everything happens here and now."""

    def __init__(self, commit: CommitGroup, publish: Publish) -> None:
        self._commit = commit
        self._publish = publish

    def write(self, work: Work, *, together: bool) -> Outcome:  # noqa: ARG002  one is a group too
        done = self._commit([work])
        self._publish(done.signals)
        return done.outcomes[0]

    def read(self, query: Callable[[], Any]) -> Any:
        return query()

    def compute(self, work: Callable[[], Any]) -> Any:
        return work()

    def close(self) -> None:
        return


class GeventExecutor:
    """For the server: groups are committed one after the other, readers run beside, the hub never waits for a disk.

    While a group is being committed the next one gathers, and it goes when the hub is idle: those whose answers just
    left come along with their next request. So groups grow with the load, and a lone write waits for nobody. With
    `native` (SQLite) the work runs on native threads: a write that waits for a lock would freeze the hub. Without it
    (PostgreSQL, whose driver is cooperative) it runs on a greenlet, and what is not handed in `together` commits at
    once, on a connection of its own.
    """

    def __init__(self, commit: CommitGroup, publish: Publish, *, native: bool) -> None:
        self._commit = commit
        self._publish = publish
        self._closed = False
        self._writer = ThreadPool(1) if native else None
        self._readers = ThreadPool(READERS) if native else None
        self._waiting: Queue[tuple[Work, AsyncResult[Outcome]] | None] = Queue()
        self._bytes_waiting = 0
        self._signals: Queue[Sequence[object] | None] = Queue()
        METRICS.watch("frontdesk_writer_waiting", "Jobs that wait for the writer.", lambda: self.waiting)
        self._loop = gevent.spawn(self._write_groups)
        self._publisher = gevent.spawn(self._publish_in_order)

    def write(self, work: Work, *, together: bool) -> Outcome:
        if self._closed:
            raise Unavailable("The server is stopping.")
        if self._waiting.qsize() >= MOST_WAITING or self._bytes_waiting >= MOST_BYTES_WAITING:
            raise Unavailable("More is waiting to be stored than we can promise to store.")
        if self._writer is None and not together:
            return self._commit_now([work])[0]
        result: AsyncResult[Outcome] = AsyncResult()
        self._bytes_waiting += work.size
        self._waiting.put((work, result))
        outcome: Outcome = result.get()  # type: ignore[assignment]  # set by the loop, never empty
        return outcome

    def read(self, query: Callable[[], Any]) -> Any:
        # an idle pool counts as empty, and so as false: ask for None
        return query() if self._readers is None else _brought(self._readers, query)

    def compute(self, work: Callable[[], Any]) -> Any:
        return _brought(gevent.get_hub().threadpool, work)

    def close(self) -> None:
        """Take no more, store what waits, publish what was stored, then stop."""
        self._closed = True
        self._waiting.put(None)
        self._loop.join()
        self._signals.put(None)
        self._publisher.join()

    @property
    def waiting(self) -> int:
        """How many jobs wait for the writer."""
        return self._waiting.qsize()

    def _write_groups(self) -> None:
        for first in self._waiting:
            if first is None:
                return
            with gevent.Timeout(GATHERING_S, exception=False):  # type: ignore[arg-type]  # documented: raises nothing
                gevent.idle()
            group = [first]
            size = first[0].size
            while len(group) < MOST_IN_A_GROUP and size < MOST_BYTES_IN_A_GROUP and self._one_more():
                group.append(self._waiting.get())  # type: ignore[arg-type]  # peeked: not the end
                size += group[-1][0].size
            self._bytes_waiting -= size
            outcomes = self._commit_now([work for work, _ in group])
            for (_, result), outcome in zip(group, outcomes, strict=True):
                result.set(outcome)

    def _one_more(self) -> bool:
        return bool(self._waiting.qsize()) and self._waiting.peek() is not None

    def _commit_now(self, works: list[Work]) -> list[Outcome]:
        began = perf_counter()
        try:
            done = self._commit(works) if self._writer is None else self._writer.apply(self._commit, (works,))
        except Exception as error:  # noqa: BLE001  the loop must live; those who wait are told
            return [Outcome(error=error) for _ in works]
        group_committed(len(works), perf_counter() - began)
        self._signals.put(done.signals)
        return done.outcomes

    def _publish_in_order(self) -> None:
        for signals in self._signals:
            if signals is None:
                return
            self._publish(signals)


def _brought(pool: ThreadPool, work: Callable[[], Any]) -> Any:
    """What `work` returns or raises in another thread. A pool prints what is raised in it, though it is expected."""
    outcome: Outcome = pool.apply(_caught, (work,))
    if outcome.error is not None:
        raise outcome.error
    return outcome.value


def _caught(work: Callable[[], Any]) -> Outcome:
    try:
        return Outcome(value=work())
    except Exception as error:  # noqa: BLE001  it is raised again where it was asked for
        return Outcome(error=error)
