"""What the people of a company did, all together."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, func, not_, or_, select, union_all
from sqlalchemy.orm import Session

from frontdesk.collect.models import Event
from frontdesk.engage.facts.instants import Place
from frontdesk.people.models import Company, CompanyMember, Contact, Visitor
from frontdesk.people.trust import counting_link
from frontdesk_rules import NO_HISTORY, History, PastEvent, Span

# Rules ask whether there is any, and at most which: nobody looks at all that thousands did.
MOST_EVENTS: Final = 1_000


def company_history(session: Session, contact_id: str | None, place: Place | None = None) -> History:
    """The past of the company that a contact belongs to, of several of the one seen last; nobody's if there is none.
    At the `place` of an event, without what came after it."""
    if contact_id is None:
        return NO_HISTORY
    query = select(Company.id).join(CompanyMember, CompanyMember.company_id == Company.id)
    newest = query.where(CompanyMember.contact_id == contact_id).order_by(Company.seen_at.desc(), Company.id.desc())
    company_id = session.scalar(newest.limit(1))
    return CompanyHistory(session, company_id, place) if company_id else NO_HISTORY


@dataclass(frozen=True, slots=True)
class CompanyHistory:
    """The past of everybody who belongs to it now, under all ids that count as theirs. Each question is one query."""

    session: Session
    company_id: str
    place: Place | None = None
    known_since: None = None  # one of them may have come yesterday

    def events(self, name: str, span: Span, /) -> Sequence[PastEvent]:
        """The oldest of them, if they are very many."""
        query = select(Event.occurred_at, Event.properties, Event.id).where(self._meant(name, span))
        rows = self.session.execute(query.order_by(Event.occurred_at, Event.id).limit(MOST_EVENTS))
        return [PastEvent(*row) for row in rows]

    def count(self, name: str, span: Span, /) -> int:
        return self.session.scalar(select(func.count()).select_from(Event).where(self._meant(name, span))) or 0

    def _meant(self, name: str, span: Span) -> ColumnElement[Any]:
        members = select(CompanyMember.contact_id).where(CompanyMember.company_id == self.company_id)
        browsers = (
            select(Visitor.id)
            .join(CompanyMember, CompanyMember.contact_id == Visitor.contact_id)
            .join(Contact, Contact.id == Visitor.contact_id)
            .where(CompanyMember.company_id == self.company_id, counting_link())
        )
        who = Event.person_id.in_(union_all(members, browsers))
        meant = and_(who, Event.name == name, Event.type == "track", Event.occurred_at <= span.until)
        place = self.place and self.place.ending(span)
        if place:
            later = and_(Event.received_at >= place.received_at, Event.id > place.event_id)
            meant = and_(meant, or_(Event.occurred_at < place.at, not_(later)))
        return meant if span.after is None else and_(meant, Event.occurred_at > span.after)
