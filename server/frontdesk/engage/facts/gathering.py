"""What the database knows about the people of one group of requests: a query for each kind of thing, when first asked.

Most requests ask for none of it: the moment, the session and the visitor's row are at hand already.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import Row, func, or_, select
from sqlalchemy.orm import Session

from frontdesk.accounts.models import Teammate
from frontdesk.accounts.queries import STAYS_ONLINE
from frontdesk.engage.deciding.cases import Case
from frontdesk.engage.facts.first_seen import first_seen
from frontdesk.engage.facts.foreseen import foreseen
from frontdesk.engage.facts.history import Pasts
from frontdesk.engage.models import DecisionRow
from frontdesk.engage.ports import Subject
from frontdesk.engage.segments.asking import SegmentsOf
from frontdesk.inbox.queries import in_conversation
from frontdesk.people.models import Company, CompanyMember, Contact
from frontdesk.people.queries import visitor_ids

CONTACT_COLUMNS = (Contact.user_id, Contact.name, Contact.email, Contact.phone, Contact.registered_at, Contact.tags)


@dataclass(frozen=True, slots=True)
class Past:
    """When rules last acted, by (rule, person, repeat key), and what held them, by (rule, person, run, reason)."""

    acted: dict[tuple[str, str, str], datetime] = field(default_factory=dict)
    held: set[tuple[str, str, str, str]] = field(default_factory=set)

    def remember(self, rule_id: str, person_id: str, repeat_key: str, at: datetime) -> None:
        key = (rule_id, person_id, repeat_key)
        self.acted[key] = max(at, self.acted.get(key, at))


class Gathered:
    """What there is to know about the people of `cases`. Lives as long as one group."""

    def __init__(self, session: Session, cases: Sequence[Case], now: datetime) -> None:
        self._session = session
        self._cases = cases
        self._subjects = [case.subject for case in cases]
        self._now = now

    def narrow(self, cases: Sequence[Case]) -> None:
        """From now on ask only for the candidates that these have: the same cases, with fewer."""
        self._cases = cases

    @cached_property
    def _contact_ids(self) -> set[str]:
        return {subject.contact_id for subject in self._subjects if subject.contact_id}

    @cached_property
    def _visitors(self) -> Mapping[str, list[str]]:
        """Contact id → the ids of all browsers that may be taken for it."""
        return visitor_ids(self._session, self._contact_ids) if self._contact_ids else {}

    def ids(self, subject: Subject) -> list[str]:
        """All ids this person goes by, the one seen first in front: ids sort by time behind their prefix."""
        if subject.contact_id is None:
            return [subject.person_id]
        known = {subject.person_id, subject.contact_id, *self._visitors[subject.contact_id]}
        return sorted(known, key=lambda known_id: known_id.partition("_")[2])

    @cached_property
    def _everybody(self) -> set[str]:
        """All ids of all of them."""
        return {known for subject in self._subjects for known in self.ids(subject)}

    @cached_property
    def pasts(self) -> Pasts:
        """The stored events of these people."""
        return Pasts(self._session, lambda: foreseen(self._cases, self.ids))

    def known_since(self, ids: Iterable[str]) -> datetime | None:
        """Since when the person that goes by these ids would have been seen."""
        return min((self._first_seen[known] for known in ids if known in self._first_seen), default=None)

    @cached_property
    def _first_seen(self) -> Mapping[str, datetime]:
        return first_seen(self._session, self._everybody)

    @cached_property
    def segments(self) -> SegmentsOf:
        """The segments that these people are in."""
        return SegmentsOf(self._session, {known for subject in self._subjects for known in self.ids(subject)})

    @cached_property
    def contacts(self) -> Mapping[str, Row[Any]]:
        """Contact id → the columns that facts are made of."""
        if not self._contact_ids:
            return {}
        query = select(Contact.id, Contact.attributes, *CONTACT_COLUMNS).where(Contact.id.in_(self._contact_ids))
        return {row.id: row for row in self._session.execute(query)}

    @cached_property
    def companies(self) -> Mapping[str, Row[Any]]:
        """Contact id → its company; of several, the one seen last."""
        if not self._contact_ids:
            return {}
        query = (
            select(CompanyMember.contact_id, Company.group_id, Company.name, Company.attributes)
            .join(Company, Company.id == CompanyMember.company_id)
            .where(CompanyMember.contact_id.in_(self._contact_ids))
            .order_by(Company.seen_at)
        )
        return {row.contact_id: row for row in self._session.execute(query)}

    @cached_property
    def past(self) -> Past:
        """What these rules did to these people, and what held them in these runs."""
        row = DecisionRow
        runs = {case.run for case in self._cases}
        people = {known for case in self._cases for known in self.ids(case.subject)}
        query = (
            select(row.rule_id, row.person_id, row.repeat_key, row.outcome, row.reason, func.max(row.at))
            .where(
                row.person_id.in_(people),
                row.rule_id.in_({rule.id for case in self._cases for rule in case.candidates}),
                or_(row.outcome == "acted", row.repeat_key.in_(runs)),
            )
            .group_by(row.rule_id, row.person_id, row.repeat_key, row.outcome, row.reason)
        )
        past = Past()
        for rule_id, person_id, repeat_key, outcome, reason, at in self._session.execute(query):
            if outcome == "acted":
                past.remember(rule_id, person_id, repeat_key, at)
            else:
                past.held.add((rule_id, person_id, repeat_key, str(reason)))
        return past

    @cached_property
    def talking(self) -> set[str]:
        """The visitors that are in an open conversation."""
        visitor_ids = {subject.visitor_id for subject in self._subjects if subject.visitor_id}
        return in_conversation(self._session, visitor_ids.union(*self._visitors.values()))

    @cached_property
    def staffed(self) -> set[str]:
        """The workspaces in which a teammate is online."""
        asked = {subject.workspace_id for subject in self._subjects}
        query = select(Teammate.workspace_id).where(
            Teammate.workspace_id.in_(asked), Teammate.available, Teammate.seen_at > self._now - STAYS_ONLINE
        )
        return set(self._session.scalars(query.distinct()))
