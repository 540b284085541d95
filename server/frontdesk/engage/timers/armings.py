"""Timers are set and cancelled in the transaction that stores what they are armed by.

Unique on (rule, person, anchor), under whichever id the person was known then. A cancelled one is deleted: it may be
set again. One that has fired already cannot be cancelled; that it should have been is noted with its decision.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from frontdesk.core.db import bulk
from frontdesk.engage.timers.cancelling import PENDING, TICK, Cancelled, cancel_stored, delete_timers, locked
from frontdesk.engage.timers.keys import KEY, TABLE, Key
from frontdesk_rules import Arming, Cancel, Timer

COLUMNS = (*KEY, "workspace_id", "kind", "priority", "anchor_at", "due_at", "fires_at", "payload", "state")


@dataclass(frozen=True, slots=True)
class _Set:
    workspace_id: str
    priority: int
    timer: Timer
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Only:
    """The anchors of the timers that a rule is to have for a person."""

    rule_id: str
    ids: tuple[str, ...]
    anchors: frozenset[str]
    at: datetime


class Armings:
    """What the moments of one group set and cancel, in their order; `store` writes it."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._set: dict[tuple[str, str], dict[str, _Set]] = {}
        self._cancelled: list[Cancelled] = []
        self._only: list[_Only] = []

    def add(self, workspace_id: str, priority: int, arming: Arming, ids: Sequence[str]) -> None:
        """`ids`: all that the person goes by, the one first seen in front; timers are set under that one."""
        known = tuple(ids)
        for cancel in arming.cancel:
            self._cancel(Cancelled(cancel, known))
        for timer in arming.set:
            of_person = self._set.setdefault((timer.rule_id, known[0]), {})
            there = of_person.get(timer.anchor)
            if there is None or timer.goes_before(there.timer, fired=False):
                of_person[timer.anchor] = _Set(workspace_id, priority, timer, known)

    def keep_only(self, rule_id: str, timers: Sequence[Timer], ids: Sequence[str], at: datetime) -> None:
        """Of the timers of a rule and person, cancel those that are not among these; what was due before `at` stays."""
        self._only.append(_Only(rule_id, tuple(ids), frozenset(timer.anchor for timer in timers), at))

    def store(self) -> None:
        """Cancel and set in the database: a few statements, however many timers. What was added is done with."""
        for cancelled in self._others():
            self._cancel(cancelled)
        if self._cancelled:
            cancel_stored(self._session, self._cancelled)
        if self._set:
            self._store_new(dict(self._new()))
        self._set, self._cancelled, self._only = {}, [], []

    def _cancel(self, cancelled: Cancelled) -> None:
        """Of this group, at once."""
        self._cancelled.append(cancelled)
        for person_id in cancelled.ids:
            of_person = self._set.get((cancelled.cancel.rule_id, person_id), {})
            for anchor, one in list(of_person.items()):
                if cancelled.concerns(one.timer):
                    del of_person[anchor]

    def _others(self) -> Iterator[Cancelled]:
        """The stored ones that are not to be kept."""
        asked = {(one.rule_id, person_id): one for one in self._only for person_id in one.ids}
        if not asked:
            return
        since = ("due_at", min(one.at for one in self._only) - TICK)
        for rule_id, person_id, anchor, due in bulk.find(
            self._session, TABLE, (*KEY, "due_at"), {KEY[:2]: sorted(asked)}, since
        ):
            one = asked[rule_id, person_id]
            if anchor not in one.anchors and due >= one.at:
                yield Cancelled(Cancel(rule_id, person_id, anchor, one.at), (person_id,))

    def _new(self) -> Iterator[tuple[Key, _Set]]:
        for (rule_id, person_id), of_person in self._set.items():
            for anchor, one in of_person.items():
                yield Key(rule_id, person_id, anchor), one

    def _store_new(self, new: dict[Key, _Set]) -> None:
        self._give_way(new)
        for known in self._known_otherwise(new.items()):
            new.pop(known, None)
        # in one order in every process, or two that set the same timers wait for each other
        rows = [_row(key, new[key]) for key in sorted(new)]
        bulk.insert_new(self._session, TABLE, COLUMNS, rows, ("anchor",))

    def _give_way(self, new: Mapping[Key, _Set]) -> None:
        """Those that wait by the same key, and before which a new one goes, are deleted."""
        wanted = {
            Key(key.rule_id, person_id, key.anchor): one.timer
            for key, one in new.items()
            if one.timer.keyed
            for person_id in one.ids
        }
        delete_timers(
            self._session,
            [
                Key(there.rule_id, there.person, there.anchor)
                for there, state in locked(self._session, sorted(wanted))
                if wanted[Key(there.rule_id, there.person, there.anchor)].goes_before(there, fired=state != PENDING)
            ],
        )

    def _known_otherwise(self, new: Iterable[tuple[Key, _Set]]) -> Iterator[Key]:
        """Those of the new ones that are there already, under another id of the person."""
        others = {
            Key(key.rule_id, person_id, key.anchor): key
            for key, one in new
            for person_id in one.ids
            if person_id != key.person_id
        }
        for row in bulk.find(self._session, TABLE, KEY, {KEY: list(others)}):
            yield others[Key(*row)]


def _row(key: Key, one: _Set) -> tuple[Any, ...]:
    timer = one.timer
    payload: dict[str, Any] = {"properties": dict(timer.properties)} if timer.properties else {}
    if timer.passed:
        payload["passed"] = True
    return (
        *key,
        one.workspace_id,
        timer.kind,
        one.priority,
        timer.anchor_at,
        timer.due,
        timer.fires_at,
        payload,
        "pending",
    )
