"""What follows when a visitor's pointer to a contact moves: what it said and belongs to follows it."""

from collections.abc import Collection

from sqlalchemy.orm import Session

from frontdesk.core.signals import announce
from frontdesk.people.claims import take_back
from frontdesk.people.members import settle
from frontdesk.people.models import Contact, Visitor
from frontdesk.people.rows import VisitorRow
from frontdesk.people.signals import PersonChanged


def settle_moved(session: Session, visitor: Visitor | VisitorRow, concerned: Collection[str]) -> None:
    """The visitor's link is stored; `concerned` are the ids of contacts that it led to, or leads to now."""
    for contact_id in sorted(concerned):
        contact = session.get_one(Contact, contact_id, with_for_update={"key_share": True})
        if contact_id != visitor.contact_id:
            take_back(session, visitor.id, contact)
        settle(session, contact)
    session.flush()
    for person_id in sorted({visitor.id, *concerned}):
        announce(session, PersonChanged(visitor.workspace_id, person_id))
