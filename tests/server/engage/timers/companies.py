"""A company whose contract ends one day, and who waits for that."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from frontdesk.core.clock import iso
from frontdesk.engage.deciding.fellows import KIND
from frontdesk.engage.models import TimerRow
from frontdesk.people.models import Company, CompanyMember, Contact
from tests.server.engage.timers.desk import DAY, Desk

PLAYBOOK = Path(__file__).parents[4] / "rules/playbooks/renewal-due.yaml"
RENEWAL = PLAYBOOK.read_text("utf-8")
BEFORE = 30 * DAY
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
SHARED = ("li", "bo", "eva")


def renews(desk: Desk, user_id: str, after: timedelta, group_id: str = "acme", **more: Any) -> datetime:
    """The contract ends so long after now, says a backend when it speaks of this user; when it is to be spoken of."""
    ends_at = desk.clock() + after
    desk.belongs(user_id, group_id, renews_at=iso(ends_at), **more)
    return ends_at - BEFORE


def team(desk: Desk, *user_ids: str, group_id: str = "acme") -> None:
    for user_id in user_ids:
        desk.belongs(user_id, group_id)


def crew(desk: Desk, count: int, group_id: str = "acme") -> list[str]:
    """So many members of a company that is there; their ids in order."""
    ids = [f"con_00{group_id}{number:05}" for number in range(count)]
    told = {"workspace_id": desk.home.id, "attributes": {}, "tags": [], "created_at": desk.clock()}

    def job(session: Session) -> None:
        company = session.scalars(select(Company.id).where(Company.group_id == group_id)).one()
        session.add_all(Contact(id=one, user_id=one, seen_at=desk.clock(), **told) for one in ids)
        session.flush()
        session.add_all(CompanyMember(company_id=company, contact_id=one, verified=True) for one in ids)

    desk.runtime.db.write(job)
    return ids


def waiting(desk: Desk) -> dict[str, list[datetime]]:
    """Contact id → the times that it waits for."""
    found: dict[str, list[datetime]] = {}
    for row in desk.timers():
        if row.state == "pending" and row.kind == "reaches":
            found.setdefault(row.person_id, []).append(row.due_at)
    return found


def users(desk: Desk) -> dict[str, str]:
    """Contact id → user id."""
    rows = desk.runtime.db.read(lambda session: session.execute(select(Contact.id, Contact.user_id)).all())
    return dict(map(tuple, rows))


def by_user(desk: Desk) -> dict[str, list[datetime]]:
    known = users(desk)
    return {known[person_id]: times for person_id, times in waiting(desk).items()}


def walks(desk: Desk) -> list[TimerRow]:
    return [row for row in desk.timers() if row.kind == KIND]
