"""What a sender may rely on, shown through HTTP on both databases."""

import gzip
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import orjson
import pytest

from frontdesk.collect.endpoint import Collect
from frontdesk.collect.models import DeadLetter, Event
from frontdesk.core.clock import MovableClock
from frontdesk.core.db import Database
from frontdesk.people.models import Visitor
from tests.server.collect.conftest import Post, Rules
from tests.server.collect.senders import PRICING, basic, batch, page, rows, track
from tests.server.conftest import Home


def test_a_page_view_makes_a_visitor_with_source_browser_and_country(post: Post, db: Database, workspace: Home) -> None:
    answer = post("batch", batch(workspace, page("m1")))
    assert answer.status == 200
    assert answer.body["accepted"] == 1
    assert answer.body["visitor_token"].startswith("vt_")
    (visitor,) = rows(db, Visitor)
    assert (visitor.browser, visitor.os, visitor.device) == ("Chrome 140", "Linux", "desktop")
    assert (visitor.country, visitor.language, visitor.timezone) == ("US", "de-DE", "Europe/Berlin")
    assert visitor.first_touch["channel"] == "email"
    assert visitor.first_touch["campaign"] == "autumn"
    assert visitor.page["path"] == "/pricing"
    (event,) = rows(db, Event)
    assert (event.person_id, event.type, event.path, event.verified) == (visitor.id, "page", "/pricing", False)


def test_the_token_is_given_until_it_was_shown_once_and_then_proves_the_visitor(
    post: Post, workspace: Home, rules: Rules
) -> None:
    token = post("batch", batch(workspace, page("m1"))).body["visitor_token"]
    assert post("batch", batch(workspace, page("m2"))).body["visitor_token"] == token
    assert "visitor_token" not in post("batch", batch(workspace, page("m3"), token=token)).body
    assert "visitor_token" not in post("batch", batch(workspace, page("m4"))).body
    assert [arrival.token_held for arrival in rules.arrivals] == [True, True, True, False]


@pytest.mark.parametrize("later", [timedelta(minutes=1), timedelta(days=1)])
def test_a_token_whose_answer_was_lost_is_given_again_to_who_asked_for_it(
    post: Post, workspace: Home, clock: MovableClock, later: timedelta
) -> None:
    token = post("batch", batch(workspace, page("m1"))).body["visitor_token"]
    clock.advance(later)
    assert post("batch", batch(workspace, page("m2"))).body["visitor_token"] == token
    assert "visitor_token" not in post("batch", batch(workspace, page("m3"), token=token)).body


def test_a_browser_that_a_server_named_long_before_is_given_its_token_until_it_was_shown(
    post: Post, workspace: Home, clock: MovableClock
) -> None:
    post("track", track("m1"), **basic(workspace.api_key))
    clock.advance(timedelta(days=1))
    token = post("batch", batch(workspace, page("m2"))).body["visitor_token"]
    assert post("batch", batch(workspace, page("m3"))).body["visitor_token"] == token
    assert "visitor_token" not in post("batch", batch(workspace, page("m4"), token=token)).body


def test_two_visitors_have_two_tokens_and_a_server_gets_none(post: Post, workspace: Home) -> None:
    first = post("batch", batch(workspace, page("m1"))).body["visitor_token"]
    assert post("batch", batch(workspace, page("m2", anonymousId="bob"))).body["visitor_token"] != first
    by_server = post("track", track("m3", anonymousId="cyd"), **basic(workspace.api_key))
    assert "visitor_token" not in by_server.body


def test_a_token_of_another_workspace_is_nobodys(post: Post, workspace: Home, other_workspace: Home) -> None:
    token = post("batch", batch(workspace, page("m1"))).body["visitor_token"]
    here = {"writeKey": other_workspace.site_key, "token": token, "page": {"url": PRICING}}
    assert post("presence", here).status == 401


def test_the_same_message_counts_once(post: Post, db: Database, workspace: Home) -> None:
    assert post("batch", batch(workspace, track("m1"), track("m1"))).body["accepted"] == 2
    again = post("batch", batch(workspace, track("m1"), sentAt="2026-03-02T10:00:00Z"))
    assert (again.body["accepted"], again.body["rejected"]) == (1, [])
    assert len(rows(db, Event)) == 1


