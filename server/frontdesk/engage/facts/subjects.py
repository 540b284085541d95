"""Whom rules are asked about where no request brought them: a timer is due, a rule went live, a segment changed."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Any, cast

from sqlalchemy import Table
from sqlalchemy.orm import Session

from frontdesk.collect.ports import SessionSeen
from frontdesk.collect.sessions.policy import LONGEST
from frontdesk.collect.sessions.written import last_runs
from frontdesk.core.db import bulk
from frontdesk.core.db.bulk import Row
from frontdesk.core.db.texts import Columns
from frontdesk.engage.ports import Subject
from frontdesk.people.models import Contact, Visitor
from frontdesk.people.queries import visitor_ids
from frontdesk.people.stand_ins import stands_for_user, stands_in
from frontdesk.people.trust import counts

VISITOR_COLUMNS: Columns = (
    "browser", "os", "device", "language", "timezone", "country", "region", "city", "region_timezone", "name", "email",
    "tags", "attributes", "contact_id", "first_seen_at",
)  # fmt: skip
"""What a subject's `visitor` holds."""


def subjects(session: Session, workspace_id: str, person_ids: Collection[str], now: datetime) -> dict[str, Subject]:
    """By the id that was asked, a visitor's or a contact's: the person as it is now. Five queries for all of them.

    A contact is met in the browser seen last, of those that hold a token if one does; a visitor that is merely claimed
    to be a contact is a visitor alone. Absent are those whom nobody knows in this workspace, and whoever stands in for
    a contact of whom only servers may speak.
    """
    asked = sorted(set(person_ids))
    known = {row.id: row for row in _visitors(session, ("workspace_id", "id"), [(workspace_id, one) for one in asked])}
    behind = _contacts_behind(session, workspace_id, asked, known)
    browsers = _browsers(session, {contact.id for contact in behind.values()})
    found = {}
    for person_id in asked:
        visitor, contact = known.get(person_id), behind.get(person_id)
        in_person = visitor is None or not stands_in(visitor.anonymous_id)
        if contact:
            found[person_id] = _Met(person_id if in_person else contact.id, contact.id, browsers.get(contact.id))
        elif in_person and visitor:
            found[person_id] = _Met(person_id, None, visitor)
    sessions = _sessions(session, found.values(), now)
    return {person_id: _subject(workspace_id, met, sessions) for person_id, met in found.items()}


@dataclass(frozen=True, slots=True)
class _Visitor:
    id: str
    anonymous_id: str
    token_hash: str | None
    contact_id: str | None
    contact_verified: bool
    seen_at: datetime
    sessions: int
    columns: Mapping[str, Any]

    @property
    def speaks(self) -> tuple[bool, datetime]:
        """Sorts the browser last in which the person is most likely to read a message."""
        return self.token_hash is not None, self.seen_at


@dataclass(frozen=True, slots=True)
class _Contact:
    id: str
    verified: bool


@dataclass(frozen=True, slots=True)
class _Met:
    """A person, and the browser that we meet it in."""

    person_id: str
    contact_id: str | None
    visitor: _Visitor | None


_VISITOR, _CONTACT = cast(Table, Visitor.__table__), cast(Table, Contact.__table__)
_OWN: Columns = ("id", "anonymous_id", "token_hash", "contact_id", "contact_verified", "seen_at", "sessions")


def _visitors(session: Session, by: Columns, values: Iterable[Row]) -> list[_Visitor]:
    rows = bulk.find(session, _VISITOR, (*_OWN, *VISITOR_COLUMNS), {by: list(values)})
    make, own = cast("Callable[..., _Visitor]", _Visitor), len(_OWN)
    return [make(*row[:own], dict(zip(VISITOR_COLUMNS, row[own:], strict=True))) for row in rows]


def _contacts_behind(
    session: Session, workspace_id: str, asked: list[str], visitors: Mapping[str, _Visitor]
) -> dict[str, _Contact]:
    """The id that was asked → the contact that may be spoken of to this person."""
    wanted = {row.contact_id for row in visitors.values() if row.contact_id} | (set(asked) - visitors.keys())
    keys = [(workspace_id, contact_id) for contact_id in sorted(wanted)]
    rows = bulk.find(session, _CONTACT, ("id", "verified"), {("workspace_id", "id"): keys})
    contacts = {row[0]: _Contact(*row) for row in rows}
    behind = {person_id: contacts[person_id] for person_id in asked if person_id in contacts}
    for row in visitors.values():
        contact = contacts.get(row.contact_id or "")
        if contact and counts(contact, verified=row.contact_verified):
            behind[row.id] = contact
    return behind


def _browsers(session: Session, contact_ids: Collection[str]) -> dict[str, _Visitor]:
    """Contact id → the browser that it is met in."""
    ids = sorted(one for known in visitor_ids(session, contact_ids).values() for one in known)
    linked = _visitors(session, ("id",), [(visitor_id,) for visitor_id in ids])
    in_person = [row for row in linked if not stands_for_user(row.anonymous_id)]
    return {row.contact_id or "": row for row in sorted(in_person, key=attrgetter("speaks"))}


def _sessions(session: Session, met: Iterable[_Met], now: datetime) -> dict[str, SessionSeen]:
    """Visitor id → the session that it is in, or was in within the last day."""
    numbers = {(one.visitor.id, one.visitor.sessions) for one in met if one.visitor and one.visitor.sessions}
    runs = last_runs(session, sorted(numbers), now - LONGEST)
    return {
        visitor_id: SessionSeen(run.id, run.number, run.page_views, run.landing_path, run.touch)
        for visitor_id, (run,) in runs.items()
    }


def _subject(workspace_id: str, met: _Met, sessions: Mapping[str, SessionSeen]) -> Subject:
    visitor = met.visitor
    return Subject(
        workspace_id=workspace_id,
        person_id=met.person_id,
        visitor_id=visitor.id if visitor and not stands_in(visitor.anonymous_id) else None,
        contact_id=met.contact_id,
        visitor=visitor.columns if visitor else {},
        session=sessions.get(visitor.id) if visitor else None,
        locale=(visitor and visitor.columns["language"]) or "en",
    )
