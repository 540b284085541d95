"""Tables of whom we talk to. A merge is a pointer from a visitor to a contact; nothing is rewritten."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text, true
from sqlalchemy.orm import Mapped, mapped_column

from frontdesk.core.db import Base

_NAMED: dict[str, Any] = dict.fromkeys(("sqlite_where", "postgresql_where"), text("email IS NOT NULL"))
"""Most visitors have no e-mail: their rows need not be in its index."""
_LINKED: dict[str, Any] = dict.fromkeys(("sqlite_where", "postgresql_where"), text("contact_id IS NOT NULL"))


class Contact(Base):
    """A person we can name, known by the `user_id` of our customer's system.

    `verified`: a verified sender has described it, and nobody else has; see `people.trust`.
    `registered_at` is when a sender said (`registered_said`), else its first identify; `identified_at` its newest, and
    `said_at` when each trait was said that the newest did not speak of. `created_at` is the first that we know of it:
    when it was made here, or what it did before that.
    """

    __tablename__ = "contact"

    id: Mapped[str] = mapped_column(primary_key=True)
    workspace_id: Mapped[str] = mapped_column(ForeignKey("workspace.id"))
    user_id: Mapped[str]
    name: Mapped[str | None]
    email: Mapped[str | None]
    phone: Mapped[str | None]
    attributes: Mapped[dict[str, Any]] = mapped_column(default=dict)
    tags: Mapped[list[str]] = mapped_column(default=list)
    verified: Mapped[bool] = mapped_column(default=False)
    owner_id: Mapped[str | None] = mapped_column(ForeignKey("teammate.id"))
    registered_at: Mapped[datetime | None]
    registered_said: Mapped[bool] = mapped_column(default=False)
    identified_at: Mapped[datetime | None]
    said_at: Mapped[dict[str, Any] | None]
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("workspace_id", "user_id"),
        Index("ix_contact_workspace_seen", "workspace_id", "seen_at"),
        Index("ix_contact_workspace_email", "workspace_id", "email", "verified", "id", **_NAMED),
    )


class Visitor(Base):
    """A browser we have seen. `token_hash` guards its chat; `page` is what it looked at last.

    `contact_verified`: a verified sender or a teammate, not only this browser, said that it is this contact.
    `email_verified`: a verified sender said that this is its e-mail; no browser changes it then.
    `identified_at` is when it was described last, by the moments of the calls; `said_at` as of a contact.
    `first_seen_at` is when we heard of it first, or what it did before that.
    Until `token_presented` a token is handed out again: the answer that carried it may be lost.
    """

    __tablename__ = "visitor"

    id: Mapped[str] = mapped_column(primary_key=True)
    workspace_id: Mapped[str] = mapped_column(ForeignKey("workspace.id"))
    anonymous_id: Mapped[str]
    token_hash: Mapped[str | None] = mapped_column(unique=True)
    token_presented: Mapped[bool] = mapped_column(default=False)
    contact_id: Mapped[str | None] = mapped_column(ForeignKey("contact.id"))
    contact_verified: Mapped[bool] = mapped_column(default=False)
    email: Mapped[str | None]
    email_verified: Mapped[bool] = mapped_column(default=False)
    name: Mapped[str | None]
    attributes: Mapped[dict[str, Any]] = mapped_column(default=dict)
    identified_at: Mapped[datetime | None]
    said_at: Mapped[dict[str, Any] | None]
    tags: Mapped[list[str]] = mapped_column(default=list)
    browser: Mapped[str | None]
    os: Mapped[str | None]
    device: Mapped[str | None]
    language: Mapped[str | None]
    timezone: Mapped[str | None]
    country: Mapped[str | None]
    region: Mapped[str | None]
    city: Mapped[str | None]
    region_timezone: Mapped[str | None]
    first_touch: Mapped[dict[str, Any] | None]
    last_touch: Mapped[dict[str, Any] | None]
    page: Mapped[dict[str, Any] | None]
    sessions: Mapped[int] = mapped_column(default=0)
    page_views: Mapped[int] = mapped_column(default=0)
    first_seen_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    present_until: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("workspace_id", "anonymous_id"),
        Index("ix_visitor_workspace_seen", "workspace_id", "seen_at"),
        Index("ix_visitor_workspace_present", "workspace_id", "present_until"),
        Index("ix_visitor_workspace_email", "workspace_id", "email", "email_verified", **_NAMED),
        Index("ix_visitor_contact", "contact_id", "contact_verified", "id", **_LINKED),
    )


class Company(Base):
    """An organisation of contacts; `verified`, `identified_at` and `said_at` as of a contact, by what `group` says."""

    __tablename__ = "company"

    id: Mapped[str] = mapped_column(primary_key=True)
    workspace_id: Mapped[str] = mapped_column(ForeignKey("workspace.id"))
    group_id: Mapped[str]
    name: Mapped[str | None]
    attributes: Mapped[dict[str, Any]] = mapped_column(default=dict)
    verified: Mapped[bool] = mapped_column(default=False)
    identified_at: Mapped[datetime | None]
    said_at: Mapped[dict[str, Any] | None]
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("workspace_id", "group_id"),)


class CompanyMember(Base):
    """A contact belongs to a company; `verified`: not only a browser says so.

    `named`: a server named the contact itself. Else it is what its browsers say, and goes with them.
    """

    __tablename__ = "company_member"

    company_id: Mapped[str] = mapped_column(ForeignKey("company.id"), primary_key=True)
    contact_id: Mapped[str] = mapped_column(ForeignKey("contact.id"), primary_key=True, index=True)
    verified: Mapped[bool] = mapped_column(default=False)
    named: Mapped[bool] = mapped_column(default=True, server_default=true())


class VisitorCompany(Base):
    """Whoever is behind a browser belongs to a company; `verified`: a verified sender said so of this browser.

    Whichever contact the browser is recognised as is a member, as long as it is that.
    """

    __tablename__ = "visitor_company"

    person_id: Mapped[str] = mapped_column(primary_key=True)
    company_id: Mapped[str] = mapped_column(ForeignKey("company.id"), primary_key=True)
    verified: Mapped[bool] = mapped_column(default=False)


class Claim(Base):
    """What a browser alone says of a contact that no server has described: see `claims.Said`.

    So that undoing their merge takes it back.
    """

    __tablename__ = "claim"

    person_id: Mapped[str] = mapped_column(primary_key=True)
    contact_id: Mapped[str] = mapped_column(ForeignKey("contact.id"), primary_key=True, index=True)
    said: Mapped[dict[str, Any]] = mapped_column(default=dict)


class Merge(Base):
    """A visitor was recognised as a contact: the log that lets it be undone.

    `verified`: more than its browser said so. `before_…` is what the visitor's link was until then. `merged_by` and
    `undone_by` are teammates, None where a sender or a server's API key did it.
    """

    __tablename__ = "merge"

    id: Mapped[str] = mapped_column(primary_key=True)
    workspace_id: Mapped[str] = mapped_column(ForeignKey("workspace.id"))
    visitor_id: Mapped[str] = mapped_column(ForeignKey("visitor.id"), index=True)
    contact_id: Mapped[str] = mapped_column(ForeignKey("contact.id"), index=True)
    cause: Mapped[str]
    verified: Mapped[bool] = mapped_column(default=False)
    before_contact_id: Mapped[str | None] = mapped_column(ForeignKey("contact.id"))
    before_verified: Mapped[bool] = mapped_column(default=False)
    merged_by: Mapped[str | None] = mapped_column(ForeignKey("teammate.id"))
    merged_at: Mapped[datetime]
    undone_by: Mapped[str | None] = mapped_column(ForeignKey("teammate.id"))
    undone_at: Mapped[datetime | None]


class Segment(Base):
    """People by a saved condition (`tree`, as rules have it), or, where that is None, by hand.

    The members of a condition are rows only while a live rule watches who enters and leaves. `state`: `idle` where none
    does; since `watched_at` first `filling`, then `settling`, each up to the person id `cursor`; in the end `kept`.
    """

    __tablename__ = "segment"

    id: Mapped[str] = mapped_column(primary_key=True)
    workspace_id: Mapped[str] = mapped_column(ForeignKey("workspace.id"))
    key: Mapped[str]
    name: Mapped[dict[str, Any]]
    tree: Mapped[dict[str, Any] | None]
    state: Mapped[str] = mapped_column(default="idle", server_default="idle")
    cursor: Mapped[str] = mapped_column(default="", server_default="")
    watched_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("workspace_id", "key"),)


class SegmentMember(Base):
    """Who is in a segment, and since when."""

    __tablename__ = "segment_member"

    segment_id: Mapped[str] = mapped_column(ForeignKey("segment.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(primary_key=True, index=True)
    entered_at: Mapped[datetime]


class Consent(Base):
    """What a person said to messages of one class; without a row nothing was said."""

    __tablename__ = "consent"

    person_id: Mapped[str] = mapped_column(primary_key=True)
    message_class: Mapped[str] = mapped_column(primary_key=True)
    workspace_id: Mapped[str] = mapped_column(ForeignKey("workspace.id"))
    granted: Mapped[bool]
    at: Mapped[datetime]
