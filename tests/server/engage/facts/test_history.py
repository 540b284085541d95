"""The stored past of people answers as a remembered one would, whatever it takes to find out."""

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.orm import Session

from frontdesk.core.db import Database, open_database
from frontdesk.core.db.texts import Question
from frontdesk.core.signals import Bus
from frontdesk.engage.facts.foreseen import BEGINNING, Counted, Foreseen
from frontdesk.engage.facts.history import MOST_AT_ONCE, Pasts, PersonHistory
from frontdesk.engage.facts.instants import Place
from frontdesk.engage.facts.scans import COUNT_OF, EVERY_OF, NEWEST, NEWEST_OF
from frontdesk_rules import PastEvent, RememberedHistory, Span
from tests.server.engage.facts.storing import Done, statements, store

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
NAMES = ("Paid", "Seen")
MS = timedelta(milliseconds=1)
DAY = timedelta(days=1)
EVER = Span(None, NOON)
_worlds = count()


def ago(ms: int | None) -> datetime | None:
    return None if ms is None else NOON - ms * MS


def remembered(done: list[Done], ids: tuple[str, ...], place: Place | None = None) -> RememberedHistory:
    history = RememberedHistory(NOON)
    for one in sorted(done, key=lambda one: one.id):
        if one.person_id in ids and one.type == "track" and not (place and comes_after(one, place)):
            history.add(one.name, PastEvent(one.at, one.properties, one.id))
    return history


def comes_after(one: Done, place: Place) -> bool:
    """In the same instant: with it or later, and of what came with it behind."""
    return one.at == place.at and (one.heard or one.at) >= place.received_at and one.id > place.event_id


def stored(pasts: Pasts, *ids: str, place: Place | None = None) -> PersonHistory:
    return PersonHistory(pasts, ids, lambda _ids: NOON, place)


