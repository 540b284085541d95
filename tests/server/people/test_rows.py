"""Rows without ORM: they mirror their tables, cost few statements, and write what changed and nothing else."""

import re
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import fields
from datetime import datetime, timedelta
from functools import partial
from typing import Any, cast

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from frontdesk.core.db import Database
from frontdesk.people.kinds import COMPANIES, CONTACTS, VISITORS
from frontdesk.people.models import Company, CompanyMember, Contact, Visitor
from frontdesk.people.policy import Word
from frontdesk.people.roster import Roster, Wanted
from frontdesk.people.shelf import Kind
from tests.server.conftest import Home

KINDS = (VISITORS, CONTACTS, COMPANIES)
NEVER_WRITTEN = {
    "visitor": {"id", "workspace_id", "anonymous_id", "tags"},
    "contact": {"id", "workspace_id", "user_id", "owner_id", "tags"},
    "company": {"id", "workspace_id", "group_id", "created_at"},
}
Statements = list[str]
ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def statements(db: Database) -> Iterator[Statements]:
    """What the driver was asked; the words are the same on both databases, and SQLite tells them."""
    seen: Statements = []
    driver = cast(sqlite3.Connection, db.engines.writer.raw_connection().driver_connection)
    driver.set_trace_callback(seen.append)
    yield seen
    driver.set_trace_callback(None)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.table.name)
def test_a_row_has_the_columns_of_its_table(kind: Kind[Any]) -> None:
    assert {one.name for one in fields(kind.row)} == set(kind.table.columns.keys())


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.table.name)
def test_each_column_that_collect_may_change_belongs_to_one_facet(kind: Kind[Any]) -> None:
    written = [name for facet in kind.facets for name in facet]
    assert sorted(written) == sorted(set(kind.columns) - NEVER_WRITTEN[kind.table.name])


def meet(db: Database, now: datetime, home: Home, change: Callable[[Roster], None], names: str = "abcd") -> None:
    """Load the visitors, contacts and companies of these names, change them, store them."""

    def job(session: Session) -> None:
        roster = Roster(session, now)
        keys = {(home.id, name) for name in names}
        roster.load(Wanted(visitors=keys, contacts=keys, companies=keys))
        change(roster)
        roster.store()

    db.write(job)


def nothing(_roster: Roster) -> None:
    """Change nobody."""


def told(statements: Statements) -> list[tuple[str, str]]:
    """(verb, table) of each statement about people."""
    found = (
        re.match(r"(SELECT|UPDATE|INSERT)\W.*?\b(visitor|contact|company_member|company|merge)\b", one)
        for one in statements
    )
    return [(one[1], one[2]) for one in found if one]


@ON_SQLITE
def test_known_people_cost_a_query_each_and_nothing_more(
    db: Database, now: datetime, workspace: Home, statements: Statements
) -> None:
    meet(db, now, workspace, nothing)
    statements.clear()
    meet(db, now + timedelta(seconds=1), workspace, nothing)
    assert told(statements) == [("SELECT", "visitor"), ("SELECT", "contact"), ("SELECT", "company")]


@ON_SQLITE
def test_sixteen_browsers_of_known_contacts_cost_two_queries_and_one_update(
    db: Database, now: datetime, workspace: Home, statements: Statements
) -> None:
    names = "abcdefghijklmnop"

    def link(roster: Roster) -> None:
        for key, visitor in roster.visitors.items():
            roster.link(visitor, roster.contacts[key], "identify", Word.CLAIM)

    meet(db, now, workspace, link, names)
    statements.clear()

    def job(session: Session) -> None:
        roster = Roster(session, now)
        roster.load(Wanted(visitors={(workspace.id, name) for name in names}))
        for visitor in roster.loaded:
            visitor.page_views += 1
            visitor.page = {"url": "https://shop.example/"}
            assert visitor.contact_id
            roster.contact(visitor.contact_id).seen_at = now + timedelta(seconds=30)
        roster.store()

    db.write(job)
    assert told(statements) == [("SELECT", "visitor"), ("SELECT", "contact"), ("UPDATE", "visitor")]


