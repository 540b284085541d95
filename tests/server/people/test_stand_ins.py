"""Events whose browser is not named, or is in the hands of a second user: whose they are, and whose they are not."""

from typing import Any

import pytest
from sqlalchemy import select

from frontdesk.collect.models import Event, Session, Touchpoint
from frontdesk.core.db import Database
from frontdesk.engage.models import Delivery
from frontdesk.people.models import Contact, Visitor
from tests.server.people.conftest import IdOf
from tests.server.people.site import Site, group, identify, track

LANDED: dict[str, Any] = {
    "context": {"page": {"url": "https://shop.example/?utm_source=mail"}, "userAgent": "Mozilla/5.0 Firefox/140.0"}
}
VERA = identify(userId="vera", traits={"name": "Vera"})
RULE = """
rule: asked
trigger: {event: Asked}
do: [{tag: asked}]
"""


def rows(db: Database, model: Any) -> list[Any]:
    return db.read(lambda session: list(session.scalars(select(model).order_by(model.id))))


def stands_for(db: Database, user_id: str) -> Visitor:
    """The one visitor that stands in for a browser of this user."""
    found = [row for row in rows(db, Visitor) if row.anonymous_id.startswith("frontdesk-")]
    (contact,) = [row for row in rows(db, Contact) if row.user_id == user_id]
    visitor: Visitor
    (visitor,) = [row for row in found if row.contact_id == contact.id]
    return visitor


@pytest.mark.parametrize("first", ["server", "page"])
@pytest.mark.parametrize(
    "claim",
    [track(userId="vera"), identify(userId="vera", traits={"name": "Eve"}), group("evil", userId="vera")],
    ids=lambda item: item["type"],
)
def test_a_site_key_writes_nothing_into_the_history_of_whom_a_server_knows(
    site: Site, contact: IdOf, claim: dict[str, Any], first: str
) -> None:
    for sender in (site.server, site.page) if first == "server" else (site.page, site.server):
        sender(VERA if sender == site.server else claim)
    assert site.events(contact("vera")) == ["identify"]
    person = site.person(contact("vera"))
    assert (person["name"], person["sessions"], person["companies"]) == ("Vera", 0, [])


def test_a_browser_of_somebody_else_writes_nothing_into_it_either(site: Site, contact: IdOf) -> None:
    site.server(VERA)
    site.page(identify(anonymousId="ana", userId="eve"))
    site.page(track(anonymousId="ana", userId="vera"), group("evil", anonymousId="ana", userId="vera"))
    assert site.events(contact("vera")) == ["identify"]
    assert site.events(contact("eve")) == ["identify"]


def test_what_is_claimed_can_be_looked_at_as_what_it_is(site: Site, db: Database) -> None:
    site.server(VERA)
    site.page(track(userId="vera"))
    stands = stands_for(db, "vera")
    person = site.person(stands.id)
    assert (person["kind"], person["user_id"], person["name"]) == ("visitor", "vera", None)
    assert site.events(stands.id) == ["Asked"]


def test_rules_hear_nothing_of_a_contact_from_whoever_merely_claims_to_be_it(site: Site, contact: IdOf) -> None:
    assert site.post("/rules", {"yaml": RULE, "state": "live"}).status_code == 200
    site.server(VERA)
    site.page(identify(anonymousId="ana", userId="eve"))
    site.page(track(userId="vera"), track(anonymousId="ana", userId="vera"))
    assert site.get("/decisions", person=contact("vera"))["data"] == []
    assert site.person(contact("vera"))["tags"] == []


def test_a_backend_may_use_the_site_key_for_users_whom_only_pages_have_named(site: Site, contact: IdOf) -> None:
    assert site.post("/rules", {"yaml": RULE, "state": "live"}).status_code == 200
    site.page(track(userId="vera"), identify(userId="vera", traits={"name": "Vera"}))
    person = site.person(contact("vera"))
    assert site.events(contact("vera")) == ["Asked", "identify"]
    assert (person["name"], person["tags"], person["online"], person["sessions"]) == ("Vera", ["asked"], False, 0)


