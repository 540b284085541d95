"""Write what a sender says of a person: who it is, and its traits."""

from datetime import datetime
from typing import Any

from frontdesk.people.models import Company, Contact, Visitor
from frontdesk.people.traits import Traits


def describe_contact(contact: Contact, traits: Traits, *, verified: bool, now: datetime) -> None:
    """Apply traits. An unverified sender fills in, but never changes the e-mail that a verified one gave."""
    contact.seen_at = now
    contact.registered_at = contact.registered_at or traits.registered_at or now
    if verified or not contact.verified or contact.email is None:
        contact.email = traits.email or contact.email
    contact.name = traits.name or contact.name
    contact.phone = traits.phone or contact.phone
    contact.verified = contact.verified or (verified and contact.email is not None)
    contact.attributes = _merged(contact.attributes, traits.attributes)


def describe_visitor(visitor: Visitor, traits: Traits) -> None:
    """What an anonymous person said of themselves; never verified."""
    visitor.email = traits.email or visitor.email
    visitor.name = traits.name or visitor.name
    visitor.attributes = _merged(visitor.attributes, traits.attributes)


def describe_company(company: Company, traits: Traits, now: datetime) -> None:
    company.seen_at = now
    company.name = traits.name or company.name
    company.attributes = _merged(company.attributes, traits.attributes)


def _merged(known: dict[str, Any], said: dict[str, Any]) -> dict[str, Any]:
    # None takes an attribute away, as Segment's destinations do
    both = {**known, **said}
    return {key: value for key, value in both.items() if value is not None}
