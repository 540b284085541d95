"""Who could answer, and how busy each of them is. Locks the team, so that two who route do it one after the other."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from frontdesk.accounts import queries as accounts
from frontdesk.accounts.models import Team, Teammate, TeamMember
from frontdesk.inbox import queries as inbox
from frontdesk.routing.policy import Candidate


def team_in_turn(session: Session, workspace_id: str, key: str) -> Team | None:
    """The team by its key, locked until we commit: who counts after us, counts what we assign."""
    return session.execute(
        select(Team)
        .where(Team.workspace_id == workspace_id, Team.key == key)
        .with_for_update(key_share=True)  # SQLite has one writer, which is a turn already
    ).scalar_one_or_none()


def members(session: Session, team: Team, now: datetime) -> list[Candidate]:
    """The team's members who may answer."""
    rows = session.scalars(
        select(Teammate)
        .join(TeamMember, TeamMember.teammate_id == Teammate.id)
        .where(TeamMember.team_id == team.id, Teammate.role != "viewer")
    ).all()
    return _candidates(session, rows, now)


def teammate(session: Session, workspace_id: str, named: str, now: datetime) -> Candidate | None:
    """A teammate by id or e-mail, if they work here and may answer."""
    row = session.execute(
        select(Teammate).where(
            Teammate.workspace_id == workspace_id,
            Teammate.role != "viewer",
            (Teammate.id == named) | (func.lower(Teammate.email) == named.lower()),
        )
    ).scalar_one_or_none()
    return _candidates(session, [row], now)[0] if row else None


def _candidates(session: Session, rows: Sequence[Teammate], now: datetime) -> list[Candidate]:
    loads = inbox.loads(session, [row.id for row in rows])
    idle = inbox.Load(0, None)
    return [
        Candidate(row.id, row.name, accounts.online(row, now), load.open, load.assigned_at)
        for row in rows
        for load in [loads.get(row.id, idle)]
    ]
