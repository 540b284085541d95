"""What all browsers of a person did together, for whoever looks at it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from frontdesk.people.browsers import browsers_of
from frontdesk.people.models import Visitor
from frontdesk.people.queries import Person

_COLUMNS = (
    Visitor.id, Visitor.first_seen_at, Visitor.seen_at, Visitor.sessions, Visitor.page_views,
    Visitor.first_touch, Visitor.last_touch,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Life:
    """From the first that is known of a person to the last; it was never seen last before it was seen first.

    `browsers` are the ids of its visitors.
    """

    browsers: tuple[str, ...]

    first_seen_at: datetime
    last_seen_at: datetime
    sessions: int
    page_views: int
    first_touch: dict[str, Any] | None
    last_touch: dict[str, Any] | None


def lives(session: Session, persons: Sequence[Person]) -> list[Life]:
    """Of each of these, of a contact over the browsers that may be taken for it (see `browsers`): in two queries."""
    browsers = browsers_of(session, {one.contact.id for one in persons if one.contact})
    ids = {visitor_id for known in browsers.values() for visitor_id in known}
    ids |= {one.visitor.id for one in persons if one.visitor}
    found = session.execute(select(*_COLUMNS).where(Visitor.id.in_(ids))) if ids else ()
    rows = {row.id: row for row in found}
    return [_life(one, [rows[each] for each in _ids(one, browsers) if each in rows]) for one in persons]


def _ids(person: Person, browsers: dict[str, list[str]]) -> Iterable[str]:
    own = {person.visitor.id} if person.visitor else set()
    return sorted(own.union(browsers[person.contact.id] if person.contact else ()))


def _life(person: Person, browsers: Sequence[Row[Any]]) -> Life:
    contact = person.contact
    last = max([row.seen_at for row in browsers] + ([contact.seen_at] if contact else []))
    first = min([row.first_seen_at for row in browsers] + ([contact.created_at] if contact else []) + [last])
    came = sorted((row for row in browsers if row.first_touch), key=lambda row: (row.first_seen_at, row.id))
    went = sorted((row for row in browsers if row.last_touch), key=lambda row: (row.seen_at, row.id))
    return Life(
        tuple(row.id for row in browsers),
        first,
        last,
        sum(row.sessions for row in browsers),
        sum(row.page_views for row in browsers),
        came[0].first_touch if came else None,
        went[-1].last_touch if went else None,
    )
