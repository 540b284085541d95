"""What is pushed to whom when something has happened: one table, signal → pushes."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from frontdesk.accounts import queries as accounts
from frontdesk.accounts.signals import AvailabilityChanged
from frontdesk.core.runtime import Runtime
from frontdesk.engage.deciding.showing import Showing
from frontdesk.engage.doing.deliveries import Waiter
from frontdesk.engage.signals import DeliveryQueued
from frontdesk.inbox import dump, notifications, queries
from frontdesk.inbox.policy import SHOWN_TO_VISITORS
from frontdesk.inbox.queries import Scope, in_conversation
from frontdesk.inbox.signals import ConversationChanged, ConversationRead, PartAdded, TeammateNotified, Typed
from frontdesk.realtime.rooms import (
    CONSOLE,
    MESSENGER,
    Push,
    Room,
    teammate_room,
    to_teammate,
    to_visitor,
    to_workspace,
    visitor_room,
    workspace_room,
)

_OF_ONE_TEAMMATE = ("read_seq", "unread")
"""What a summary says to each teammate differently, and so to a room not at all."""


def part_added(runtime: Runtime, signal: PartAdded) -> list[Push]:
    """The part: to the workspace always, to the visitor where it is theirs to see."""

    def query(session: Session) -> list[Push]:
        found = queries.conversation(session, Scope(signal.workspace_id), signal.conversation_id)
        part = queries.part(session, found, signal.part_id)
        inside = dump.parts_for_teammate(session, found, [part])[0]
        pushes = [to_workspace(signal.workspace_id, "part", inside)]
        if part.kind in SHOWN_TO_VISITORS:
            outside = dump.parts_for_visitor(session, signal.workspace_id, [part])[0]
            pushes.append(to_visitor(signal.visitor_id, "part", outside))
        return pushes

    return runtime.db.read(query)


def conversation_changed(runtime: Runtime, signal: ConversationChanged) -> list[Push]:
    now = runtime.clock()

    def query(session: Session) -> list[Push]:
        found = queries.conversation(session, Scope(signal.workspace_id), signal.conversation_id)
        summary = dump.for_teammate(session, [found], None, now)[0]
        for_all = {key: value for key, value in summary.items() if key not in _OF_ONE_TEAMMATE}
        pushes = [to_workspace(signal.workspace_id, "conversation", for_all)]
        if signal.shown:
            pushes.append(to_visitor(signal.visitor_id, "conversation", dump.for_visitor(session, [found])[0]))
        return pushes

    return runtime.db.read(query)


def conversation_read(_runtime: Runtime, signal: ConversationRead) -> list[Push]:
    """To the other side."""
    payload = {"conversation": signal.conversation_id, "seq": signal.seq, "by": signal.by}
    if signal.by == "visitor":
        return [to_workspace(signal.workspace_id, "read", payload)]
    return [to_visitor(signal.visitor_id, "read", payload)]


def typed(_runtime: Runtime, signal: Typed) -> list[Push]:
    """To the other side, and to the other teammates."""
    payload = {"conversation": signal.conversation_id, "name": signal.name}
    inside = to_workspace(signal.workspace_id, "typing", payload | {"by": signal.by})
    return [inside] if signal.by == "visitor" else [inside, to_visitor(signal.visitor_id, "typing", payload)]


def availability_changed(runtime: Runtime, signal: AvailabilityChanged) -> list[Push]:
    now = runtime.clock()

    def query(session: Session) -> list[Push]:
        row = accounts.teammate(session, signal.workspace_id, signal.teammate_id)
        payload = {"id": row.id, "online": accounts.online(row, now)}
        return [to_workspace(signal.workspace_id, "teammate", payload)]

    return runtime.db.read(query)


def delivery_queued(runtime: Runtime, signal: DeliveryQueued, showing: Showing | None = None) -> list[Push]:
    """What may be shown to the visitor, for whom a socket is open; the browser knows each by its id. Where nobody knows
    what may be, it waits until the browser asks."""
    if showing is None:
        return []
    now = runtime.clock()

    def job(session: Session) -> list[Push]:
        talking = in_conversation(session, [signal.visitor_id])
        waiting = showing.hand_over(session, [Waiter(signal.visitor_id, None)], talking, now)
        return [to_visitor(signal.visitor_id, "delivery", each) for each in waiting.get(signal.visitor_id, [])]

    return runtime.db.write(job)


def teammate_notified(runtime: Runtime, signal: TeammateNotified) -> list[Push]:
    """The notification, to the consoles of the one whom it is for."""

    def query(session: Session) -> list[Push]:
        row = notifications.notification(session, signal.teammate_id, signal.notification_id)
        return [to_teammate(signal.teammate_id, "notification", notifications.dump(row))]

    return runtime.db.read(query)


@dataclass(frozen=True, slots=True)
class Row:
    """`pushes` says what is pushed; `ears` in which rooms somebody must be for it to be worth asking."""

    pushes: Callable[[Runtime, Any], list[Push]]
    ears: Callable[[Any], list[Room]]


def _both(signal: Any) -> list[Room]:
    return _teammates(signal) + _visitor(signal)


def _teammates(signal: Any) -> list[Room]:
    return [(CONSOLE, workspace_room(signal.workspace_id))]


def _visitor(signal: Any) -> list[Room]:
    return [(MESSENGER, visitor_room(signal.visitor_id))]


def _teammate(signal: Any) -> list[Room]:
    return [(CONSOLE, teammate_room(signal.teammate_id))]


PUSHES: dict[type, Row] = {
    PartAdded: Row(part_added, _both),
    ConversationChanged: Row(conversation_changed, _both),
    ConversationRead: Row(conversation_read, _both),
    Typed: Row(typed, _both),
    AvailabilityChanged: Row(availability_changed, _teammates),
    DeliveryQueued: Row(delivery_queued, _visitor),
    TeammateNotified: Row(teammate_notified, _teammate),
}


def subscribe(
    runtime: Runtime,
    emit: Callable[[Push], None],
    occupied: Callable[[Room], bool],
    showing: Showing | None = None,
) -> None:
    """Push what the table says, after each commit. `occupied` tells whether somebody could be in a room, `showing` what
    may be shown to a visitor."""

    def queued(runtime: Runtime, signal: DeliveryQueued) -> list[Push]:
        return delivery_queued(runtime, signal, showing)

    for kind, row in (PUSHES | {DeliveryQueued: Row(queued, _visitor)}).items():
        runtime.bus.subscribe(kind, _handler(runtime, row, emit, occupied))


def _handler(
    runtime: Runtime, row: Row, emit: Callable[[Push], None], occupied: Callable[[Room], bool]
) -> Callable[[Any], None]:
    def handle(signal: Any) -> None:
        if any(occupied(room) for room in row.ears(signal)):
            for push in row.pushes(runtime, signal):
                emit(push)

    handle.__qualname__ = row.pushes.__qualname__  # what the log names when a push fails
    return handle
