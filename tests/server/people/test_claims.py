"""What a browser alone says of a contact, and that undoing its merge takes it back exactly."""

from typing import Any

import pytest

from tests.server.people.conftest import IdOf
from tests.server.people.site import Site, group, identify, track

SHOWN = ("name", "email", "phone", "attributes", "companies")


def shown(site: Site, person_id: str) -> dict[str, Any]:
    person = site.person(person_id)
    return {name: person[name] for name in SHOWN}


def undo(site: Site, visitor_id: str) -> None:
    for merge in site.merges(visitor_id):
        assert site.as_sam(f"/merges/{merge['id']}/undo").status_code == 200


def says(browser: str, **traits: Any) -> dict[str, Any]:
    return identify(userId="vera", anonymousId=browser, traits=traits)


VERA: dict[str, Any] = {
    "name": "Vera",
    "email": "vera@x.example",
    "phone": "1",
    "plan": "pro",
    "address": {"city": "Bonn"},
}
EVE: dict[str, Any] = {"name": "Eve", "email": "eve@x.example", "phone": None, "plan": 3, "address": None, "size": 5}


def test_undone_the_contact_is_what_it_was_before_the_wrong_browser_spoke(
    site: Site, visitor: IdOf, contact: IdOf
) -> None:
    site.page(says("laptop", **VERA))
    before = shown(site, contact("vera"))
    site.page(says("wrong", **EVE), group("evil", anonymousId="wrong", userId="vera"))
    site.page(says("wrong", size=6, color="red"))
    assert shown(site, contact("vera")) != before
    undo(site, visitor("wrong"))
    assert shown(site, contact("vera")) == before


def test_it_holds_for_what_is_said_in_one_batch(site: Site, visitor: IdOf, contact: IdOf) -> None:
    site.page(says("laptop", **VERA), says("wrong", **EVE), says("wrong", name="Mallory"))
    undo(site, visitor("wrong"))
    assert site.person(contact("vera"))["name"] == "Vera"
    assert site.person(contact("vera"))["attributes"] == {"plan": "pro", "address": {"city": "Bonn"}}


def test_of_a_contact_that_nobody_else_spoke_of_nothing_is_left(site: Site, visitor: IdOf, contact: IdOf) -> None:
    site.page(says("wrong", **EVE, createdAt="2020-01-01"))
    undo(site, visitor("wrong"))
    nothing = {"name": None, "email": None, "phone": None, "attributes": {}, "companies": []}
    assert shown(site, contact("vera")) == nothing


@pytest.mark.parametrize("first", ["wrong", "laptop"])
def test_what_another_browser_said_since_stays_in_whichever_order_they_are_undone(
    site: Site, visitor: IdOf, contact: IdOf, first: str
) -> None:
    site.page(says("old", plan="free"))
    site.page(says("wrong", plan="none", size=1))
    site.page(says("laptop", plan="pro"))
    undo(site, visitor(first))
    left = {"plan": "pro"} if first == "wrong" else {"plan": "none", "size": 1}
    assert site.person(contact("vera"))["attributes"] == left
    undo(site, visitor("laptop" if first == "wrong" else "wrong"))
    assert site.person(contact("vera"))["attributes"] == {"plan": "free"}


def test_what_a_server_says_of_the_contact_is_no_browser_s_to_take_back(
    site: Site, visitor: IdOf, contact: IdOf
) -> None:
    site.page(says("wrong", **EVE))
    site.server(says("wrong", name="Vera", plan="pro"), track(userId="vera"))
    undo(site, visitor("wrong"))
    person = site.person(contact("vera"))
    assert (person["name"], person["email"], person["attributes"]) == ("Vera", None, {"plan": "pro"})
