"""The floor where teammates sit: who is online, and who gets what a rule routes."""

from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from frontdesk.accounts.models import Teammate
from frontdesk.core.clock import MovableClock
from frontdesk.core.db import Database
from frontdesk.inbox import conversations
from frontdesk.inbox.conversations import Start
from frontdesk.inbox.models import Conversation, Part
from frontdesk.inbox.ports import InboxPorts, StartedFrom
from frontdesk.people.models import Visitor
from frontdesk.routing.assignment import Assignment, Cause, assign

_numbers = count(1)
REASON = {"code": "dwell", "text_en": "More than a minute on /pricing", "text_zh": "在 /pricing 停留超过一分钟"}
CAUSE = Cause("rul_1", {"en": "Price page", "zh": "价格页"}, [REASON], {"kind": "rule", "name": "Price page"})


@dataclass
class Routed:
    """What became of one routed conversation."""

    id: str
    assignee: str | None
    team: str | None
    details: list[dict[str, Any]]

    @property
    def codes(self) -> list[str]:
        return [reason["code"] for detail in self.details for reason in detail["reasons"]]


@dataclass
class Floor:
    db: Database
    clock: MovableClock
    visitor_id: str = "vis_a_1"

    def online(self, *names: str, seen_ago: int = 0) -> None:
        """These teammates of workspace 1 have their console open since `seen_ago` seconds."""
        self._change(names, seen_at=self.clock() - timedelta(seconds=seen_ago))

    def away(self, *names: str) -> None:
        """These chose not to be available."""
        self._change(names, available=False)

    def _change(self, names: tuple[str, ...], **values: Any) -> None:
        def job(session: Session) -> None:
            for row in session.scalars(select(Teammate).where(Teammate.id.in_([f"tmt_{name}_1" for name in names]))):
                for field, value in values.items():
                    setattr(row, field, value)

        self.db.write(job)

    def start(self, **asked: Any) -> str:
        """A visitor starts a conversation and a rule routes it; by default to sales. The conversation's id."""
        return self.db.write(lambda session: self.start_in(session, **asked))

    def start_in(self, session: Session, **asked: Any) -> str:
        def started(session: Session, found: Conversation, _origin: StartedFrom, now: Any) -> None:
            assign(session, assignment(found.id, **asked), now)

        self.clock.advance(timedelta(milliseconds=10))
        visitor = session.execute(select(Visitor).where(Visitor.id == self.visitor_id)).scalar_one()
        first = Start(f"c{next(_numbers)}", "Hello", StartedFrom(None, "en"))
        ports = InboxPorts(lambda *_: None, started, *[lambda *_: None] * 3)
        return conversations.start(session, visitor, first, ports, self.clock()).id

    def route(self, conversation_id: str, **asked: Any) -> None:
        """A rule routes a conversation that is under way."""
        self.clock.advance(timedelta(milliseconds=10))
        self.db.write(lambda session: assign(session, assignment(conversation_id, **asked), self.clock()))

    def look(self, conversation_id: str) -> Routed:
        def query(session: Session) -> Routed:
            row = session.execute(select(Conversation).where(Conversation.id == conversation_id)).scalar_one()
            parts = select(Part.detail).where(Part.conversation_id == row.id, Part.kind == "assignment")
            details = [detail for detail in session.scalars(parts.order_by(Part.seq)) if detail]
            return Routed(row.id, row.assignee_id, row.team_id, details)

        return self.db.read(query)


def assignment(conversation_id: str, **asked: Any) -> Assignment:
    given = {"team_key": "sales", "teammate": None, "strategy": "least_busy", "fallback_key": None, "cause": CAUSE}
    return Assignment(conversation_id, **(given | asked))
