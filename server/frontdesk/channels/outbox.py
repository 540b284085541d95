"""What leaves the house: a row in the transaction of its cause, sent afterwards, at least once, under its key.

pending → done | dead. A row is claimed under a lease; whoever loses it (the process died, the receiver slept) sends no
result any more, and the next one sends anew. Of what is done only the row and its key stay, not what was sent.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, cast

from sqlalchemy import Table, Update, delete, literal_column, or_, select, text, update
from sqlalchemy.orm import Session

from frontdesk.channels.models import OutboxRow
from frontdesk.channels.policy import TRIES, WAITS, wait_after
from frontdesk.core.db import bulk
from frontdesk.core.ids import new_id

LEASE: Final = timedelta(seconds=15)  # after a crash others take over; who is still at it renews it meanwhile
KEPT: Final = timedelta(days=30)
_NO_SPREAD: Final = 0.5
_TABLE = cast(Table, OutboxRow.__table__)
_COLUMNS = ("id", "workspace_id", "channel", "endpoint", "key", "payload", "state", "tries", "next_at", "created_at")
# literally, as the index says it: SQLite does not look into a bound value
_PENDING = OutboxRow.state == literal_column("'pending'")
_OVER = OutboxRow.state != literal_column("'pending'")


@dataclass(frozen=True, slots=True)
class Parcel:
    """What to send: by which `channel`, to which `endpoint` (what is dead or alive as a whole), under which `key`."""

    workspace_id: str
    channel: str
    endpoint: str
    key: str
    payload: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Claimed:
    """A parcel that is ours to send until the lease ends. `tries` counts this one.

    `lost`: so many tries ended without a word that it is not to be sent again, but to be given up.
    """

    id: str
    lease: str
    tries: int
    parcel: Parcel
    lost: bool = False


@dataclass(frozen=True, slots=True)
class NotSent:
    """Why a try failed; `final` where another one would fail alike."""

    reason: str
    final: bool = False


def put(session: Session, parcel: Parcel, now: datetime) -> str | None:
    """Store the parcel; its id, or None where this key of the workspace was put before."""
    row = (
        new_id("out", now), parcel.workspace_id, parcel.channel, parcel.endpoint, parcel.key, parcel.payload, "pending",
        0, now, now,
    )  # fmt: skip
    stored = bulk.insert_new(session, _TABLE, _COLUMNS, [row], ("id",))
    return str(stored[0][0]) if stored else None


def endpoints_due(session: Session, now: datetime) -> list[str]:
    """Where something is to be sent now. A look-up for each endpoint that anything waits for, however much that is."""
    return list(session.scalars(_DUE, {"now": int(now.timestamp() * 1000)}))


_DUE = text("""
    WITH RECURSIVE known(endpoint) AS (
        SELECT min(endpoint) FROM outbox WHERE state = 'pending'
        UNION ALL
        SELECT (SELECT min(endpoint) FROM outbox WHERE state = 'pending' AND endpoint > known.endpoint)
        FROM known WHERE known.endpoint IS NOT NULL
    )
    SELECT endpoint FROM known WHERE endpoint IS NOT NULL AND EXISTS (
        SELECT 1 FROM outbox WHERE state = 'pending' AND endpoint = known.endpoint AND next_at <= :now
        AND (lease_until IS NULL OR lease_until <= :now)
    )
""")


def claim(session: Session, endpoint: str, most: int, now: datetime) -> list[Claimed]:
    """Up to `most` parcels that are due at this endpoint, those that waited longest first; ours until the lease ends.

    A try counts when its end is known. One of which nothing was heard, for the process died, comes again after a wait
    that grows, and alone: if it is what we die of, then without company. After eight of those it is `lost`.
    """
    lease = new_id("lse", now)
    free = or_(OutboxRow.lease_until.is_(None), OutboxRow.lease_until <= now)
    query = select(OutboxRow).where(_PENDING, OutboxRow.endpoint == endpoint, OutboxRow.next_at <= now, free)
    query = query.order_by(OutboxRow.next_at, OutboxRow.id).limit(most).with_for_update(skip_locked=True)
    rows = session.scalars(query).all()
    alone = [row for row in rows if row.unheard][:1]
    claimed = [_claimed(row, lease, now) for row in alone or rows]
    session.flush()
    return claimed


def _claimed(row: OutboxRow, lease: str, now: datetime) -> Claimed:
    parcel = Parcel(row.workspace_id, row.channel, row.endpoint, row.key, row.payload)
    one = Claimed(row.id, lease, row.tries + 1, parcel, lost=row.unheard >= TRIES)
    row.lease, row.lease_until = lease, now + LEASE
    if not one.lost:
        row.unheard += 1
        row.next_at = now + (wait_after(row.unheard, _NO_SPREAD) or WAITS[-1])
    return one


def renew(session: Session, leases: Collection[str], now: datetime) -> None:
    """Whoever holds these is still at it."""
    held = update(OutboxRow).where(_PENDING, OutboxRow.lease.in_(leases), OutboxRow.lease_until > now)
    session.execute(held.values(lease_until=now + LEASE).execution_options(synchronize_session=False))


def done(session: Session, one: Claimed, now: datetime) -> bool:
    """It was sent; whether it was still ours to say so."""
    changed = _ours(one).values(state="done", payload={}, error=None, done_at=now)
    return _changed(session, changed)


def failed(session: Session, one: Claimed, why: NotSent, chance: float, now: datetime) -> bool:
    """It was not sent: try again later, or give it up. Whether it is dead now."""
    wait = None if why.final else wait_after(one.tries, chance)
    following: dict[str, Any] = {"state": "dead"} if wait is None else {"next_at": now + wait}
    changed = _ours(one).values(error=why.reason[:500], **following)
    return _changed(session, changed) and wait is None


def replay(session: Session, row: OutboxRow, now: datetime) -> None:
    """Send what was given up again, with all its tries; what is not dead stays as it is."""
    if row.state == "dead":
        row.state, row.tries, row.unheard, row.next_at = "pending", 0, 0, now
        session.flush()


def forget(session: Session, now: datetime) -> int:
    """Delete what is long done or dead; how many rows. For a slow tick."""
    old = delete(OutboxRow).where(_OVER, OutboxRow.created_at < now - KEPT)
    return len(session.scalars(old.returning(OutboxRow.id)).all())


def _ours(one: Claimed) -> Update:
    """What is heard of a try: it counts now."""
    statement = update(OutboxRow).where(OutboxRow.id == one.id, OutboxRow.lease == one.lease)
    statement = statement.values(tries=one.tries, unheard=0, lease=None, lease_until=None)
    return statement.execution_options(synchronize_session=False)


def _changed(session: Session, statement: Update) -> bool:
    found: Sequence[str] = session.scalars(statement.returning(OutboxRow.id)).all()
    return bool(found)