INSTANTS = st.integers(0, 60)
PLACES = st.none() | st.tuples(INSTANTS, st.integers(0, 1))
RUNS = st.tuples(  # who, what, when, how many, how close to each other, as what, when heard of
    st.integers(0, 2),
    st.sampled_from(NAMES),
    INSTANTS,
    st.sampled_from([1, 1, 1, 2, 40, NEWEST, NEWEST + 1, NEWEST + 30]),
    st.sampled_from([0, 0, 1]),
    st.sampled_from(["track", "track", "track", "page"]),
    st.integers(0, 1),
)
FORESEEN = st.dictionaries(st.tuples(st.integers(0, 2), st.sampled_from(NAMES)), st.none() | INSTANTS)
QUESTIONS = st.tuples(
    st.sampled_from(["events", "count"]),
    st.sampled_from([(0,), (0, 1), (2, 0, 1)]),
    st.sampled_from(NAMES),
    st.none() | INSTANTS,
    INSTANTS,
    PLACES,
)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(runs=st.lists(RUNS, max_size=6), foreseen=FORESEEN, questions=st.lists(QUESTIONS, min_size=1, max_size=8))
def test_the_stored_past_answers_as_a_remembered_one(db: Database, runs: Any, foreseen: Any, questions: Any) -> None:
    who = [f"vis_{next(_worlds)}" for _ in range(3)]
    done = [
        Done(who[person], name, NOON - (at + far * step) * MS, {"n": far}, kind, heard=NOON + heard * MS)
        for person, name, at, times, step, kind, heard in runs
        for far in range(times)
    ]

    def ends(after: int | None, until: int, placed: tuple[int, int] | None) -> tuple[Span, Place | None]:
        """A span that ends where an event is, or at an instant."""
        if placed is None or not done:
            return Span(ago(after), NOON - until * MS), None
        nth, heard = placed
        own = done[nth * len(done) // 61]
        return Span(ago(after), own.at), Place(own.at, NOON + heard * MS, own.id)

    def ask(session: Session) -> None:
        store(session, done)
        events = {(who[person], name): ago(at) or BEGINNING for (person, name), at in foreseen.items()}
        asked = [
            (how, (tuple(who[person] for person in people), name, *ends(after, until, placed)))
            for how, people, name, after, until, placed in questions
        ]
        counts = dict.fromkeys(question for how, question in asked[::2] if how == "count")
        pasts = Pasts(session, lambda: Foreseen(events, counts))
        for how, (ids, name, span, place) in asked:
            both = stored(pasts, *ids, place=place), remembered(done, ids, place)
            found, expected = (getattr(one, how)(name, span) for one in both)
            assert found == expected if how == "count" else list(found) == list(expected)

    db.write(ask)


def test_properties_are_as_they_were_stored_and_the_same_instant_is_in_the_order_of_ids(db: Database) -> None:
    done = [Done("vis_1", "Paid", NOON, {"cart": {"total": 12.5}, "名": [True, None]}), Done("con_1", "Paid", NOON)]
    db.write(lambda session: store(session, done))
    found = db.read(lambda session: stored(Pasts(session, Foreseen), "con_1", "vis_1").events("Paid", EVER))
    assert [past.id for past in found] == [one.id for one in done]
    assert found[0].properties == {"cart": {"total": 12.5}, "名": [True, None]}


@pytest.fixture
def sqlite_db(sqlite_url: str) -> Any:
    db = open_database(sqlite_url, Bus())
    yield db
    db.close()


def test_all_that_a_group_may_look_at_is_found_in_one_statement(sqlite_db: Database) -> None:
    people = [f"vis_{number}" for number in range(60)]

    def ask(session: Session) -> list[str]:
        store(session, [Done(one, name, NOON) for one in people for name in NAMES])
        with statements(session) as asked:
            pasts = Pasts(session, lambda: Foreseen({(one, name): NOON - DAY for one in people for name in NAMES}))
            for one in people:
                for name in NAMES:
                    assert len(stored(pasts, one).events(name, Span(NOON - DAY, NOON))) == 1
                    assert stored(pasts, one).count(name, Span(NOON - DAY / 2, NOON)) == 1
        return asked

    assert len(sqlite_db.write(ask)) == 1


def test_all_that_a_group_may_count_is_counted_in_one_statement_and_nothing_loaded(sqlite_db: Database) -> None:
    people = [(f"vis_{number}", f"con_{number}") for number in range(20)]
    spans = [EVER, Span(NOON - DAY, NOON)]

    def ask(session: Session) -> list[str]:
        store(session, [Done(one, "Paid", at) for ids in people for one in ids for at in (NOON, NOON - 2 * DAY)])
        with statements(session) as asked:
            counts: dict[Counted, None] = dict.fromkeys((ids, "Paid", span, None) for ids in people for span in spans)
            pasts = Pasts(session, lambda: Foreseen(counts=counts))
            for ids in people:
                assert [stored(pasts, *ids).count("Paid", span) for span in spans] == [4, 2]
        return asked

    [counted] = sqlite_db.write(ask)
    assert counted.startswith("SELECT asked.*, (SELECT COUNT(*)")


def test_who_may_ask_for_very_much_is_looked_up_when_it_does(sqlite_db: Database) -> None:
    names = [f"Event {number}" for number in range(3 * MOST_AT_ONCE)]

    def ask(session: Session) -> list[str]:
        with statements(session) as asked:
            pasts = Pasts(session, lambda: Foreseen({("vis_1", name): BEGINNING for name in names}))
            assert stored(pasts, "vis_1").count(names[-1], EVER) == 0
        return asked

    rows = sum(statement.count("(") for statement in sqlite_db.write(ask))
    assert MOST_AT_ONCE <= rows < 2 * MOST_AT_ONCE


def test_what_was_done_hundreds_of_times_is_counted_by_the_database_and_not_loaded(sqlite_db: Database) -> None:
    many = 5 * NEWEST

    def ask(session: Session) -> list[str]:
        store(session, [Done("vis_1", "Seen", NOON - number * MS) for number in range(many)])
        pasts = Pasts(session, Foreseen)
        with statements(session) as asked:
            assert stored(pasts, "vis_1").count("Seen", EVER) == many
            assert stored(pasts, "vis_1").count("Seen", Span(NOON - NEWEST // 2 * MS, NOON)) == NEWEST // 2
        return asked

    newest, counted = sqlite_db.write(ask)
    assert f"LIMIT {NEWEST + 1}" in newest
    assert counted.startswith("SELECT asked.*, (SELECT COUNT(*)")


VALUES = {
    NEWEST_OF: "VALUES ('vis_7', 'Seen', CAST(1 AS BIGINT))",
    EVERY_OF: "VALUES ('vis_7', 'Seen', CAST(1 AS BIGINT))",
    COUNT_OF: "VALUES ('vis_7', 'Seen', CAST(1 AS BIGINT), CAST(9999999999999 AS BIGINT), CAST(1 AS BIGINT), '')",
}
EXPLAIN = {"sqlite": "EXPLAIN QUERY PLAN ", "postgresql": "EXPLAIN "}
WHOLE_TABLES = {"sqlite": "SCAN own", "postgresql": "Seq Scan on event"}


@pytest.mark.parametrize("question", list(VALUES), ids=["newest", "every", "count"])
def test_the_past_is_found_by_the_index_of_person_name_and_time(db: Database, question: Question) -> None:
    def plan(session: Session) -> tuple[str, str]:
        dialect = session.get_bind().dialect.name
        store(session, [Done(f"vis_{number % 50}", "Seen", NOON - number * MS) for number in range(5_000)])
        session.execute(text("ANALYZE"))
        rows = session.execute(text(EXPLAIN[dialect] + question.text(VALUES[question], dialect))).all()
        return dialect, "\n".join(" ".join(map(str, row)) for row in rows)

    dialect, found = db.write(plan)
    assert WHOLE_TABLES[dialect] not in found, found
    assert "person_id" in found, found
