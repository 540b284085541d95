"""Sends what stands in the outbox: endpoints side by side, off the hub, so that a dead one delays no other."""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property, partial
from typing import Any, Final, Protocol

import gevent
import structlog
from gevent.threadpool import ThreadPool
from sqlalchemy.orm import Session

from frontdesk.channels import outbox
from frontdesk.channels.outbox import Claimed, NotSent
from frontdesk.core.clock import Clock
from frontdesk.core.db import Database
from frontdesk.core.metrics import METRICS

log = structlog.get_logger(__name__)

Channel = Callable[[Claimed], NotSent | None]
"""Sends one parcel, on a thread where it may wait; None once it is sent. It asks no database."""


class Settled(Protocol):
    """Told, in the transaction that notes it, that a parcel was `sent` or given up."""

    def __call__(self, session: Session, one: Claimed, now: datetime, *, sent: bool) -> None: ...


AT_ONCE: Final = 8  # parcels to one endpoint that answers
SENDERS: Final = 64  # threads: so many endpoints may sleep at once before one waits for another
_LOST: Final = NotSent("nothing was heard of the last tries", final=True)
_TRIED = METRICS.counter(
    "frontdesk_outbox", "Tries to send, by channel and what became of them.", ("channel", "became")
)


class Crew(Protocol):
    """Who does the work: `start` begins a run that nobody waits for, `together` does all of these and waits."""

    def start(self, run: Callable[[], None]) -> None: ...
    def together(self, tasks: Sequence[Callable[[], Any]]) -> list[Any]: ...


class InLine:
    """For tests and the command line: one after the other, here and now."""

    def start(self, run: Callable[[], None]) -> None:
        run()

    def together(self, tasks: Sequence[Callable[[], Any]]) -> list[Any]:
        return [task() for task in tasks]


class Beside:
    """For the server: runs are greenlets, which wait; what they wait for is done by native threads."""

    @cached_property
    def _threads(self) -> ThreadPool:
        return ThreadPool(SENDERS)

    def start(self, run: Callable[[], None]) -> None:
        gevent.spawn(run)

    def together(self, tasks: Sequence[Callable[[], Any]]) -> list[Any]:
        return [result.get() for result in [self._threads.spawn(task) for task in tasks]]


@dataclass(slots=True)
class Dispatch:
    """`tick` once a second. By `chance`, a number in [0, 1), tries are spread; `settled` is told by channel."""

    db: Database
    clock: Clock
    channels: Mapping[str, Channel]
    settled: Mapping[str, Settled] = field(default_factory=dict)
    chance: Callable[[], float] = random.random
    crew: Crew = field(default_factory=Beside)
    _running: set[str] = field(default_factory=set)
    _held: dict[str, datetime] = field(default_factory=dict)
    _failing: set[str] = field(default_factory=set)

    def tick(self) -> None:
        """Begin a run for each endpoint that something is due for and that has none; what is being sent stays ours."""
        now = self.clock()
        held = [lease for lease, since in self._held.items() if now - since >= outbox.LEASE / 3]
        if held:
            self.db.write(partial(outbox.renew, leases=held, now=now))
        for endpoint in self.db.read(partial(outbox.endpoints_due, now=now)):
            if endpoint not in self._running:
                self._running.add(endpoint)
                self.crew.start(partial(self._run, endpoint))

    def _run(self, endpoint: str) -> None:
        """Send all that is due there, in batches; one at a time while it fails, so that a dead one holds one thread."""
        try:
            while claimed := self._claim(endpoint):
                outcomes = self._together(claimed)
                self._note(list(zip(claimed, outcomes, strict=True)))
                (self._failing.add if all(outcomes) else self._failing.discard)(endpoint)
        except Exception:  # the database is away: leases end, and the next tick begins anew
            log.exception("outbox_run_failed", endpoint=endpoint)
        finally:
            self._running.discard(endpoint)

    def _claim(self, endpoint: str) -> list[Claimed]:
        most = 1 if endpoint in self._failing else AT_ONCE
        return self.db.write(partial(outbox.claim, endpoint=endpoint, most=most, now=self.clock()))

    def _together(self, claimed: Sequence[Claimed]) -> list[NotSent | None]:
        lease = claimed[0].lease
        self._held[lease] = self.clock()
        try:
            return self.crew.together([partial(self._send, one) for one in claimed])
        finally:
            del self._held[lease]

    def _send(self, one: Claimed) -> NotSent | None:
        if one.lost:
            return _LOST
        channel = self.channels.get(one.parcel.channel)
        if channel is None:
            return NotSent(f"nothing here sends by {one.parcel.channel}")
        try:
            return channel(one)
        except Exception as error:  # one parcel that cannot even be packed must not hold up the others
            log.exception("parcel_failed", channel=one.parcel.channel, parcel=one.id)
            return NotSent(f"{type(error).__name__} on our side")

    def _note(self, told: Sequence[tuple[Claimed, NotSent | None]]) -> None:
        for (one, why), became in zip(told, self.db.write(partial(self._settle, told=told)), strict=True):
            _TRIED.add((one.parcel.channel, became))
            if why is not None:
                said = {"parcel": one.id, "endpoint": one.parcel.endpoint, "tries": one.tries, "reason": why.reason}
                (log.error if became == "dead" else log.warning)(f"parcel_{became}", **said)

    def _settle(self, session: Session, told: Sequence[tuple[Claimed, NotSent | None]]) -> list[str]:
        """Note what became of each try: sent, failed (it will be tried again), dead, or late: the lease was lost."""
        now = self.clock()
        return [self._settle_one(session, one, why, now) for one, why in told]

    def _settle_one(self, session: Session, one: Claimed, why: NotSent | None, now: datetime) -> str:
        if why is None:
            became = "sent" if outbox.done(session, one, now) else "late"
        else:
            became = "dead" if outbox.failed(session, one, why, self.chance(), now) else "failed"
        if became in {"sent", "dead"} and (settled := self.settled.get(one.parcel.channel)):
            settled(session, one, now, sent=became == "sent")
        return became
