"""The people of a group of requests: loaded in one query each, made where they are missing."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, select, tuple_
from sqlalchemy.orm import Session

from frontdesk.core.db.statements import insert_new
from frontdesk.core.ids import new_id
from frontdesk.people.models import Company, CompanyMember, Contact, Merge, Visitor

Key = tuple[str, str]
"""(workspace id, the sender's own id)."""


class Roster:
    """Visitors by anonymous id, contacts by user id, companies by group id. All of them exist once loaded."""

    def __init__(self, session: Session, now: datetime) -> None:
        self._session = session
        self._now = now
        self.visitors: dict[Key, Visitor] = {}
        self.contacts: dict[Key, Contact] = {}
        self.companies: dict[Key, Company] = {}

    def load(self, *, visitors: Iterable[Key], contacts: Iterable[Key], companies: Iterable[Key]) -> None:
        """Make sure that all of these exist. Several processes may do so at once."""
        now = self._now
        self.visitors |= self._loaded(
            Visitor,
            "anonymous_id",
            set(visitors),
            lambda: {
                "id": new_id("vis", now),
                "first_seen_at": now,
                "seen_at": now,
                "attributes": {},
                "tags": [],
                "token_presented": False,
                "contact_verified": False,
                "sessions": 0,
                "page_views": 0,
            },
        )
        self.contacts |= self._loaded(
            Contact,
            "user_id",
            set(contacts),
            lambda: {
                "id": new_id("con", now),
                "created_at": now,
                "seen_at": now,
                "attributes": {},
                "tags": [],
                "verified": False,
            },
        )
        self.companies |= self._loaded(
            Company,
            "group_id",
            set(companies),
            lambda: {"id": new_id("cmp", now), "created_at": now, "seen_at": now, "attributes": {}, "verified": False},
        )

    def link(self, visitor: Visitor, contact: Contact, cause: str, *, verified: bool) -> bool:
        """Recognise `visitor` as `contact`; False when it is already known as another: two user ids never merge.

        A verified sender also confirms the link that an unverified one made.
        """
        if visitor.contact_id is None:
            visitor.contact_id = contact.id
            self._session.add(
                Merge(
                    id=new_id("mrg", self._now),
                    workspace_id=visitor.workspace_id,
                    visitor_id=visitor.id,
                    contact_id=contact.id,
                    cause=cause,
                    merged_at=self._now,
                )
            )
        linked = visitor.contact_id == contact.id
        visitor.contact_verified = visitor.contact_verified or (linked and verified)
        return linked

    def join(self, company: Company, contact: Contact) -> None:
        row = {"company_id": company.id, "contact_id": contact.id}
        insert_new(self._session, cast(Table, CompanyMember.__table__), [row], "contact_id")

    def _loaded(self, model: Any, column: str, keys: set[Key], defaults: Any) -> dict[Key, Any]:
        found = self._find(model, column, keys)
        missing = sorted(keys - found.keys())
        rows = [{"workspace_id": workspace, column: own, **defaults()} for workspace, own in missing]
        insert_new(self._session, model.__table__, rows, "id")
        return found | self._find(model, column, missing)

    def _find(self, model: Any, column: str, keys: Sequence[Key] | set[Key]) -> dict[Key, Any]:
        if not keys:
            return {}
        own = getattr(model, column)
        rows = self._session.scalars(select(model).where(tuple_(model.workspace_id, own).in_(list(keys))))
        return {(row.workspace_id, getattr(row, column)): row for row in rows}
