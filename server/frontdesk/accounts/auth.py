"""Who is asking: a teammate by session cookie, or a server by API key."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from flask import g, request
from sqlalchemy import select
from sqlalchemy.orm import Session

from frontdesk.accounts.models import ApiKey, LoginSession, Teammate
from frontdesk.core.errors import Forbidden, Unauthenticated
from frontdesk.core.http import bearer
from frontdesk.core.ids import fingerprint
from frontdesk.core.runtime import runtime

COOKIE = "frontdesk_session"
LASTS = timedelta(days=30)
_SAFE = {"GET", "HEAD", "OPTIONS"}
_RANK = {"viewer": 0, "member": 1, "admin": 2, "owner": 3}


@dataclass(frozen=True, slots=True)
class Caller:
    """`teammate_id` is None for an API key; its role counts as admin."""

    workspace_id: str
    teammate_id: str | None
    role: str
    name: str

    def must_be(self, role: str) -> None:
        """Raise Forbidden below `role`."""
        if _RANK[self.role] < _RANK[role]:
            raise Forbidden(f"This needs the role {role}.")

    def must_be_person(self) -> None:
        """Raise Forbidden for an API key: one that leaked must not make others, which would outlive it."""
        if self.teammate_id is None:
            raise Forbidden("Only a teammate who is signed in may do this.", code="api_key_refused")


def caller() -> Caller:
    """The caller of this request; raises Unauthenticated where there is none."""
    found: Caller | None = g.get("caller")
    if found is None:
        raise Unauthenticated("Sign in, or send an API key.")
    return found


def identify_caller() -> None:
    """Before each request of the console's API: find the caller, refuse forged requests and viewers who write."""
    key, cookie = bearer(), request.cookies.get(COOKIE)
    if key:
        _refuse_browsers()
        g.caller = runtime().db.read(partial(caller_by_key, key=key))
    else:
        _refuse_foreign_writes()  # without a cookie too: another site must not sign anybody in
    if cookie and not key:
        g.caller = runtime().db.read(partial(caller_by_cookie, token=cookie, now=runtime().clock()))
    if request.method not in _SAFE and g.get("caller") is not None and request.endpoint not in OPEN_TO_VIEWERS:
        g.caller.must_be("member")


OPEN_TO_VIEWERS = {"session.SessionView"}


def _refuse_browsers() -> None:
    if "Origin" in request.headers:
        raise Forbidden("An API key must never stand in a page.", code="api_key_in_browser")


def _refuse_foreign_writes() -> None:
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    ours = {None, request.host_url.rstrip("/"), runtime().settings.public_url}
    same = site in {"same-origin", "none"} if site else origin in ours
    if request.method not in _SAFE and not same:
        raise Forbidden("This request comes from another site.", code="cross_site")


def caller_by_cookie(session: Session, *, token: str, now: datetime) -> Caller | None:
    row = session.execute(
        select(Teammate)
        .join(LoginSession, LoginSession.teammate_id == Teammate.id)
        .where(LoginSession.token_hash == fingerprint(token), LoginSession.expires_at > now)
    ).scalar_one_or_none()
    return Caller(row.workspace_id, row.id, row.role, row.name) if row else None


def caller_by_key(session: Session, *, key: str) -> Caller | None:
    row = session.execute(select(ApiKey).where(ApiKey.key_hash == fingerprint(key))).scalar_one_or_none()
    return Caller(row.workspace_id, None, "admin", row.name) if row else None
