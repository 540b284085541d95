"""Companies by `group`: who belongs to which, and whose word counts for it."""

from typing import Any

import pytest
from sqlalchemy import select

from frontdesk.core.db import Database
from frontdesk.people.models import Company, CompanyMember, Contact
from tests.server.people.conftest import IdOf
from tests.server.people.site import Site, group, identify


def members(db: Database) -> list[tuple[str, str, bool]]:
    """(group id, user id, verified), sorted."""
    columns = (Company.group_id, Contact.user_id, CompanyMember.verified)
    query = select(*columns).select_from(CompanyMember).join(Contact).join(Company).order_by(*columns)
    return [tuple(row) for row in db.read(lambda session: session.execute(query).all())]


def company(db: Database, group_id: str) -> Any:
    return db.read(lambda session: session.scalars(select(Company).filter_by(group_id=group_id)).one())


def test_a_contact_belongs_to_several_companies_and_a_company_has_several(site: Site, db: Database) -> None:
    site.server(group("acme", userId="vera"), group("bell", userId="vera"), group("acme", userId="bob"))
    assert members(db) == [("acme", "bob", True), ("acme", "vera", True), ("bell", "vera", True)]


def test_companies_of_a_person_are_shown_by_name(site: Site, contact: IdOf) -> None:
    site.server(group("bell", userId="vera", traits={"name": "Bell"}), group("acme", userId="vera"))
    assert [one["name"] for one in site.person(contact("vera"))["companies"]] in (["Bell", "acme"], ["acme", "Bell"])


def test_what_is_said_of_a_company_adds_up(site: Site, db: Database) -> None:
    site.server(group("acme", userId="vera", traits={"name": "Acme", "employees": "42", "seats": 5, "trial": True}))
    site.server(group("acme", userId="bob", traits={"seats": 6, "trial": None, "plan": "pro"}))
    found = company(db, "acme")
    assert (found.name, found.attributes) == ("Acme", {"employees": 42, "seats": 6, "plan": "pro"})


@pytest.mark.parametrize("first", ["company", "contact"])
def test_the_first_word_of_a_server_leaves_nobody_who_only_claimed_to_belong(
    site: Site, db: Database, first: str
) -> None:
    site.page(group("acme", userId="mallory", anonymousId="m"), group("acme", userId="vera", anonymousId="v"))
    assert members(db) == [("acme", "mallory", False), ("acme", "vera", False)]
    site.server(group("acme", userId="bob") if first == "company" else identify(userId="vera"))
    assert members(db) == ([("acme", "bob", True)] if first == "company" else [("acme", "mallory", False)])


def test_it_holds_within_one_request_too(site: Site, db: Database) -> None:
    site.page(group("acme", userId="mallory", anonymousId="m"))
    site.server(group("acme", userId="bob"), group("acme", userId="bob"), identify(userId="mallory"))
    assert members(db) == [("acme", "bob", True)]


def test_a_server_confirms_who_claimed_to_belong(site: Site, db: Database) -> None:
    site.page(group("acme", userId="vera", anonymousId="v"))
    site.server(group("acme", userId="vera"))
    assert members(db) == [("acme", "vera", True)]
