"""Whether an event was stored before, however long ago: told by what is kept of it, once its id is forgotten.

What a page said is never what a server said, and nobody's event is another's, whatever ids they bring.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Row, bindparam, select
from sqlalchemy.orm import Session as Db

from frontdesk.collect.aliases import follow
from frontdesk.collect.door.parse import Parsed
from frontdesk.collect.models import Event
from frontdesk.collect.refusals import Dropped, Rejected
from frontdesk.people.models import Contact, Visitor
from frontdesk.people.stand_ins import stand_in

_SAID = (Event.type, Event.name, Event.properties, Event.url)
_WHEN = (Event.message_id, Event.verified, Event.occurred_at)


@dataclass(frozen=True, slots=True)
class Past:
    """The events of a workspace, among which those are looked for that happened so `near`: to the millisecond, or
    as near as several readings of a sender's clock. With `secret` those are named who stand in for browsers.
    """

    workspace_id: str
    secret: str
    near: timedelta = timedelta()

    def verdicts(self, session: Db, items: Sequence[Parsed]) -> list[Dropped | Rejected | None]:
        """For each item: DUPLICATE of one that is stored; CONFLICT with what is, of its sender and id; else None."""
        if not items:
            return []
        known: dict[str, list[Row[Any]]] = {}
        for row in self._found(session, items):
            known.setdefault(row.message_id, []).append(row)
        followed = follow(session, [(self.workspace_id, item) for item in items])
        return [self._verdict(item, known.get(item.message_id, ())) for item in followed]

    def _found(self, session: Db, items: Sequence[Parsed]) -> Sequence[Row[Any]]:
        # by time, which has an index; a file's events may share few moments, so that each is named once, and at one
        # moment there may be any number of events. So the ids are written out: PostgreSQL looks up in a hash table what
        # it knows when it plans, and compares one by one what a prepared statement is given later
        ids: BindParameter[list[str]] = bindparam(
            "ids", list({item.message_id for item in items}), expanding=True, literal_execute=True
        )
        asked = (
            select(*_SAID, *_WHEN, Visitor.anonymous_id, Contact.user_id)
            .outerjoin(Visitor, Visitor.id == Event.person_id)
            .outerjoin(Contact, Contact.id == Event.person_id)
            .where(Event.workspace_id == self.workspace_id, self._then(items))
            .where(Event.message_id.in_(ids))
        )
        return session.execute(asked).all()

    def _then(self, items: Sequence[Parsed]) -> ColumnElement[bool]:
        moments = {item.occurred_at for item in items}
        if self.near:
            return Event.occurred_at.between(min(moments) - self.near, max(moments) + self.near)
        return Event.occurred_at.in_(moments)

    def _verdict(self, item: Parsed, known: Sequence[Row[Any]]) -> Dropped | Rejected | None:
        there = [
            row
            for row in known
            if row.verified == item.verified and abs(row.occurred_at - item.occurred_at) <= self.near
        ]
        if any(_said(row) == _says(item) and self._is_of(row, item) for row in there):
            return Dropped.DUPLICATE
        return Rejected.CONFLICT if there else None

    def _is_of(self, row: Row[Any], item: Parsed) -> bool:
        if row.anonymous_id is None:
            return row.user_id is not None and row.user_id == item.user_id
        if row.anonymous_id == item.anonymous_id:
            return True
        return bool(item.user_id) and row.anonymous_id == stand_in(self.secret, item.anonymous_id, str(item.user_id))


def _said(row: Row[Any]) -> tuple[Any, ...]:
    return row.type, row.name, row.properties, row.url


def _says(item: Parsed) -> tuple[Any, ...]:
    return item.type, item.name, item.properties, item.page.url if item.page else None
