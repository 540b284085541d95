"""A stranger with the site key who claims to be somebody: through collect, rules and console, on the whole server."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.server.conftest import Home

GREETING = """
rule: greeting
trigger: {event: Asked}
repeat: {per: person}
do:
  - message:
      class: support
      text: {en: "Hi {{ contact.name | default: 'friend' }} {{ contact.email }}", zh: 你好}
"""
FOR_VIPS = """
rule: for-vips
trigger: {event: Asked}
when: {any: [{contact.plan: enterprise}, {contact.tags: {has: vip}}, {company.name: Acme}, {contact.user_id: vera}]}
do: [{tag: served}]
"""
VERA = {"name": "Vera", "email": "vera@secret.example", "phone": "+49 30 1", "plan": "enterprise"}
_numbers = count(1)


def asked(**ids: str) -> dict[str, Any]:
    return {"type": "track", "event": "Asked", **ids}


def identify(user_id: str, **traits: Any) -> dict[str, Any]:
    return {"type": "identify", "userId": user_id, "traits": traits}


@dataclass
class Site:
    client: FlaskClient
    home: Home

    def send(self, key: str, token: str | None, *items: dict[str, Any]) -> Any:
        batch = [{"messageId": f"m{next(_numbers)}", **item} for item in items]
        answer = self.client.post("/v1/batch", json={"writeKey": key, "token": token, "batch": batch}).json
        assert answer["rejected"] == []
        return answer

    def server(self, *items: dict[str, Any]) -> None:
        self.send(self.home.api_key, None, *items)

    def get(self, path: str, **query: Any) -> Any:
        headers = {"Authorization": f"Bearer {self.home.api_key}"}
        return self.client.get(f"/api/v1{path}", headers=headers, query_string=query).json

    def post(self, path: str, body: Any) -> Any:
        headers = {"Authorization": f"Bearer {self.home.api_key}"}
        return self.client.post(f"/api/v1{path}", headers=headers, json=body)

    def contact(self) -> Any:
        """The one contact, as its own page in the console shows it."""
        (found,) = self.get("/people")["data"]
        return found


@dataclass
class Browser:
    site: Site
    anonymous_id: str
    token: str | None = None

    def send(self, *items: dict[str, Any]) -> list[str]:
        """The texts of the messages that came back."""
        own = [{"anonymousId": self.anonymous_id, **item} for item in items]
        answer = self.site.send(self.site.home.site_key, self.token, *own)
        self.token = answer.get("visitor_token") or self.token
        return [delivery["content"]["text"] for delivery in answer["deliveries"]]

    def chat(self) -> Any:
        """Open a chat; the conversation as teammates see it."""
        body = {"client_id": f"c{next(_numbers)}", "body": "Hello", "page": None}
        headers = {"Authorization": f"Bearer {self.token}"}
        begun = self.site.client.post("/messenger/v1/conversations", headers=headers, json=body)
        assert begun.status_code == 201
        return self.site.get(f"/conversations/{begun.json['conversation']['id']}")


@pytest.fixture
def site(client: FlaskClient, workspace: Home) -> Site:
    return Site(client, workspace)


@pytest.fixture
def open_browser(site: Site) -> Callable[[str], Browser]:
    return lambda anonymous_id: Browser(site, anonymous_id)


@pytest.fixture
def stranger(site: Site) -> Browser:
    return Browser(site, "stranger")


@pytest.fixture
def rules(site: Site) -> None:
    assert site.post("/rules", {"yaml": f"{GREETING}---\n{FOR_VIPS}", "state": "live"}).status_code in (200, 201)


def vera_is_known(site: Site) -> Any:
    group = {"type": "group", "userId": "vera", "groupId": "acme", "traits": {"name": "Acme"}}
    site.server(identify("vera", **VERA), group)
    return site.contact()


@pytest.mark.usefixtures("rules")
def test_who_claims_to_be_somebody_is_told_nothing_of_them(site: Site, stranger: Browser) -> None:
    vera_is_known(site)
    assert stranger.send(identify("vera"), asked()) == ["Hi friend "]
    held = [row["outcome"] for row in site.get("/decisions")["data"]]
    assert held == ["acted"], "and no rule for Vera acts on the stranger"


@pytest.mark.usefixtures("rules")
def test_it_holds_in_whichever_order_things_are_said(site: Site, stranger: Browser) -> None:
    stranger.send(identify("vera"))
    vera_is_known(site)
    assert stranger.send(asked()) == ["Hi friend "]


@pytest.mark.usefixtures("rules")
def test_a_chat_of_such_a_stranger_asks_no_rule_for_the_contact(site: Site, stranger: Browser) -> None:
    rule = "rule: chat\ntrigger: {conversation: started}\nwhen: {contact.plan: enterprise}\ndo: [{tag: vip}]"
    assert site.post("/rules", {"yaml": rule, "state": "live"}).status_code in (200, 201)
    vera_is_known(site)
    stranger.send(identify("vera"))
    assert stranger.chat()["tags"] == []


def test_the_console_shows_a_claim_as_the_browser_s_own(site: Site, stranger: Browser) -> None:
    vera_is_known(site)
    stranger.send(identify("vera", name="Vera", email="vera@mine.example"))
    shown = stranger.chat()["person"]
    assert (shown["name"], shown["email"], shown["verified"]) == ("Vera", "vera@mine.example", False)
    page = site.get(f"/people/{shown['id']}")
    assert (page["user_id"], page["email"], page["verified"]) == ("vera", "vera@mine.example", False)
    assert (page["phone"], page["attributes"], page["companies"], page["tags"]) == (None, {}, [], [])


def test_the_contact_s_own_page_shows_nothing_of_the_claim(site: Site, stranger: Browser) -> None:
    vera_is_known(site)
    stranger.send(identify("vera", name="Mallory", plan="none"), asked())
    vera = site.contact()
    assert (vera["label"], vera["verified"], vera["sessions"]) == ("Vera", True, 0)
    events = site.get("/events", person=vera["id"])["data"]
    assert {event["verified"] for event in events} == {True}


@pytest.mark.usefixtures("rules")
def test_what_is_meant_for_a_contact_never_reaches_who_claims_to_be_it(site: Site, stranger: Browser) -> None:
    vera = vera_is_known(site)
    stranger.send(identify("vera"))
    site.server(asked(userId="vera"))
    assert stranger.send() == []
    first = {"person": vera["id"], "client_id": "c-first", "body": "Your invoice"}
    assert site.post("/conversations", first).json["code"] == "unreachable"


@pytest.mark.usefixtures("rules")
def test_a_stranger_does_not_use_up_what_is_said_once(
    site: Site, stranger: Browser, open_browser: Callable[[str], Browser]
) -> None:
    vera_is_known(site)
    stranger.send(identify("vera"), asked())
    veras = open_browser("veras")
    veras.send({"type": "page"})
    site.server(identify("vera") | {"anonymousId": "veras"})
    assert veras.send(asked()) == ["Hi Vera vera@secret.example"]


@pytest.mark.usefixtures("rules")
def test_what_anybody_says_of_a_contact_without_a_browser_moves_no_rule(
    site: Site, open_browser: Callable[[str], Browser]
) -> None:
    vera_is_known(site)
    veras = open_browser("veras")
    veras.send({"type": "page"})
    site.server(identify("vera") | {"anonymousId": "veras"})
    site.send(site.home.site_key, None, asked(userId="vera"))
    assert site.get("/decisions")["data"] == []


@pytest.mark.usefixtures("rules")
def test_a_site_without_a_server_greets_by_the_name_that_its_page_gave(
    site: Site, open_browser: Callable[[str], Browser]
) -> None:
    annas = open_browser("annas")
    assert annas.send(identify("anna", name="Anna", email="anna@shop.example"), asked()) == [
        "Hi Anna anna@shop.example"
    ]
    anna = annas.chat()["person"]
    assert (anna["kind"], anna["label"], anna["verified"]) == ("contact", "Anna", False)


@pytest.mark.usefixtures("rules")
def test_a_server_that_names_both_ids_vouches_for_the_browser(
    site: Site, open_browser: Callable[[str], Browser]
) -> None:
    veras = open_browser("veras")
    veras.send(identify("vera", plan="free"))
    vera_is_known(site)
    site.server({"type": "track", "event": "Logged In", "userId": "vera", "anonymousId": "veras"})
    assert veras.send(asked()) == ["Hi Vera vera@secret.example"]
    assert sorted(row["outcome"] for row in site.get("/decisions")["data"]) == ["acted", "acted"]
    shown = veras.chat()["person"]
    assert (shown["kind"], shown["email"], shown["verified"]) == ("contact", "vera@secret.example", True)


def test_an_email_that_only_the_browser_gave_is_not_shown_as_verified(
    site: Site, open_browser: Callable[[str], Browser]
) -> None:
    veras = open_browser("veras")
    site.server(identify("vera", name="Vera") | {"anonymousId": "veras"})
    veras.send(identify("vera", email="boss@bank.example"))
    vera = veras.chat()["person"]
    assert (vera["email"], vera["verified"]) == ("boss@bank.example", False)


def test_a_visitor_with_an_alias_is_not_verified(open_browser: Callable[[str], Browser]) -> None:
    somebody = open_browser("somebody")
    somebody.send({"type": "page"})
    shown = somebody.chat()["person"]
    assert (shown["name"], shown["verified"]) == (None, False)
