"""Merge by hand, and undo any merge: the visitor's pointer moves, and everything that hangs on the visitor follows.

That is what it did, the companies that it was said to belong to, and what it alone says of a contact.

A merge is undone exactly, to the link that the visitor had before it. So merges of a visitor are undone in the reverse
order of their making. What was undone is not claimed again by the browser; see `people.policy`.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from frontdesk.core.errors import Conflict
from frontdesk.core.ids import new_id
from frontdesk.people.models import Contact, Merge, Visitor
from frontdesk.people.pointers import settle_moved
from frontdesk.people.policy import Link, Recognised, Word, linked, recognise


def merge(session: Session, visitor: Visitor, contact: Contact, by: str | None, now: datetime) -> Merge:
    """The visitor is this contact, says a teammate (`by`) or, with None, a server; the merge that stands for it.

    Conflict when it is known as another contact: two user ids never merge.
    """
    _hold(session, visitor)
    before = Link(visitor.contact_id, visitor.contact_verified)
    said = recognise(before, contact.id, Word.TEAMMATE, apart=False)
    if said is Recognised.SOMEBODY_ELSE:
        raise Conflict("This browser is known as somebody else. Undo that merge first.", field="visitor")
    if said is Recognised.KNOWN and (standing := _newest(session, visitor.id)):
        return standing
    row = Merge(
        id=new_id("mrg", now),
        workspace_id=visitor.workspace_id,
        visitor_id=visitor.id,
        contact_id=contact.id,
        cause="teammate" if by else "api",
        verified=True,
        before_contact_id=before.contact_id,
        before_verified=before.verified,
        merged_by=by,
        merged_at=now,
    )
    session.add(row)
    _point(session, visitor, linked(contact.id, Word.TEAMMATE))
    return row


def undo(session: Session, row: Merge, by: str | None, now: datetime) -> None:
    """The visitor's link is what it was before this merge. Undone once, it stays undone.

    Conflict when a later merge of the same visitor still stands.
    """
    visitor = session.get_one(Visitor, row.visitor_id)
    _hold(session, visitor)
    session.refresh(row)  # somebody may have undone it while we waited
    if row.undone_at:
        return
    if _newest(session, visitor.id) is not row:
        raise Conflict("This browser was recognised once more since then. Undo its newest merge first.")
    row.undone_by, row.undone_at = by, now
    _point(session, visitor, Link(row.before_contact_id, row.before_verified))


def known_as(row: Merge) -> set[str]:
    """The ids of whom a merge concerns, before and after it, done or undone."""
    return {row.visitor_id, row.contact_id, row.before_contact_id or row.visitor_id}


def _hold(session: Session, visitor: Visitor) -> None:
    """Nobody else moves the visitor's link until the commit; read as of now."""
    session.refresh(visitor, with_for_update={"key_share": True})


def _newest(session: Session, visitor_id: str) -> Merge | None:
    """The visitor's newest merge that stands. There are at most two: one that made the link, one that confirmed it."""
    standing = select(Merge).where(Merge.visitor_id == visitor_id, Merge.undone_at.is_(None))
    return session.scalars(standing.order_by(Merge.before_contact_id.is_(None), Merge.merged_at.desc())).first()


def _point(session: Session, visitor: Visitor, link: Link) -> None:
    concerned = {contact_id for contact_id in (visitor.contact_id, link.contact_id) if contact_id}
    visitor.contact_id, visitor.contact_verified = link.contact_id, link.verified
    session.flush()
    settle_moved(session, visitor, concerned)
