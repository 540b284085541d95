"""An e-mail tells who somebody is only where a verified sender gave it, and only where one contact alone has it."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from frontdesk.core.clock import MovableClock
from frontdesk.core.db import Database
from frontdesk.people.models import Visitor
from tests.server.conftest import Home
from tests.server.people.conftest import IdOf
from tests.server.people.site import Site, identify, track

EMAIL = {"traits": {"email": "vera@true.example"}}
BROWSER, CONTACT = identify(anonymousId="ana", **EMAIL), identify(userId="vera", **EMAIL)


def email_of(db: Database, anonymous_id: str = "ana") -> tuple[str | None, bool]:
    """(e-mail, whether it is verified) of a visitor."""
    query = select(Visitor.email, Visitor.email_verified).filter_by(anonymous_id=anonymous_id)
    return tuple(db.read(lambda session: session.execute(query)).one())


def user_id(site: Site, visitor_id: str) -> str | None:
    found: str | None = site.person(visitor_id)["user_id"]
    return found


@pytest.mark.parametrize("said", [[BROWSER, CONTACT], [CONTACT, BROWSER]], ids=["browser first", "contact first"])
@pytest.mark.parametrize("together", [True, False])
def test_a_browser_is_the_one_contact_to_whom_a_server_gave_the_same_email(
    site: Site, visitor: IdOf, contact: IdOf, said: list[Any], *, together: bool
) -> None:
    site.page(track(anonymousId="ana"))
    for items in [said] if together else [[item] for item in said]:
        site.server(*items)
    person = site.person(visitor("ana"))
    assert (person["id"], person["email"], person["verified"]) == (contact("vera"), "vera@true.example", True)
    (merge,) = site.merges(visitor("ana"))
    assert (merge["cause"], merge["verified"], merge["by"]) == ("email", True, None)
    assert "Asked" in site.events(contact("vera"))


@pytest.mark.parametrize(
    ("browser", "contact_"), [("page", "server"), ("server", "page"), ("page", "page")], ids=lambda key: key
)
def test_an_email_that_a_page_gave_recognises_nobody(site: Site, visitor: IdOf, browser: str, contact_: str) -> None:
    getattr(site, contact_)(CONTACT)
    getattr(site, browser)(BROWSER)
    getattr(site, contact_)(CONTACT)
    assert user_id(site, visitor("ana")) is None


def test_the_same_email_on_two_contacts_stays_two_and_recognises_neither(
    site: Site, visitor: IdOf, contact: IdOf
) -> None:
    site.server(CONTACT, identify(userId="twin", **EMAIL), BROWSER)
    assert user_id(site, visitor("ana")) is None
    assert contact("vera") != contact("twin")
    assert [site.person(contact(name))["email"] for name in ("vera", "twin")] == ["vera@true.example"] * 2


def test_a_claim_to_have_the_same_email_takes_it_from_nobody(site: Site, visitor: IdOf) -> None:
    site.page(identify(userId="mallory", **EMAIL))
    site.server(CONTACT, BROWSER)
    assert user_id(site, visitor("ana")) == "vera"


def test_an_email_never_moves_a_browser_that_is_known_as_another(site: Site, visitor: IdOf) -> None:
    site.page(identify(userId="bob", anonymousId="ana"))
    site.server(BROWSER, CONTACT)
    assert user_id(site, visitor("ana")) == "bob"


def test_an_email_confirms_what_its_browser_claims(site: Site, visitor: IdOf, contact: IdOf) -> None:
    site.server(CONTACT)
    site.page(identify(userId="vera", anonymousId="ana"))
    assert site.person(visitor("ana"))["kind"] == "visitor"
    site.server(BROWSER)
    assert site.person(visitor("ana"))["id"] == contact("vera")


def test_whom_a_teammate_told_apart_no_email_brings_together(site: Site, visitor: IdOf) -> None:
    site.server(CONTACT, BROWSER)
    (merge,) = site.merges(visitor("ana"))
    site.as_sam(f"/merges/{merge['id']}/undo")
    site.server(BROWSER, CONTACT)
    assert user_id(site, visitor("ana")) is None


def test_an_email_of_another_workspace_is_nobody_s_here(site: Site, other_workspace: Home, visitor: IdOf) -> None:
    Site(site.client, other_workspace).server(CONTACT)
    site.server(BROWSER)
    assert user_id(site, visitor("ana")) is None


def test_an_email_that_a_contact_has_no_longer_recognises_nobody(
    site: Site, visitor: IdOf, clock: MovableClock
) -> None:
    site.server(CONTACT)
    clock.advance(timedelta(minutes=1))
    site.server(identify(userId="vera", traits={"email": "new@true.example"}), BROWSER)
    assert user_id(site, visitor("ana")) is None


@pytest.mark.parametrize(
    ("sender", "said", "kept"),
    [
        ("page", "mallory@false.example", ("vera@true.example", True)),
        ("page", None, ("vera@true.example", True)),
        ("server", "new@true.example", ("new@true.example", True)),
    ],
)
def test_a_verified_email_of_a_browser_is_changed_by_a_verified_sender_only(
    site: Site, db: Database, sender: str, said: str | None, kept: tuple[str, bool]
) -> None:
    site.server(BROWSER)
    getattr(site, sender)(identify(anonymousId="ana", traits={"email": said}))
    assert email_of(db) == kept


def test_what_a_page_says_of_its_email_is_a_claim(site: Site, db: Database) -> None:
    site.page(BROWSER)
    assert email_of(db) == ("vera@true.example", False)
    site.server(BROWSER)
    assert email_of(db) == ("vera@true.example", True)
