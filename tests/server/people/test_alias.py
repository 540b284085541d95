"""Alias, as the Segment spec has it: who was known by an anonymous id becomes known by a user id."""

import pytest

from tests.server.people.conftest import IdOf
from tests.server.people.site import Site, alias, identify, track


def test_what_was_done_before_is_the_contact_s(site: Site, visitor: IdOf, contact: IdOf) -> None:
    site.page(track("Looked", anonymousId="ana"))
    site.server(alias("ana", userId="vera"))
    assert site.person(visitor("ana"))["id"] == contact("vera")
    assert site.events(contact("vera")) == ["Looked", "alias"]
    assert [row["cause"] for row in site.merges(visitor("ana"))] == ["alias"]


def test_two_user_ids_never_merge_and_the_event_says_what_was_asked(site: Site, contact: IdOf) -> None:
    site.server(identify(userId="old", traits={"name": "Old"}), track("Looked", userId="old"))
    answer = site.server(alias("old", userId="new"))
    assert (answer["accepted"], answer["rejected"]) == (1, [])
    assert contact("old") != contact("new")
    assert site.events(contact("old")) == ["Looked", "identify"]
    (event,) = site.get("/events", person=contact("new"))["data"]
    assert (event["type"], event["properties"]) == ("alias", {"previousId": "old"})


def test_a_browser_that_is_known_as_another_stays_that(site: Site, visitor: IdOf, contact: IdOf) -> None:
    site.server(identify(userId="vera", anonymousId="ana"))
    site.server(alias("ana", userId="bob"))
    assert site.person(visitor("ana"))["user_id"] == "vera"
    assert (site.events(contact("vera")), site.events(contact("bob"))) == (["identify"], ["alias"])


@pytest.mark.parametrize("at_once", [True, False])
@pytest.mark.parametrize("sender", ["page", "server"])
def test_a_browser_that_is_yet_to_come_is_who_the_alias_said(
    site: Site, visitor: IdOf, contact: IdOf, sender: str, *, at_once: bool
) -> None:
    send = site.page if sender == "page" else site.server
    said = [alias("ana", userId="vera"), track("Looked", anonymousId="ana")]
    for items in [said] if at_once else [[one] for one in said]:
        send(*items)
    assert site.person(visitor("ana"))["id"] == contact("vera")
    assert site.events(contact("vera")) == ["Looked", "alias"]


def test_a_browser_that_is_yet_to_come_gets_its_token_when_it_comes(site: Site) -> None:
    assert "visitor_token" not in site.page(alias("ana", userId="vera"))
    assert site.page(track(anonymousId="ana"))["visitor_token"]


def test_what_a_page_says_of_nobody_we_know_it_says_of_its_own_browser(
    site: Site, visitor: IdOf, contact: IdOf
) -> None:
    site.page(alias("an old name", anonymousId="ana", userId="vera"))
    assert site.person(visitor("ana"))["id"] == contact("vera")
    assert [row["visitor"] for row in site.merges(contact("vera"))] == [visitor("ana")]
