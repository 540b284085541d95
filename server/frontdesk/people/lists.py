"""Lists of people, and the whole picture of each: who is here now, and whom we know."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select, tuple_
from sqlalchemy.orm import Session

from frontdesk.core.clock import iso, to_ms
from frontdesk.core.paging import paged, read_cursor
from frontdesk.people.lives import Life, lives
from frontdesk.people.models import Company, CompanyMember, Contact, Merge, Visitor
from frontdesk.people.ports import CountConversations
from frontdesk.people.queries import Person, latest_visitors

_VISITOR_FIELDS = ("browser", "os", "device", "language", "timezone", "region", "city")


def here_now(session: Session, workspace_id: str, limit: int, now: datetime) -> list[Person]:
    """Who is on the site now, those who came last first."""
    rows = session.execute(
        select(Visitor, Contact)
        .outerjoin(Contact, Contact.id == Visitor.contact_id)
        .where(Visitor.workspace_id == workspace_id, Visitor.present_until > now)
        .order_by(Visitor.seen_at.desc(), Visitor.id)
        .limit(limit)
    )
    return [Person(visitor, contact) for visitor, contact in rows]


def contacts(
    session: Session, workspace_id: str, *, q: str | None, limit: int, cursor: str | None
) -> tuple[Sequence[Person], str | None]:
    """Contacts, those seen last first; `q` is sought in name, e-mail and user id."""
    query = select(Contact).where(Contact.workspace_id == workspace_id)
    if q:
        like = f"%{q.strip().lower().replace('%', '').replace('_', '')}%"
        query = query.where(
            or_(*(func.lower(column).like(like) for column in (Contact.name, Contact.email, Contact.user_id)))
        )
    if cursor:
        at, row_id = read_cursor(cursor)
        query = query.where(tuple_(Contact.seen_at, Contact.id) < tuple_(to_ms(at), row_id))
    rows = session.scalars(query.order_by(Contact.seen_at.desc(), Contact.id.desc()).limit(limit + 1)).all()
    shown, following = paged(rows, limit, lambda row: (row.seen_at, row.id))
    latest = latest_visitors(session, [row.id for row in shown])
    return [Person(latest.get(row.id), row) for row in shown], following


def profiles(
    session: Session, persons: Sequence[Person], now: datetime, count_conversations: CountConversations
) -> list[dict[str, Any]]:
    """Person of the console's API."""
    found = lives(session, persons)
    counts = count_conversations(session, {browser for life in found for browser in life.browsers})
    return [
        _profile(session, one, life, now) | {"conversations": sum(counts.get(browser, 0) for browser in life.browsers)}
        for one, life in zip(persons, found, strict=True)
    ]


def _profile(session: Session, person: Person, life: Life, now: datetime) -> dict[str, Any]:
    visitor, contact = person.visitor, person.contact
    return {
        **person.brief(now),
        **{name: getattr(visitor, name, None) for name in _VISITOR_FIELDS},
        "phone": contact.phone if contact else None,
        "user_id": person.user_id,
        "attributes": {**(visitor.attributes if visitor else {}), **(contact.attributes if contact else {})},
        "tags": tags(person),
        "companies": _companies(session, contact),
        "first_touch": life.first_touch,
        "last_touch": life.last_touch,
        "first_seen_at": iso(life.first_seen_at),
        "last_seen_at": iso(life.last_seen_at),
        "sessions": life.sessions,
        "page_views": life.page_views,
        "page_now": _page(visitor) if visitor and person.online(now) else None,
    }


def dump_merge(row: Merge) -> dict[str, Any]:
    """A row of the merge log as on the wire; teammates by id."""
    return {
        "id": row.id,
        "visitor": row.visitor_id,
        "contact": row.contact_id,
        "cause": row.cause,
        "verified": row.verified,
        "by": row.merged_by,
        "at": iso(row.merged_at),
        "undone_by": row.undone_by,
        "undone_at": iso(row.undone_at) if row.undone_at else None,
    }


def tags(person: Person) -> list[str]:
    own = (person.visitor.tags if person.visitor else []) + (person.contact.tags if person.contact else [])
    return sorted(set(own))


def _page(visitor: Visitor) -> dict[str, Any] | None:
    return visitor.page and {key: visitor.page.get(key) for key in ("url", "path", "title", "dwell_ms", "since")}


def _companies(session: Session, contact: Contact | None) -> list[dict[str, Any]]:
    if contact is None:
        return []
    rows = session.scalars(
        select(Company)
        .join(CompanyMember, CompanyMember.company_id == Company.id)
        .where(CompanyMember.contact_id == contact.id)
        .order_by(Company.name)
    )
    return [{"id": row.id, "name": row.name or row.group_id} for row in rows]
