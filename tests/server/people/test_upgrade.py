"""What an earlier version knew of people is known after the upgrade, and its merges can be undone."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from frontdesk.core.db.engines import open_engines
from frontdesk.migrations.upgrade import upgrade
from frontdesk.people import merges
from frontdesk.people.models import Company, CompanyMember, Contact, Merge, Visitor

ROWS = (
    "INSERT INTO workspace VALUES ('wsp_1', 'Acme', 'UTC', 'en', 'is_1', 0, 1)",
    *(
        "INSERT INTO contact (id, workspace_id, user_id, attributes, tags, verified, created_at, seen_at)"
        f" VALUES ('con_{name}', 'wsp_1', '{name}', '{{}}', '[]', {verified}, 1, 1)"
        for name, verified in (("vera", "true"), ("claimed", "false"))
    ),
    *(
        "INSERT INTO company (id, workspace_id, group_id, attributes, verified, created_at, seen_at)"
        f" VALUES ('cmp_{name}', 'wsp_1', '{name}', '{{}}', {verified}, 1, 1)"
        for name, verified in (("acme", "true"), ("bell", "false"))
    ),
    *(
        "INSERT INTO visitor (id, workspace_id, anonymous_id, token_presented, contact_id, contact_verified, email,"
        " attributes, tags, sessions, page_views, first_seen_at, seen_at) VALUES"
        f" ('vis_{name}', 'wsp_1', '{name}', false, 'con_vera', {verified}, 'v@x.example', '{{}}', '[]', 0, 0, 1, 1)"
        for name, verified in (("sure", "true"), ("said", "false"))
    ),
    *(
        f"INSERT INTO merge VALUES ('mrg_{name}', 'wsp_1', 'vis_{name}', 'con_vera', 'identify', 5)"
        for name in ("sure", "said")
    ),
    *(
        f"INSERT INTO company_member VALUES ('cmp_{company}', 'con_{contact}')"
        for company, contact in (("acme", "vera"), ("acme", "claimed"), ("bell", "vera"))
    ),
)


@pytest.fixture(params=["sqlite", "postgres"])
def earlier(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database of the version before, with two browsers of one contact and two companies."""
    url = f"sqlite:///{tmp_path / 'old.sqlite3'}"
    if request.param == "postgres":
        template: str = request.getfixturevalue("postgres")
        with psycopg.connect(template.format("postgres"), autocommit=True) as connection:
            connection.execute("DROP DATABASE IF EXISTS earlier_people WITH (FORCE)")
            connection.execute("CREATE DATABASE earlier_people")
        url = template.format("earlier_people")
    engines = open_engines(url)
    upgrade(engines.writer, "0002")
    with engines.writer.begin() as connection:
        for statement in ROWS:
            connection.execute(text(statement))
    yield engines.writer
    engines.dispose()


def test_links_and_members_are_as_sure_as_those_they_join(earlier: Engine) -> None:
    upgrade(earlier)
    with Session(earlier) as session:
        log = {row.visitor_id: (row.verified, row.before_contact_id) for row in session.scalars(select(Merge))}
        assert log == {"vis_sure": (True, None), "vis_said": (False, None)}
        columns = (CompanyMember.company_id, CompanyMember.contact_id, CompanyMember.verified)
        assert {tuple(row) for row in session.execute(select(*columns))} == {
            ("cmp_acme", "con_vera", True), ("cmp_acme", "con_claimed", False), ("cmp_bell", "con_vera", False)
        }  # fmt: skip
        assert not any(session.scalars(select(Visitor.email_verified)))


def test_a_day_of_registration_before_the_contact_was_known_was_said_by_somebody(earlier: Engine) -> None:
    with earlier.begin() as connection:
        for name, at in (("vera", 0), ("claimed", 1)):
            connection.execute(text(f"UPDATE contact SET registered_at = {at} WHERE user_id = '{name}'"))
    upgrade(earlier)
    with Session(earlier) as session:
        found = {row.user_id: row.registered_said for row in session.scalars(select(Contact))}
    assert found == {"vera": True, "claimed": False}


@pytest.mark.parametrize("name", ["sure", "said"])
def test_an_earlier_merge_can_be_undone(earlier: Engine, now: datetime, name: str) -> None:
    upgrade(earlier)
    with Session(earlier) as session:
        merges.undo(session, session.get_one(Merge, f"mrg_{name}"), None, now)
        visitor = session.get_one(Visitor, f"vis_{name}")
        assert (visitor.contact_id, visitor.contact_verified) == (None, False)


def test_what_was_known_of_a_company_was_said_by_the_time_it_was_seen(earlier: Engine) -> None:
    upgrade(earlier)
    with Session(earlier) as session:
        rows = session.scalars(select(Company)).all()
    assert [(row.identified_at, row.said_at) for row in rows] == [(row.seen_at, None) for row in rows]
    assert len(rows) == 2
