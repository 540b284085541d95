"""The one door to people: nothing else fetches a visitor or contact by id."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from frontdesk.core.errors import NotFound
from frontdesk.core.ids import fingerprint
from frontdesk.people.alias import alias, color
from frontdesk.people.models import Contact, Visitor


@dataclass(frozen=True, slots=True)
class Person:
    """A visitor and the contact behind it, as one: `id` is the contact's where there is one."""

    visitor: Visitor | None
    contact: Contact | None

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
        user_id = self.contact.user_id if self.contact else None
        return self.name or self.email or user_id or alias(self.id)

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


def persons_of_visitors(session: Session, visitor_ids: Iterable[str]) -> dict[str, Person]:
    """Visitor id → Person, in one query."""
    rows = session.execute(
        select(Visitor, Contact)
        .outerjoin(Contact, Contact.id == Visitor.contact_id)
        .where(Visitor.id.in_(list(visitor_ids)))
    )
    return {visitor.id: Person(visitor, contact) for visitor, contact in rows}


def person(session: Session, workspace_id: str, person_id: str) -> Person:
    """The person by contact or visitor id, with the browser that was seen last; NotFound outside the workspace."""
    if person_id.startswith("con_"):
        contact = session.get(Contact, person_id)
        if contact is None or contact.workspace_id != workspace_id:
            raise NotFound("There is no such person.")
        latest = select(Visitor).where(Visitor.contact_id == contact.id).order_by(Visitor.seen_at.desc()).limit(1)
        return Person(session.execute(latest).scalar_one_or_none(), contact)
    seen = visitor(session, workspace_id, person_id)
    return Person(seen, session.get(Contact, seen.contact_id) if seen.contact_id else None)


def event_person_ids(session: Session, found: Person) -> list[str]:
    """All ids under which events of this person are stored: the contact's and those of its visitors."""
    if found.contact is None:
        return [found.id]
    visitors = session.scalars(select(Visitor.id).where(Visitor.contact_id == found.contact.id))
    return [found.contact.id, *visitors]
