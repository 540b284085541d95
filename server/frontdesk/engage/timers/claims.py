"""Who fires which timer: a claim is a lease, committed before anything is done, and looked at again when it is done.

A holder that dies or stops loses its claim when the lease is over; should it wake, its lease is no longer there, so it
fires nothing that another has taken. On SQLite only one process writes, and the same words hold.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, and_, or_, select, text
from sqlalchemy.orm import Session

from frontdesk.core.clock import to_ms
from frontdesk.core.db import bulk
from frontdesk.core.db.statements import end_if_stopped
from frontdesk.core.ids import new_id
from frontdesk.engage.models import TimerRow
from frontdesk.engage.timers.keys import KEY, TABLE, Key
from frontdesk.people.models import Visitor
from frontdesk.people.queries import visitor_ids

LEASE: Final = timedelta(seconds=15)
# shorter than a lease: the locks of a holder that has stopped in mid-transaction are gone when another may claim
STOPPED: Final = timedelta(seconds=10)

MOST_TRIES: Final = 5

_FREE = "(lease_until IS NULL OR lease_until <= :now)"
# one step for each priority in use, at most 101, and none for what waits: a million cost what ten cost
_DUE_PRIORITIES = text(f"""
    WITH RECURSIVE step(priority) AS (
        SELECT max(priority) FROM timer WHERE state = 'pending'
        UNION ALL
        SELECT (SELECT max(timer.priority) FROM timer WHERE state = 'pending' AND timer.priority < step.priority)
        FROM step WHERE step.priority IS NOT NULL
    )
    SELECT step.priority FROM step WHERE step.priority IS NOT NULL AND EXISTS (
        SELECT 1 FROM timer
        WHERE state = 'pending' AND timer.priority = step.priority AND fires_at <= :now AND {_FREE}
    )
""")  # noqa: S608  our own words


_Found = tuple[Key, datetime]
"""A timer, and when it fires."""


class Due(NamedTuple):
    """A timer that is ours to fire."""

    rule_id: str
    person_id: str
    anchor: str
    workspace_id: str
    kind: str
    priority: int
    anchor_at: datetime
    due_at: datetime
    fires_at: datetime
    payload: dict[str, Any]
    tries: int

    @property
    def key(self) -> Key:
        return Key(self.rule_id, self.person_id, self.anchor)


@dataclass(frozen=True, slots=True)
class Claim:
    """Timers that nobody else fires while the lease lasts, most important first."""

    lease: str
    keys: tuple[Key, ...]

    def halves(self) -> tuple["Claim", "Claim"]:
        """What is of one person stays together for as long as there are others."""
        people = list(dict.fromkeys(key.person_id for key in self.keys))
        first = set(people[: len(people) // 2])
        if not first:
            middle = len(self.keys) // 2
            return replace(self, keys=self.keys[:middle]), replace(self, keys=self.keys[middle:])
        ours, theirs = [tuple(key for key in self.keys if (key.person_id in first) is way) for way in (True, False)]
        return replace(self, keys=ours), replace(self, keys=theirs)


def due_priorities(session: Session, now: datetime) -> list[int]:
    """The priorities at which a timer is due that nobody holds, highest first."""
    return list(session.scalars(_DUE_PRIORITIES, {"now": to_ms(now)}))


def claim(session: Session, now: datetime, most: int) -> Claim:
    """Take up to `most` of what is due: by priority, then what is due for longest. What else is due for the same
    person at the same instant comes along, for of exclusive rules one is to win."""
    end_if_stopped(session, STOPPED)
    lease = new_id("lea", now)
    found: list[_Found] = []
    for priority in due_priorities(session, now):
        found += _due(session, now, TimerRow.priority == priority, most - len(found))
        if len(found) == most:
            break
    keys = list(dict.fromkeys(key for key, _ in (*found, *_along(session, now, found))))
    until = now + LEASE
    bulk.update(session, TABLE, KEY, ("lease", "lease_until"), [(*key, lease, until) for key in keys])
    return Claim(lease, tuple(keys))


def held(session: Session, claimed: Claim) -> list[Due]:
    """What of a claim is still ours, locked until we commit: cancelled ones are gone, lost ones are another's."""
    end_if_stopped(session, STOPPED)
    columns = (*Due._fields, "state", "lease")
    rows = bulk.find_locked(session, TABLE, columns, {KEY: sorted(claimed.keys)})
    ours = [Due(*row[:-2]) for row in rows if row[-2] == "pending" and row[-1] == claimed.lease]
    return sorted(ours, key=lambda due: (-due.priority, due.fires_at, due.rule_id))


def fired(session: Session, timers: Sequence[Due], now: datetime) -> None:
    """They have fired, in the transaction of all that came of it."""
    rows = [(*due.key, "fired", now, None, None) for due in timers]
    bulk.update(session, TABLE, KEY, ("state", "fired_at", "lease", "lease_until"), rows)


def move(session: Session, moved: Sequence[tuple[Due, datetime]]) -> None:
    """They are due at other times, and nobody's until then."""
    rows = [(*due.key, at, at + (due.fires_at - due.due_at), None, None) for due, at in moved]
    bulk.update(session, TABLE, KEY, ("due_at", "fires_at", "lease", "lease_until"), rows)


def leave_for(session: Session, timers: Sequence[Due], until: datetime, *, failed: bool = False) -> None:
    """Nobody is to look at them until then. Whether they `failed` is counted."""
    rows = [(*due.key, None, until, due.tries + failed) for due in timers]
    bulk.update(session, TABLE, KEY, ("lease", "lease_until", "tries"), rows)


def give_up(session: Session, due: Due, now: datetime) -> None:
    """It failed too often: it stays, for whoever looks for it, and is not fired."""
    rows = [(*due.key, "failed", now, None, None, due.tries + 1)]
    bulk.update(session, TABLE, KEY, ("state", "fired_at", "lease", "lease_until", "tries"), rows)


def _along(session: Session, now: datetime, found: Sequence[_Found]) -> list[_Found]:
    """All that is due for the people of these at the instants of these, under whichever of their ids."""
    if not found:
        return []
    whom = one_by_all_ids(session, {key.person_id for key, _ in found})
    instants = {(whom[key.person_id], fires_at) for key, fires_at in found}
    row = TimerRow
    same = and_(row.person_id.in_(sorted(whom)), row.fires_at.in_({at for _, at in instants}))
    return [one for one in _due(session, now, same, None) if (whom[one[0].person_id], one[1]) in instants]


def one_by_all_ids(session: Session, person_ids: set[str]) -> dict[str, str]:
    """Every id of these people → one that stands for the person: that of the contact, where there is one."""
    linked = select(Visitor.contact_id).where(Visitor.id.in_(person_ids), Visitor.contact_id.is_not(None))
    contacts = {*person_ids, *filter(None, session.scalars(linked))}
    known = {one: contact_id for contact_id, ids in visitor_ids(session, contacts).items() for one in ids}
    return {one: one for one in contacts - known.keys()} | known


def _due(session: Session, now: datetime, which: ColumnElement[bool], most: int | None) -> list[_Found]:
    row = TimerRow
    due = (
        select(row.rule_id, row.person_id, row.anchor, row.fires_at)
        .where(text("state = 'pending'"), which, row.fires_at <= now)
        .where(or_(row.lease_until.is_(None), row.lease_until <= now))
        .order_by(row.fires_at)
        .limit(most)
        .with_for_update(skip_locked=True, key_share=True)
    )
    return [(Key(*found[:3]), found[3]) for found in session.execute(due)]
