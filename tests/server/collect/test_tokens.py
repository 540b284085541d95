"""Whom the token of a visitor is given to: the browser itself, and nobody who has only heard of its anonymousId."""

from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from frontdesk.core.clock import MovableClock
from frontdesk.core.db import Database
from frontdesk.people.models import Contact, Merge, Visitor
from tests.server.collect.conftest import CHROME, Post, Rules
from tests.server.collect.senders import PRICING, basic, batch, page, rows
from tests.server.conftest import Home

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


def token(post: Post, home: Home, message_id: str, **environ: Any) -> str | None:
    found: str | None = post("batch", batch(home, page(message_id)), **environ).body.get("visitor_token")
    return found


@pytest.mark.parametrize(
    ("environ", "given"),
    [
        ({}, True),
        ({"REMOTE_ADDR": "8.8.4.4"}, False),
        ({"HTTP_USER_AGENT": FIREFOX}, False),
        ({"REMOTE_ADDR": "8.8.4.4", "HTTP_USER_AGENT": FIREFOX}, False),
    ],
    ids=str,
)
def test_it_is_given_again_only_to_who_asked_first(
    post: Post, workspace: Home, environ: dict[str, str], *, given: bool
) -> None:
    first = token(post, workspace, "m1")
    assert first
    assert token(post, workspace, "m2", **environ) == (first if given else None)
    assert token(post, workspace, "m3") == first, "and who asked first is not locked out by others who ask"


def test_a_network_of_ipv6_is_one_household(post: Post, workspace: Home) -> None:
    first = token(post, workspace, "m1", REMOTE_ADDR="2001:db8:1:2::1")
    assert token(post, workspace, "m2", REMOTE_ADDR="2001:db8:1:2::9") == first
    assert token(post, workspace, "m3", REMOTE_ADDR="2001:db8:1:3::1") is None


def test_an_alias_of_somebody_else_s_anonymous_id_brings_no_token(post: Post, workspace: Home) -> None:
    post("track", {"event": "Asked", "anonymousId": "ana", "messageId": "m0"}, **basic(workspace.api_key))
    alias = {"type": "alias", "previousId": "ana", "userId": "eve", "messageId": "m1"}
    assert "visitor_token" not in post("batch", batch(workspace, alias)).body
    assert "visitor_token" not in post("batch", batch(workspace, {**alias, "messageId": "m2", "anonymousId": "e"})).body
    assert token(post, workspace, "m3"), "the browser itself gets it"


def test_whom_a_server_knows_by_now_gets_it_no_second_time(post: Post, workspace: Home) -> None:
    assert token(post, workspace, "m1", HTTP_USER_AGENT=CHROME)
    known = {"type": "identify", "anonymousId": "ana", "userId": "vera", "messageId": "m2"}
    post("batch", {"writeKey": workspace.api_key, "batch": [known]})
    assert token(post, workspace, "m3", HTTP_USER_AGENT=CHROME) is None


def server_says(post: Post, home: Home, message_id: str, user_id: str) -> None:
    said = {"type": "identify", "anonymousId": "ana", "userId": user_id, "messageId": message_id, "traits": {"a": 1}}
    post("batch", {"writeKey": home.api_key, "batch": [said]})


def link(db: Database) -> tuple[bool, list[tuple[str, bool, bool]]]:
    """Whether the browser's link counts; its merge log: by which cause, verified, and whether it stands."""
    (visitor,) = rows(db, Visitor)
    log = sorted(rows(db, Merge), key=lambda row: row.id)
    return visitor.contact_verified, [(row.cause, row.verified, row.undone_at is None) for row in log]


def test_what_a_server_said_of_a_name_is_a_claim_of_the_browser_that_asks_by_it_until_it_is_said_again(
    post: Post, workspace: Home, db: Database
) -> None:
    server_says(post, workspace, "m1", "vera")
    assert link(db) == (True, [("identify", True, True)])
    first = token(post, workspace, "m2")
    assert first, "the page of a browser that a server knew before can chat"
    met = [("identify", True, False), ("met", False, True)]
    assert link(db) == (False, met)
    server_says(post, workspace, "m3", "vera")
    assert link(db) == (True, [*met, ("identify", True, True)])
    post("batch", {**batch(workspace, page("m4")), "token": first})
    assert link(db)[0], "once it was met, the server's word stays"


