"""The one door to workspaces, teammates and teams."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from frontdesk.accounts.models import ApiKey, Site, Team, Teammate, TeamMember, Workspace
from frontdesk.accounts.site_rules import SiteRules
from frontdesk.core.clock import iso
from frontdesk.core.errors import Conflict, NotFound
from frontdesk.core.ids import fingerprint

STAYS_ONLINE = timedelta(seconds=60)  # three beats of a console's socket


@dataclass(frozen=True, slots=True)
class SenderKey:
    """Who sends to collect: a page (`verified` is False) or a server, by the key `key_id`; and by which rules."""

    workspace_id: str
    verified: bool
    site_id: str | None
    rules: SiteRules
    key_id: str | None = None


def online(teammate: Teammate, now: datetime) -> bool:
    """Chose to be available, and has the console open."""
    return teammate.available and teammate.seen_at is not None and teammate.seen_at > now - STAYS_ONLINE


def sender(session: Session, key: str) -> SenderKey | None:
    """Whose key this is: a site key `pk_…` or an API key `sk_…`."""
    if key.startswith("sk_"):
        known = session.scalar(select(ApiKey).where(ApiKey.key_hash == fingerprint(key)))
        if known is None:
            return None
        rules = rules_of_servers(session, known.workspace_id)
        return SenderKey(known.workspace_id, verified=True, site_id=None, rules=rules, key_id=known.id)
    row = session.execute(select(Site).where(Site.key == key)).scalar_one_or_none()
    return SenderKey(row.workspace_id, verified=False, site_id=row.id, rules=rules_of(row)) if row else None


def rules_of(site: Site) -> SiteRules:
    """What the site takes."""
    return SiteRules(
        origins=tuple(site.origins),
        ignore_ips=tuple(site.ignore_ips),
        ignore_paths=tuple(site.ignore_paths),
        staff=tuple(site.staff),
        consent=site.consent,
        bots=site.bots,
    )


def rules_of_servers(session: Session, workspace_id: str) -> SiteRules:
    """What the workspace takes of its servers: as its first site says, or none where no site is left."""
    first = next(iter(sites(session, workspace_id)), None)
    return (rules_of(first) if first else SiteRules()).for_servers()


def api_keys(session: Session, workspace_id: str) -> list[ApiKey]:
    """The newest first."""
    rows = (
        select(ApiKey).where(ApiKey.workspace_id == workspace_id).order_by(ApiKey.created_at.desc(), ApiKey.id.desc())
    )
    return list(session.scalars(rows))


def api_key(session: Session, workspace_id: str, key_id: str) -> ApiKey:
    """The key with this id; NotFound, also where it is another workspace's."""
    row = session.get(ApiKey, key_id)
    if row is None or row.workspace_id != workspace_id:
        raise NotFound("There is no such API key.")
    return row


def api_key_called(session: Session, workspace_id: str, called: str) -> ApiKey:
    """The key with this id or this name; NotFound where there is none, Conflict where several have the name."""
    named = [row for row in api_keys(session, workspace_id) if called in {row.id, row.name}]
    if not named:
        raise NotFound(f"There is no API key “{called}”.")
    if len(named) > 1:
        ids = ", ".join(row.id for row in named)
        raise Conflict(f"Several API keys are named “{called}”; name one by its id: {ids}.", field="name")
    return named[0]


def dump_api_key(row: ApiKey) -> dict[str, str]:
    """What may be told of a key: never the key itself, which is not kept."""
    return {"id": row.id, "name": row.name, "created_at": iso(row.created_at)}


def sites(session: Session, workspace_id: str) -> list[Site]:
    """The oldest first: a workspace is founded with one."""
    rows = select(Site).where(Site.workspace_id == workspace_id).order_by(Site.created_at, Site.id)
    return list(session.scalars(rows))


def first_site(session: Session, workspace_id: str) -> Site:
    """The site that the workspace was founded with."""
    return sites(session, workspace_id)[0]


def site(session: Session, workspace_id: str, site_id: str) -> Site:
    """The site with this id; NotFound, also where it is another workspace's."""
    row = session.get(Site, site_id)
    if row is None or row.workspace_id != workspace_id:
        raise NotFound("There is no such site.")
    return row


def site_by_key(session: Session, key: str) -> tuple[Site, Workspace]:
    """The site with this site key `pk_…`, and its workspace; NotFound where nobody has the key."""
    row = session.execute(
        select(Site, Workspace).join(Workspace, Workspace.id == Site.workspace_id).where(Site.key == key)
    ).one_or_none()
    if row is None:
        raise NotFound("There is no site with this key.")
    return row[0], row[1]


def workspace(session: Session, workspace_id: str) -> Workspace:
    """The workspace with this id; NotFound where there is none."""
    kept = session.info.setdefault(_KEPT, {})  # a session forgets what nobody holds, and this is asked again and again
    row: Workspace | None = kept.get(workspace_id) or session.get(Workspace, workspace_id)
    if row is None:
        raise NotFound("There is no such workspace.")
    kept[workspace_id] = row
    return row


_KEPT = "workspaces"


def teammate(session: Session, workspace_id: str, teammate_id: str) -> Teammate:
    """The teammate with this id; NotFound, also where it is another workspace's."""
    row = session.get(Teammate, teammate_id)
    if row is None or row.workspace_id != workspace_id:
        raise NotFound("There is no such teammate.")
    return row


def team(session: Session, workspace_id: str, team_id: str) -> Team:
    """The team with this id; NotFound, also where it is another workspace's."""
    row = session.get(Team, team_id)
    if row is None or row.workspace_id != workspace_id:
        raise NotFound("There is no such team.")
    return row


def teammates(session: Session, workspace_id: str) -> list[Teammate]:
    """All who work here, by name."""
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
    """Me of the console's API: the teammate, the workspace, and the site whose key goes into pages. NotFound where
    one of them is gone."""
    row = teammate(session, workspace_id, teammate_id)
    home = workspace(session, workspace_id)
    home_site = first_site(session, workspace_id)
    team_ids = session.scalars(select(TeamMember.team_id).where(TeamMember.teammate_id == teammate_id))
    return {
        "teammate": dump_teammate(row, list(team_ids), now) | {"available": row.available},
        "workspace": {"id": home.id, "name": home.name},
        "site": {"id": home_site.id, "name": home_site.name, "key": home_site.key},
        "language": row.language,
    }


def dump_teammate(row: Teammate, team_ids: list[str], now: datetime) -> dict[str, Any]:
    """A teammate as the API shows one, without the load that only the inbox knows."""
    return {
        "id": row.id,
        "name": row.name,
        "email": row.email,
        "role": row.role,
        "avatar": row.avatar,
        "online": online(row, now),
        "teams": team_ids,
    }
