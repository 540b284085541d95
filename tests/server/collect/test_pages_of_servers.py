"""Page calls of those that have no browser: their page, where it came from and what it was found by are properties."""

from typing import Any

import pytest

from frontdesk.collect.models import Event, Session
from frontdesk.core.db import Database
from tests.server.collect.conftest import Post
from tests.server.collect.senders import rows
from tests.server.conftest import Home

SHOP = "https://shop.example/pricing"
UTM = "?utm_source=newsletter&utm_medium=email"


def landed(post: Post, db: Database, key: str, **said: Any) -> tuple[str | None, dict[str, Any]]:
    """The stored address of a page call, and the source of its session."""
    call = {"type": "page", "messageId": "m1", "anonymousId": "ana", **said}
    assert post("batch", {"writeKey": key, "batch": [call]}).body["rejected"] == []
    (event,), (session,) = rows(db, Event), rows(db, Session)
    return event.url, session.touch


def test_the_referrer_of_a_server_s_page_call_is_its_source(post: Post, db: Database, workspace: Home) -> None:
    page = {"url": SHOP, "referrer": "https://www.google.com/"}
    _, touch = landed(post, db, workspace.api_key, properties=page)
    assert (touch["channel"], touch["source"]) == ("organic_search", "google")


@pytest.mark.parametrize("search", [UTM, UTM.removeprefix("?")])
@pytest.mark.parametrize("where", ["context", "properties"])
def test_an_address_without_its_query_is_read_with_the_search_beside_it(
    post: Post, db: Database, workspace: Home, where: str, search: str
) -> None:
    page = {"url": f"{SHOP}#plans", "search": search}
    said = {"context": {"page": page}} if where == "context" else {"properties": page}
    url, touch = landed(post, db, workspace.api_key, **said)
    assert url == f"{SHOP}{UTM}#plans"
    assert (touch["channel"], touch["source"]) == ("email", "newsletter")


def test_a_query_of_the_address_goes_before_the_search(post: Post, db: Database, workspace: Home) -> None:
    page = {"url": f"{SHOP}{UTM}", "search": "?utm_source=other"}
    url, touch = landed(post, db, workspace.site_key, context={"page": page})
    assert (url, touch["source"]) == (f"{SHOP}{UTM}", "newsletter")


@pytest.mark.parametrize("odd", [5, "", None, {"a": 1}, ["?a=b"]], ids=repr)
def test_what_is_no_text_is_no_search_and_no_referrer(post: Post, db: Database, workspace: Home, odd: Any) -> None:
    url, touch = landed(post, db, workspace.api_key, properties={"url": SHOP, "search": odd, "referrer": odd})
    assert (url, touch["channel"]) == (SHOP, "direct")


def test_only_a_page_call_has_its_page_among_the_properties(post: Post, db: Database, workspace: Home) -> None:
    said = {"url": SHOP, "search": "blue bells", "referrer": "https://www.google.com/"}
    track = {"type": "track", "event": "Searched", "messageId": "m1", "anonymousId": "ana", "properties": said}
    assert post("batch", {"writeKey": workspace.api_key, "batch": [track]}).body["rejected"] == []
    (event,), (session,) = rows(db, Event), rows(db, Session)
    assert (event.url, session.touch["channel"]) == (None, "direct")
    assert event.properties == said
