"""The background thread: a bounded queue in, batches out. Born with the first event, reborn after a fork."""

import atexit
import os
import threading
from collections import deque
from weakref import WeakSet

from frontdesk_sdk import clock
from frontdesk_sdk.delivery import Courier, fits
from frontdesk_sdk.events import Event
from frontdesk_sdk.ledger import Ledger, log
from frontdesk_sdk.problems import Dropped, Problem
from frontdesk_sdk.settings import Settings


class Worker:
    """Takes events from any thread and delivers them in order from one daemon thread."""

    _taken: int  # events ever queued
    _settled: int  # of those, delivered or reported
    _flush_to: int  # those up to here leave without waiting for company

    def __init__(self, settings: Settings, ledger: Ledger) -> None:
        self._settings = settings
        self._ledger = ledger
        self._closed = False
        self._inherited: list[object] = []
        self._reset()
        _workers.add(self)

    @property
    def exit_timeout(self) -> float:
        """Seconds that the end of the process may wait for this worker."""
        return self._settings.exit_timeout

    @property
    def waiting(self) -> int:
        """Events in the queue or in hand."""
        return self._taken - self._settled

    def submit(self, event: Event) -> Dropped | None:
        """Queue an event; returns at once. A refusal comes back by name."""
        with self._changed:
            if self._closed:
                return Dropped.CLOSED
            if len(self._queue) >= self._settings.max_queue:
                return Dropped.QUEUE_FULL
            self._queue.append(event)
            self._taken += 1
            self._ensure_thread()
            if len(self._queue) in {1, self._settings.max_batch}:
                self._changed.notify_all()
        return None

    def flush(self, timeout: float) -> bool:
        """Send what is queued now, without waiting for company. True when all of it is settled in time."""
        if threading.current_thread() is self._thread:
            return False  # on_error asked the thread to wait for itself
        with self._changed:
            if self._queue:
                self._ensure_thread()
            target = self._taken
            self._flush_to = target
            self._changed.notify_all()
            return self._changed.wait_for(lambda: self._settled >= target, max(0.0, timeout))

    def close(self, timeout: float) -> bool:
        """Take no more, flush within `timeout` seconds, stop the thread, report what is left."""
        give_up_at = clock.monotonic() + timeout
        with self._changed:
            self._closed = True
        flushed = self.flush(timeout)
        with self._changed:
            self._stopping = True
            left = list(self._queue)
            self._queue.clear()
            self._settled += len(left)
            thread = self._thread
            self._changed.notify_all()
        for event in left:
            self._ledger.report(Problem(Dropped.CLOSED, "still queued when the client was closed", event.message_id))
        if thread is not None and thread is not threading.current_thread():
            thread.join(max(0.0, give_up_at - clock.monotonic()))
        return flushed

    def renew(self) -> None:
        """Begin afresh in a forked child: the parent sends what was queued; its thread is not here."""
        # Kept, not closed: the parent's thread may have held a lock inside it at the instant of the fork.
        self._inherited.append(self._courier)
        self._ledger.renew()
        self._reset()

    def _reset(self) -> None:
        self._changed = threading.Condition()  # on an RLock: a signal handler may submit inside submit
        self._queue: deque[Event] = deque()
        self._thread: threading.Thread | None = None
        self._courier = Courier(self._settings, self._ledger, self._rest)
        self._taken = self._settled = self._flush_to = 0
        self._stopping = False

    def _ensure_thread(self) -> None:
        if self._thread is not None and self._thread.is_alive():
            return
        self._thread = threading.Thread(target=self._run, name="frontdesk-sdk", daemon=True)
        try:
            self._thread.start()
        except RuntimeError:  # the interpreter is shutting down, or no thread is left: the next call tries again
            self._thread = None

    def _run(self) -> None:
        try:
            while batch := self._next_batch():
                self._handle(batch)
        finally:
            self._courier.close()

    def _handle(self, batch: list[Event]) -> None:
        try:
            self._courier.deliver(batch)
        except Exception:  # noqa: BLE001 - one bad batch must not end the thread
            log.exception("a batch of %d failed", len(batch))
            for event in batch:
                self._ledger.report(Problem(Dropped.INTERNAL, "failed while sending", event.message_id))
        finally:
            with self._changed:
                self._settled += len(batch)
                self._changed.notify_all()

    def _next_batch(self) -> list[Event]:
        """Wait for events, then a moment for their company; empty when it is time to stop."""
        with self._changed:
            self._changed.wait_for(lambda: self._queue or self._stopping)
            self._changed.wait_for(self._ready, self._settings.flush_interval)
            if self._stopping:
                return []
            count = fits(self._queue, self._settings.max_batch)
            return [self._queue.popleft() for _ in range(count)]

    def _ready(self) -> bool:
        full = len(self._queue) >= self._settings.max_batch
        return full or self._stopping or self._settled < self._flush_to

    def _rest(self, seconds: float) -> bool:
        with self._changed:
            return not self._changed.wait_for(lambda: self._stopping, seconds)


_workers: WeakSet[Worker] = WeakSet()


def _after_fork() -> None:
    for worker in list(_workers):
        worker.renew()


def _at_exit() -> None:
    """Close every worker within one common deadline: the longest that any of them allows."""
    workers = list(_workers)
    give_up_at = clock.monotonic() + max((worker.exit_timeout for worker in workers), default=0.0)
    for worker in workers:
        worker.close(max(0.0, min(worker.exit_timeout, give_up_at - clock.monotonic())))


atexit.register(_at_exit)
if hasattr(os, "register_at_fork"):  # not on Windows, where nothing forks
    os.register_at_fork(after_in_child=_after_fork)
