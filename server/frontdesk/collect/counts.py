"""How many events went which way, by workspace, step of the pipeline and reason; for the console and for /metrics.

They are counted in memory, where an event pays for two look-ups, and added to the table `collect_count` every few
seconds and at the end. So a crash takes the counts of the last seconds: they tell how it goes; the truth is the events.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

import structlog
from sqlalchemy import delete, select, text
from sqlalchemy.orm import Session as Db

from frontdesk.collect.models import CollectCount
from frontdesk.collect.refusals import Dropped, Reduced, Rejected
from frontdesk.collect.requests import Answer
from frontdesk.core.clock import from_ms, iso, to_ms
from frontdesk.core.db import Database
from frontdesk.core.jobs import Job
from frontdesk.core.metrics import METRICS, native_lock
from frontdesk.core.runtime import Runtime

STEPS: Final[dict[str, tuple[str, ...]]] = {
    # of the whole request, counted by its events; a key that nobody has is no workspace's, and only in /metrics
    "key": ("missing_key", "unknown_key", "api_key_in_browser"),
    "origin": ("origin_not_allowed",),
    "pace": ("too_many", "too_many_of_visitor"),
    # of each event; a request that cannot be read, or is too large, is counted as one
    "size": (Rejected.TOO_LARGE,),
    "parse": (
        *(Rejected.MALFORMED, Rejected.INVALID),
        *(Reduced.TOO_MANY_KEYS, Reduced.KEY_CUT, Reduced.TEXT_CUT, Reduced.WRONG_KIND),  # of those that go on
    ),
    "integrations": (Dropped.NOT_FOR_US,),
    "bot": (Dropped.BOT,),
    "consent": (Dropped.NO_CONSENT,),
    "ignore": (Dropped.IGNORED_IP, Dropped.IGNORED_PATH),
    "check": (Rejected.INVALID, Rejected.MISSING),
    "clock": (Rejected.TOO_LATE,),
    "duplicate": (Dropped.DUPLICATE, Rejected.CONFLICT),
    "person": (Reduced.ATTRIBUTES_TOO_LARGE,),  # of one that goes on without them
    "staff": (Dropped.STAFF,),
    "store": ("stored", Rejected.FAILED),
}
"""Every step, in order, and the reasons for which events end there; `store` is where the good ones do."""

EVERY = timedelta(seconds=5)
KEPT = timedelta(days=400)
_HOUR_MS = 3_600_000
log = structlog.get_logger(__name__)
_events = METRICS.counter("frontdesk_collect_events", "Events by where they ended, and why.", ("step", "reason"))
Key = tuple[str, str, str]


class Counts:
    """What was counted and is not in the table yet. Any thread may count."""

    def __init__(self) -> None:
        self._waiting: dict[Key, int] = {}
        self._lock = native_lock()
        self._swept_on: date | None = None

    def add(self, key: Key, number: int) -> None:
        with self._lock:
            self._waiting[key] = self._waiting.get(key, 0) + number

    def flush(self, db: Database, now: datetime) -> None:
        """Add what waits to the table, in the hour of `now`. What cannot be written waits on; it never raises.

        Once a day it also forgets what is older than `KEPT`.
        """
        if not self._waiting:
            return
        taken: dict[Key, int] = {}

        def write(session: Db) -> None:
            self._put_back(taken)  # a job may be run again, after what it did was rolled back
            taken.update(self._take())
            _add(session, taken, now)
            if self._swept_on != now.date():
                session.execute(delete(CollectCount).where(CollectCount.hour < now - KEPT))

        try:
            db.write(write)
        except Exception as error:  # noqa: BLE001  whatever keeps counts from the table must not stop what is counted
            self._put_back(taken)
            log.warning("counts_put_off", error=type(error).__name__)
        else:
            self._swept_on = now.date()

    def _take(self) -> dict[Key, int]:
        with self._lock:
            taken, self._waiting = self._waiting, {}
        return taken

    def _put_back(self, taken: dict[Key, int]) -> None:
        for key, number in taken.items():
            self.add(key, number)
        taken.clear()


COUNTS = Counts()
"""Those of this process, as its metrics are."""


def count(workspace_id: str | None, step: str, reason: str, number: int = 1) -> None:
    """`number` events ended at `step` for `reason`, both of `STEPS`; without a workspace only /metrics knows."""
    if not number:
        return
    _events.add((step, reason), number)
    if workspace_id is not None:
        COUNTS.add((workspace_id, step, reason), number)


def count_answer(workspace_id: str, answer: Answer) -> None:
    """Count what became of the events of one request, now that it is durable."""
    count(workspace_id, "store", "stored", answer.stored)
    count(workspace_id, "duplicate", Dropped.DUPLICATE, answer.duplicates)
    for left_out in answer.left_out:
        count(workspace_id, left_out.step, left_out.code)
    for refusal in answer.refused:
        count(workspace_id, refusal.step, refusal.code)
    for drop in answer.dropped:
        count(workspace_id, drop.step, drop.reason)


def jobs(runtime: Runtime) -> tuple[Job, ...]:
    """What the ticker must do; whoever closes the database calls `COUNTS.flush` once more before."""
    return (Job("counts", EVERY, lambda: COUNTS.flush(runtime.db, runtime.clock())),)


_UPSERT = text(
    "INSERT INTO collect_count (workspace_id, hour, step, reason, count)"
    " VALUES (:workspace_id, :hour, :step, :reason, :count)"
    " ON CONFLICT (workspace_id, hour, step, reason) DO UPDATE SET count = collect_count.count + excluded.count"
)


def _add(session: Db, counted: dict[Key, int], now: datetime) -> None:
    hour = to_ms(now) // _HOUR_MS * _HOUR_MS
    rows = [
        {"workspace_id": workspace_id, "hour": hour, "step": step, "reason": reason, "count": number}
        # in one order, so that two processes that add at once wait for each other and never both
        for (workspace_id, step, reason), number in sorted(counted.items())
    ]
    if rows:
        session.execute(_UPSERT, rows)


def counted(db: Db, workspace_id: str, since: datetime, until: datetime, step: str | None) -> Sequence[CollectCount]:
    """By hour, from the one that holds `since` to the last that begins before `until`."""
    first = from_ms(to_ms(since) // _HOUR_MS * _HOUR_MS)
    query = select(CollectCount).where(
        CollectCount.workspace_id == workspace_id, CollectCount.hour >= first, CollectCount.hour < until
    )
    if step:
        query = query.where(CollectCount.step == step)
    return db.scalars(query.order_by(CollectCount.hour, CollectCount.step, CollectCount.reason)).all()


def dump_counts(rows: Sequence[CollectCount]) -> dict[str, Any]:
    """The counts by hour, and their sums in the order of `STEPS`."""
    totals: dict[tuple[str, str], int] = {}
    for row in rows:
        totals[row.step, row.reason] = totals.get((row.step, row.reason), 0) + row.count
    places = {step: place for place, step in enumerate(STEPS)}
    ordered = sorted(totals.items(), key=lambda total: (places.get(total[0][0], len(places)), total[0]))
    return {
        "data": [{"hour": iso(row.hour), "step": row.step, "reason": row.reason, "count": row.count} for row in rows],
        "totals": [{"step": step, "reason": reason, "count": number} for (step, reason), number in ordered],
    }
