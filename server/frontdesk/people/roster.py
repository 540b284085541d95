"""The people of a group of requests: loaded in one query each, made where they are missing, written in the end."""

from collections.abc import Collection, Iterable, Set
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import Table
from sqlalchemy.orm import Session

from frontdesk.core.db import bulk
from frontdesk.core.ids import new_id
from frontdesk.people.claims import Claims, State
from frontdesk.people.emails import Holders
from frontdesk.people.kinds import COMPANIES, CONTACTS, VISITORS
from frontdesk.people.links import Links
from frontdesk.people.members import Members
from frontdesk.people.models import Company, Contact, Visitor
from frontdesk.people.pointers import settle_moved
from frontdesk.people.policy import Recognised, Word
from frontdesk.people.rows import CompanyRow, ContactRow, VisitorRow
from frontdesk.people.shelf import Key, Shelf
from frontdesk.people.stand_ins import stands_in

_SLIGHT = timedelta(minutes=1)
"""Whoever is new has mostly done something a moment before we hear of it, which is not worth a write."""


@dataclass(slots=True)
class Wanted:
    """Whom a group of requests names: by their senders' own ids, and visitors also by their tokens' hashes.

    `said` are the visitors of whom something is said that may tell who they are, each with whether a verified sender
    says it; `emails` are those that verified senders give to anybody, with their workspaces.
    """

    visitors: set[Key] = field(default_factory=set)
    contacts: set[Key] = field(default_factory=set)
    companies: set[Key] = field(default_factory=set)
    token_hashes: set[str] = field(default_factory=set)
    said: dict[Key, bool] = field(default_factory=dict)
    emails: set[Key] = field(default_factory=set)


