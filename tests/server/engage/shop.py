"""A shop's visitors at work on real services: they look at pages, stay, and open chats; the clock moves when told."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from itertools import count
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from frontdesk.collect.models import Session as Run
from frontdesk.collect.ports import Arrival, PageSeen, SessionSeen, StoredEvent, Verdict
from frontdesk.core.clock import MovableClock
from frontdesk.core.db import Database
from frontdesk.core.ids import fingerprint
from frontdesk.core.signals import Bus
from frontdesk.engage.deciding.conversations import ConversationRules, opening
from frontdesk.engage.deciding.engine import Engine
from frontdesk.engage.doing import messages as actions
from frontdesk.engage.models import DecisionRow
from frontdesk.engage.ports import ActionContext, EngagePorts
from frontdesk.engage.rules import saving as rules
from frontdesk.engage.rules.live import LiveRules
from frontdesk.engage.signals import RulesChanged
from frontdesk.inbox.conversations import Start, start
from frontdesk.inbox.models import Conversation
from frontdesk.inbox.ports import InboxPorts, StartedFrom
from frontdesk.inbox.queries import for_rules, standing
from frontdesk.people import queries as people
from frontdesk.people.models import Contact, Visitor

_numbers = count(1)


@dataclass
class Shop:
    """One workspace. What rules ask of other rooms is written down in `done`, as (action, conversation, reasons)."""

    db: Database
    clock: MovableClock
    workspace_id: str
    live: LiveRules
    done: list[tuple[Any, ActionContext]] = field(default_factory=list)
    unstaffed: bool = False

    @property
    def engine(self) -> Engine:
        noted = dict.fromkeys(("assign", "tag", "untag"), self._note)
        return Engine(self.live, EngagePorts({"message": actions.message, **noted}, standing))

    def _note(self, _session: Session, context: ActionContext, action: Any) -> None:
        if self.unstaffed:
            raise LookupError("no such team")
        self.done.append((action, context))

    def save(self, text: str) -> list[str]:
        return self.db.write(partial(rules.save, workspace_id=self.workspace_id, text=text, now=self.clock()))

    def visitor(self, **columns: Any) -> "Browser":
        """A browser that we know; `contact_id` makes it a contact's."""
        number = next(_numbers)
        row = {"attributes": {}, "tags": [], "language": "en", **columns}
        now = self.clock()

        def job(session: Session) -> None:
            session.add(
                Visitor(
                    id=f"vis_{number:04}",
                    workspace_id=self.workspace_id,
                    anonymous_id=str(number),
                    token_hash=fingerprint(f"vt_{number}"),
                    first_seen_at=now,
                    seen_at=now,
                    **row,
                )
            )

        self.db.write(job)
        return Browser(self, f"vis_{number:04}", row, token=f"vt_{number}")

    def contact(self, **columns: Any) -> str:
        number, now = next(_numbers), self.clock()
        contact_id = f"con_{number:04}"
        row = {"user_id": str(number), "attributes": {}, "tags": [], "created_at": now, "seen_at": now, **columns}
        self.db.write(lambda session: session.add(Contact(id=contact_id, workspace_id=self.workspace_id, **row)))
        return contact_id

    def decisions(self) -> list[DecisionRow]:
        return self.db.read(lambda session: list(session.scalars(select(DecisionRow).order_by(DecisionRow.id))))

    def held(self) -> list[str | None]:
        return [row.reason for row in self.decisions() if row.outcome == "held"]

    def arrive(self, arrivals: Iterable[Arrival]) -> list[Verdict]:
        """One group of requests."""
        verdicts: list[Verdict] = self.db.write(partial(self.engine.decide, arrivals=list(arrivals), now=self.clock()))
        return verdicts


