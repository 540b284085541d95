"""The one door to workspaces, teammates and teams."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from frontdesk.accounts.models import ApiKey, Site, Team, Teammate, TeamMember, Workspace
from frontdesk.core.errors import NotFound
from frontdesk.core.ids import fingerprint

STAYS_ONLINE = timedelta(seconds=60)  # three beats of a console's socket


@dataclass(frozen=True, slots=True)
class SenderKey:
    """Who sends to collect: a page (`verified` is False) or a server."""

    workspace_id: str
    verified: bool
    site_id: str | None


def online(teammate: Teammate, now: datetime) -> bool:
    """Chose to be available, and has the console open."""
    return teammate.available and teammate.seen_at is not None and teammate.seen_at > now - STAYS_ONLINE


def sender(session: Session, key: str) -> SenderKey | None:
    """Whose key this is: a site key `pk_…` or an API key `sk_…`."""
    if key.startswith("sk_"):
        row = session.execute(select(ApiKey).where(ApiKey.key_hash == fingerprint(key))).scalar_one_or_none()
        return SenderKey(row.workspace_id, verified=True, site_id=None) if row else None
    site = session.execute(select(Site).where(Site.key == key)).scalar_one_or_none()
    return SenderKey(site.workspace_id, verified=False, site_id=site.id) if site else None


def site_by_key(session: Session, key: str) -> tuple[Site, Workspace]:
    row = session.execute(
        select(Site, Workspace).join(Workspace, Workspace.id == Site.workspace_id).where(Site.key == key)
    ).one_or_none()
    if row is None:
        raise NotFound("There is no site with this key.")
    return row[0], row[1]


def workspace(session: Session, workspace_id: str) -> Workspace:
    row = session.get(Workspace, workspace_id)
    if row is None:
        raise NotFound("There is no such workspace.")
    return row


def teammate(session: Session, workspace_id: str, teammate_id: str) -> Teammate:
    row = session.get(Teammate, teammate_id)
    if row is None or row.workspace_id != workspace_id:
        raise NotFound("There is no such teammate.")
    return row


def team(session: Session, workspace_id: str, team_id: str) -> Team:
    row = session.get(Team, team_id)
    if row is None or row.workspace_id != workspace_id:
        raise NotFound("There is no such team.")
    return row


def teammates(session: Session, workspace_id: str) -> list[Teammate]:
    return list(session.scalars(select(Teammate).where(Teammate.workspace_id == workspace_id).order_by(Teammate.name)))


def teams(session: Session, workspace_id: str) -> list[tuple[Team, list[str]]]:
    """Each team with the ids of its members."""
    rows = session.execute(
        select(Team, TeamMember.teammate_id)
        .outerjoin(TeamMember, TeamMember.team_id == Team.id)
        .where(Team.workspace_id == workspace_id)
        .order_by(Team.created_at, Team.id)
    )
    members: dict[str, tuple[Team, list[str]]] = {}
    for row, teammate_id in rows:
        ids = members.setdefault(row.id, (row, []))[1]
        if teammate_id:
            ids.append(teammate_id)
    return list(members.values())


def me(session: Session, workspace_id: str, teammate_id: str, now: datetime) -> dict[str, Any]:
    """Me of the console's API: the teammate, the workspace, and the site whose key goes into pages."""
    row = teammate(session, workspace_id, teammate_id)
    home = workspace(session, workspace_id)
    site = session.execute(select(Site).where(Site.workspace_id == workspace_id).limit(1)).scalar_one()
    team_ids = session.scalars(select(TeamMember.team_id).where(TeamMember.teammate_id == teammate_id))
    return {
        "teammate": dump_teammate(row, list(team_ids), now) | {"available": row.available},
        "workspace": {"id": home.id, "name": home.name},
        "site": {"id": site.id, "name": site.name, "key": site.key},
        "language": row.language,
    }


def dump_teammate(row: Teammate, team_ids: list[str], now: datetime) -> dict[str, Any]:
    return {
        "id": row.id,
        "name": row.name,
        "email": row.email,
        "role": row.role,
        "avatar": row.avatar,
        "online": online(row, now),
        "teams": team_ids,
    }