class Roster:
    """Visitors by anonymous id, contacts by user id, companies by group id. All of them exist once loaded."""

    def __init__(self, session: Session, now: datetime) -> None:
        self._session = session
        self._now = now
        self._made: set[str] = set()
        self._seen: set[str] = set()
        self._visitors = Shelf(session, VISITORS, self._made)
        self._contacts = Shelf(session, CONTACTS, self._made)
        self._companies = Shelf(session, COMPANIES, self._made)
        self._links = Links(session, now)
        self._holders = Holders()
        self.members = Members(session)
        self._claims = Claims(session, now)
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
        self.companies |= self._companies.have(wanted.companies, fresh, self._now)
        self._load_links(wanted)
        behind = {row.contact_id for row in self.loaded if row.contact_id} - self._contacts.rows.keys()
        self._contacts.find(("id",), ((each,) for each in behind))

    @property
    def loaded(self) -> Iterable[VisitorRow]:
        """All visitors, by whichever name they were asked for."""
        return self._visitors.rows.values()

    def contact(self, contact_id: str) -> ContactRow:
        """The contact that a loaded visitor is linked to."""
        return self._contacts.rows[contact_id]

    def see(self, row: VisitorRow | ContactRow | CompanyRow, at: datetime) -> None:
        """It did something `at` that moment: whoever was made for what happened long ago was seen then, and not now."""
        if row.id not in self._seen:
            self._seen.add(row.id)
            if row.id in self._made:
                row.seen_at = at
        row.seen_at = max(row.seen_at, at)
        if isinstance(row, VisitorRow) and at < row.first_seen_at - _SLIGHT:
            row.first_seen_at = at
        elif isinstance(row, ContactRow) and at < row.created_at - _SLIGHT:
            row.created_at = at

    def link(self, visitor: VisitorRow, contact: ContactRow, cause: str, word: Word) -> Recognised:
        """Recognise `visitor` as `contact`, if `word` may."""
        if visitor.contact_id == contact.id and (visitor.contact_verified or word is Word.CLAIM):
            return Recognised.KNOWN
        return self._links.say(visitor, contact, cause, word)

    def meet(self, visitor: VisitorRow) -> None:
        """The visitor's browser asks for its first token."""
        self._links.meet(visitor)

    @property
    def made(self) -> Set[str]:
        """The ids of rows that were made."""
        return self._made

    @property
    def anew(self) -> Set[str]:
        """The ids of rows that were made, and of visitors whose link was made or confirmed."""
        return self._made | self._links.recognised

    def match(self, holder: VisitorRow | ContactRow) -> None:
        """A verified sender gave `holder` an e-mail: a visitor is the contact that has the same, if only one has."""
        self._holders.note([holder])
        key = (holder.workspace_id, holder.email or "")
        contact = self._holders.contact(key)
        if contact:
            for visitor in self._holders.visitors(key):
                self.link(visitor, contact, "email", Word.MATCH)

    def clear_claims(self, of: CompanyRow | ContactRow) -> None:
        """A verified sender spoke of this company or contact for the first time: what browsers had claimed goes."""
        self.members.clear_claims(of, made=of.id in self._made)

    def claim(self, visitor: VisitorRow, contact: ContactRow, before: State) -> None:
        """The visitor, and no server, changed the contact from what it was `before`."""
        fresh = bool({visitor.id, contact.id} & self._made) or visitor.id in self._links.made
        self._claims.say(visitor, contact, before, fresh=fresh)

    def store(self) -> None:
        """Write all that changed. What the session holds of these tables is read anew when next asked for."""
        if unneeded := [row_id for row_id in self._made if self._needless(row_id)]:
            self._visitors.take_back(unneeded)
        # in the order of loading, and sorted within each table. Rows are locked look-up by look-up, sorted within each:
        # two processes may still wait for each other between two look-ups; PostgreSQL ends one, and it is tried again
        for shelf in (self._visitors, self._contacts, self._companies):
            shelf.store()
        self._links.store()
        self._follow()
        self.members.store()
        self._claims.store()
        for held in self._session.identity_map.values():
            if isinstance(held, Visitor | Contact | Company):
                self._session.expire(held)
        for visitor, concerned in self._links.left.values():
            settle_moved(self._session, visitor, concerned)
        self._links.left.clear()

    def _needless(self, row_id: str) -> bool:
        """Whether it was made to stand in for a browser, and then nothing was said of it: that cannot be foreseen."""
        row = self._visitors.rows.get(row_id)
        return row is not None and row.contact_id is None and stands_in(row.anonymous_id)

    def _follow(self) -> None:
        recognised = [row for row in self.loaded if row.contact_id and row.id in self._links.recognised]
        links = [(row, self.contact(row.contact_id)) for row in recognised if row.contact_id]
        if links:
            self.members.follow(links, self._made, lambda ids: self._companies.find(("id",), ((each,) for each in ids)))

    def _load_links(self, wanted: Wanted) -> None:
        """Look closely at those visitors whose link this group may change."""
        named = [(self.visitors[key], verified) for key, verified in wanted.said.items()]
        open_ones = [*self._load_holders(wanted.emails)]
        open_ones += [
            row for row, verified in named if row.contact_id is None or (verified and not row.contact_verified)
        ]
        self._links.load({row.id: row for row in open_ones if row.id not in self._made}.values())

    def _load_holders(self, emails: Collection[Key]) -> list[VisitorRow]:
        contacts, visitors = self._holders.load(self._session, emails)
        self._holders.note(self._contacts.find(("id",), ((each,) for each in contacts)))
        found = self._visitors.find(("id",), ((each,) for each in visitors))
        self._holders.note(found)
        return found


def known_browsers(session: Session, keys: Collection[Key]) -> set[Key]:
    """Those of (workspace id, anonymous id) that are visitors."""
    return _known(session, VISITORS.table, VISITORS.own, keys)


def known_users(session: Session, keys: Collection[Key]) -> set[Key]:
    """Those of (workspace id, user id) that are contacts."""
    return _known(session, CONTACTS.table, CONTACTS.own, keys)


def _known(session: Session, table: Table, own: str, keys: Collection[Key]) -> set[Key]:
    columns = ("workspace_id", own)
    return {(workspace, name) for workspace, name in bulk.find(session, table, columns, {columns: list(keys)})}
