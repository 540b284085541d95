"""Companies by `group`: who belongs to which, and whose word counts for it."""

from typing import Any

import pytest
from sqlalchemy import select

from frontdesk.core.db import Database
from frontdesk.people.models import Company, CompanyMember, Contact
from tests.server.people.conftest import IdOf
from tests.server.people.site import Site, alias, group, identify, track


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


ANA = {"anonymousId": "ana"}


@pytest.mark.parametrize("at_once", [True, False])
@pytest.mark.parametrize("sender", ["page", "server"])
def test_what_a_browser_said_of_its_company_holds_once_it_is_recognised(
    site: Site, db: Database, sender: str, *, at_once: bool
) -> None:
    send = site.page if sender == "page" else site.server
    said = [group("acme", **ANA), identify(userId="vera", **ANA)]
    for items in [said] if at_once else [[one] for one in said]:
        send(*items)
    assert members(db) == [("acme", "vera", sender == "server")]


def test_it_waits_for_an_alias_and_for_a_merge_by_hand_too(
    site: Site, db: Database, visitor: IdOf, contact: IdOf
) -> None:
    site.page(group("acme", **ANA), group("bell", anonymousId="ben"))
    site.server(alias("ana", userId="vera"), identify(userId="bob"))
    merge = site.as_sam("/merges", {"visitor": visitor("ben"), "contact": contact("bob")}).json
    assert members(db) == [("acme", "vera", False), ("bell", "bob", False)]
    site.as_sam(f"/merges/{merge['id']}/undo")
    assert members(db) == [("acme", "vera", False)]


def test_a_server_s_word_of_a_browser_waits_and_a_claim_to_be_somebody_makes_nothing_of_it(
    site: Site, db: Database
) -> None:
    site.server(group("acme", **ANA), identify(userId="vera"))
    site.page(identify(userId="vera", **ANA))
    assert members(db) == [], "a browser that says it is Vera, whom a server knows"
    site.server(track(userId="vera", **ANA))
    assert members(db) == [("acme", "vera", True)]


def test_a_company_that_a_server_described_takes_nobody_in_on_the_word_of_a_page(site: Site, db: Database) -> None:
    site.server(group("acme", userId="bob"))
    site.page(group("acme", **ANA), identify(userId="vera", **ANA))
    assert members(db) == [("acme", "bob", True)]


@pytest.mark.parametrize("also", ["nobody", "another browser", "the server"])
def test_undoing_a_merge_takes_back_the_company_that_only_this_browser_spoke_of(
    site: Site, db: Database, visitor: IdOf, also: str
) -> None:
    site.page(identify(userId="vera", **ANA), group("acme", **ANA))
    if also == "another browser":
        site.page(identify(userId="vera", anonymousId="phone"), group("acme", anonymousId="phone"))
    if also == "the server":
        site.server(group("acme", userId="vera"))
    (merge,) = site.merges(visitor("ana"))
    assert site.as_sam(f"/merges/{merge['id']}/undo").status_code == 200
    assert members(db) == ([] if also == "nobody" else [("acme", "vera", also == "the server")])
