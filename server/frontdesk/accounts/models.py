"""Tables of who works here."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from frontdesk.core.db import Base


class Workspace(Base):
    """One customer of ours and all that is theirs. `rules_revision` moves on with every change of a live rule.

    `gates` are the caps and quiet hours that hold for every rule (None: the default ones); `rfm` says by which event
    and amount customers are ranked, and what was the mean of each when it was last taken. `decisions_counted_at`: how
    far what rules decided is in the table of counts.
    """

    __tablename__ = "workspace"

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    timezone: Mapped[str] = mapped_column(default="UTC")
    language: Mapped[str] = mapped_column(default="en")
    identity_secret: Mapped[str]
    rules_revision: Mapped[int] = mapped_column(default=0)
    gates: Mapped[dict[str, Any] | None]
    rfm: Mapped[dict[str, Any] | None]
    admits_unverified: Mapped[bool] = mapped_column(default=False, server_default=false())
    decisions_counted_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class Site(Base):
    """A web site of a workspace, the public key that stands in its pages, and what it takes (`SiteRules`)."""

    __tablename__ = "site"

    id: Mapped[str] = mapped_column(primary_key=True)
    workspace_id: Mapped[str] = mapped_column(ForeignKey("workspace.id"), index=True)
    name: Mapped[str]
    key: Mapped[str] = mapped_column(unique=True)
    color: Mapped[str] = mapped_column(default="#0E7C6B")
    corner: Mapped[str] = mapped_column(default="right")
    origins: Mapped[list[str]] = mapped_column(default=list)
    ignore_ips: Mapped[list[str]] = mapped_column(default=list)
    ignore_paths: Mapped[list[str]] = mapped_column(default=list)
    staff: Mapped[list[str]] = mapped_column(default=list)
    consent: Mapped[str] = mapped_column(default="granted")
    bots: Mapped[str] = mapped_column(default="drop")
    created_at: Mapped[datetime]


class Teammate(Base):
    """A person who works in a workspace. `available` is chosen; `seen_at` is kept by the console's socket."""

    __tablename__ = "teammate"

    id: Mapped[str] = mapped_column(primary_key=True)
    workspace_id: Mapped[str] = mapped_column(ForeignKey("workspace.id"), index=True)
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    avatar: Mapped[str | None]
    role: Mapped[str]
    language: Mapped[str | None]
    password_hash: Mapped[str]
    available: Mapped[bool] = mapped_column(default=True)
    seen_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class Team(Base):
    __tablename__ = "team"

    id: Mapped[str] = mapped_column(primary_key=True)
    workspace_id: Mapped[str] = mapped_column(ForeignKey("workspace.id"))
    key: Mapped[str]
    name: Mapped[str]
    created_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("workspace_id", "key"),)


class TeamMember(Base):
    __tablename__ = "team_member"

    team_id: Mapped[str] = mapped_column(ForeignKey("team.id"), primary_key=True)
    teammate_id: Mapped[str] = mapped_column(ForeignKey("teammate.id"), primary_key=True, index=True)


class LoginSession(Base):
    """A log-in; the cookie's token is stored as its fingerprint."""

    __tablename__ = "login_session"

    token_hash: Mapped[str] = mapped_column(primary_key=True)
    teammate_id: Mapped[str] = mapped_column(ForeignKey("teammate.id"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class ApiKey(Base):
    """A key of a server, `sk_…`, stored as its fingerprint."""

    __tablename__ = "api_key"

    id: Mapped[str] = mapped_column(primary_key=True)
    workspace_id: Mapped[str] = mapped_column(ForeignKey("workspace.id"), index=True)
    name: Mapped[str]
    key_hash: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime]


class SetupLink(Base):
    """The one-time link that creates the owner of an empty installation."""

    __tablename__ = "setup_link"

    token_hash: Mapped[str] = mapped_column(primary_key=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
