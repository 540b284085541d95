"""People with random attributes, browsers, companies and pasts, put into a database and taken out again; and what the
interpreter says of each of them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from frontdesk.collect.models import Event
from frontdesk.core.db import Database
from frontdesk.engage.deciding.cases import Case
from frontdesk.engage.facts.case_facts import CaseFacts
from frontdesk.engage.facts.gathering import Gathered
from frontdesk.engage.facts.subjects import subjects
from frontdesk.engage.sql import fields
from frontdesk.engage.sql.matching import Sayer
from frontdesk.people.models import Company, CompanyMember, Contact, Segment, SegmentMember, Visitor
from frontdesk_rules import History, Moment, PastEvent, RememberedHistory, View
from frontdesk_rules.findings import Place
from frontdesk_rules.language.conditions import Condition, evaluate
from frontdesk_rules.reading.conditions import read_condition
from tests.rules.strategies import EVENTS, SCALARS, TIMES, WORDS

NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)
ITEMS = st.lists(SCALARS, max_size=3)
VALUES: st.SearchStrategy[Any] = (
    SCALARS
    | ITEMS
    | TIMES.map(lambda at: at.isoformat())
    | st.sampled_from(
        (None, {"a": 1}, [], "", "2.1.0", "Straße", "2026-03-02", "20260302", "no time", "/pricing?plan=pro",
         "https://shop.example/a", 2**60, -(2**53) - 1, 0.1 + 0.2, "spring sale", "50%_[a]?*", "K")
    )
)  # fmt: skip
KEYS = ("plan", "seats", "renews_at", "timezone", "two words", "价格", 'odd"key')
ATTRIBUTES = st.dictionaries(st.sampled_from(KEYS), VALUES, max_size=4)
TAGS = st.lists(WORDS, max_size=2, unique=True)
TEXT = st.none() | WORDS | st.sampled_from(("Asia/Shanghai", "Straße", "50%_[a]?*", ""))
# the ends of windows, and a tick on either side
EDGES = [NOW - timedelta(days=days, milliseconds=tick) for days in (0, 1, 5, 14, 30) for tick in (-1, 0, 1)]
PROPERTIES = st.dictionaries(st.sampled_from(("total", "plan", "odd.one")), VALUES, max_size=2)
PAST = st.lists(st.tuples(st.sampled_from(EVENTS), st.sampled_from(EDGES) | TIMES, PROPERTIES), max_size=4)
BROWSERS = st.fixed_dictionaries({
    "country": TEXT, "name": TEXT, "timezone": TEXT, "attributes": ATTRIBUTES, "tags": TAGS, "past": PAST,
    "contact_verified": st.booleans(), "linked": st.integers(0, 3), "stand_in": st.integers(0, 4),
    "held": st.booleans(),
})  # fmt: skip
PEOPLE = st.fixed_dictionaries({
    "name": TEXT, "phone": TEXT, "attributes": ATTRIBUTES, "tags": TAGS, "past": PAST, "verified": st.booleans(),
    "registered_at": st.none() | st.sampled_from(EDGES) | TIMES, "browsers": st.lists(BROWSERS, max_size=2),
    "companies": st.lists(ATTRIBUTES, max_size=2), "segments": st.sets(st.sampled_from(("vip", "staff"))),
})  # fmt: skip


def condition_of(tree: object) -> Condition:
    place = Place()
    condition = read_condition(tree, place)
    assert condition is not None, place.found
    return condition


@dataclass(frozen=True)
class Town:
    """The people of one workspace, as they are inside one transaction that nothing is kept of.

    Their past is asked of the server, or (not `as_stored`) of one that knows them since another time.
    """

    session: Session
    workspace_id: str
    known_since: datetime | None = None
    as_stored: bool = True

    def ids(self) -> list[str]:
        """Everybody whom rules may be asked about, by the id that a selection names."""
        contacts = self.session.scalars(select(Contact.id).order_by(Contact.id)).all()
        visitors = self.session.scalars(select(Visitor.id).order_by(Visitor.id)).all()
        met = subjects(self.session, self.workspace_id, [*contacts, *visitors], NOW)
        alone = [one for one in visitors if one in met and met[one].contact_id is None]
        return [*contacts, *alone]

    def verdicts(self, condition: Condition) -> dict[str, bool | None]:
        """What the interpreter says of each."""
        met = subjects(self.session, self.workspace_id, self.ids(), NOW)
        moment = Moment(kind="schedule", at=NOW)
        cases = [Case(subject, moment, (), None) for subject in met.values()]
        gathered = Gathered(self.session, cases, NOW)
        found = {}
        for person_id, case in zip(met, cases, strict=True):
            ids = gathered.ids(case.subject)
            told = CaseFacts(self.session, case, gathered)
            facts = Known(told, told.history if self.as_stored else self._past(ids), self._segments(ids))
            found[person_id] = evaluate(condition, View(moment, facts, ids[0]))
        return found

    def _past(self, ids: list[str]) -> RememberedHistory:
        history = RememberedHistory(self.known_since)
        query = select(Event).where(Event.person_id.in_(ids)).order_by(Event.occurred_at, Event.id)
        for row in self.session.scalars(query):
            history.add(row.name or "", PastEvent(row.occurred_at, row.properties, row.id))
        return history

    def _segments(self, ids: list[str]) -> list[str]:
        query = select(Segment.key).join(SegmentMember, SegmentMember.segment_id == Segment.id)
        return sorted(set(self.session.scalars(query.where(SegmentMember.person_id.in_(ids)))))


@dataclass(frozen=True)
class Known:
    """Facts of the server; the past and the segments as they were put in."""

    facts: CaseFacts
    history: History
    segments: list[str]

    def get(self, name: str, /) -> object:
        return self.segments if name == "contact.segments" else self.facts.get(name)


def answers(people: Town, condition: Condition, now: datetime = NOW) -> dict[str, set[tuple[bool | None, bool | None]]]:
    """What SQL says of each: (wide, narrow), for each way in which the person may be seen."""
    sayer = Sayer(people.workspace_id, now, {"vip": None, "staff": None})
    both = [sayer.said(condition, wide=wide).label(str(wide)) for wide in (True, False)]
    asked = sayer.asked(condition)
    found: dict[str, set[tuple[bool | None, bool | None]]] = {}
    for query in (fields.contacts(people.workspace_id, asked), fields.visitors(people.workspace_id, asked)):
        for person_id, wide, narrow in people.session.execute(query.add_columns(*both)):
            found.setdefault(person_id, set()).add((_verdict(wide), _verdict(narrow)))
    return found


def _verdict(value: object) -> bool | None:
    return None if value is None else bool(value)


@contextmanager
def town(db: Database, workspace_id: str, people: list[dict[str, Any]]) -> Iterator[Town]:
    with Session(db.engines.writer) as session:
        _segments(session, workspace_id)
        for number, one in enumerate(people):
            _settle(session, workspace_id, number, one)
        session.flush()
        yield Town(session, workspace_id)
        session.rollback()


def _segments(session: Session, workspace_id: str) -> None:
    for key in ("vip", "staff"):
        row: dict[str, Any] = {"name": {}, "tree": None, "created_at": NOW, "updated_at": NOW}
        session.add(Segment(id=f"seg_{key}", workspace_id=workspace_id, key=key, **row))
    session.flush()


def _settle(session: Session, workspace_id: str, number: int, one: dict[str, Any]) -> None:
    contact_id = f"con_{number}"
    row = {key: one[key] for key in ("name", "phone", "attributes", "tags", "verified", "registered_at")}
    session.add(
        Contact(id=contact_id, workspace_id=workspace_id, user_id=str(number), created_at=NOW, seen_at=NOW, **row)
    )
    session.flush()
    _happen(session, workspace_id, contact_id, one["past"])
    for n, browser in enumerate(one["browsers"]):
        _browse(session, workspace_id, contact_id, n, browser)
    for n, attributes in enumerate(one["companies"]):
        company_id = f"cmp_{number}_{n}"
        seen_at = NOW + timedelta(minutes=n)
        made = {"group_id": company_id, "name": None, "attributes": attributes, "created_at": NOW, "seen_at": seen_at}
        session.add(Company(id=company_id, workspace_id=workspace_id, **made))
        session.flush()
        session.add(CompanyMember(company_id=company_id, contact_id=contact_id))
    for key in one["segments"]:
        session.add(SegmentMember(segment_id=f"seg_{key}", person_id=contact_id, entered_at=NOW))


def _browse(session: Session, workspace_id: str, contact_id: str, n: int, browser: dict[str, Any]) -> None:
    visitor_id = f"vis_{contact_id}_{n}"
    stand_in = {0: "frontdesk-user_", 1: "frontdesk-browser_"}.get(browser["stand_in"], "")
    row = {key: browser[key] for key in ("country", "name", "timezone", "attributes", "tags", "contact_verified")}
    session.add(
        Visitor(
            id=visitor_id,
            workspace_id=workspace_id,
            anonymous_id=stand_in + visitor_id,
            contact_id=contact_id if browser["linked"] else None,
            token_hash=visitor_id if browser["held"] else None,
            first_seen_at=NOW,
            seen_at=NOW + timedelta(minutes=n),
            **row,
        )
    )
    _happen(session, workspace_id, visitor_id, browser["past"])


def _happen(session: Session, workspace_id: str, person_id: str, past: list[tuple[str, datetime, Any]]) -> None:
    for n, (name, at, properties) in enumerate(past):
        event_id = f"evt_{person_id}_{n}"
        session.add(
            Event(
                id=event_id, workspace_id=workspace_id, person_id=person_id, type="track", name=name,
                properties=properties, verified=True, message_id=event_id, occurred_at=at, received_at=at,
            )
        )  # fmt: skip
