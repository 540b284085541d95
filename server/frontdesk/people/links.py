"""Who is who in a group of requests: visitors are recognised as contacts, and each time is a row of the merge log."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table
from sqlalchemy.orm import Session

from frontdesk.core.db import bulk
from frontdesk.core.ids import new_id
from frontdesk.people.models import Merge
from frontdesk.people.policy import CHANGES, Link, Recognised, Word, linked, recognise
from frontdesk.people.rows import ContactRow, VisitorRow

_MERGE = cast(Table, Merge.__table__)
_COLUMNS = (
    "id", "workspace_id", "visitor_id", "contact_id", "cause", "verified", "before_contact_id", "before_verified",
    "merged_at",
)  # fmt: skip


class Links:
    """The links of loaded visitors, which nobody else changes meanwhile: they were locked when they were found.

    `recognised` are the ids of those whose link was made or confirmed.
    """

    def __init__(self, session: Session, now: datetime) -> None:
        self._session = session
        self._now = now
        self._apart: set[tuple[str, str]] = set()
        self._merges: list[tuple[Any, ...]] = []
        self.recognised: set[str] = set()

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
            after = linked(contact.id, word)
            visitor.contact_id, visitor.contact_verified = after.contact_id, after.verified
            self.recognised.add(visitor.id)
            who = (new_id("mrg", self._now), visitor.workspace_id, visitor.id, contact.id)
            self._merges.append((*who, cause, after.verified, before.contact_id, before.verified, self._now))
        return said

    def store(self) -> None:
        bulk.insert(self._session, _MERGE, _COLUMNS, self._merges)
        self._merges = []
