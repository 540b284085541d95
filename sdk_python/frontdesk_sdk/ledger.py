"""Counts what became of each event, and tells the host once a reason."""

import logging
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from frontdesk_sdk.problems import Problem

log = logging.getLogger("frontdesk_sdk")
log.addHandler(logging.NullHandler())


@dataclass(frozen=True, slots=True)
class Stats:
    """What this process did so far. ``queued`` is what waits right now, in hand or in the queue."""

    queued: int = 0
    accepted: int = 0
    delivered: int = 0
    requests: int = 0
    retries: int = 0
    dropped: Mapping[str, int] = field(default_factory=dict)


class Ledger:
    """Counters and the way to ``on_error``. Safe from any thread; never raises."""

    def __init__(self, on_error: Callable[[Problem], None] | None = None) -> None:
        self._on_error = on_error
        self.renew()

    def renew(self) -> None:
        """Start at zero with a lock of its own: a lock copied by a fork may be held for ever."""
        self._lock = threading.RLock()
        self._counts: Counter[str] = Counter()
        self._dropped: Counter[str] = Counter()
        self._telling = threading.local()

    def count(self, what: str, by: int = 1) -> None:
        """Add to one of the counters of :class:`Stats`."""
        with self._lock:
            self._counts[what] += by

    def report(self, problem: Problem) -> None:
        """Count a dropped event, log its reason the first time, and tell ``on_error``."""
        with self._lock:
            first = not self._dropped[problem.code]
            self._dropped[problem.code] += 1
        self._tell(problem, first)

    def stats(self, queued: int) -> Stats:
        """A snapshot that later calls do not change."""
        with self._lock:
            return Stats(queued=queued, dropped=dict(self._dropped), **self._counts)

    def _tell(self, problem: Problem, first: bool) -> None:  # noqa: FBT001 - private, read where it is called
        # on_error may itself track(); without this it would answer its own refusals for ever.
        if getattr(self._telling, "busy", False):
            return
        self._telling.busy = True
        try:
            if first:
                log.warning("event dropped (%s): %s; further ones are counted only", problem.code, problem.detail)
            if self._on_error is not None:
                self._on_error(problem)
        except Exception:  # the host's callback and log handlers must not sink the host
            log.debug("on_error raised", exc_info=True)
        finally:
            self._telling.busy = False