def test_rules_speak_to_whom_is_met_as_to_somebody_unknown(
    post: Post, workspace: Home, db: Database, rules: Rules
) -> None:
    server_says(post, workspace, "m1", "vera")
    token(post, workspace, "m2")
    (contact,) = rows(db, Contact)
    assert contact.verified
    assert rules.arrivals[-1].contact_id is None


@pytest.fixture
def elsewhere() -> dict[str, str]:
    return {"REMOTE_ADDR": "8.8.4.4", "HTTP_USER_AGENT": FIREFOX}


def test_a_browser_that_never_got_its_token_gets_one_after_half_an_hour_wherever_it_is_by_then(
    post: Post, workspace: Home, clock: MovableClock, elsewhere: dict[str, str]
) -> None:
    lost = token(post, workspace, "m1")
    clock.advance(timedelta(minutes=29))
    assert token(post, workspace, "m2", **elsewhere) is None
    clock.advance(timedelta(minutes=2))
    second = token(post, workspace, "m3", **elsewhere)
    assert second not in (None, lost)
    assert token(post, workspace, "m4", **elsewhere) == second, "two tabs that ask at once get the same one"
    post("batch", {**batch(workspace, page("m5")), "token": second})
    assert token(post, workspace, "m6") is None, "once it was shown, nobody gets any"


def test_whom_a_server_knows_gets_no_new_one_either(
    post: Post, workspace: Home, clock: MovableClock, elsewhere: dict[str, str]
) -> None:
    token(post, workspace, "m1")
    server_says(post, workspace, "m2", "vera")
    clock.advance(timedelta(days=1))
    assert token(post, workspace, "m3", **elsewhere) is None


def test_who_has_a_conversation_gets_no_new_one(client: FlaskClient, workspace: Home, clock: MovableClock) -> None:
    def ask(message_id: str) -> str | None:
        sent = batch(workspace, page(message_id))
        found: str | None = client.post("/v1/batch", json=sent, headers={"User-Agent": message_id}).json.get(
            "visitor_token"
        )
        return found

    said = {"client_id": "c1", "body": "Hello"}
    bearer = {"Authorization": f"Bearer {ask('m1')}"}
    started = client.post("/messenger/v1/conversations", json=said, headers=bearer)
    assert started.status_code in {200, 201}, started.text
    clock.advance(timedelta(days=1))
    assert ask("m2") is None


def test_presence_needs_the_token(post: Post, db: Database, workspace: Home, clock: MovableClock) -> None:
    token = post("batch", batch(workspace, page("m1"))).body["visitor_token"]
    clock.advance(timedelta(seconds=30))
    here = {"writeKey": workspace.site_key, "token": token, "page": {"url": PRICING, "dwell_ms": 30_000}}
    assert post("presence", here).status == 200
    (visitor,) = rows(db, Visitor)
    assert visitor.present_until > clock()
    assert visitor.page["dwell_ms"] == 30_000
    stranger = post("presence", here | {"token": "vt_nobody"})
    assert (stranger.status, stranger.body["code"]) == (401, "unknown_token")


def test_whoever_has_hidden_the_page_is_not_here(
    post: Post, db: Database, workspace: Home, clock: MovableClock
) -> None:
    token = post("batch", batch(workspace, page("m1"))).body["visitor_token"]
    here_until = rows(db, Visitor)[0].present_until
    clock.advance(timedelta(seconds=30))
    hidden = {"writeKey": workspace.site_key, "token": token, "page": {"url": PRICING}, "visible": False}
    assert post("presence", hidden).status == 200
    assert rows(db, Visitor)[0].present_until == here_until
    assert post("presence", hidden | {"visible": True}).status == 200
    assert rows(db, Visitor)[0].present_until > here_until
