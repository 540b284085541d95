"""What the inbox asks of us: rules at a conversation's moments, and the auto-message that a visitor answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from frontdesk.collect.models import Session as Run
from frontdesk.collect.ports import PageSeen, SessionSeen
from frontdesk.engage import queries
from frontdesk.engage.deciding.cases import Case
from frontdesk.engage.deciding.engine import Engine
from frontdesk.engage.deciding.moments import whole_ms
from frontdesk.engage.doing import deliveries
from frontdesk.engage.facts.subjects import VISITOR_COLUMNS
from frontdesk.engage.ports import Subject
from frontdesk.inbox.models import Conversation
from frontdesk.inbox.ports import Opening, StartedFrom
from frontdesk.people import queries as people
from frontdesk.people.models import Visitor
from frontdesk.people.queries import Person
from frontdesk_rules import Moment
from frontdesk_rules.urls import normal_path


def opening(session: Session, visitor: Visitor, delivery_id: str, now: datetime) -> Opening | None:
    """Claim the delivery as replied to; None where it is not this visitor's."""
    row = queries.delivery_of_visitor(session, visitor.id, delivery_id)
    if row is None:
        return None
    deliveries.move(session, row, "replied", now)
    return Opening(deliveries.words(row), row.sender["name"], row.id, row.rule_id)


@dataclass(frozen=True, slots=True)
class ConversationRules:
    """`started`, `replied`, `answered`, `closed` are the inbox's ports of these names; all act in its transaction."""

    engine: Engine

    def started(self, session: Session, conversation: Conversation, origin: StartedFrom, now: datetime) -> None:
        """Ask the rules for `conversation: started`; the page is the one it was started from."""
        self._ask(session, conversation, _Change("started", conversation.id, origin.page, origin.locale), now)

    def replied(self, session: Session, conversation: Conversation, now: datetime) -> None:
        """Ask the rules for `conversation: replied`: the visitor wrote again."""
        change = _Change("replied", f"{conversation.id}:{conversation.last_seq}", conversation.page, None)
        self._ask(session, conversation, change, now)

    def answered(self, session: Session, conversation: Conversation, now: datetime) -> None:
        """A teammate wrote: whoever was waited for is here."""
        change = _Change("answered", f"{conversation.id}:{conversation.last_seq}", conversation.page, None)
        self._ask(session, conversation, change, now)

    def closed(self, session: Session, conversation: Conversation, now: datetime) -> None:
        """Ask the rules for `conversation: closed`: a teammate said that it is done."""
        change = _Change("closed", f"{conversation.id}:{conversation.last_seq}", conversation.page, None)
        self._ask(session, conversation, change, now)

    def _ask(self, session: Session, conversation: Conversation, change: "_Change", now: datetime) -> None:
        rules = self.engine.live.get(session, conversation.workspace_id)
        key = f"conversation:{change.name}"
        arming = rules.armed_by.get(key, ())
        if key not in rules.buckets and not arming:
            return
        visitor = people.visitor(session, conversation.workspace_id, conversation.visitor_id)
        run = queries.latest_run(session, visitor.id, now)
        page = _page_seen(change.page or visitor.page, run)
        moment = Moment(
            kind="conversation",
            name=change.name,
            at=now,
            id=change.id,
            path=page.path if page else None,
            dwell_ms=page.dwell_ms if page else None,
        )
        person = people.person(session, visitor.workspace_id, visitor.id)
        subject = _subject(visitor, person, run, change.locale)
        case = Case(subject, moment, (), page, conversation.id, conversation.delivery_id, rules, arming)
        self.engine.conclude(session, [case], now)


@dataclass(frozen=True, slots=True)
class _Change:
    """What befell a conversation, the id of that moment, and where the visitor stood."""

    name: str
    id: str
    page: Mapping[str, Any] | None
    locale: str | None


def _subject(visitor: Visitor, person: Person, run: Run | None, locale: str | None) -> Subject:
    return Subject(
        workspace_id=visitor.workspace_id,
        person_id=visitor.id,
        visitor_id=visitor.id,
        contact_id=person.contact.id if person.contact else None,
        visitor={name: getattr(visitor, name) for name in VISITOR_COLUMNS},
        session=SessionSeen(run.id, run.number, run.page_views, run.landing_path, run.touch) if run else None,
        locale=locale or visitor.language or "en",
    )


def _page_seen(page: Mapping[str, Any] | None, run: Run | None) -> PageSeen | None:
    """The page as told, with the longer of the visible time that is claimed and that is stored."""
    url = (page or {}).get("url") or (page or {}).get("path")
    if page is None or not isinstance(url, str):
        return None
    path = normal_path(page.get("path") or url)
    stored = [ms for seen, ms in run.dwell.items() if normal_path(seen) == path] if run else []
    return PageSeen(
        url=url,
        path=path,
        title=page.get("title"),
        dwell_ms=max([whole_ms(page.get("dwell_ms")) or 0, *stored]),
    )
