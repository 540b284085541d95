"""Namespace /console: a signed-in teammate, from our own pages only."""

from functools import partial
from typing import Any
from urllib.parse import urlsplit

from flask import request
from flask_socketio import ConnectionRefusedError as Refused
from flask_socketio import Namespace, join_room
from sqlalchemy.orm import Session

from frontdesk.accounts.auth import COOKIE, Caller, caller_by_cookie
from frontdesk.core.errors import NotFound
from frontdesk.core.ids import fingerprint
from frontdesk.core.runtime import Runtime
from frontdesk.inbox.api import teammate_types
from frontdesk.inbox.queries import Scope, conversation
from frontdesk.realtime.presence import Console, Teammates
from frontdesk.realtime.rooms import CONSOLE, teammate_room, workspace_room
from frontdesk.realtime.speech import TYPING_GAP, Pace, conversation_named, socket_id


class ConsoleNamespace(Namespace):  # type: ignore[misc]  # flask-socketio has no types
    def __init__(self, runtime: Runtime, teammates: Teammates) -> None:
        super().__init__(CONSOLE)
        self._runtime = runtime
        self._teammates = teammates
        self._pace = Pace(TYPING_GAP)

    def on_connect(self, _auth: Any = None) -> None:
        if not _same_origin():
            raise Refused("cross_site")
        token = request.cookies.get(COOKIE)
        caller = self._caller(token) if token else None
        if caller is None or caller.teammate_id is None or token is None:
            raise Refused("unauthenticated")
        join_room(workspace_room(caller.workspace_id))
        join_room(teammate_room(caller.teammate_id))
        console = Console(caller, caller.teammate_id, fingerprint(token))
        self._teammates.join(socket_id(), console)

    def on_disconnect(self, *_reason: Any) -> None:
        sid = socket_id()
        self._pace.forget(sid)
        self._teammates.leave(sid)

    def on_typing(self, *said: Any) -> None:
        sid = socket_id()
        console, named = self._teammates.consoles.get(sid), conversation_named(said)
        if console is None or named is None or console.caller.role == "viewer":
            return
        if not self._pace.allows(sid, self._runtime.clock()):
            return
        try:
            signal = self._runtime.db.read(partial(teammate_types, me=console.caller, conversation_id=named))
        except NotFound:
            return  # of another workspace: nobody is told
        self._runtime.bus.publish([signal])

    def on_viewing(self, *said: Any) -> None:
        sid = socket_id()
        console, named = self._teammates.consoles.get(sid), conversation_named(said)
        if console is None:
            return
        if named and not self._runtime.db.read(partial(_known, caller=console.caller, conversation_id=named)):
            return
        self._teammates.view(sid, named)

    def _caller(self, token: str) -> Caller | None:
        return self._runtime.db.read(partial(caller_by_cookie, token=token, now=self._runtime.clock()))


def _same_origin() -> bool:
    # a browser always says whose page opens a socket; what says nothing is no browser and carries no foreign cookie
    origin = request.headers.get("Origin")
    return origin is None or urlsplit(origin).netloc == request.host


def _known(session: Session, *, caller: Caller, conversation_id: str) -> bool:
    try:
        conversation(session, Scope(caller.workspace_id), conversation_id)
    except NotFound:
        return False
    return True
