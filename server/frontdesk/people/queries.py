"""The one door to people: nothing else fetches a visitor or contact by id."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select, tuple_
from sqlalchemy.orm import Session

from frontdesk.core.clock import to_ms
from frontdesk.core.errors import NotFound
from frontdesk.core.ids import fingerprint
from frontdesk.core.paging import paged, read_cursor
from frontdesk.people.alias import alias, color
from frontdesk.people.browsers import browsers_of
from frontdesk.people.models import Company, CompanyMember, Contact, Merge, Visitor
from frontdesk.people.stand_ins import in_a_browser
from frontdesk.people.trust import counts


@dataclass(frozen=True, slots=True)
class Person:
    """A visitor and the contact behind it, as one: `id` is the contact's where there is one.

    `claimed` is the contact that the visitor is linked to. A browser may link itself to anybody, so a link that does
    not count (see `people.trust`) gives nothing of the contact away: the person is then the visitor alone.
    """

    visitor: Visitor | None
    claimed: Contact | None

    @property
    def trusted(self) -> bool:
        """Whether the visitor may be taken for the contact that it is linked to."""
        if self.visitor is None or self.claimed is None:
            return True
        return counts(self.claimed, verified=self.visitor.contact_verified)

    @property
    def contact(self) -> Contact | None:
        """The contact, where the link to it is trusted."""
        return self.claimed if self.trusted else None

    @property
    def verified(self) -> bool:
        """Whether a verified sender said who this is: the name and e-mail that are shown are its word alone."""
        contact = self.contact
        return bool(contact and contact.verified and (contact.name, contact.email) == (self.name, self.email))

    @property
    def user_id(self) -> str | None:
        """The user id in our customer's system; of a person that is not verified, the one that is claimed."""
        return self.claimed.user_id if self.claimed else None

    @property
    def id(self) -> str:
        return self.contact.id if self.contact else self._visitor.id

    @property
    def kind(self) -> str:
        return "contact" if self.contact else "visitor"

    @property
    def name(self) -> str | None:
        return (self.contact and self.contact.name) or (self.visitor and self.visitor.name) or None

    @property
    def email(self) -> str | None:
        return (self.contact and self.contact.email) or (self.visitor and self.visitor.email) or None

    @property
    def label(self) -> str:
        """Name, else e-mail, else user id, else a stable alias such as “Teal Heron”."""
        return self.name or self.email or self.user_id or alias(self.id)

    def online(self, now: datetime) -> bool:
        return bool(self.visitor and self.visitor.present_until and self.visitor.present_until > now)

    def brief(self, now: datetime) -> dict[str, Any]:
        """PersonBrief of the console's API."""
        return {
            "id": self.id,
            "kind": self.kind,
            "name": self.name,
            "label": self.label,
            "email": self.email,
            "verified": self.verified,
            "online": self.online(now),
            "country": self.visitor.country if self.visitor else None,
            "color": color(self.id),
        }

    @property
    def _visitor(self) -> Visitor:
        if self.visitor is None:
            raise LookupError("a person is a visitor, a contact, or both")
        return self.visitor


def visitor_by_token(session: Session, token: str) -> Visitor | None:
    """The visitor that holds this token (`vt_…`)."""
    return session.execute(select(Visitor).where(Visitor.token_hash == fingerprint(token))).scalar_one_or_none()


def visitor(session: Session, workspace_id: str, visitor_id: str) -> Visitor:
    """The visitor, or NotFound where it is not of this workspace."""
    row = session.get(Visitor, visitor_id)
    if row is None or row.workspace_id != workspace_id:
        raise NotFound("There is no such visitor.")
    return row


def contact(session: Session, workspace_id: str, contact_id: str) -> Contact:
    """The contact, or NotFound where it is not of this workspace."""
    row = session.get(Contact, contact_id)
    if row is None or row.workspace_id != workspace_id:
        raise NotFound("There is no such person.")
    return row


def merge(session: Session, workspace_id: str, merge_id: str) -> Merge:
    """The row of the merge log, or NotFound where it is not of this workspace."""
    row = session.get(Merge, merge_id)
    if row is None or row.workspace_id != workspace_id:
        raise NotFound("There is no such merge.")
    return row


