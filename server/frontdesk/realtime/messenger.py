"""Namespace /messenger: a visitor with its token, from a page of any origin."""

from functools import partial
from typing import Any

from flask_socketio import ConnectionRefusedError as Refused
from flask_socketio import Namespace, join_room

from frontdesk.core.errors import NotFound
from frontdesk.core.runtime import Runtime
from frontdesk.inbox.messenger_api import visitor_types
from frontdesk.inbox.principal import scope_by_token
from frontdesk.inbox.queries import Scope
from frontdesk.realtime.rooms import MESSENGER, visitor_room
from frontdesk.realtime.speech import TYPING_GAP, Pace, conversation_named, socket_id


class MessengerNamespace(Namespace):  # type: ignore[misc]  # flask-socketio has no types
    def __init__(self, runtime: Runtime) -> None:
        super().__init__(MESSENGER)
        self._runtime = runtime
        self._scopes: dict[str, Scope] = {}
        self._pace = Pace(TYPING_GAP)

    def on_connect(self, auth: Any) -> None:
        token = auth.get("token") if isinstance(auth, dict) else None
        scope = self._runtime.db.read(partial(scope_by_token, token=token)) if isinstance(token, str) else None
        if scope is None or scope.visitor_id is None:
            raise Refused("unknown_token")
        self._scopes[socket_id()] = scope
        join_room(visitor_room(scope.visitor_id))

    def on_disconnect(self, *_reason: Any) -> None:
        self._scopes.pop(socket_id(), None)
        self._pace.forget(socket_id())

    def on_typing(self, *said: Any) -> None:
        sid = socket_id()
        scope, named = self._scopes.get(sid), conversation_named(said)
        if scope is None or named is None or not self._pace.allows(sid, self._runtime.clock()):
            return
        try:
            signal = self._runtime.db.read(partial(visitor_types, scope=scope, conversation_id=named))
        except NotFound:
            return  # not this visitor's: to them it does not exist, and nobody is told
        self._runtime.bus.publish([signal])
