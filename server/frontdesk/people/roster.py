"""The people of a group of requests: loaded in one query each, made where they are missing, written in the end."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import cast

from sqlalchemy import Table
from sqlalchemy.orm import Session

from frontdesk.core.db import bulk
from frontdesk.core.ids import new_id
from frontdesk.people.models import Company, CompanyMember, Contact, Merge, Visitor
from frontdesk.people.rows import CompanyRow, ContactRow, VisitorRow
from frontdesk.people.shelf import Key, Kind, Shelf

VISITORS = Kind(
    VisitorRow,
    cast(Table, Visitor.__table__),
    "vis",
    "anonymous_id",
    facets=(
        ("seen_at", "present_until", "page", "page_views"),
        ("sessions", "first_touch", "last_touch"),
        ("token_hash", "token_presented"),
        ("browser", "os", "device", "language", "timezone", "country", "region", "city"),
        ("contact_id", "contact_verified", "email", "name", "attributes"),
    ),
    slack={"seen_at": timedelta(seconds=5), "present_until": timedelta(seconds=5)},
    born=("first_seen_at", "seen_at"),
)
_MINUTE = {"seen_at": timedelta(minutes=1)}  # the browser's row knows to the second
CONTACTS = Kind(
    ContactRow,
    cast(Table, Contact.__table__),
    "con",
    "user_id",
    facets=(("seen_at",), ("name", "email", "phone", "attributes", "verified", "registered_at")),
    slack=_MINUTE,
)
COMPANIES = Kind(
    CompanyRow,
    cast(Table, Company.__table__),
    "cmp",
    "group_id",
    facets=(("seen_at",), ("name", "attributes", "verified")),
    slack=_MINUTE,
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whom a group of requests names: by their senders' own ids, and visitors also by their tokens' hashes."""

    visitors: Collection[Key] = ()
    contacts: Collection[Key] = ()
    companies: Collection[Key] = ()
    token_hashes: Collection[str] = ()


class Roster:
    """Visitors by anonymous id, contacts by user id, companies by group id. All of them exist once loaded."""

    def __init__(self, session: Session, now: datetime) -> None:
        self._session = session
        self._now = now
        self._visitors = Shelf(session, VISITORS)
        self._contacts = Shelf(session, CONTACTS)
        self._companies = Shelf(session, COMPANIES)
        self._merges: list[tuple[object, ...]] = []
        self._members: set[tuple[str, str]] = set()
        self.visitors: dict[Key, VisitorRow] = {}
        self.contacts: dict[Key, ContactRow] = {}
        self.companies: dict[Key, CompanyRow] = {}
        self.by_token: dict[str, VisitorRow] = {}

    def load(self, wanted: Wanted) -> None:
        """Make sure that all of these exist, but for tokens that nobody holds, and load the contacts behind them."""
        fresh = partial(new_id, now=self._now)
        self.visitors |= self._visitors.have(wanted.visitors, fresh, self._now)
        held = self._visitors.find(("token_hash",), ((each,) for each in wanted.token_hashes))
        self.by_token |= {row.token_hash or "": row for row in held}
        self.contacts |= self._contacts.have(wanted.contacts, fresh, self._now)
        behind = {row.contact_id for row in self.loaded if row.contact_id} - self._contacts.rows.keys()
        self._contacts.find(("id",), ((each,) for each in behind))
        self.companies |= self._companies.have(wanted.companies, fresh, self._now)

    @property
    def loaded(self) -> Iterable[VisitorRow]:
        """All visitors, by whichever name they were asked for."""
        return self._visitors.rows.values()

    def contact(self, contact_id: str) -> ContactRow:
        """The contact that a loaded visitor is linked to."""
        return self._contacts.rows[contact_id]

    def link(self, visitor: VisitorRow, contact: ContactRow, cause: str, *, verified: bool) -> bool:
        """Recognise `visitor` as `contact`; False when it is already known as another: two user ids never merge.

        A verified sender also confirms the link that an unverified one made.
        """
        if visitor.contact_id is None:
            visitor.contact_id = contact.id
            names = (new_id("mrg", self._now), visitor.workspace_id, visitor.id, contact.id)
            self._merges.append((*names, cause, self._now))
        linked = visitor.contact_id == contact.id
        visitor.contact_verified = visitor.contact_verified or (linked and verified)
        return linked

    def join(self, company: CompanyRow, contact: ContactRow) -> None:
        self._members.add((company.id, contact.id))

    def store(self) -> None:
        """Write all that changed. What the session holds of these tables is read anew when next asked for."""
        for shelf in (self._contacts, self._companies, self._visitors):
            shelf.store()
        bulk.insert(self._session, _MERGE, _MERGE_COLUMNS, self._merges)
        member = ("company_id", "contact_id")
        bulk.insert_new(self._session, _MEMBER, member, sorted(self._members), member)
        self._merges, self._members = [], set()
        for held in self._session.identity_map.values():
            if isinstance(held, Visitor | Contact | Company):
                self._session.expire(held)


_MERGE = cast(Table, Merge.__table__)
_MERGE_COLUMNS = ("id", "workspace_id", "visitor_id", "contact_id", "cause", "merged_at")
_MEMBER = cast(Table, CompanyMember.__table__)


def known_browsers(session: Session, keys: Collection[Key]) -> set[Key]:
    """Those of (workspace id, anonymous id) that are visitors."""
    columns = ("workspace_id", VISITORS.own)
    found = bulk.find(session, VISITORS.table, columns, {columns: list(keys)})
    return {(workspace, anonymous_id) for workspace, anonymous_id in found}
