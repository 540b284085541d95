"""Segments as rows: what each is called, and who is in it. What a condition means is not known here.

A row of members names a visitor or a contact. Whoever is asked under several ids is in a segment if one of them is; so
membership follows a person through merges, and back when one is undone.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Select, Table, and_, delete, func, select, tuple_
from sqlalchemy.orm import Session

from frontdesk.core.clock import to_ms
from frontdesk.core.db import bulk
from frontdesk.core.errors import Conflict, NotFound
from frontdesk.core.ids import new_id
from frontdesk.core.paging import paged, read_cursor
from frontdesk.people import queries
from frontdesk.people.models import Contact, Segment, SegmentMember, Visitor
from frontdesk.people.queries import Person
from frontdesk.people.stand_ins import in_a_browser
from frontdesk.people.trust import counting_link

_MEMBER = cast(Table, SegmentMember.__table__)


@dataclass(frozen=True, slots=True)
class NewSegment:
    """`name` is `{"en", "zh"}`, either alone too; `tree` a condition in its canonical form, None for one by hand."""

    key: str
    name: dict[str, Any]
    tree: dict[str, Any] | None = None


def segments(session: Session, workspace_id: str) -> Sequence[Segment]:
    """All segments of a workspace, by key."""
    query = select(Segment).where(Segment.workspace_id == workspace_id).order_by(Segment.key)
    return session.scalars(query).all()


def segment(session: Session, workspace_id: str, segment_id: str) -> Segment:
    """One segment, or NotFound where it is not of this workspace."""
    row = session.get(Segment, segment_id)
    if row is None or row.workspace_id != workspace_id:
        raise NotFound("There is no such segment.")
    return row


def named(session: Session, workspace_id: str, key: str) -> Segment | None:
    """The segment that rules call by this key."""
    query = select(Segment).where(Segment.workspace_id == workspace_id, Segment.key == key)
    return session.scalars(query).first()


def create(session: Session, workspace_id: str, new: NewSegment, now: datetime) -> Segment:
    """A segment without members; Conflict where the key is taken."""
    if named(session, workspace_id, new.key):
        raise Conflict(f"There is a segment {new.key} already.", field="key")
    row = Segment(
        id=new_id("seg", now),
        workspace_id=workspace_id,
        key=new.key,
        name=new.name,
        tree=new.tree,
        created_at=now,
        updated_at=now,
    )
    session.add(row)
    session.flush()
    return row


def remove(session: Session, row: Segment) -> None:
    """The segment with all its members."""
    empty(session, row)
    session.delete(row)
    session.flush()


def empty(session: Session, row: Segment) -> None:
    """Nobody is in it."""
    session.execute(delete(SegmentMember).where(SegmentMember.segment_id == row.id))


def join(session: Session, row: Segment, person: Person, now: datetime) -> bool:
    """The person is in it; whether that is new."""
    if _is_in(session, row, queries.event_person_ids(session, person)):
        return False
    put(session, [(row.id, person.id)], now)
    return True


def leave(session: Session, row: Segment, person: Person) -> bool:
    """The person is in it no longer, under none of its ids; whether that is new."""
    ids = queries.event_person_ids(session, person)
    was_in = _is_in(session, row, ids)
    take_out(session, [(row.id, person_id) for person_id in ids])
    return was_in


def put(session: Session, who: Collection[tuple[str, str]], now: datetime) -> None:
    """Rows of (segment id, person id); those that are there stay."""
    rows = [(segment_id, person_id, now) for segment_id, person_id in sorted(who)]
    bulk.insert_new(session, _MEMBER, ("segment_id", "person_id", "entered_at"), rows, ("person_id",))


def take_out(session: Session, who: Iterable[tuple[str, str]]) -> None:
    """No rows of these (segment id, person id)."""
    people: dict[str, list[str]] = {}
    for segment_id, person_id in who:
        people.setdefault(segment_id, []).append(person_id)
    for segment_id, person_ids in people.items():
        session.execute(
            delete(SegmentMember)
            .where(SegmentMember.segment_id == segment_id, SegmentMember.person_id.in_(person_ids))
            .execution_options(synchronize_session=False)
        )


def memberships(session: Session, person_ids: Collection[str]) -> set[tuple[str, str]]:
    """(segment id, person id) of every row of these people, in one query."""
    keys = [(person_id,) for person_id in sorted(set(person_ids))]
    rows = bulk.find(session, _MEMBER, ("segment_id", "person_id"), {("person_id",): keys})
    return {(segment_id, person_id) for segment_id, person_id in rows}


def sizes(session: Session, segment_ids: Collection[str]) -> dict[str, int]:
    """How many people are in each; one that goes by several ids counts once."""
    people = _people(segment_ids).subquery()
    query = select(people.c.segment_id, func.count()).group_by(people.c.segment_id)
    counted: dict[str, int] = dict(session.execute(query).all())
    return {segment_id: counted.get(segment_id, 0) for segment_id in segment_ids}


def members(session: Session, row: Segment, limit: int, cursor: str | None) -> tuple[list[Person], str | None]:
    """A page of the people who are in it by their rows, those who came last first."""
    people = _people([row.id]).subquery()
    query = select(people.c.entered_at, people.c.who)
    if cursor:
        at, last_id = read_cursor(cursor)
        query = query.where(tuple_(people.c.entered_at, people.c.who) < tuple_(to_ms(at), last_id))
    rows = session.execute(query.order_by(people.c.entered_at.desc(), people.c.who.desc()).limit(limit + 1)).all()
    shown, following = paged([(at, who) for at, who in rows], limit, lambda place: place)
    found = queries.persons(session, row.workspace_id, [who for _, who in shown])
    return [found[who] for _, who in shown if who in found], following


def everyone(workspace_id: str, after: str, limit: int) -> Select[str]:
    """The ids of contacts, and of visitors that are none, in their order, from behind `after` on."""
    contacts = select(Contact.id).where(Contact.workspace_id == workspace_id, Contact.id > after)
    visitors = (
        select(Visitor.id)
        .outerjoin(Contact, and_(Contact.id == Visitor.contact_id, counting_link()))
        .where(Visitor.workspace_id == workspace_id, Visitor.id > after, Contact.id.is_(None), in_a_browser())
    )
    people = contacts.union_all(visitors).subquery()
    return select(people.c.id).order_by(people.c.id).limit(limit)


def seen_since(workspace_id: str, at: datetime, after: str, limit: int) -> Select[str]:
    """As `everyone`, of those only who were seen since then, by what their rows say."""
    contacts = select(Contact.id).where(Contact.workspace_id == workspace_id, Contact.seen_at >= at)
    visitors = select(Visitor.id).where(Visitor.workspace_id == workspace_id, Visitor.seen_at >= at, in_a_browser())
    people = contacts.union_all(visitors).subquery()
    return select(people.c.id).where(people.c.id > after).order_by(people.c.id).limit(limit)


def _is_in(session: Session, row: Segment, person_ids: Collection[str]) -> bool:
    query = select(SegmentMember.person_id).where(
        SegmentMember.segment_id == row.id, SegmentMember.person_id.in_(person_ids)
    )
    return session.scalars(query.limit(1)).first() is not None


def _people(segment_ids: Collection[str]) -> Select[str, str, datetime]:
    """(segment id, person, entered at): each person once, by the contact's id where there is one that counts."""
    who = func.coalesce(Contact.id, SegmentMember.person_id).label("who")
    return (
        select(SegmentMember.segment_id, who, func.max(SegmentMember.entered_at).label("entered_at"))
        .outerjoin(Visitor, Visitor.id == SegmentMember.person_id)
        .outerjoin(Contact, and_(Contact.id == Visitor.contact_id, counting_link()))
        .where(SegmentMember.segment_id.in_(segment_ids))
        .group_by(SegmentMember.segment_id, who)
    )
