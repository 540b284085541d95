"""Log-ins of teammates, and the one-time link that creates the first owner."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from frontdesk.accounts.auth import LASTS
from frontdesk.accounts.models import LoginSession, SetupLink, Teammate
from frontdesk.accounts.passwords import matches
from frontdesk.accounts.signals import AvailabilityChanged, TeammateLoggedOut
from frontdesk.accounts.workspaces import NewTeammate, add_teammate, found, join_team
from frontdesk.core.errors import NotFound, Unauthenticated
from frontdesk.core.ids import fingerprint, new_secret
from frontdesk.core.signals import announce

LINK_LASTS = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Login:
    """A log-in just made; `token` goes into the cookie and is never seen again."""

    workspace_id: str
    teammate_id: str
    token: str


def authenticate(session: Session, email: str, password: str) -> str:
    """The teammate's id; Unauthenticated for a wrong e-mail and a wrong password alike. Slow on purpose."""
    row = session.execute(
        select(Teammate.id, Teammate.password_hash).where(Teammate.email == email.strip().lower())
    ).one_or_none()
    if not matches(row[1] if row else None, password) or row is None:
        raise Unauthenticated("E-mail or password is wrong.", code="wrong_credentials")
    teammate_id: str = row[0]
    return teammate_id


def log_in(session: Session, teammate_id: str, now: datetime) -> Login:
    workspace_id = session.execute(select(Teammate.workspace_id).where(Teammate.id == teammate_id)).scalar_one()
    token = new_secret("ls", bits=256)
    session.add(
        LoginSession(token_hash=fingerprint(token), teammate_id=teammate_id, created_at=now, expires_at=now + LASTS)
    )
    return Login(workspace_id, teammate_id, token)


def log_out(session: Session, token: str) -> None:
    row = session.get(LoginSession, fingerprint(token))
    if row is not None:
        session.delete(row)
        announce(session, TeammateLoggedOut(row.teammate_id, row.token_hash))


def set_available(session: Session, teammate: Teammate, *, available: bool) -> None:
    teammate.available = available
    announce(session, AvailabilityChanged(teammate.workspace_id, teammate.id, available))


def setup_link(session: Session, now: datetime) -> str | None:
    """A fresh token for the first owner, or None when somebody already works here."""
    if session.scalar(select(Teammate.id).limit(1)):
        return None
    session.execute(delete(SetupLink))
    token = new_secret("su")
    session.add(SetupLink(token_hash=fingerprint(token), created_at=now, expires_at=now + LINK_LASTS))
    return token


def setup_open(session: Session, token: str, now: datetime) -> bool:
    link = session.get(SetupLink, fingerprint(token))
    return link is not None and link.expires_at > now


def set_up(session: Session, token: str, workspace_name: str, owner: NewTeammate, now: datetime) -> Login:
    """Use the one-time link: found the workspace, create its owner, log in."""
    if not setup_open(session, token, now):
        raise NotFound("This link was used, has expired, or never was.", code="setup_link_invalid")
    session.execute(delete(SetupLink))
    workspace = found(session, workspace_name, now)
    teammate = add_teammate(session, workspace.id, owner, now)
    join_team(session, workspace.id, teammate.id, "sales")
    return log_in(session, teammate.id, now)
