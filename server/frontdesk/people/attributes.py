"""Attributes that a rule gives: of the contact where there is one, else of the visitor; and of their company."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from frontdesk.core.db import Base
from frontdesk.core.signals import announce
from frontdesk.people import changes
from frontdesk.people.changes import Change
from frontdesk.people.identities import merged
from frontdesk.people.models import Company, CompanyMember
from frontdesk.people.queries import Person
from frontdesk.people.signals import PersonChanged


def describe(session: Session, person: Person, said: Mapping[str, Any]) -> tuple[Change, ...]:
    """Give the person these attributes, None takes one away; what that changed. What would not fit is left out."""
    owner = person.contact or person.visitor
    if owner is None or not said:
        return ()
    _lock(session, owner)
    before = changes.of_person(person)
    owner.attributes = merged(owner.attributes, dict(said))
    changed = changes.between("contact", before, changes.of_person(person))
    if changed:
        announce(session, PersonChanged(owner.workspace_id, person.id))
    return changed


def describe_company(session: Session, person: Person, said: Mapping[str, Any]) -> tuple[Change, ...]:
    """Give the person's company these attributes; what that changed. Who belongs to none changes nothing."""
    company = company_of(session, person) if said else None
    if company is None:
        return ()
    _lock(session, company)
    before = [changes.of_company(company)]
    company.attributes = merged(company.attributes, dict(said))
    changed = changes.between("company", before, [changes.of_company(company)])
    if changed:
        announce(session, PersonChanged(company.workspace_id, person.id))
    return changed


def company_of(session: Session, person: Person) -> Company | None:
    """The company that the person belongs to; of several, the one seen last."""
    if person.contact is None:
        return None
    query = (
        select(Company)
        .join(CompanyMember, CompanyMember.company_id == Company.id)
        .where(CompanyMember.contact_id == person.contact.id)
        .order_by(Company.seen_at.desc(), Company.id.desc())
    )
    return session.scalars(query.limit(1)).first()


def _lock(session: Session, row: Base) -> None:
    """The row as it is now, and nobody else changes it until we commit: what it becomes is made of what it is."""
    session.refresh(row, with_for_update={"key_share": True})
