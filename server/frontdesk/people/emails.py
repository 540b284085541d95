"""Who holds an e-mail by a verified sender's word: what lets a visitor be recognised by it."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from itertools import groupby
from operator import itemgetter

from sqlalchemy import func, not_, select
from sqlalchemy.orm import Session

from frontdesk.people.models import Contact, Visitor
from frontdesk.people.rows import ContactRow, VisitorRow
from frontdesk.people.shelf import Key

_MOST_BROWSERS = 1000
"""Looked at for one group of requests. Nobody has so many; an e-mail that stands for “none” does."""


class Holders:
    """Contacts and visitors by (workspace id, e-mail). What was noted of a row holds while the row still says so."""

    def __init__(self) -> None:
        self._contacts: dict[Key, dict[str, ContactRow]] = defaultdict(dict)
        self._visitors: dict[Key, dict[str, VisitorRow]] = defaultdict(dict)
        self._shared: set[Key] = set()

    def load(self, session: Session, emails: Collection[Key]) -> tuple[list[str], list[str]]:
        """Ask who holds these; the ids of contacts that hold one alone, and of visitors that may be recognised by one.

        Of an e-mail that several contacts hold, none is told: there may be thousands of them.
        """
        alone, browsers = list[str](), list[str]()
        for workspace_id, asked in groupby(sorted(emails), key=itemgetter(0)):
            wanted = [email for _, email in asked]
            alone += self._alone(session, workspace_id, wanted)
            query = select(Visitor.id).where(
                Visitor.workspace_id == workspace_id,
                Visitor.email.in_(wanted),
                Visitor.email_verified.is_(True),
                not_(Visitor.contact_verified),
            )
            browsers += session.scalars(query.order_by(Visitor.email, Visitor.id).limit(_MOST_BROWSERS))
        return alone, browsers

    def _alone(self, session: Session, workspace_id: str, emails: list[str]) -> list[str]:
        query = (
            select(Contact.email, func.min(Contact.id), func.max(Contact.id))
            .where(Contact.workspace_id == workspace_id, Contact.email.in_(emails), Contact.verified.is_(True))
            .group_by(Contact.email)
        )
        found = session.execute(query).all()
        self._shared |= {(workspace_id, email or "") for email, first, last in found if first != last}
        return [first for _, first, last in found if first == last]

    def note(self, rows: Iterable[ContactRow | VisitorRow]) -> None:
        """Remember who holds what now."""
        for row in rows:
            if row.email and isinstance(row, ContactRow):
                self._contacts[row.workspace_id, row.email][row.id] = row
            elif row.email and isinstance(row, VisitorRow):
                self._visitors[row.workspace_id, row.email][row.id] = row

    def contact(self, key: Key) -> ContactRow | None:
        """The one contact that holds this e-mail, verified; None where several do: which of them, nobody said."""
        holding = [row for row in self._contacts[key].values() if row.verified and row.email == key[1]]
        return holding[0] if len(holding) == 1 and key not in self._shared else None

    def visitors(self, key: Key) -> list[VisitorRow]:
        """The visitors that hold this e-mail, verified."""
        return [row for row in self._visitors[key].values() if row.email_verified and row.email == key[1]]