def test_the_same_id_with_other_content_is_a_conflict_and_kept_aside(post: Post, db: Database, workspace: Home) -> None:
    post("batch", batch(workspace, track("m1")))
    answer = post("batch", batch(workspace, track("m1", event="Something Else"), track("m2")))
    assert answer.body["accepted"] == 1
    assert [(one["messageId"], one["code"]) for one in answer.body["rejected"]] == [("m1", "conflict")]
    (letter,) = rows(db, DeadLetter)
    assert (letter.code, orjson.loads(letter.body)["event"]) == ("conflict", "Something Else")


def test_the_same_message_id_in_two_workspaces_is_two_messages(
    post: Post, db: Database, workspace: Home, other_workspace: Home
) -> None:
    post("batch", batch(workspace, track("m1")))
    post("batch", batch(other_workspace, track("m1")))
    assert {event.workspace_id for event in rows(db, Event)} == {workspace.id, other_workspace.id}


BAD = [
    ({"type": "nonsense", "messageId": "b", "anonymousId": "ana"}, "invalid", "type"),
    ({"type": "track", "messageId": "b", "anonymousId": "ana"}, "missing", "event"),
    ({"type": "track", "messageId": "b", "event": "E"}, "missing", "userId"),
    ({"type": "group", "messageId": "b", "anonymousId": "ana"}, "missing", "groupId"),
    ({"type": "track", "messageId": "b", "anonymousId": "ana", "event": 7}, "invalid", "event"),
    (
        {"type": "track", "messageId": "b", "anonymousId": "ana", "event": "E", "properties": [1]},
        "invalid",
        "properties",
    ),
    (
        {"type": "track", "messageId": "b", "anonymousId": "ana", "event": "E", "timestamp": "soon"},
        "invalid",
        "timestamp",
    ),
    (
        {"type": "track", "messageId": "b", "anonymousId": "ana", "event": "E", "timestamp": "2020-01-01T00:00:00Z"},
        "too_late",
        "timestamp",
    ),
    (
        {"type": "track", "messageId": "b", "anonymousId": "ana", "event": "E", "properties": {"x": "y" * 33_000}},
        "too_large",
        None,
    ),
]


@pytest.mark.parametrize(("bad", "code", "field"), BAD, ids=[f"{code}-{field}" for _, code, field in BAD])
def test_a_bad_item_is_named_and_the_good_ones_are_kept(
    post: Post, db: Database, workspace: Home, bad: dict[str, Any], code: str, field: str | None
) -> None:
    answer = post("batch", batch(workspace, track("g1"), bad, track("g2")))
    assert answer.status == 200
    assert answer.body["accepted"] == 2
    (refused,) = answer.body["rejected"]
    assert (refused["code"], refused["field"]) == (code, field)
    assert refused["detail"]
    assert sorted(event.message_id for event in rows(db, Event)) == ["g1", "g2"]
    assert [letter.code for letter in rows(db, DeadLetter)] == [code]


WHOLE = [
    (b"{", "batch", 400, "malformed"),
    (b"[]", "batch", 400, "malformed"),
    (b'{"batch": 7}', "batch", 400, "malformed"),
    (b"[" * 100_000, "batch", 400, "malformed"),
    (b"\xff\xfe", "track", 400, "malformed"),
    (b'{"batch": [], "x": "' + b"y" * 600_000 + b'"}', "batch", 413, "too_large"),
    (b'{"batch": []}', "batch", 401, "missing_key"),
    (b'{"batch": [], "writeKey": "pk_nobody"}', "batch", 401, "unknown_key"),
]