def visitors(db: Database) -> dict[str, Visitor]:
    return db.read(lambda session: {row.anonymous_id: row for row in session.scalars(select(Visitor))})


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("seen_at", timedelta(seconds=5)),
        ("present_until", timedelta(seconds=75)),
        ("page_views", 2),
        ("contact_verified", True),
        ("attributes", {"a": True}),
        ("first_touch", {"channel": "direct"}),
        ("email", "a@example.com"),
    ],
)
def test_a_change_is_written_to_its_row_alone(
    db: Database, now: datetime, workspace: Home, column: str, value: Any
) -> None:
    meet(db, now, workspace, lambda roster: setattr(roster.visitors[workspace.id, "b"], "attributes", {"a": 1}))
    wanted = now + value if isinstance(value, timedelta) else value
    meet(db, now, workspace, lambda roster: setattr(roster.visitors[workspace.id, "b"], column, wanted))
    found = visitors(db)
    assert repr(getattr(found["b"], column)) == repr(wanted)
    assert repr(getattr(found["a"], column)) != repr(wanted)


def test_to_change_what_is_never_written_is_a_fault(db: Database, now: datetime, workspace: Home) -> None:
    with pytest.raises(LookupError, match="no facet"):
        meet(db, now, workspace, lambda roster: setattr(roster.visitors[workspace.id, "a"], "tags", ["vip"]))


@ON_SQLITE
def test_a_moment_that_hardly_moved_is_not_worth_a_write(
    db: Database, now: datetime, workspace: Home, statements: Statements
) -> None:
    meet(db, now, workspace, nothing)

    def move(roster: Roster) -> None:
        for row in roster.loaded:
            row.seen_at += timedelta(seconds=4)

    statements.clear()
    meet(db, now, workspace, move)
    assert "UPDATE" not in {verb for verb, _ in told(statements)}


def test_what_another_process_changed_meanwhile_stays(db: Database, now: datetime, workspace: Home) -> None:
    meet(db, now, workspace, nothing)

    def change(roster: Roster) -> None:
        visitor = roster.visitors[workspace.id, "a"]
        # what another process would have committed by now
        roster._session.execute(update(Visitor).where(Visitor.id == visitor.id).values(name="Ada"))
        visitor.page_views += 1

    meet(db, now, workspace, change)
    assert (visitors(db)["a"].name, visitors(db)["a"].page_views) == ("Ada", 1)


def test_who_was_made_by_another_process_meanwhile_is_found(db: Database, now: datetime, workspace: Home) -> None:
    def job(session: Session) -> tuple[str, str]:
        first, second = Roster(session, now), Roster(session, now)
        keys = {(workspace.id, "a")}
        made = second._visitors._make([("vis_2", workspace.id, "a")], now)
        assert made.keys() == keys
        assert first._visitors._make([("vis_1", workspace.id, "a")], now) == {}
        first.load(Wanted(visitors=keys))
        (row,) = first.loaded
        return row.id, made[workspace.id, "a"].id

    assert db.write(job) == ("vis_2", "vis_2")


def test_an_orm_row_of_the_same_session_sees_what_was_stored(db: Database, now: datetime, workspace: Home) -> None:
    meet(db, now, workspace, nothing)

    def job(session: Session) -> int:
        held = session.scalars(select(Visitor).where(Visitor.anonymous_id == "a")).one()
        roster = Roster(session, now)
        roster.load(Wanted(visitors={(workspace.id, "a")}))
        roster.visitors[workspace.id, "a"].page_views = 7
        roster.store()
        return held.page_views

    assert db.write(job) == 7


def test_the_same_person_by_several_names_is_one_row(db: Database, now: datetime, workspace: Home) -> None:
    meet(db, now, workspace, lambda roster: setattr(roster.visitors[workspace.id, "a"], "token_hash", "hash"))

    def job(session: Session) -> None:
        roster = Roster(session, now)
        roster.load(Wanted(visitors={(workspace.id, "a")}, token_hashes={"hash", "of nobody"}))
        assert roster.by_token["hash"] is roster.visitors[workspace.id, "a"]
        assert list(roster.by_token) == ["hash"]

    db.write(job)


def test_joining_a_company_twice_makes_one_member(db: Database, now: datetime, workspace: Home) -> None:
    def join(roster: Roster, *, verified: bool) -> None:
        roster.members.join(roster.companies[workspace.id, "a"], roster.contacts[workspace.id, "b"], verified=verified)

    for verified in (False, True, False):
        meet(db, now, workspace, partial(join, verified=verified))
    columns = (Contact.user_id, Company.group_id, CompanyMember.verified)
    query = select(*columns).select_from(CompanyMember).join(Contact).join(Company)
    assert db.read(lambda session: [tuple(row) for row in session.execute(query)]) == [("b", "a", True)]
