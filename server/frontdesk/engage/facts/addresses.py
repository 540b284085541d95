"""Where letters to people go: what only a browser says may be anybody's address, and nobody gets letters for that."""

from collections.abc import Collection, Iterable

from sqlalchemy.orm import Session

from frontdesk.core.mailing import is_address
from frontdesk.engage.ports import Subject
from frontdesk.people import queries as people
from frontdesk.people.queries import Person
from frontdesk_rules import Rule
from frontdesk_rules.language.messages import Email


def address_of(person: Person) -> str | None:
    """Where to write to the person, whatever else a workspace believes of what browsers say."""
    contact, visitor = person.contact, person.visitor
    said = [
        (contact.email, contact.verified) if contact else (None, False),
        (visitor.email, visitor.email_verified) if visitor else (None, False),
    ]
    known = (address for address, verified in said if address and verified)
    return next((address for address in known if is_address(address)), None)


def addressee(subject: Subject) -> str:
    """The id of the person that a letter to a subject is written to."""
    return subject.contact_id or subject.visitor_id or subject.person_id


def writes(rule: Rule) -> bool:
    """Whether a rule sends letters at all."""
    return any(isinstance(action, Email) for _, action in rule.actions())


def addressed(session: Session, subjects: Iterable[Subject]) -> Collection[str]:
    """The addressees that there is an address of, in three queries for each workspace."""
    asked: dict[str, set[str]] = {}
    for subject in subjects:
        asked.setdefault(subject.workspace_id, set()).add(addressee(subject))
    return {
        who
        for workspace_id, ids in asked.items()
        for who, person in people.persons(session, workspace_id, ids).items()
        if address_of(person)
    }