@dataclass
class Browser:
    shop: Shop
    id: str
    columns: dict[str, Any]
    token: str
    session_id: str = "ses_1"
    dwell: dict[str, int] = field(default_factory=dict)
    holds_token: bool = True
    touch: dict[str, Any] = field(default_factory=lambda: {"channel": "direct"})

    def look(self, path: str) -> Verdict:
        return self._send(self.event("page", None, path))

    def stay(self, path: str, seconds: float) -> Verdict:
        """Be on a page until the probe reports this much visible time, as it does at thresholds."""
        self.dwell[path] = round(seconds * 1000)
        properties = {"path": path, "dwell_ms": self.dwell[path]}
        return self._send(self.event("track", "Page Dwell", path, properties))

    def do(self, name: str, **properties: Any) -> Verdict:
        return self._send(self.event("track", name, "/app", properties))

    def beat(self) -> Verdict:
        """A sign of presence: an arrival without events."""
        return self._send()

    def come_back_later(self) -> None:
        self.session_id = f"ses_{next(_numbers)}"
        self.dwell = {}
        self.shop.clock.advance(timedelta(hours=3))

    def event(self, kind: str, name: str | None, path: str, properties: dict[str, Any] | None = None) -> StoredEvent:
        return StoredEvent(
            id=f"evt_{next(_numbers):05}",
            type=kind,
            name=name,
            properties=properties or {},
            page=self._page(path),
            occurred_at=self.shop.clock(),
            verified=False,
            live=True,
        )

    def arrival(self, *events: StoredEvent) -> Arrival:
        contact_id = self.columns.get("contact_id")
        return Arrival(
            workspace_id=self.shop.workspace_id,
            person_id=self.id,
            visitor_id=self.id,
            contact_id=contact_id,
            visitor=self.columns,
            session=SessionSeen(self.session_id, 1, 1, "/", self.touch),
            events=events,
            page=events[-1].page if events else None,
            locale=self.columns["language"],
            token_held=self.holds_token,
        )

    def _page(self, path: str) -> PageSeen:
        return PageSeen(f"https://shop.example{path}", path, "Pricing", None, self.dwell.get(path, 0))

    def _send(self, *events: StoredEvent) -> Verdict:
        return self.shop.arrive([self.arrival(*events)])[0]

    def remember_run(self, dwell: dict[str, int]) -> None:
        """What collect stored of this browser's session."""
        now = self.shop.clock()
        run = Run(
            id=self.session_id,
            workspace_id=self.shop.workspace_id,
            person_id=self.id,
            number=1,
            touch={"channel": "email", "campaign": "spring"},
            landing_path="/",
            page_views=2,
            dwell=dwell,
            started_at=now,
            last_at=now,
        )
        self.shop.db.write(lambda session: session.add(run))

    def open_chat(self, path: str, dwell_ms: int, delivery_id: str | None = None) -> Conversation:
        """Write a first message, from this page."""
        ports = InboxPorts(
            opening=opening,
            started=ConversationRules(self.shop.engine).started,
            replied=ConversationRules(self.shop.engine).replied,
            answered=ConversationRules(self.shop.engine).answered,
            closed=ConversationRules(self.shop.engine).closed,
        )
        page = {"url": f"https://shop.example{path}", "path": path, "title": "Pricing", "dwell_ms": dwell_ms}
        asked = Start(f"cl_{next(_numbers)}", "Hello!", StartedFrom(page, "en"), delivery_id)
        now = self.shop.clock()

        def job(session: Session) -> Conversation:
            visitor = people.visitor(session, self.shop.workspace_id, self.id)
            return start(session, visitor, asked, ports, now)

        return self.shop.db.write(job)

    def is_answered(self, conversation_id: str) -> None:
        """A teammate closes the conversation: rules for `closed` are asked."""
        rules, now = ConversationRules(self.shop.engine), self.shop.clock()
        self.shop.db.write(lambda session: rules.closed(session, for_rules(session, conversation_id), now))

    def write_again(self, conversation_id: str) -> None:
        rules, now = ConversationRules(self.shop.engine), self.shop.clock()
        self.shop.db.write(lambda session: rules.replied(session, for_rules(session, conversation_id), now))


def open_shop(db: Database, bus: Bus, clock: MovableClock, workspace_id: str) -> Shop:
    live = LiveRules(db)
    bus.subscribe(RulesChanged, live.on_rules_changed)
    return Shop(db, clock, workspace_id, live)
