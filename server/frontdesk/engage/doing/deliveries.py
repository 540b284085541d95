"""One message to one person, and its life: queued, sent, seen, clicked, dismissed, answered, replied; expired, held."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple, cast

from sqlalchemy import Table, text, update
from sqlalchemy.orm import Session

from frontdesk.core.clock import iso
from frontdesk.core.db import bulk
from frontdesk.core.ids import new_id
from frontdesk.core.signals import announce
from frontdesk.engage.models import DELIVERY_WAITS, Delivery
from frontdesk.engage.ports import Subject
from frontdesk.engage.signals import DeliveryMoved, DeliveryQueued

WAITS = timedelta(days=14)  # a visitor who comes back within two weeks still gets it
LETTER = "email"  # sent, and not shown in a page

# State → what may follow. A reply always counts, for somebody wrote something; nothing follows a reply.
MOVES: Mapping[str, frozenset[str]] = {
    "queued": frozenset({"sent", "seen", "clicked", "dismissed", "answered", "replied", "expired", "held"}),
    "sent": frozenset({"seen", "clicked", "dismissed", "answered", "replied", "expired", "held"}),
    "seen": frozenset({"clicked", "dismissed", "answered", "replied", "expired"}),
    "clicked": frozenset({"dismissed", "answered", "replied", "expired"}),
    "dismissed": frozenset({"answered", "replied"}),
    "answered": frozenset({"replied"}),
    "expired": frozenset({"answered", "replied"}),
    "held": frozenset({"answered", "replied"}),
    "replied": frozenset(),
}
REPORTED = ("seen", "clicked", "dismissed")  # what a browser may say of a delivery, beside the answers to a survey
UNSEEN = ("queued", "sent")
_UNANSWERED = ("seen", "clicked")
_ANSWERS = ("dismissed", "answered", "replied")


@dataclass(frozen=True, slots=True)
class NewDelivery:
    """What to tell whom. Of two with the same `key` in a workspace, the second is the first.

    Without a `visitor_id` it waits for the first browser in which the contact `person_id` is met.
    """

    workspace_id: str
    visitor_id: str | None
    decision_id: str
    rule_id: str
    key: str
    message_class: str
    sender: dict[str, Any]
    locale: str
    content: dict[str, Any]
    page: dict[str, Any] | None
    session_id: str | None
    conversation_id: str | None = None
    person_id: str | None = None
    kind: str = "chat"


@dataclass(frozen=True, slots=True)
class Waiter:
    """A visitor who can be shown something now. `session_id`: the run of activity it is in, where it is known.

    `contact_id` is the contact that it may be taken for; `subject` the person as now, where that is at hand.
    """

    visitor_id: str
    session_id: str | None
    contact_id: str | None = None
    subject: Subject | None = None


def queue(session: Session, new: Sequence[NewDelivery], now: datetime) -> set[str]:
    """Store these until their visitors ask; the ids of those whose key was not queued before."""
    rows = {new_id("dlv", now): one for one in new}
    stored = bulk.insert_new(session, _TABLE, _QUEUED, [_row(*one, now) for one in rows.items()], ("id",))
    queued = {str(delivery_id) for (delivery_id,) in stored}
    for delivery_id in sorted(queued):
        one = rows[delivery_id]
        if one.visitor_id:
            announce(session, DeliveryQueued(one.workspace_id, one.visitor_id, delivery_id))
    return queued


def _row(delivery_id: str, new: NewDelivery, now: datetime) -> tuple[Any, ...]:
    return (
        delivery_id, new.workspace_id, new.person_id, new.visitor_id, new.decision_id, new.rule_id, new.kind,
        new.message_class, new.sender, new.locale, new.content, new.page, new.session_id, new.conversation_id,
        "queued", new.key, now, now + WAITS,
    )  # fmt: skip


_TABLE = cast(Table, Delivery.__table__)
_QUEUED = (
    "id", "workspace_id", "person_id", "visitor_id", "decision_id", "rule_id", "kind", "message_class", "sender",
    "locale", "content", "page", "session_id", "conversation_id", "state", "idempotency_key", "created_at",
    "expires_at",
)  # fmt: skip


def waiting(session: Session, waiters: Collection[Waiter], now: datetime) -> "list[Given]":
    """What there is to show to these, oldest first, in one query.

    What was not seen yet is given again with every answer, for an answer may be lost; the browser knows each by its id.
    What was seen and not answered is given again within the same session, so that a card outlives a reload.
    """
    sessions = {waiter.visitor_id: waiter.session_id for waiter in waiters}
    if not sessions:
        return []
    _find_browsers(session, waiters, now)
    states = [(visitor_id, state) for visitor_id in sessions for state in UNSEEN + _UNANSWERED]
    found = bulk.find(session, _TABLE, _GIVEN, {("visitor_id", "state"): states}, since=("expires_at", now))
    rows = sorted(Given(*one) for one in found)
    return [row for row in rows if row.unseen or (row.session_id and row.session_id == sessions[row.visitor_id])]


class Given(NamedTuple):
    """What the answer to a visitor needs of a delivery. The oldest first, as its id sorts."""

    id: str
    visitor_id: str
    session_id: str | None
    state: str
    rule_id: str
    kind: str
    message_class: str
    sender: dict[str, Any]
    locale: str
    content: dict[str, Any]
    expires_at: datetime
    workspace_id: str
    decision_id: str
    conversation_id: str | None

    @property
    def unseen(self) -> bool:
        return self.state in UNSEEN


_GIVEN = Given._fields


def _find_browsers(session: Session, waiters: Collection[Waiter], now: datetime) -> None:
    """What waits for a contact, and not for the browser of one moment, goes to the first one that it is met in."""
    met = {waiter.contact_id: waiter.visitor_id for waiter in waiters if waiter.contact_id}
    states = [(contact_id, "queued") for contact_id in met]
    columns = ("id", "person_id", "visitor_id", "kind", "page", "conversation_id")
    waiting = bulk.find(session, _TABLE, columns, {("person_id", "state"): states}, since=("expires_at", now))
    for delivery_id, contact_id, visitor_id, kind, page, conversation_id in waiting:
        pinned = visitor_id is not None and (page is not None or conversation_id is not None)
        if kind != LETTER and not pinned and visitor_id != met[contact_id]:
            mine = update(Delivery).where(Delivery.id == delivery_id, Delivery.state == "queued")
            session.execute(mine.values(visitor_id=met[contact_id]))


def note_sent(session: Session, rows: Collection[tuple["Given", str | None]], now: datetime) -> None:
    """They are in the answers to their browsers, each in this session, where it is known.

    Guarded by the state, for on PostgreSQL it may dismiss one in the same moment.
    """
    queued = [
        ("queued", row.id, "sent", now, session_id or row.session_id)
        for row, session_id in rows
        if row.state == "queued"
    ]
    bulk.update(session, _TABLE, ("state", "id"), ("state", "sent_at", "first_session_id"), queued)
    moved = [
        (row.id, "sent", session_id)
        for row, session_id in rows
        if session_id and row.state in UNSEEN and row.session_id != session_id
    ]
    bulk.update(session, _TABLE, ("id", "state"), ("session_id",), moved)


def wire(row: Delivery | Given) -> dict[str, Any]:
    """Delivery, as CONTRACTS has it."""
    return {
        "id": row.id,
        "rule": row.rule_id,
        "kind": row.kind,
        "class": row.message_class,
        "from": row.sender,
        "locale": row.locale,
        "content": row.content,
        "expires_at": iso(row.expires_at),
    }


def words(row: Delivery) -> str:
    """What it said, in a line or two, to stand in the conversation that answers it."""
    content = row.content
    first = next(iter(content.get("questions") or content.get("steps") or [{}]))
    return str(content.get("text") or content.get("title") or first.get("text") or "")


def move(session: Session, row: Delivery, state: str, now: datetime) -> None:
    """Bring a locked delivery to `state`; a report that comes twice or too late changes nothing."""
    if state not in MOVES[row.state]:
        return
    row.state = state
    row.seen_at = row.seen_at or now
    row.clicked_at = row.clicked_at or (now if state == "clicked" else None)
    row.answered_at = now if state in _ANSWERS else row.answered_at
    session.flush()
    if row.visitor_id:
        announce(session, DeliveryMoved(row.workspace_id, row.visitor_id, row.id, state))


def hold(session: Session, delivery_id: str) -> bool:
    """It is never shown; False where the browser was quicker."""
    unseen = update(Delivery).where(Delivery.id == delivery_id, Delivery.state.in_(UNSEEN))
    return session.execute(unseen.values(state="held")).rowcount == 1  # type: ignore[attr-defined,no-any-return]  # of an UPDATE it is there


def settle_letter(session: Session, workspace_id: str, key: str, now: datetime, *, sent: bool) -> None:
    """A letter has left, or was given up."""
    changes = {"state": "sent", "sent_at": now} if sent else {"state": "expired"}
    letter = update(Delivery).where(Delivery.workspace_id == workspace_id, Delivery.idempotency_key == key)
    session.execute(letter.where(Delivery.kind == LETTER, Delivery.state == "queued").values(**changes))


def expire(session: Session, now: datetime) -> int:
    """Close what waited in vain; how many there were. For a slow tick. Letters are the outbox's."""
    late = update(Delivery).where(text(DELIVERY_WAITS), Delivery.expires_at <= now)
    return len(session.scalars(late.values(state="expired").returning(Delivery.id)).all())
