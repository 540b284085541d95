"""People with a past in rows, and cases of theirs: what the engine would gather about them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from frontdesk.accounts.models import Workspace
from frontdesk.collect.models import Session as Run
from frontdesk.collect.ports import PageSeen, SessionSeen
from frontdesk.core.db import Database
from frontdesk.engage.deciding.cases import Case
from frontdesk.engage.facts.case_facts import CaseFacts
from frontdesk.engage.facts.gathering import Gathered
from frontdesk.engage.facts.memory import PersonMemory
from frontdesk.engage.models import DecisionRow, Delivery, RuleRow
from frontdesk.engage.ports import Subject
from frontdesk.people.models import Contact, Visitor
from frontdesk_rules import LiveRule, Moment, Policy, RuleSet, parse_tree
from tests.server.engage.facts.storing import Done, store

T = TypeVar("T")
_numbers = count(1)
SESSION = SessionSeen("ses_1", 3, 2, "/", {"channel": "direct"})


@dataclass
class World:
    db: Database
    workspace_id: str
    now: datetime
    policy: Policy = field(default_factory=Policy)

    def add(self, *rows: Any) -> None:
        self.db.write(lambda session: session.add_all(rows))

    def visitor(self, visitor_id: str, **columns: Any) -> str:
        row = {"attributes": {}, "tags": [], "first_seen_at": self.now, "seen_at": self.now, **columns}
        self.add(Visitor(id=visitor_id, workspace_id=self.workspace_id, anonymous_id=visitor_id, **row))
        return visitor_id

    def contact(self, contact_id: str, **columns: Any) -> str:
        row = {"attributes": {}, "tags": [], "created_at": self.now, "seen_at": self.now, **columns}
        self.add(Contact(id=contact_id, workspace_id=self.workspace_id, user_id=contact_id, **row))
        return contact_id

    def session(self, person_id: str, **columns: Any) -> None:
        """Its first one."""
        row = {"number": 1, "touch": {}, "last_at": self.now, **columns}
        self.add(Run(id=f"ses_{next(_numbers)}", workspace_id=self.workspace_id, person_id=person_id, **row))

    def did(self, *done: Done) -> None:
        self.db.write(lambda session: store(session, list(done), self.workspace_id))

    def workspace(self, **columns: Any) -> None:
        def change(session: Session) -> None:
            row = session.get_one(Workspace, self.workspace_id)
            for name, value in columns.items():
                setattr(row, name, value)

        self.db.write(change)

    def rule(self, key: str, **tree: Any) -> RuleSet:
        """A rule under the id `rul_<key>`, as live alone."""
        self.add(RuleRow(id=f"rul_{key}", workspace_id=self.workspace_id, key=key, created_at=self.now))
        parsed = parse_tree({"rule": key, "trigger": {"event": "Asked"}, "do": [{"tag": "seen"}], **tree})
        return RuleSet.compile([LiveRule(f"rul_{key}", 1, parsed)], self.policy)

    def decided(self, rule_id: str, person_id: str, **columns: Any) -> str:
        decision_id = f"dec_{next(_numbers):05}"
        row = {"repeat_key": person_id, "outcome": "acted", "detail": {}, "at": self.now, **columns}
        rule = {"rule_id": rule_id, "rule_version": 1, "person_id": person_id, "workspace_id": self.workspace_id}
        self.add(DecisionRow(id=decision_id, **rule, **row))
        return decision_id

    def delivered(self, rule_id: str, person_id: str, **columns: Any) -> None:
        decision_id = self.decided(rule_id, person_id)
        row = {"message_class": "marketing", "state": "sent", "sent_at": self.now, "created_at": self.now, **columns}
        self.add(
            Delivery(
                id=f"dlv_{decision_id}",
                workspace_id=self.workspace_id,
                person_id=person_id,
                decision_id=decision_id,
                rule_id=rule_id,
                kind="chat",
                sender={},
                locale="en",
                content={},
                idempotency_key=decision_id,
                expires_at=self.now,
                **row,
            )
        )

    def subject(self, person_id: str, contact_id: str | None = None, **visitor: Any) -> Subject:
        visitor_id = person_id if person_id.startswith("vis_") else None
        return Subject(self.workspace_id, person_id, visitor_id, contact_id, visitor, SESSION, "en")

    def case(self, subject: Subject, rules: RuleSet | None = None, **more: Any) -> Case:
        moment = Moment(kind="event", name="Asked", at=self.now, id=f"evt_{next(_numbers)}")
        candidates = rules.candidates(moment) if rules else ()
        return Case(subject, moment, candidates, more.pop("page", PageSeen("https://s.example/", "/")), **more)

    def facts(self, case: Case, ask: Callable[[CaseFacts], T]) -> T:
        return self.db.read(lambda session: ask(CaseFacts(session, case, Gathered(session, [case], self.now))))

    def known(self, case: Case, *names: str) -> list[object]:
        return self.facts(case, lambda facts: [facts.get(name) for name in names])

    def memory(self, case: Case, ask: Callable[[PersonMemory], T]) -> T:
        return self.memories([case], lambda memories: ask(memories[0]))

    def memories(self, cases: Sequence[Case], ask: Callable[[list[PersonMemory]], T]) -> T:
        """Of one group."""

        def read(session: Session) -> T:
            gathered = Gathered(session, cases, self.now)
            return ask([PersonMemory(case.subject, gathered) for case in cases])

        return self.db.read(read)
