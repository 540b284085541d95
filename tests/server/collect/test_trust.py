"""Whose word counts: what a page may say of a contact or company that a server described, and what it may not."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from frontdesk.core.clock import MovableClock
from frontdesk.core.db import Database
from frontdesk.people.models import Company, CompanyMember, Contact, Visitor
from tests.server.collect.conftest import Post, Rules
from tests.server.collect.senders import basic, batch, rows
from tests.server.conftest import Home

TRUE = {"name": "Vera", "email": "vera@true.example", "phone": "1", "plan": "pro", "createdAt": "2025-01-01T00:00:00Z"}
FALSE = {
    "name": "Mallory",
    "email": "m@false.example",
    "phone": "2",
    "plan": "none",
    "createdAt": "2020-01-01T00:00:00Z",
}


class Senders:
    """A server and a page of the same site."""

    def __init__(self, post: Post, home: Home) -> None:
        self._post = post
        self._home = home
        self._number = 0

    def server(self, kind: str, **said: Any) -> None:
        answered = self._post(kind, self._item(kind, said), **basic(self._home.api_key))
        assert answered.body["rejected"] == []

    def page(self, kind: str, **said: Any) -> None:
        answered = self._post("batch", batch(self._home, self._item(kind, said)))
        assert answered.body["rejected"] == []

    def _item(self, kind: str, said: dict[str, Any]) -> dict[str, Any]:
        self._number += 1
        return {"type": kind, "messageId": f"m{self._number}", **said}


@pytest.fixture
def senders(post: Post, workspace: Home) -> Senders:
    return Senders(post, workspace)


def columns(row: Any) -> dict[str, Any]:
    return {column.key: getattr(row, column.key) for column in row.__table__.columns}


def members(db: Database) -> list[tuple[str, str]]:
    query = select(Contact.user_id, Company.group_id).select_from(CompanyMember).join(Contact).join(Company)
    return [(user, group) for user, group in db.read(lambda session: session.execute(query).all())]


def test_a_page_changes_no_field_of_a_contact_that_a_server_described(
    senders: Senders, db: Database, clock: MovableClock
) -> None:
    senders.server("identify", userId="vera", traits=TRUE)
    (before,) = rows(db, Contact)
    clock.advance(timedelta(hours=1))
    senders.page("identify", userId="vera", anonymousId="ana", traits=FALSE)
    senders.page("identify", userId="vera", traits=FALSE)
    senders.page("group", userId="vera", anonymousId="ana", groupId="evil")
    senders.page("track", userId="vera", anonymousId="ana", event="Asked")
    (after,) = rows(db, Contact)
    assert columns(after) == columns(before)
    assert members(db) == []


def test_what_the_page_claims_stays_on_the_visitor(senders: Senders, db: Database) -> None:
    senders.server("identify", userId="vera", traits=TRUE)
    senders.page("identify", userId="vera", anonymousId="ana", traits=FALSE)
    (visitor,) = rows(db, Visitor)
    assert (visitor.name, visitor.email, visitor.attributes) == ("Mallory", "m@false.example", {"plan": "none"})
    assert visitor.contact_verified is False


def test_pages_fill_and_update_a_contact_that_only_pages_have_named(senders: Senders, db: Database) -> None:
    senders.page("identify", userId="vera", anonymousId="ana", traits=FALSE)
    senders.page("identify", userId="vera", anonymousId="ana", traits={"name": "Vera"})
    (contact,) = rows(db, Contact)
    assert (contact.name, contact.email, contact.verified) == ("Vera", "m@false.example", False)


def test_the_first_word_of_a_server_leaves_nothing_of_what_pages_claimed(senders: Senders, db: Database) -> None:
    senders.page("identify", userId="vera", anonymousId="ana", traits=FALSE)
    senders.server("identify", userId="vera", traits={"plan": "pro"})
    (contact,) = rows(db, Contact)
    assert (contact.name, contact.email, contact.phone, contact.attributes) == (None, None, None, {"plan": "pro"})
    assert (contact.verified, contact.registered_at.year) == (True, 2026)


@pytest.mark.parametrize(
    ("sender", "ids", "verified"),
    [
        ("page", {"userId": "vera", "anonymousId": "ana"}, False),
        ("server", {"userId": "vera", "anonymousId": "ana"}, True),
        ("server", {"userId": "vera"}, False),
        ("server", {"anonymousId": "ana"}, False),
        ("server", {"userId": "other", "anonymousId": "ana"}, True),
    ],
)
def test_only_a_server_that_names_both_ids_makes_a_link_that_counts(
    senders: Senders, db: Database, sender: str, ids: dict[str, str], *, verified: bool
) -> None:
    senders.page("track", userId="vera", anonymousId="ana", event="Asked")
    getattr(senders, sender)("track", event="Asked", **ids)
    assert [one.contact_verified for one in rows(db, Visitor) if one.anonymous_id == "ana"] == [verified]


def test_a_server_that_names_only_a_browser_says_nothing_of_the_contact_it_claims_to_be(
    senders: Senders, db: Database
) -> None:
    senders.server("identify", userId="vera", traits=TRUE)
    (before,) = rows(db, Contact)
    senders.page("track", userId="vera", anonymousId="ana", event="Asked")
    senders.server("group", anonymousId="ana", groupId="evil")
    (after,) = rows(db, Contact)
    assert (columns(after), members(db)) == (columns(before), [])


def test_a_page_changes_no_company_that_a_server_described_and_joins_nobody_to_it(
    senders: Senders, db: Database
) -> None:
    senders.server("group", userId="vera", groupId="acme", traits={"name": "Acme", "seats": 5})
    senders.page("group", userId="mallory", anonymousId="ana", groupId="acme", traits={"name": "Evil", "seats": 0})
    (company,) = rows(db, Company)
    assert (company.name, company.attributes) == ("Acme", {"seats": 5})
    assert members(db) == [("vera", "acme")]


def test_pages_describe_a_company_that_only_pages_have_named_until_a_server_does(
    senders: Senders, db: Database
) -> None:
    senders.page("group", userId="mallory", anonymousId="ana", groupId="acme", traits={"name": "Evil", "seats": 0})
    assert members(db) == [("mallory", "acme")]
    senders.server("group", userId="vera", groupId="acme", traits={"name": "Acme"})
    (company,) = rows(db, Company)
    assert (company.name, company.attributes, company.verified) == ("Acme", {}, True)


@pytest.mark.parametrize(("known", "spoken_of"), [(True, False), (False, True)])
def test_rules_hear_of_a_claimed_contact_only_while_all_of_it_is_claims(
    senders: Senders, rules: Rules, *, known: bool, spoken_of: bool
) -> None:
    if known:
        senders.server("identify", userId="vera", traits=TRUE)
    senders.page("identify", userId="vera", anonymousId="ana")
    arrival = rules.arrivals[-1]
    assert (arrival.contact_id is not None) == spoken_of
    assert arrival.visitor["contact_id"] is not None, "that it claims to be known, rules may ask"
