"""Who belongs to which company: said in a group of requests, stored in the end.

A server that names a contact says it of the contact. All else is said of a browser, and of whom it is recognised as,
for as long as it is that: `visitor_company` keeps it, so that it waits for who is not recognised yet.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import cast

from sqlalchemy import Table, delete, not_, or_, select
from sqlalchemy.orm import Session

from frontdesk.core.db import bulk
from frontdesk.people.models import Claim, Company, CompanyMember, Contact, Visitor, VisitorCompany
from frontdesk.people.rows import CompanyRow, ContactRow, VisitorRow
from frontdesk.people.trust import counts

_MEMBER, _SAID = cast(Table, CompanyMember.__table__), cast(Table, VisitorCompany.__table__)
_KEY, _SAID_KEY = ("company_id", "contact_id"), ("person_id", "company_id")
Pair = tuple[str, str]


class Members:
    """(company, contact) pairs, each with whether a verified sender said so, and whether of the contact itself."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._joined: dict[Pair, tuple[bool, bool]] = {}
        self._said: dict[Pair, tuple[CompanyRow, bool]] = {}
        self._cleared: set[str] = set()

    def join(self, company: CompanyRow, contact: ContactRow, *, verified: bool, named: bool = False) -> None:
        key = (company.id, contact.id)
        before = self._joined.get(key, (False, False))
        self._joined[key] = (verified or before[0], named or before[1])

    def say(self, visitor: VisitorRow, company: CompanyRow, *, verified: bool) -> None:
        """Whoever is behind this browser belongs to the company."""
        key = (visitor.id, company.id)
        self._said[key] = (company, verified or (key in self._said and self._said[key][1]))

    def follow(
        self,
        links: Collection[tuple[VisitorRow, ContactRow]],
        made: Collection[str],
        companies: Callable[[Iterable[str]], Sequence[CompanyRow]],
    ) -> None:
        """What was said of browsers before they were recognised as these contacts. Of `made` ones nothing is stored."""
        older = sorted(visitor.id for visitor, _ in links if visitor.id not in made)
        known = bulk.find(self._session, _SAID, (*_SAID_KEY, "verified"), {("person_id",): [(each,) for each in older]})
        rows = {row.id: row for row in companies(company_id for _, company_id, _ in known)} if known else {}
        said = [(person_id, rows[company_id], verified) for person_id, company_id, verified in known]
        said += [(person_id, company, verified) for (person_id, _), (company, verified) in self._said.items()]
        contacts = {visitor.id: (visitor, contact) for visitor, contact in links}
        for person_id, company, verified in said:
            if person_id in contacts:
                visitor, contact = contacts[person_id]
                if counts(contact, verified=visitor.contact_verified) and counts(company, verified=verified):
                    self.join(company, contact, verified=verified and visitor.contact_verified)

    def clear_claims(self, of: CompanyRow | ContactRow, *, made: bool) -> None:
        """A verified sender spoke of this company or contact for the first time: what browsers had claimed goes.

        Of one that was `made` just now nothing is stored.
        """
        if not made:
            self._cleared.add(of.id)
        self._joined = {key: said for key, said in self._joined.items() if said[0] or of.id not in key}

    def store(self) -> None:
        if self._cleared:
            self._clear()
        self._store_said()
        rows = [(*key, *said) for key, said in sorted(self._joined.items())]
        new = {tuple(row) for row in bulk.insert_new(self._session, _MEMBER, (*_KEY, "verified", "named"), rows, _KEY)}
        known = [row for row in rows if row[:2] not in new]
        bulk.update(self._session, _MEMBER, _KEY, ("verified", "named"), [row for row in known if row[3]])
        confirmed = [row[:3] for row in known if row[2] and not row[3]]
        bulk.update(self._session, _MEMBER, _KEY, ("verified",), confirmed)
        self._joined, self._said, self._cleared = {}, {}, set()

    def _store_said(self) -> None:
        rows = [(*key, verified) for key, (_, verified) in sorted(self._said.items())]
        new = {tuple(row) for row in bulk.insert_new(self._session, _SAID, (*_SAID_KEY, "verified"), rows, _SAID_KEY)}
        confirmed = [row for row in rows if row[2] and row[:2] not in new]
        bulk.update(self._session, _SAID, _SAID_KEY, ("verified",), confirmed)

    def _clear(self) -> None:
        of_them = or_(CompanyMember.company_id.in_(self._cleared), CompanyMember.contact_id.in_(self._cleared))
        for gone in (
            delete(CompanyMember).where(of_them, not_(CompanyMember.verified)),
            delete(Claim).where(Claim.contact_id.in_(self._cleared)),
        ):
            self._session.execute(gone, execution_options={"synchronize_session": False})


def settle(session: Session, contact: Contact) -> None:
    """The companies of a contact whose browsers are others now: those in which a server named it, and what they say."""
    said = select(VisitorCompany.verified, Visitor.contact_verified, Company).where(
        Visitor.contact_id == contact.id,
        VisitorCompany.person_id == Visitor.id,
        Company.id == VisitorCompany.company_id,
    )
    wanted: dict[str, bool] = {}
    for verified, linked, company in session.execute(said):
        if counts(contact, verified=linked) and counts(company, verified=verified):
            wanted[company.id] = (verified and linked) or wanted.get(company.id, False)
    rows = session.scalars(select(CompanyMember).where(CompanyMember.contact_id == contact.id)).all()
    for row in rows:
        sure = wanted.pop(row.company_id, None)
        if row.named:
            continue
        if sure is None:
            session.delete(row)
        else:
            row.verified = sure
    session.add_all(
        CompanyMember(company_id=company_id, contact_id=contact.id, verified=sure, named=False)
        for company_id, sure in wanted.items()
    )
