"""Tags on people: on the contact where there is one, else on the visitor."""

from sqlalchemy.orm import Session

from frontdesk.core.signals import announce
from frontdesk.people import changes
from frontdesk.people.changes import Change
from frontdesk.people.queries import Person
from frontdesk.people.signals import PersonChanged


def tag(session: Session, person: Person, name: str) -> tuple[Change, ...]:
    """Put the tag on, once; what that changed."""
    _lock(session, person)
    return _set(session, person, [*_tags(person), name] if name not in _tags(person) else _tags(person))


def untag(session: Session, person: Person, name: str) -> tuple[Change, ...]:
    """Take the tag off; what that changed."""
    _lock(session, person)
    return _set(session, person, [kept for kept in _tags(person) if kept != name])


def _lock(session: Session, person: Person) -> None:
    """The tags as they are now, until we commit: two rules at once each put theirs on."""
    owner = person.contact or person.visitor
    if owner is not None:
        session.refresh(owner, with_for_update={"key_share": True})


def _tags(person: Person) -> list[str]:
    owner = person.contact or person.visitor
    return owner.tags if owner else []


def _set(session: Session, person: Person, tags: list[str]) -> tuple[Change, ...]:
    owner = person.contact or person.visitor
    if owner is None or owner.tags == tags:
        return ()
    before = changes.of_person(person)
    owner.tags = tags
    announce(session, PersonChanged(owner.workspace_id, person.id))
    return changes.between("contact", before, changes.of_person(person))
