"""What the database knows about the people of one group of requests: a query for each kind of thing, when first asked.

Most requests ask for none of it: the moment, the session and the visitor's row are at hand already.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from frontdesk.accounts.models import Teammate
from frontdesk.accounts.queries import STAYS_ONLINE
from frontdesk.engage.deciding.cases import Case
from frontdesk.engage.facts.addresses import addressed, addressee, writes
from frontdesk.engage.facts.decided import Past, done_of, past_of, winner_of
from frontdesk.engage.facts.first_seen import first_kept, first_seen
from frontdesk.engage.facts.foreseen import foreseen
from frontdesk.engage.facts.history import Pasts
from frontdesk.engage.facts.rfm.standings import Buyers
from frontdesk.engage.facts.talks import Talk, talks
from frontdesk.engage.facts.told import Reached, Word, reached, shown_to, words_of
from frontdesk.engage.ports import Subject
from frontdesk.engage.segments.asking import SegmentsOf
from frontdesk.inbox.queries import in_conversation
from frontdesk.people.models import Company, CompanyMember, Contact
from frontdesk.people.queries import visitor_ids
from frontdesk_rules import Shown

Told = Callable[[Session, Collection[str], datetime], Mapping[str, list[Shown]]]
CONTACT_COLUMNS = (Contact.user_id, Contact.name, Contact.email, Contact.phone, Contact.registered_at, Contact.tags)


class Gathered:
    """What there is to know about the people of `cases`. Lives as long as one group: what is done about these cases is
    known to the next one.

    `told` asks what counts for caps: what was shown, and where nobody says otherwise what waits to be shown, too.
    `said` is what rules have decided to show to whom at earlier moments of this group, which no row tells yet. `slots`
    says which rule has that of an exclusive group, by person, group and instant.
    """

    def __init__(self, session: Session, cases: Sequence[Case], now: datetime, told: Told = shown_to) -> None:
        self._session = session
        self._told = told
        self._cases = cases
        self._subjects = [case.subject for case in cases]
        self._now = now
        self._shown: tuple[datetime, Mapping[str, list[Shown]]] | None = None
        self._first_kept: dict[str, datetime | None] = {}
        self._looked_up: set[str] = set()
        self._addressed: set[str] = set()
        self.said: dict[str, list[Shown]] = {}
        self.slots: dict[tuple[str, str, datetime], str] = {}

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

    @property
    def _everybody(self) -> Collection[str]:
        """All ids of all of them."""
        return self._workspaces.keys()

    @cached_property
    def _known_before(self) -> Collection[str]:
        """All ids of those to whom something may have been done before."""
        return {known for subject in self._subjects if not subject.new for known in self.ids(subject)}

    @cached_property
    def pasts(self) -> Pasts:
        """The stored events of these people."""
        return Pasts(self._session, lambda: foreseen(self._cases, self.ids))

    def first_seen(self, ids: Iterable[str]) -> datetime | None:
        """When the person that goes by these ids was first seen."""
        return min((self._first_seen[known] for known in ids if known in self._first_seen), default=None)

    def known_since(self, ids: Sequence[str]) -> datetime | None:
        """Since when what the person does would have been seen, and not deleted since."""
        seen, kept = self.first_seen(ids), self._kept_of(self._workspaces[ids[0]])
        return max(seen, kept) if seen and kept else None

    def _kept_of(self, workspace_id: str) -> datetime | None:
        if workspace_id not in self._first_kept:
            self._first_kept[workspace_id] = first_kept(self._session, workspace_id)
        return self._first_kept[workspace_id]

    @cached_property
    def _workspaces(self) -> Mapping[str, str]:
        """Every id of all of them → its workspace."""
        return {known: subject.workspace_id for subject in self._subjects for known in self.ids(subject)}

    @cached_property
    def _first_seen(self) -> Mapping[str, datetime]:
        return first_seen(self._session, self._everybody)

    @cached_property
    def segments(self) -> SegmentsOf:
        """The segments that these people are in."""
        return SegmentsOf(self._session, self._everybody)

    @cached_property
    def contacts(self) -> Mapping[str, Row[Any]]:
        """Contact id → the columns that facts are made of."""
        if not self._contact_ids:
            return {}
        query = select(Contact.id, Contact.attributes, *CONTACT_COLUMNS).where(Contact.id.in_(self._contact_ids))
        return {row.id: row for row in self._session.execute(query)}

    @cached_property
    def companies(self) -> Mapping[str, list[Row[Any]]]:
        """Contact id → its companies, the one seen last in front."""
        if not self._contact_ids:
            return {}
        query = (
            select(CompanyMember.contact_id, Company.group_id, Company.name, Company.attributes)
            .join(Company, Company.id == CompanyMember.company_id)
            .where(CompanyMember.contact_id.in_(self._contact_ids))
            .order_by(Company.seen_at.desc(), Company.id.desc())
        )
        found: dict[str, list[Row[Any]]] = {}
        for row in self._session.execute(query):
            found.setdefault(row.contact_id, []).append(row)
        return found

    @cached_property
    def past(self) -> Past:
        """What these rules did to these people, and what held them in these runs."""
        return past_of(
            self._session,
            (
                (known, rule.id, case.run)
                for case in self._cases
                if not case.subject.new
                for known in self.ids(case.subject)
                for rule in case.candidates
            ),
        )

    @cached_property
    def done(self) -> Past:
        """What these rules have done to these people, and not only put off."""
        return done_of(self._session, self._known_before, {rule.id for case in self._cases for rule in case.candidates})

    def winner_of(self, ids: Sequence[str], group: str, at: datetime) -> str | None:
        """The rule that took the slot of an exclusive group at an instant, in an earlier group of cases."""
        return winner_of(self._session, ids, group, at)

    def shown(self, since: datetime) -> Mapping[str, list[Shown]]:
        """Person id → what was shown or sent since then, and before: as far back as any of these caps counts."""
        if self._shown is None or since < self._shown[0]:
            caps = ((case.moment.at, cap) for case in self._cases for rule in case.candidates for cap in rule.caps)
            first = min((at - cap.lasts for at, cap in caps), default=since)
            since = min(first, since)
            self._shown = since, self._told(self._session, self._known_before, since)
        return self._shown[1]

    def has_address(self, subject: Subject) -> bool:
        """Whether a letter may be sent to this person; asked at once for all whom a rule may write to."""
        if addressee(subject) not in self._looked_up:
            written = [case.subject for case in self._cases if any(writes(one.live.rule) for one in case.candidates)]
            self._looked_up.update(addressee(one) for one in (subject, *written))
            self._addressed |= set(addressed(self._session, (subject, *written)))
        return addressee(subject) in self._addressed

    def reached(self, subject: Subject) -> Reached:
        """The auto-messages that reached this person."""
        own = (self._reached[known] for known in self.ids(subject) if known in self._reached)
        return sum(own, start=Reached())

    @cached_property
    def _reached(self) -> Mapping[str, Reached]:
        return reached(self._session, self._everybody)

    @cached_property
    def buyers(self) -> Buyers:
        """Where these people stand among the buyers."""
        return Buyers(self._session, self._workspaces, min(case.moment.at for case in self._cases))

    @cached_property
    def talks(self) -> Mapping[str, Talk]:
        """The conversations that these cases are about, by id."""
        return talks(self._session, {case.conversation_id for case in self._cases if case.conversation_id})

    @cached_property
    def words(self) -> Mapping[str, list[Word]]:
        """Person id → what was said to messages."""
        return words_of(self._session, self._everybody)

    @cached_property
    def talking(self) -> set[str]:
        """The visitors that are in an open conversation."""
        visitor_ids = {one.visitor_id for one in self._subjects if one.visitor_id and not one.new}
        return in_conversation(self._session, visitor_ids.union(*self._visitors.values()))

    @cached_property
    def staffed(self) -> set[str]:
        """The workspaces in which a teammate is online."""
        asked = {subject.workspace_id for subject in self._subjects}
        query = select(Teammate.workspace_id).where(
            Teammate.workspace_id.in_(asked), Teammate.available, Teammate.seen_at > self._now - STAYS_ONLINE
        )
        return set(self._session.scalars(query.distinct()))
