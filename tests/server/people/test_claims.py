"""What a browser alone says of a contact, and that undoing its merge takes it back exactly."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from frontdesk.core.clock import MovableClock, iso, to_ms
from frontdesk.core.db import Database
from frontdesk.people.models import Contact
from frontdesk.people.said_at import moments_of
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


Word = tuple[str, int, dict[str, Any]]
"""Which browser says what, and of which minute."""


def hear(site: Site, now: datetime, *words: Word) -> None:
    for browser, minute, traits in words:
        told = identify(userId="vera", anonymousId=browser, traits=traits)
        site.page({**told, "timestamp": iso(now + timedelta(minutes=minute))})


def kept(db: Database) -> tuple[Any, ...]:
    """What is known of the only contact, and when each of it was said."""
    row = db.read(lambda session: session.scalars(select(Contact)).one())
    return row.name, row.phone, row.attributes, row.registered_at, row.identified_at, moments_of(row)


OWN: Word = ("laptop", 1, {"name": "Vera", "phone": "1", "plan": "basic", "createdAt": "2020-01-01"})
WRONG: tuple[Word, ...] = (
    ("wrong", 20, {"name": "Eve", "phone": None, "plan": "evil", "size": 1, "createdAt": "2021-01-01"}),
    ("wrong", 25, {"name": "Vera", "plan": "basic"}),
    ("wrong", 5, {"city": "Bonn"}),
)


@pytest.mark.parametrize(
    "before", [[OWN], [OWN, ("laptop", 3, {"size": 7}), ("laptop", 4, {"size": None, "firstName": "V"})]]
)
@pytest.mark.parametrize("wrong", [WRONG, WRONG[1:], WRONG[2:], [("wrong", 20, {})]], ids=str)
def test_undone_each_trait_is_as_old_as_it_was(
    site: Site, db: Database, visitor: IdOf, now: datetime, clock: MovableClock, before: list[Word], wrong: list[Word]
) -> None:
    clock.advance(timedelta(minutes=30))
    hear(site, now, *before)
    was = kept(db)
    hear(site, now, *wrong)
    assert kept(db) != was
    undo(site, visitor("wrong"))
    assert kept(db) == was


def test_a_word_older_than_one_that_was_undone_is_not_late(
    site: Site, db: Database, visitor: IdOf, now: datetime, clock: MovableClock
) -> None:
    clock.advance(timedelta(minutes=30))
    hear(site, now, OWN, *WRONG)
    undo(site, visitor("wrong"))
    hear(site, now, ("laptop", 10, {"plan": "pro"}), ("laptop", 9, {"plan": "old", "name": "Vera Li"}))
    name, _, attributes, *_ = kept(db)
    assert (name, attributes) == ("Vera Li", {"plan": "pro"})


BASIC: dict[str, Any] = {"plan": "basic"}


@pytest.mark.parametrize(
    ("first", "then", "attributes", "minutes"),
    [
        ("wrong", "tablet", {"plan": "pro", "city": "Bonn"}, {"plan": 22, "city": 15}),
        ("tablet", "wrong", {"plan": "evil", "size": 1}, {"plan": 20, "size": 20}),
    ],
)
def test_of_two_browsers_that_are_undone_each_takes_back_its_own_moments(
    site: Site, db: Database, visitor: IdOf, now: datetime, clock: MovableClock,
    first: str, then: str, attributes: dict[str, Any], minutes: dict[str, int],
) -> None:  # fmt: skip
    clock.advance(timedelta(minutes=30))
    hear(site, now, ("laptop", 1, BASIC), ("wrong", 20, {"plan": "evil", "size": 1}), ("tablet", 15, {"city": "Bonn"}))
    hear(site, now, ("tablet", 22, {"plan": "pro"}))
    undo(site, visitor(first))
    *_, left, _, _, moments = kept(db)
    assert (left, moments) == (attributes, {name: at(now, minute) for name, minute in minutes.items()})
    undo(site, visitor(then))
    *_, left, _, _, moments = kept(db)
    assert (left, moments) == (BASIC, {"plan": at(now, 1)})


def at(now: datetime, minute: int) -> int:
    return to_ms(now + timedelta(minutes=minute))


def test_what_somebody_else_said_again_stays_until_that_is_undone_too(
    site: Site, db: Database, visitor: IdOf, now: datetime, clock: MovableClock
) -> None:
    clock.advance(timedelta(minutes=30))
    pro = {"name": "Vera", "plan": "pro"}
    hear(site, now, ("old", 1, {"plan": "free"}), ("wrong", 2, pro), ("laptop", 3, pro), ("tablet", 4, pro))
    for browser, name, plan in (("wrong", "Vera", "pro"), ("laptop", "Vera", "pro"), ("tablet", None, "free")):
        undo(site, visitor(browser))
        assert (kept(db)[0], kept(db)[2]) == (name, {"plan": plan})