@pytest.mark.parametrize(("body", "call", "status", "code"), WHOLE)
def test_a_request_that_cannot_be_taken_says_why(
    post: Post, workspace: Home, body: bytes, call: str, status: int, code: str
) -> None:
    answer = post(call, body)
    assert (answer.status, answer.body["code"]) == (status, code)
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_gzip_and_text_plain_are_taken(post: Post, db: Database, workspace: Home) -> None:
    packed = gzip.compress(orjson.dumps(batch(workspace, track("m1"))))
    assert post("batch", packed, HTTP_CONTENT_ENCODING="gzip", CONTENT_TYPE="text/plain").status == 200
    assert len(rows(db, Event)) == 1
    bomb = gzip.compress(b" " * 50_000_000)
    assert post("batch", bomb, HTTP_CONTENT_ENCODING="gzip").status == 413


def test_single_calls_take_the_key_from_basic_auth(post: Post, db: Database, workspace: Home) -> None:
    assert post("track", track("m1"), **basic(workspace.api_key)).status == 200
    (event,) = rows(db, Event)
    assert (event.type, event.verified) == ("track", True)


def test_an_api_key_in_a_page_is_refused(post: Post, workspace: Home) -> None:
    answer = post("track", track("m1"), HTTP_ORIGIN="https://shop.example", **basic(workspace.api_key))
    assert (answer.status, answer.body["code"]) == (403, "api_key_in_browser")


def test_text_that_a_database_would_choke_on_is_cleaned(post: Post, db: Database, workspace: Home) -> None:
    raw = b'{"writeKey": "%s", "batch": [%s]}' % (
        workspace.site_key.encode(),
        b'{"type":"track","messageId":"m1","anonymousId":"ana","event":"E\\u0000","properties":'
        + b'{"a\\u0000b":"c\\u0000d","big":1000000000000000000000000000000,"whole":18446744073709551615,'
        + b'"deep":{"list":["\\u0000"]}}}',
    )
    assert post("batch", raw).body["accepted"] == 1
    (event,) = rows(db, Event)
    assert event.name == "E"
    assert event.properties == {"ab": "cd", "big": 1e30, "whole": 2**64 - 1, "deep": {"list": [""]}}


def test_preflight_is_answered_and_other_paths_are_handed_on(collect: Collect, post: Post) -> None:
    preflight = post("batch", b"", REQUEST_METHOD="OPTIONS")
    assert (preflight.status, preflight.headers["Access-Control-Allow-Methods"]) == (204, "POST")
    assert collect({"PATH_INFO": "/v1/other", "REQUEST_METHOD": "POST"}, lambda *_: None) == [b"elsewhere"]


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "HEAD"])
def test_another_method_is_told_which_ones_there_are(post: Post, method: str) -> None:
    answer = post("batch", b"", REQUEST_METHOD=method)
    assert (answer.status, answer.headers["Allow"]) == (405, "POST, OPTIONS")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.body.get("code") == (None if method == "HEAD" else "method_not_allowed")


ODD_KEYS = ["pk_\x00", "\x00", "sk_\x00", "pk_\u00e9", "pk_" + "x" * 10_000]


@pytest.mark.parametrize("key", ODD_KEYS)
def test_what_is_not_even_spelled_like_a_key_is_unknown(post: Post, workspace: Home, key: str) -> None:
    answers = [
        post("batch", {"writeKey": key, "batch": []}),
        post("batch", {"batch": []}, QUERY_STRING=urlencode({"key": key})),
        post("track", track("m1"), **basic(key)),
        post("presence", {"writeKey": key, "token": "vt_x"}),
    ]
    assert {(answer.status, answer.body["code"]) for answer in answers} == {(401, "unknown_key")}


def test_a_surrogate_or_a_nul_in_a_key_or_token_is_no_accident(post: Post, workspace: Home) -> None:
    by_query = post("batch", {"batch": []}, QUERY_STRING="key=%ED%A0%80")
    assert (by_query.status, by_query.body["code"]) == (401, "unknown_key")
    assert post("batch", b'{"writeKey": "\\ud800", "batch": []}').status == 401
    stranger = post("presence", {"writeKey": workspace.site_key, "token": "vt_\x00"})
    assert (stranger.status, stranger.body["code"]) == (401, "unknown_token")
    assert post("batch", batch(workspace, track("m1"), token="\x00")).status == 200
