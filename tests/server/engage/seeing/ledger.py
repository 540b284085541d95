"""Decisions and orders, written down as the server would have; and how a database goes about counting them."""

from datetime import timedelta
from typing import Any

from sqlalchemy import event, insert, text
from sqlalchemy.orm import Session

from frontdesk.collect.models import Event
from frontdesk.core.db import Database
from frontdesk.engage.models import DecisionRow
from frontdesk.engage.seeing.asked import kept
from frontdesk.engage.seeing.funnel import Span, funnel
from frontdesk.engage.seeing.lift import lift
from frontdesk.people.models import Contact, Visitor
from tests.server.engage.seeing.street import Street

HOUR = timedelta(hours=1)


class Ledger:
    """Decisions and orders, written down as the server would have."""

    def __init__(self, street: Street, rule: str) -> None:
        self.street = street
        self.rule_id = street.save(rule)
        self._count = 0

    @property
    def db(self) -> Database:
        return self.street.runtime.db

    def decided(self, person: str, outcome: str = "acted", ago: timedelta = HOUR * 24, **more: Any) -> None:
        row = self._decision(person, ago) | {"outcome": outcome} | more
        self.db.write(lambda session: session.execute(insert(DecisionRow).values(row)))

    def decided_by_another(self, rule: str, many: int) -> None:
        """What another rule did, so that a database sees what it gains by an index."""
        other = {"rule_id": self.street.save(rule)}
        rows = [self._decision(f"vis_o{number}", timedelta(minutes=number)) | other for number in range(many)]
        self.db.write(lambda session: session.execute(insert(DecisionRow), rows))

    def _decision(self, person: str, ago: timedelta) -> dict[str, Any]:
        self._count += 1
        at = self.street.clock() - ago
        return {
            "id": f"dec_{self._count:06}", "workspace_id": self.street.home.id, "rule_id": self.rule_id,
            "rule_version": 1, "person_id": person, "repeat_key": person, "outcome": "acted", "reason": None,
            "detail": {}, "at": at, "occurred_at": at, "shadow": False,
        }  # fmt: skip

    def ordered(self, person: str, ago: timedelta, revenue: float = 10, *, verified: bool = True) -> None:
        self._count += 1
        at = self.street.clock() - ago
        row = {
            "id": f"evt_{self._count:06}", "workspace_id": self.street.home.id, "person_id": person, "type": "track",
            "name": "Order Completed", "properties": {"revenue": revenue}, "verified": verified,
            "message_id": str(self._count), "occurred_at": at, "received_at": at,
        }  # fmt: skip
        self.db.write(lambda session: session.execute(insert(Event).values(row)))

    def is_contact(self, visitor: str, contact: str, *, verified: bool) -> None:
        """A browser that says that it is this contact; a server said so, or nobody but itself."""
        home, now = self.street.home.id, self.street.clock()

        def job(session: Session) -> None:
            if session.get(Contact, contact) is None:
                session.add(
                    Contact(id=contact, workspace_id=home, user_id=contact, verified=True, created_at=now, seen_at=now)
                )
                session.flush()
            session.add(
                Visitor(
                    id=visitor,
                    workspace_id=home,
                    anonymous_id=visitor,
                    contact_id=contact,
                    contact_verified=verified,
                    first_seen_at=now,
                    seen_at=now,
                )
            )

        self.db.write(job)

    def asked(self, what: str, **query: Any) -> dict[str, Any]:
        answer = self.street.api("GET", f"/rules/{self.rule_id}/{what}", query_string=query)
        assert answer.status_code == 200, answer.json
        return dict(answer.json or {})


def plans_of(ledger: Ledger) -> list[str]:
    """How the database goes about each query of the funnel and of the lift."""
    statements: list[tuple[str, Any]] = []

    def read(session: Session) -> list[str]:
        rule = kept(session, ledger.street.home.id, "trial").rule
        now = ledger.street.clock()
        span = Span(now - timedelta(days=30), now)
        connection = session.connection()

        def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
            if "decision" in statement:
                statements.append((statement, parameters))

        event.listen(connection, "before_cursor_execute", note)
        funnel(session, ledger.street.home.id, rule, span)
        lift(session, ledger.street.home.id, rule, span)
        event.remove(connection, "before_cursor_execute", note)
        postgres = connection.dialect.name == "postgresql"
        if postgres:
            session.execute(text("ANALYZE decision"))  # by what is there now, and not by what a test before has left
            session.execute(text("SET LOCAL enable_seqscan = off"))
        explain = "EXPLAIN " if postgres else "EXPLAIN QUERY PLAN "
        plans = []
        for statement, parameters in statements:
            rows = connection.exec_driver_sql(explain + statement, parameters).fetchall()
            plans.append("\n".join(str(row[-1]) for row in rows))
        return plans

    return ledger.db.read(read)