def merges(
    session: Session, workspace_id: str, *, person: str, limit: int, cursor: str | None
) -> tuple[Sequence[Merge], str | None]:
    """The merges of a visitor, or of all visitors that were ever this contact, newest first; undone ones too."""
    query = select(Merge).where(
        Merge.workspace_id == workspace_id, or_(Merge.visitor_id == person, Merge.contact_id == person)
    )
    if cursor:
        at, row_id = read_cursor(cursor)
        query = query.where(tuple_(Merge.merged_at, Merge.id) < tuple_(to_ms(at), row_id))
    rows = session.scalars(query.order_by(Merge.merged_at.desc(), Merge.id.desc()).limit(limit + 1)).all()
    return paged(rows, limit, lambda row: (row.merged_at, row.id))


def persons_of_visitors(session: Session, visitor_ids: Iterable[str]) -> dict[str, Person]:
    """Visitor id → Person, in one query."""
    rows = session.execute(
        select(Visitor, Contact)
        .outerjoin(Contact, Contact.id == Visitor.contact_id)
        .where(Visitor.id.in_(list(visitor_ids)))
    )
    return {visitor.id: Person(visitor, contact) for visitor, contact in rows}


def persons(session: Session, workspace_id: str, person_ids: Collection[str]) -> dict[str, Person]:
    """Those of these contacts and visitors that are of this workspace, each as `person` has it, in three queries."""
    contacts = session.scalars(select(Contact).where(Contact.workspace_id == workspace_id, Contact.id.in_(person_ids)))
    known = {row.id: row for row in contacts}
    latest = latest_visitors(session, known)
    seen = persons_of_visitors(session, [person_id for person_id in person_ids if person_id not in known])
    here = {who: one for who, one in seen.items() if one.visitor and one.visitor.workspace_id == workspace_id}
    return here | {who: Person(latest.get(who), row) for who, row in known.items()}


def person(session: Session, workspace_id: str, person_id: str) -> Person:
    """The person by contact or visitor id; NotFound outside the workspace.

    A contact comes with the browser that was seen last, of those that may be taken for it.
    """
    if person_id.startswith("con_"):
        known = contact(session, workspace_id, person_id)
        return Person(latest_visitors(session, [known.id]).get(known.id), known)
    seen = visitor(session, workspace_id, person_id)
    return Person(seen, session.get(Contact, seen.contact_id) if seen.contact_id else None)


def event_person_ids(session: Session, found: Person) -> list[str]:
    """All ids under which events of this person are stored: the contact's and those of its trusted visitors."""
    if found.contact is None:
        return [found.id]
    return [found.contact.id, *visitor_ids(session, [found.contact.id])[found.contact.id]]


def visitor_ids(session: Session, contact_ids: Collection[str]) -> dict[str, list[str]]:
    """Contact id → the ids of the browsers that may be taken for it, newest first, in one query.

    Of a contact that has more, the `browsers.MOST` newest and the oldest of all.
    """
    return browsers_of(session, contact_ids)


def company_ids(session: Session, contact_ids: Collection[str]) -> dict[str, str]:
    """Contact id → the company that it belongs to; of several, the one seen last."""
    query = (
        select(CompanyMember.contact_id, Company.id)
        .join(Company, Company.id == CompanyMember.company_id)
        .where(CompanyMember.contact_id.in_(contact_ids))
        .order_by(Company.seen_at, Company.id)
    )
    return dict(session.execute(query).all())


def members_of(session: Session, company_id: str, after: str, most: int) -> Sequence[str]:
    """The ids of the next contacts of a company, in their order."""
    members = select(CompanyMember.contact_id).where(
        CompanyMember.company_id == company_id, CompanyMember.contact_id > after
    )
    return session.scalars(members.order_by(CompanyMember.contact_id).limit(most)).all()


def latest_visitors(session: Session, contact_ids: Collection[str]) -> dict[str, Visitor]:
    """Contact id → the browser seen last of those that may be taken for it, in two queries.

    One that holds a token comes before those that do not: only there can a message be read.
    """
    ids = [visitor_id for known in browsers_of(session, contact_ids).values() for visitor_id in known]
    links = select(Visitor).where(Visitor.id.in_(ids), in_a_browser())
    rows = session.scalars(links.order_by(Visitor.token_hash.is_not(None), Visitor.seen_at)) if ids else ()
    return {row.contact_id or "": row for row in rows}
