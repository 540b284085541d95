"""Timers that have lost their reason: those that wait are deleted, of those that have fired it is noted."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import bindparam, delete
from sqlalchemy.orm import Session

from frontdesk.core.db import bulk
from frontdesk.engage.models import TimerRow
from frontdesk.engage.timers.contradictions import Contradiction, note
from frontdesk.engage.timers.keys import KEY, TABLE, Key
from frontdesk_rules import Cancel, Timer

PENDING, FIRED = "pending", "fired"
_COLUMNS = (*KEY, "kind", "anchor_at", "due_at", "state")
# what is put off was decided already: it is asked about once more when it is released, and not before
_CANCELLED = frozenset({"absence", "reaches", "schedule", "conversation"})
TICK = timedelta(milliseconds=1)
_DELETE = delete(TABLE).where(*(TABLE.c[name] == bindparam(name) for name in KEY))


@dataclass(frozen=True, slots=True)
class Cancelled:
    """A cancel, and all ids of its person: the timer may have been set under any of them."""

    cancel: Cancel
    ids: tuple[str, ...]

    def concerns(self, timer: Timer) -> bool:
        """Whether this timer of the person has lost its reason. Its `person` does not matter: it is one of `ids`."""
        asked = self.cancel
        if timer.kind not in _CANCELLED:
            return False
        return Cancel(asked.rule_id, timer.person, asked.anchor, asked.at).concerns(timer)


def cancel_all(session: Session, waiting_id: str) -> int:
    """Cancel whatever waits for a `timer_id` that is archived, or waits for something else from now on; how many.

    What is put off stays: it was decided, and its repeat is spent.
    """
    row = TimerRow
    waiting = delete(row).where(row.rule_id == waiting_id, row.state == PENDING, row.kind.in_(_CANCELLED))
    return session.execute(waiting).rowcount  # type: ignore[attr-defined,no-any-return]  # of a DELETE it is there


def delete_timers(session: Session, keys: Sequence[Key]) -> None:
    if keys:
        session.connection().execute(_DELETE, [key._asdict() for key in keys])


def cancel_stored(session: Session, cancelled: Sequence[Cancelled]) -> None:
    """Carry out what several moments cancel, in a few statements."""
    asked: dict[tuple[str, str], list[Cancelled]] = {}
    for one in cancelled:
        for person_id in one.ids:
            asked.setdefault((one.cancel.rule_id, person_id), []).append(one)
    gone: list[Key] = []
    contradicted: list[Contradiction] = []
    for timer, state in _named_by(session, cancelled):
        by = next((one for one in asked[timer.rule_id, timer.person] if one.concerns(timer)), None)
        if by is None:
            continue
        gone.append(Key(timer.rule_id, timer.person, timer.anchor))
        if state == FIRED and by.cancel.at <= timer.due:
            contradicted.append(Contradiction(timer, by.ids, by.cancel.at))
    delete_timers(session, gone)
    note(session, contradicted)


def _named_by(session: Session, cancelled: Sequence[Cancelled]) -> Iterator[tuple[Timer, str]]:
    """The timers that may be meant, with their state, locked: one that is being fired is read when that is done."""
    keys = {(one.cancel.rule_id, person_id, one.cancel.anchor) for one in cancelled for person_id in one.ids}
    yield from locked(session, sorted(Key(rule, who, anchor) for rule, who, anchor in keys if anchor is not None))
    every = sorted({key[:2] for key in keys if key[2] is None})
    # of what was due before, none is meant: a person may have had thousands
    since = ("due_at", min(one.cancel.at for one in cancelled) - TICK)
    yield from map(_read, bulk.find_locked(session, TABLE, _COLUMNS, {KEY[:2]: every}, since))


def locked(session: Session, keys: Sequence[Key]) -> Iterator[tuple[Timer, str]]:
    """Those of these that there are, with their state; nobody else changes them until we commit. Sort the keys."""
    return map(_read, bulk.find_locked(session, TABLE, _COLUMNS, {KEY: keys}))


def _read(row: Sequence[Any]) -> tuple[Timer, str]:
    rule_id, person_id, anchor, kind, anchor_at, due, state = row
    return Timer(rule_id, person_id, anchor, anchor_at, due, kind=kind), state
