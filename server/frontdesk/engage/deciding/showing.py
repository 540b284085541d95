"""What waits for people is shown when they come, where it still may be: the gates are asked as they are by then.

A message may wait for two weeks. Meanwhile the person may have done what it asks for, or said that they want none; the
rule may be stopped; and of what came together while they were away, a cap lets some through each day, best rank first.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain
from typing import Any, Final

from sqlalchemy.orm import Session

from frontdesk.core.db.statements import one_at_a_time
from frontdesk.engage.deciding.decisions import leave_undone
from frontdesk.engage.deciding.waited import Waited, decided_now, of_no_rule, waited
from frontdesk.engage.doing import deliveries
from frontdesk.engage.doing.deliveries import Given, Waiter, wire
from frontdesk.engage.facts.case_facts import CaseFacts
from frontdesk.engage.facts.gathering import Gathered
from frontdesk.engage.facts.memory import PersonMemory
from frontdesk.engage.facts.told import handed_to
from frontdesk.engage.rules.live import LiveRules
from frontdesk_rules import Held, Shown, Whom
from frontdesk_rules.engine.showing import FOR_GOOD, Life, Waiting, showing

MOST_AT_ONCE: Final = 3  # of each kind; cards beyond that wait until one is answered
_LIVES: Final[Mapping[str, Life]] = {"queued": "queued", "sent": "sent"}
_MESSAGES: Final = frozenset({"chat", "post", "banner", "modal"})

Met = Mapping[str, Waiter]
"""Visitor id → who can be shown something now."""


@dataclass(frozen=True, slots=True)
class Showing:
    """Nothing that a rule says is shown to a person but by `hand_over`."""

    live: LiveRules

    def hand_over(
        self, session: Session, waiters: Collection[Waiter], talking: Set[str], now: datetime
    ) -> dict[str, list[dict[str, Any]]]:
        """Visitor id → deliveries as on the wire, oldest first, for one group of requests.

        Who is `talking`, in a conversation, gets nothing until it is closed.
        What is never to be shown any more is noted with its decision; what only may not be shown now waits on.
        """
        rows = deliveries.waiting(session, [one for one in waiters if one.visitor_id not in talking], now)
        if not rows:
            return {}
        met = {waiter.visitor_id: waiter for waiter in waiters}
        fresh = decided_now(session)
        asked = {row.visitor_id for row in rows if row.id not in fresh}
        given = _first_of_each_kind(row for row in rows if row.visitor_id not in asked)
        if asked:
            given |= self._chosen(session, [row for row in rows if row.visitor_id in asked], met, now)
        deliveries.note_sent(session, [(row, met[row.visitor_id].session_id) for row in chain(*given.values())], now)
        return {visitor_id: [wire(row) for row in sorted(chosen)] for visitor_id, chosen in given.items()}

    def _chosen(self, session: Session, rows: Sequence[Given], met: Met, now: datetime) -> dict[str, list[Given]]:
        for row in of_no_rule(session, self.live, rows):
            _drop(session, row, Held.PAUSED)
        return _Choice.of(session, waited(session, self.live, rows, met, now), met, now).made()


def _first_of_each_kind(rows: Iterable[Given]) -> dict[str, list[Given]]:
    """Of those to whom nothing was said but in this very transaction: the gates have just been asked."""
    kinds = Counter[tuple[str, str]]()
    given: dict[str, list[Given]] = {}
    for row in rows:
        kinds[row.visitor_id, row.kind] += 1
        if kinds[row.visitor_id, row.kind] <= MOST_AT_ONCE:
            given.setdefault(row.visitor_id, []).append(row)
    return given


@dataclass(frozen=True, slots=True)
class _Choice:
    """What each visitor is given; what is chosen counts for the caps of the rest."""

    session: Session
    waiting: Sequence[Waited]
    met: Met
    now: datetime
    gathered: Gathered
    given: dict[str, list[Given]] = field(default_factory=dict)
    kinds: Counter[tuple[str, str]] = field(default_factory=Counter)

    @staticmethod
    def of(session: Session, waiting: Sequence[Waited], met: Met, now: datetime) -> "_Choice":
        return _Choice(session, waiting, met, now, Gathered(session, [one.case for one in waiting], now, handed_to))

    def made(self) -> dict[str, list[Given]]:
        counted = [one for one in self.waiting if one.row.state == "queued" and not one.fresh]
        # what was shown to them is looked up after this, so that two at once do not fill one cap twice
        one_at_a_time(self.session, [self.gathered.ids(one.case.subject)[0] for one in counted])
        for one in self.waiting:
            place = (one.row.visitor_id, one.row.kind)
            # a messenger that cannot draw a kind leaves it where it is; it must not keep others out
            if self.kinds[place] < MOST_AT_ONCE and self._may_be_shown(one):
                self.kinds[place] += 1
                self.given.setdefault(one.row.visitor_id, []).append(one.row)
        return self.given

    def _may_be_shown(self, one: Waited) -> bool:
        row, subject = one.row, one.case.subject
        run = self.met[row.visitor_id].session_id or row.session_id
        held = None if one.fresh else self._held(one, run)
        if held is None and row.state == "queued":
            shown = Shown(self.now, row.message_class, run, row.conversation_id)
            self.gathered.said.setdefault(subject.person_id, []).append(shown)
        if held in FOR_GOOD and row.unseen:
            _drop(self.session, row, held)
        return held is None

    def _held(self, one: Waited, run: str | None) -> Held | None:
        """Decided in this very transaction, the gates have just been asked."""
        row, memory = one.row, PersonMemory(one.case.subject, self.gathered)
        moment = one.case.moment if one.known else None
        asked = Waiting(one.rule, row.message_class, _LIVES.get(row.state, "seen"), self.now, moment)
        whom = Whom(memory.ids[0], run, row.conversation_id)
        return showing(asked, CaseFacts(self.session, one.case, self.gathered), memory, whom)


def _drop(session: Session, row: Given, reason: Held) -> None:
    """It is never shown, and its decision says why."""
    if row.unseen and deliveries.hold(session, row.id):
        leave_undone(session, row.decision_id, "message" if row.kind in _MESSAGES else row.kind, reason)
