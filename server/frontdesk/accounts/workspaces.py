"""Found a workspace, and bring in its teammates, teams, site and keys."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from frontdesk.accounts.api_keys import make
from frontdesk.accounts.models import Site, Team, Teammate, TeamMember, Workspace
from frontdesk.accounts.passwords import hashed
from frontdesk.core.errors import Conflict, Invalid
from frontdesk.core.ids import new_id, new_secret
from frontdesk.core.text import clean

ROLES = ("owner", "admin", "member", "viewer")


@dataclass(frozen=True, slots=True)
class NewTeammate:
    """Who joins. `avatar` is an address or None (then initials are shown)."""

    name: str
    email: str
    password: str
    role: str = "member"
    avatar: str | None = None
    language: str | None = None


def found(session: Session, name: str, now: datetime) -> Workspace:
    """A new workspace with the teams Sales and Experts and one site with its key."""
    workspace = Workspace(
        id=new_id("wsp", now),
        name=clean(name, 120),
        identity_secret=new_secret("is", bits=256),
        created_at=now,
    )
    session.add(workspace)
    session.flush()
    for key, team in (("sales", "Sales"), ("experts", "Experts")):
        session.add(Team(id=new_id("tem", now), workspace_id=workspace.id, key=key, name=team, created_at=now))
    add_site(session, workspace, name, now)
    return workspace


def add_site(session: Session, workspace: Workspace, name: str, now: datetime) -> Site:
    site = Site(
        id=new_id("sit", now),
        workspace_id=workspace.id,
        name=clean(name, 120),
        key=new_secret("pk"),
        created_at=now,
    )
    session.add(site)
    session.flush()
    return site


def add_teammate(session: Session, workspace_id: str, new: NewTeammate, now: datetime) -> Teammate:
    """Conflict when the e-mail is taken; Invalid names the field."""
    email = clean(new.email, 254).strip().lower()
    if "@" not in email.strip("@"):
        raise Invalid("This is not an e-mail address.", field="email")
    if new.role not in ROLES:
        raise Invalid(f"A role is one of {', '.join(ROLES)}.", field="role")
    if session.scalar(select(Teammate.id).where(Teammate.email == email)):
        raise Conflict("Somebody already signs in with this e-mail.", field="email", code="email_taken")
    teammate = Teammate(
        id=new_id("tmt", now),
        workspace_id=workspace_id,
        email=email,
        name=clean(new.name, 120).strip() or email,
        avatar=new.avatar,
        role=new.role,
        language=new.language,
        password_hash=hashed(new.password),
        created_at=now,
    )
    session.add(teammate)
    session.flush()
    return teammate


def join_team(session: Session, workspace_id: str, teammate_id: str, team_key: str) -> None:
    team_id = session.scalar(select(Team.id).where(Team.workspace_id == workspace_id, Team.key == team_key))
    if team_id is None:
        raise Invalid(f"There is no team “{team_key}”.", field="team")
    session.merge(TeamMember(team_id=team_id, teammate_id=teammate_id))


def new_api_key(session: Session, workspace_id: str, name: str, now: datetime) -> str:
    """The key `sk_…` alone, for those who need nothing else of it; Invalid for an empty name."""
    return make(session, workspace_id, name, now).key