def test_whoever_sends_for_a_user_without_a_browser_gets_no_token_and_is_not_here(site: Site, db: Database) -> None:
    assert "visitor_token" not in site.page(track(userId="vera"))
    stands = stands_for(db, "vera")
    assert (stands.token_hash, stands.present_until, stands.browser) == (None, None, None)


@pytest.mark.parametrize("at_once", [True, False])
@pytest.mark.parametrize("server", [True, False], ids=["server", "page"])
def test_a_second_user_of_a_browser_is_a_new_visitor_with_session_source_and_device(
    site: Site, db: Database, *, at_once: bool, server: bool
) -> None:
    send = site.server if server else site.page
    said = [
        identify(anonymousId="ana", userId="vera", **LANDED),
        identify(anonymousId="ana", userId="bob", **LANDED),
        track(anonymousId="ana", userId="bob", **LANDED),
    ]
    for items in [said] if at_once else [[one] for one in said]:
        send(*items)
    first, second = rows(db, Visitor)
    stands = stands_for(db, "bob")
    assert {first.id, second.id} > {stands.id}
    assert (stands.browser, stands.first_touch["source"], stands.sessions) == ("Firefox 140", "mail", 1)
    sessions = {row.person_id: row.id for row in rows(db, Session)}
    assert sorted(sessions) == sorted([first.id, second.id])
    assert {row.person_id for row in rows(db, Touchpoint)} == sessions.keys()
    events = rows(db, Event)
    assert all(row.session_id == sessions[row.person_id] for row in events)
    assert sorted(row.person_id == stands.id for row in events) == [False, True, True]
    assert stands.contact_verified is server


def test_each_user_of_a_shared_browser_has_the_own_history(site: Site, contact: IdOf) -> None:
    for user in ("vera", "bob", "vera", "bob"):
        site.page(track(f"By {user}", anonymousId="ana", userId=user))
    assert site.events(contact("vera")) == ["By vera"] * 2
    assert site.events(contact("bob")) == ["By bob"] * 2


def test_nobody_is_left_over_who_was_foreseen_to_stand_in_and_did_not(site: Site, db: Database) -> None:
    bobs = {"email": "bob@x.example"}
    site.server(identify(userId="bob", traits=bobs))
    site.server(
        identify(anonymousId="ana", traits=bobs),  # so that it is bob's, before anybody says so
        identify(anonymousId="ana", userId="vera"),
        identify(anonymousId="ana", userId="bob"),
    )
    whose = {row.id: row.user_id for row in rows(db, Contact)}
    assert sorted(whose[row.contact_id] for row in rows(db, Visitor)) == ["bob", "vera"]


def test_the_token_of_a_shared_browser_is_the_browser_s(site: Site, db: Database) -> None:
    token = site.page(track(anonymousId="ana", userId="vera"))["visitor_token"]
    assert "visitor_token" not in site.page(track(anonymousId="ana", userId="bob"), token=token)
    assert stands_for(db, "bob").token_hash is None


def test_a_contact_is_spoken_to_in_a_browser_that_holds_a_token(site: Site, db: Database, contact: IdOf) -> None:
    site.page(track(anonymousId="phone", userId="bob"))
    site.page(track(anonymousId="ana", userId="vera"))
    site.page(track(anonymousId="ana", userId="bob"), track(userId="bob"))
    (phone,) = [row for row in rows(db, Visitor) if row.anonymous_id == "phone"]
    assert site.post("/rules", {"yaml": RULE.replace("{tag: asked}", _MESSAGE), "state": "live"}).status_code == 200
    site.page(track(userId="bob"))
    (decided,) = [row for row in site.get("/decisions", person=contact("bob"))["data"] if row["outcome"] == "acted"]
    assert decided["person"] == contact("bob")
    assert [row.visitor_id for row in rows(db, Delivery)] == [phone.id]


_MESSAGE = "{message: {class: support, text: {en: Hi, zh: 你好}}}"
