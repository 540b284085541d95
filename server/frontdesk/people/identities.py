"""Write what a sender says of a person: who it is, and its traits.

All that a verified contact or company holds was said by verified senders: what unverified ones had claimed goes with
the first verified word, and their later claims stay on the visitor.
"""

from datetime import datetime
from typing import Any

from frontdesk.people.rows import CompanyRow, ContactRow, VisitorRow
from frontdesk.people.traits import Traits
from frontdesk.people.trust import counts


def describe_contact(contact: ContactRow, traits: Traits, *, verified: bool, now: datetime) -> None:
    """Apply traits, if the sender's word counts for this contact."""
    if not counts(contact, verified=verified):
        return
    if verified and not contact.verified:
        contact.verified = True
        contact.name = contact.email = contact.phone = contact.registered_at = None
        contact.attributes = {}
    contact.registered_at = contact.registered_at or traits.registered_at or now
    contact.email = traits.email or contact.email
    contact.name = traits.name or contact.name
    contact.phone = traits.phone or contact.phone
    contact.attributes = _merged(contact.attributes, traits.attributes)


def describe_visitor(visitor: VisitorRow, traits: Traits) -> None:
    """What a browser said of the person before it; never verified."""
    visitor.email = traits.email or visitor.email
    visitor.name = traits.name or visitor.name
    visitor.attributes = _merged(visitor.attributes, traits.attributes)


def describe_company(company: CompanyRow, traits: Traits, *, verified: bool, now: datetime) -> None:
    """Apply traits, if the sender's word counts for this company."""
    if not counts(company, verified=verified):
        return
    if verified and not company.verified:
        company.verified = True
        company.name, company.attributes = None, {}
    company.seen_at = now
    company.name = traits.name or company.name
    company.attributes = _merged(company.attributes, traits.attributes)


def _merged(known: dict[str, Any], said: dict[str, Any]) -> dict[str, Any]:
    # None takes an attribute away, as Segment's destinations do
    both = {**known, **said}
    return {key: value for key, value in both.items() if value is not None}
