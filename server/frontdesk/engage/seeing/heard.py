"""What was known at a time: what was heard of later had happened, and no rule could see it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from frontdesk.collect.door.times import LATE
from frontdesk.collect.models import Event
from frontdesk.core.clock import to_ms
from frontdesk.engage.deciding.cases import Case
from frontdesk.engage.facts.case_facts import CaseFacts
from frontdesk.engage.facts.gathering import Gathered
from frontdesk.engage.facts.told import Reached
from frontdesk.engage.models import Delivery, RuleRow
from frontdesk.engage.seeing.lateness import Imports
from frontdesk_rules import MISSING, History, PastEvent, Span

_AT_ONCE: Final = 500
KNOWN_THEN: Final = frozenset(f"history.{leaf}" for leaf in ("sent", "seen", "clicked", "last_sent_at", "rules"))
"""Fields of people that are kept with their times."""


@dataclass(frozen=True, slots=True)
class Heard:
    """A past without what was heard of after `by`. What was imported was known when it happened, as in a simulation."""

    past: History
    session: Session
    imports: Imports
    by: datetime

    @property
    def known_since(self) -> datetime | None:
        return self.past.known_since

    def events(self, name: str, span: Span, /) -> Sequence[PastEvent] | None:
        found = self.past.events(name, span)
        if not found:
            return found
        # what is older than the door takes was imported
        unheard = self._unheard([one.id for one in found if self.by - one.at < LATE])
        return [one for one in found if one.id not in unheard]

    def count(self, name: str, span: Span, /) -> int | None:
        found = self.events(name, span)
        return None if found is None else len(found)

    def _unheard(self, ids: Sequence[str]) -> set[str]:
        found: set[str] = set()
        for start in range(0, len(ids), _AT_ONCE):
            asked = Event.id.in_(ids[start : start + _AT_ONCE])
            rows = self.session.execute(select(Event.id, Event.received_at).where(asked, Event.received_at > self.by))
            found |= {event_id for event_id, received_at in rows if not self.imports.brought(to_ms(received_at))}
        return found


class FactsThen(CaseFacts):
    """The facts of a case with the past as it was known by a time, and the messages that had reached the person."""

    def __init__(self, session: Session, case: Case, gathered: Gathered, by: datetime, imports: Imports) -> None:
        super().__init__(session, case, gathered)
        self._by = by
        self._imports = imports

    @cached_property
    def history(self) -> History:
        return self._known(super().history)

    @cached_property
    def company_history(self) -> History:
        return self._known(super().company_history)

    def get(self, name: str, /) -> object:
        family, _, leaf = name.partition(".")
        if family != "history":
            return super().get(name)
        value = self._reached.answer(leaf)
        return MISSING if value is None else value

    @cached_property
    def _reached(self) -> Reached:
        """Before then. That one was dismissed or replied to is known only as of now."""
        row, sent_at = Delivery, func.coalesce(Delivery.sent_at, Delivery.seen_at)
        query = select(RuleRow.key, row.sent_at, row.seen_at, row.clicked_at, row.state)
        own = row.person_id.in_(self._gathered.ids(self._subject))
        rows = self._session.execute(query.join(RuleRow, RuleRow.id == row.rule_id).where(own, sent_at < self._by))
        return sum((self._one(rule, *times, state=state) for rule, *times, state in rows), start=Reached())

    def _one(self, rule: str, *times: datetime | None, state: str) -> Reached:
        sent_at, seen_at, clicked_at = times
        seen, clicked = (at is not None and at < self._by for at in (seen_at, clicked_at))
        return Reached(
            sent=1,
            seen=seen,
            clicked=clicked,
            dismissed=state == "dismissed",
            replied=state == "replied",
            last_sent_at=sent_at or seen_at,
            rules=[rule],
        )

    def _known(self, past: History) -> History:
        return Heard(past, self._session, self._imports, self._by)
