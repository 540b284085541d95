"""Actions carried out alone, as the engine would: a person, a rule that decided, and what the database then holds."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from frontdesk.app import ACTIONS
from frontdesk.collect.ports import PageSeen, SessionSeen
from frontdesk.core.db import Database
from frontdesk.core.ids import fingerprint
from frontdesk.engage.doing import deliveries, saved
from frontdesk.engage.models import DecisionRow, Delivery, RuleRow, RuleVersion
from frontdesk.engage.ports import ActionContext, Subject
from frontdesk.inbox.models import Conversation
from frontdesk.migrations.tables import metadata
from frontdesk.people.models import Company, CompanyMember, Contact, Segment, Visitor
from frontdesk_rules import Action, KnownFacts, Moment, parse_rules
from tests.server.conftest import Home

RULE = "rule: r\ntrigger: {{event: Something}}\ndo: [{}]\n"
TEXTS: Mapping[str, dict[str, Any]] = {
    "message": {"text": "Hi {{ contact.name | default: 'there' }}", "title": "News", "link": "/news"},
    "email": {"subject": "Dear {{ contact.name }}", "text": "How are you?"},
    "survey": {"questions": [{"key": "why", "kind": "text", "text": "Why, {{ contact.name }}?"}], "thanks": "Thanks"},
    "tour": {"title": "Start", "steps": [{"text": "Click here", "target": "#new"}]},
    "hint": {"text": "Look", "target": "#new"},
    "checklist": {"title": "To do", "items": [{"key": "first", "text": "Make a project", "event": "Project Created"}]},
}


def parsed(action: str) -> Action:
    """An action as it stands in a rule: `{tag: vip}`."""
    return parse_rules(RULE.format(action))[0].do[0]


@dataclass
class Stage:
    """One contact, Li Na, in one browser, in a conversation; `seen` is what a visitor's moment would bring along."""

    db: Database
    home: Home
    now: datetime
    subject: Subject
    facts: dict[str, object] = field(default_factory=dict)
    conversation_id: str | None = "cnv_1"

    @classmethod
    def built(cls, db: Database, home: Home, now: datetime) -> "Stage":
        db.write(lambda session: _furnish(session, home, now))
        subject = Subject(
            workspace_id=home.id,
            person_id="vis_1",
            visitor_id="vis_1",
            contact_id="con_1",
            visitor={"language": "en", "attributes": {}, "tags": []},
            session=SessionSeen("ses_1", 1, 1, "/", {"channel": "direct"}),
            locale="en",
        )
        return cls(db, home, now, subject, {"contact.name": "Li Na", "contact.user_id": "42"})

    def context(self, key: str = "key_1", **changed: Any) -> ActionContext:
        context = ActionContext(
            subject=self.subject,
            conversation_id=self.conversation_id,
            rule_id="rul_1",
            rule_name={"en": "A rule", "zh": "规则"},
            decision_id="dec_1",
            reasons=[],
            key=key,
            facts=KnownFacts(self.facts),
            page=PageSeen("https://shop.example/pricing", "/pricing", "Pricing"),
            now=self.now,
        )
        return replace(context, **changed)

    def do(self, action: str, key: str = "key_1", **changed: Any) -> list[Moment]:
        """Carry it out in a transaction of its own; what it made happen."""
        what, context = parsed(action), self.context(key, **changed)

        def job(session: Session) -> list[Moment]:
            made = list(ACTIONS[what.name](session, context, what) or ())
            deliveries.queue(session, context.shown, context.now)
            return made

        return self.db.write(job)

    def met_as(self, **columns: Any) -> None:
        """From now on the person is met so."""
        self.subject = replace(self.subject, **columns)

    def rows(self, kind: type[Any]) -> list[Any]:
        return self.db.read(lambda session: list(session.scalars(select(kind))))

    def delivery(self) -> Delivery:
        [row] = self.rows(Delivery)
        found: Delivery = row
        return found

    def change(self, kind: type[Any], row_id: str, **columns: Any) -> None:
        def job(session: Session) -> None:
            row = session.get(kind, row_id)
            for name, value in columns.items():
                setattr(row, name, value)

        self.db.write(job)

    def everything(self) -> dict[str, list[tuple[Any, ...]]]:
        """All rows of all tables: what there is to know."""

        def query(session: Session) -> dict[str, list[tuple[Any, ...]]]:
            tables = metadata.sorted_tables
            return {table.name: sorted(map(tuple, session.execute(select(table))), key=str) for table in tables}

        return self.db.read(query)


def _furnish(session: Session, home: Home, now: datetime) -> None:
    who = {"workspace_id": home.id, "seen_at": now}
    session.add(
        Contact(id="con_1", user_id="42", name="Li Na", email="li@example.com", verified=True, created_at=now, **who)
    )
    session.add(Company(id="cmp_1", group_id="acme", name="Acme", created_at=now, **who))
    session.flush()
    session.add(CompanyMember(company_id="cmp_1", contact_id="con_1"))
    token = fingerprint("vt_1")
    for visitor_id, contact_id in (("vis_1", "con_1"), ("vis_2", None)):
        session.add(
            Visitor(
                id=visitor_id,
                anonymous_id=visitor_id,
                contact_id=contact_id,
                contact_verified=bool(contact_id),
                token_hash=token if contact_id else None,
                first_seen_at=now,
                **who,
            )
        )
    session.flush()
    session.add(
        Conversation(
            id="cnv_1", workspace_id=home.id, visitor_id="vis_1", client_id="c1", state="open", tags=[],
            created_at=now, updated_at=now, page={"url": "https://shop.example/a", "path": "/a", "dwell_ms": 5},
        )
    )  # fmt: skip
    session.add(RuleRow(id="rul_1", workspace_id=home.id, key="r", created_at=now))
    session.flush()
    session.add(
        RuleVersion(
            rule_id="rul_1", version=1, workspace_id=home.id, state="live", source="", created_at=now, state_at=now,
            tree=parse_rules(RULE.format("{tag: x}"))[0].to_tree(),
        )
    )  # fmt: skip
    session.add(
        Segment(id="seg_1", workspace_id=home.id, key="vip", name={"en": "VIP"}, created_at=now, updated_at=now)
    )
    session.flush()
    session.add(
        DecisionRow(
            id="dec_1", workspace_id=home.id, rule_id="rul_1", rule_version=1, person_id="vis_1", repeat_key="",
            outcome="acted", detail={}, at=now,
        )
    )  # fmt: skip
    for kind, content in TEXTS.items():
        saved.save(session, home.id, {"key": f"saved-{kind}", "kind": kind, "content": {"en": content}}, now)
