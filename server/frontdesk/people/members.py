"""Who belongs to which company: said in a group of requests, stored in the end."""

from typing import cast

from sqlalchemy import Table, delete, not_, or_
from sqlalchemy.orm import Session

from frontdesk.core.db import bulk
from frontdesk.people.models import CompanyMember
from frontdesk.people.rows import CompanyRow, ContactRow

_MEMBER = cast(Table, CompanyMember.__table__)
_KEY = ("company_id", "contact_id")


class Members:
    """(company, contact) pairs, each with whether a verified sender said so."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._joined: dict[tuple[str, str], bool] = {}
        self._cleared: set[str] = set()

    def join(self, company: CompanyRow, contact: ContactRow, *, verified: bool) -> None:
        key = (company.id, contact.id)
        self._joined[key] = verified or self._joined.get(key, False)

    def clear_claims(self, of: CompanyRow | ContactRow) -> None:
        """A verified sender spoke of this company or contact for the first time: what browsers had claimed goes."""
        self._cleared.add(of.id)
        self._joined = {key: verified for key, verified in self._joined.items() if verified or of.id not in key}

    def store(self) -> None:
        if self._cleared:
            of_them = or_(CompanyMember.company_id.in_(self._cleared), CompanyMember.contact_id.in_(self._cleared))
            self._session.execute(
                delete(CompanyMember).where(of_them, not_(CompanyMember.verified)),
                execution_options={"synchronize_session": False},
            )
        rows = [(*key, verified) for key, verified in sorted(self._joined.items())]
        new = {tuple(row) for row in bulk.insert_new(self._session, _MEMBER, (*_KEY, "verified"), rows, _KEY)}
        confirmed = [row for row in rows if row[2] and row[:2] not in new]
        bulk.update(self._session, _MEMBER, _KEY, ("verified",), confirmed)
        self._joined, self._cleared = {}, set()
