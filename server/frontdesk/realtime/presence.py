"""Who is here: teammates by their console's socket, visitors by what collect saw of them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from frontdesk.accounts import queries as accounts
from frontdesk.accounts.auth import Caller
from frontdesk.accounts.models import LoginSession, Teammate
from frontdesk.core.runtime import Runtime
from frontdesk.people.queries import persons_of_visitors
from frontdesk.people.signals import VisitorSeen
from frontdesk.realtime.rooms import Push, to_workspace

Emit = Callable[[Push], None]


@dataclass(slots=True)
class Console:
    """A teammate's open console. `teammate_id` is never an API key's: those have no sockets."""

    caller: Caller
    teammate_id: str
    token_hash: str
    viewing: str | None = None


class Teammates:
    """The consoles connected to this process, and what `teammate.seen_at` says because of them."""

    def __init__(self, runtime: Runtime, emit: Emit) -> None:
        self._runtime = runtime
        self._emit = emit
        self.consoles: dict[str, Console] = {}

    def join(self, sid: str, console: Console) -> None:
        """A console opened: its teammate is seen from now on."""
        self.consoles[sid] = console
        self.touch([console.teammate_id])
        self._tell(console)

    def leave(self, sid: str) -> None:
        """A console closed; with the last one its teammate is gone at once."""
        console = self.consoles.pop(sid, None)
        if console is None:
            return
        if console.viewing:
            self._emit(self._viewers(console.caller.workspace_id, console.viewing))
        if all(each.teammate_id != console.teammate_id for each in self.consoles.values()):
            self._runtime.db.write(partial(_forget, teammate_id=console.teammate_id))
            self._tell(console)

    def touch(self, teammate_ids: Iterable[str] | None = None) -> None:
        """Note that these, by default all who are connected, are here now: one statement."""
        ids = list(teammate_ids or {each.teammate_id for each in self.consoles.values()})
        if ids:
            self._runtime.db.write(partial(_touch, teammate_ids=ids, now=self._runtime.clock()))

    def of_login(self, token_hash: str) -> list[str]:
        """The sockets that a log-in has opened."""
        return [sid for sid, each in self.consoles.items() if each.token_hash == token_hash]

    def revoked(self) -> list[str]:
        """The sockets whose log-in ended, or whose role is no longer what it was when they connected."""
        hashes = {each.token_hash for each in self.consoles.values()}
        if not hashes:
            return []
        query = partial(_roles, token_hashes=hashes, now=self._runtime.clock())
        roles = self._runtime.db.read(query)
        return [sid for sid, each in list(self.consoles.items()) if roles.get(each.token_hash) != each.caller.role]

    def view(self, sid: str, conversation_id: str | None) -> None:
        """This console shows a conversation, or none; the others are told who looks at it."""
        console = self.consoles[sid]
        before, console.viewing = console.viewing, conversation_id
        for each in {before, conversation_id} - {None}:
            self._emit(self._viewers(console.caller.workspace_id, each or ""))

    def _viewers(self, workspace_id: str, conversation_id: str) -> Push:
        names = {
            each.teammate_id: each.caller.name for each in self.consoles.values() if each.viewing == conversation_id
        }
        viewers = [{"id": teammate_id, "name": name} for teammate_id, name in sorted(names.items())]
        return to_workspace(workspace_id, "viewing", {"conversation": conversation_id, "teammates": viewers})

    def _tell(self, console: Console) -> None:
        workspace_id, now = console.caller.workspace_id, self._runtime.clock()

        def query(session: Session) -> dict[str, Any]:
            row = accounts.teammate(session, workspace_id, console.teammate_id)
            return {"id": row.id, "online": accounts.online(row, now)}

        self._emit(to_workspace(workspace_id, "teammate", self._runtime.db.read(query)))


def _touch(session: Session, *, teammate_ids: list[str], now: datetime) -> None:
    session.execute(update(Teammate).where(Teammate.id.in_(teammate_ids)).values(seen_at=now))


def _forget(session: Session, *, teammate_id: str) -> None:
    # where another process still holds a console of theirs, its next touch brings them back
    session.execute(update(Teammate).where(Teammate.id == teammate_id).values(seen_at=None))


def _roles(session: Session, *, token_hashes: set[str], now: datetime) -> dict[str, str]:
    rows = session.execute(
        select(LoginSession.token_hash, Teammate.role)
        .join(Teammate, Teammate.id == LoginSession.teammate_id)
        .where(LoginSession.token_hash.in_(token_hashes), LoginSession.expires_at > now)
    )
    return dict(rows.all())


@dataclass(slots=True)
class Visitors:
    """Who of the visitors came, moved on or left, gathered so that a busy site costs one query a beat."""

    _waiting: set[str] = field(default_factory=set)
    _shown: dict[str, tuple[datetime, str | None]] = field(default_factory=dict)

    def seen(self, signal: VisitorSeen) -> None:
        self._waiting.add(signal.visitor_id)

    def beat(self, runtime: Runtime, emit: Emit) -> None:
        """Push `person` for each visitor who came, went to another page, or has left since the last beat."""
        now = runtime.clock()
        lapsed = {visitor_id for visitor_id, (until, _) in self._shown.items() if until <= now}
        asked, self._waiting = self._waiting | lapsed, set()
        if not asked:
            return
        for push in runtime.db.read(partial(self._changes, visitor_ids=asked, now=now)):
            emit(push)

    def _changes(self, session: Session, *, visitor_ids: set[str], now: datetime) -> list[Push]:
        pushes = []
        for visitor_id, person in persons_of_visitors(session, visitor_ids).items():
            visitor = person.visitor
            if visitor is None:
                continue
            online = person.online(now)
            page = visitor.page if online else None
            if self._note(visitor_id, visitor.present_until if online else None, (page or {}).get("url")):
                payload = {"id": person.id, "online": online, "page_now": page}
                pushes.append(to_workspace(visitor.workspace_id, "person", payload))
        return pushes

    def _note(self, visitor_id: str, until: datetime | None, url: str | None) -> bool:
        """Remember what is shown of a visitor; whether that is news."""
        before = self._shown.pop(visitor_id, None)
        if until is None:
            return before is not None
        self._shown[visitor_id] = (until, url)
        return before is None or before[1] != url
