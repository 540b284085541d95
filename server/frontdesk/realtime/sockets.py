"""The Socket.IO server: WebSocket only, in order, on gevent; and the beats that keep presence true."""

from datetime import timedelta

from flask import Flask
from flask_socketio import SocketIO

from frontdesk.accounts.signals import TeammateLoggedOut
from frontdesk.core.jobs import Job
from frontdesk.core.metrics import METRICS
from frontdesk.core.runtime import Runtime
from frontdesk.engage.deciding.showing import Showing
from frontdesk.people.signals import VisitorSeen
from frontdesk.realtime import broadcast
from frontdesk.realtime.console import ConsoleNamespace
from frontdesk.realtime.messenger import MessengerNamespace
from frontdesk.realtime.presence import Teammates, Visitors
from frontdesk.realtime.rooms import CONSOLE, Push, Room, workspace_room

MOST_BYTES = 16_384  # a client says "typing" and "viewing"; messages go over HTTP


def mount(app: Flask, runtime: Runtime, showing: Showing | None = None) -> "Sockets":
    """Serve sockets beside `app`; its `jobs` are to be run while it serves. `showing` knows what visitors may see."""
    return Sockets(app, runtime, showing)


class Sockets:
    """`io` serves the app's sockets from now on; `jobs` keep presence true and drop who is no longer welcome."""

    def __init__(self, app: Flask, runtime: Runtime, showing: Showing | None = None) -> None:
        self._runtime = runtime
        self.io = SocketIO(
            app,
            async_mode="gevent",
            transports=["websocket"],  # needs no sticky sessions, and never sends a request for each message
            async_handlers=False,  # one client's events stay in order
            cors_allowed_origins="*",  # the messenger lives in any page; the console's namespace checks for itself
            cors_credentials=False,
            manage_session=False,
            max_http_buffer_size=MOST_BYTES,
            message_queue=runtime.settings.redis_url,
            namespaces=[],
        )
        self.teammates = Teammates(runtime, self.emit)
        self.visitors = Visitors()
        self.jobs = (
            Job("visitors", timedelta(milliseconds=500), self.tell_of_visitors),
            Job("log-ins", timedelta(seconds=2), self.drop_revoked),
            Job("teammates", timedelta(seconds=20), self.teammates.touch),
        )
        self.io.on_namespace(MessengerNamespace(runtime))
        self.io.on_namespace(ConsoleNamespace(runtime, self.teammates))
        broadcast.subscribe(runtime, self.emit, self._occupied, showing)
        runtime.bus.subscribe(TeammateLoggedOut, self._logged_out)
        runtime.bus.subscribe(VisitorSeen, self._visitor_seen)
        METRICS.watch("frontdesk_open_sockets", "Sockets that are open.", lambda: len(self.io.server.eio.sockets))

    def emit(self, push: Push) -> None:
        self.io.emit(push.event, push.payload, namespace=push.namespace, to=push.room)

    def tell_of_visitors(self) -> None:
        self.visitors.beat(self._runtime, self.emit)

    def drop_revoked(self) -> None:
        """Drop the sockets of log-ins that ended elsewhere: another process, an expiry, a changed role."""
        self._drop(self.teammates.revoked())

    def _logged_out(self, signal: TeammateLoggedOut) -> None:
        self._drop(self.teammates.of_login(signal.token_hash))

    def _drop(self, sids: list[str]) -> None:
        for sid in sids:
            self.io.server.disconnect(sid, namespace=CONSOLE)

    def _visitor_seen(self, signal: VisitorSeen) -> None:
        if self._occupied((CONSOLE, workspace_room(signal.workspace_id))):
            self.visitors.seen(signal)

    def _occupied(self, room: Room) -> bool:
        # with several processes the room may be full elsewhere, which only Redis knows
        namespace, name = room
        return self._runtime.settings.redis_url is not None or name in self.io.server.manager.rooms.get(namespace, {})
