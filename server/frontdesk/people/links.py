"""Who is who in a group of requests: visitors are recognised as contacts, and each time is a row of the merge log.

A link that gives way is undone there, by nobody; what stands in the log is always of the contact that stands.
"""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, update
from sqlalchemy.orm import Session

from frontdesk.core.db import bulk
from frontdesk.core.ids import new_id
from frontdesk.people.models import Merge
from frontdesk.people.policy import CHANGES, NOBODY, Link, Recognised, Word, linked, met, recognise
from frontdesk.people.rows import ContactRow, VisitorRow

_MERGE = cast(Table, Merge.__table__)
_COLUMNS = (
    "id", "workspace_id", "visitor_id", "contact_id", "cause", "verified", "before_contact_id", "before_verified",
    "merged_at", "undone_at",
)  # fmt: skip
_OF_VISITOR = _COLUMNS.index("visitor_id")


class Links:
    """The links of loaded visitors, which nobody else changes meanwhile: they were locked when they were found.

    `recognised` are the ids of those whose link was made or confirmed, `made` of those for whom it is a new one.
    `left` are those whose link counts for less than before, each with the contacts that this concerns.
    """

    def __init__(self, session: Session, now: datetime) -> None:
        self._session = session
        self._now = now
        self._apart: set[tuple[str, str]] = set()
        self._merges: list[tuple[Any, ...]] = []
        self._undone: set[str] = set()
        self.recognised: set[str] = set()
        self.made: set[str] = set()
        self.left: dict[str, tuple[VisitorRow, set[str]]] = {}

    def load(self, visitors: Collection[VisitorRow]) -> None:
        """Ask of these visitors from whom a teammate told them apart."""
        ids = sorted(row.id for row in visitors)
        log = bulk.find(
            self._session,
            _MERGE,
            ("visitor_id", "contact_id", "undone_at"),
            {("visitor_id",): [(visitor_id,) for visitor_id in ids]},
        )
        self._apart |= {(visitor, contact) for visitor, contact, undone_at in log if undone_at}

    def say(self, visitor: VisitorRow, contact: ContactRow, cause: str, word: Word) -> Recognised:
        """Recognise `visitor` as `contact`, if `word` may."""
        before = Link(visitor.contact_id, visitor.contact_verified)
        apart = (visitor.id, contact.id) in self._apart
        said = recognise(before, contact.id, word, apart=apart)
        if said in CHANGES:
            if said is Recognised.MOVED:
                before = self._give_way(visitor)
            if said is not Recognised.CONFIRMED:
                self.made.add(visitor.id)
            self.recognised.add(visitor.id)
            self._point(visitor, cause, before, linked(contact.id, word))
        return said

    def meet(self, visitor: VisitorRow) -> None:
        """Its browser is met for the first time: until it is said again, what was said of its name is a claim."""
        if visitor.contact_verified:
            link = met(Link(visitor.contact_id, visitor.contact_verified))
            self._point(visitor, "met", self._give_way(visitor), link)

    def store(self) -> None:
        if self._undone:
            standing = update(Merge).where(Merge.visitor_id.in_(sorted(self._undone)), Merge.undone_at.is_(None))
            self._session.execute(
                standing.values(undone_at=self._now), execution_options={"synchronize_session": False}
            )
        bulk.insert(self._session, _MERGE, _COLUMNS, self._merges)
        self._merges, self._undone = [], set()

    def _give_way(self, visitor: VisitorRow) -> Link:
        """Undo what stands of the visitor's link."""
        self.left.setdefault(visitor.id, (visitor, set()))[1].add(visitor.contact_id or "")
        self._undone.add(visitor.id)
        self._merges = list(self._undo(visitor.id))
        return NOBODY

    def _undo(self, visitor_id: str) -> Iterable[tuple[Any, ...]]:
        for row in self._merges:
            stands = row[_OF_VISITOR] == visitor_id and row[-1] is None
            yield (*row[:-1], self._now) if stands else row

    def _point(self, visitor: VisitorRow, cause: str, before: Link, after: Link) -> None:
        visitor.contact_id, visitor.contact_verified = after.contact_id, after.verified
        who = (new_id("mrg", self._now), visitor.workspace_id, visitor.id, after.contact_id)
        self._merges.append((*who, cause, after.verified, before.contact_id, before.verified, self._now, None))
