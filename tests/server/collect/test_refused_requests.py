"""A call of its own that is refused, and requests that cannot be read: what is answered, kept and counted."""

import gzip
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import orjson
import pytest

from frontdesk.collect.door.body import MOST_ITEMS
from frontdesk.collect.models import DeadLetter, Event
from frontdesk.core.db import Database
from tests.server.collect.conftest import Post
from tests.server.collect.senders import basic, batch, rows, track
from tests.server.collect.test_what_sites_take import counted
from tests.server.conftest import Home

pytestmark = pytest.mark.usefixtures("counted_anew")


REFUSED: list[tuple[dict[str, Any], int, str, str | None]] = [
    ({"event": ""}, 400, "missing", "event"),
    ({"event": 7}, 400, "invalid", "event"),
    ({"timestamp": "2020-01-01T00:00:00Z"}, 400, "too_late", "timestamp"),
    ({"properties": {"x": "y" * 33_000}}, 413, "too_large", None),
    ({"event": "Something Else"}, 409, "conflict", "messageId"),
]


@pytest.mark.parametrize(("more", "status", "code", "field"), REFUSED)
def test_a_call_of_its_own_that_is_refused_is_a_problem_and_kept(
    post: Post, db: Database, workspace: Home, more: dict[str, Any], status: int, code: str, field: str | None
) -> None:
    post("track", track("m1"), **basic(workspace.api_key))
    answer = post("track", track("m1") | more, **basic(workspace.api_key))
    assert (answer.status, answer.body["status"], answer.body["code"]) == (status, status, code)
    assert answer.body.get("field") == field
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert [(letter.code, letter.message_id) for letter in rows(db, DeadLetter)] == [(code, "m1")]
    assert len(rows(db, Event)) == 1


def test_a_number_that_is_none_makes_a_call_of_its_own_a_problem(post: Post, db: Database, workspace: Home) -> None:
    raw = orjson.dumps(track("m1", properties={"x": 0})).replace(b":0", b":NaN")
    answer = post("track", raw, **basic(workspace.api_key))
    assert (answer.status, answer.body["code"]) == (400, "malformed")
    assert [letter.code for letter in rows(db, DeadLetter)] == ["malformed"]


def test_what_is_left_out_is_no_problem(post: Post, workspace: Home) -> None:
    answer = post("track", track("m1", writeKey=workspace.site_key), HTTP_SEC_GPC="1")
    assert (answer.status, answer.body["dropped"]) == (200, {"no_consent": 1})


def test_one_event_is_one_whichever_way_it_comes(post: Post, db: Database, workspace: Home) -> None:
    """Its kind stands in the address or in the call; who sends it again may take the other way."""
    said = {"anonymousId": "ana", "messageId": "m1", "event": "Bell Rung", "userId": "u1"}
    single = said | {"writeKey": workspace.site_key}
    assert post("track", single).body["accepted"] == 1
    assert post("batch", batch(workspace, said | {"type": "track"})).body["rejected"] == []
    assert post("t", single).status == 200
    assert post("track", single | {"type": "page"}).status == 200
    conflict = post("identify", single)
    assert (conflict.status, conflict.body["code"], conflict.body["field"]) == (409, "conflict", "messageId")
    assert len(rows(db, Event)) == 1


def test_a_large_call_is_named(post: Post, workspace: Home) -> None:
    large = track("m1", properties={"messageId": "another", "x": "y" * 33_000})
    answer = post("batch", batch(workspace, large))
    assert [one["messageId"] for one in answer.body["rejected"]] == ["m1"]


UNREADABLE: list[tuple[str, bytes, dict[str, str], int, tuple[str, str]]] = [
    ("batch", b"{", {}, 400, ("parse", "malformed")),
    ("batch", b'{"batch": 7}', {}, 400, ("parse", "malformed")),
    ("track", b"[]", {}, 400, ("parse", "malformed")),
    ("presence", b"{}", {}, 400, ("parse", "malformed")),
    ("presence", b'{"token": 7}', {}, 400, ("parse", "malformed")),
    ("batch", b"no gzip", {"HTTP_CONTENT_ENCODING": "gzip"}, 400, ("parse", "malformed")),
    ("batch", b"{}", {"HTTP_CONTENT_ENCODING": "br"}, 415, ("parse", "malformed")),
    ("batch", b" " * 600_000, {}, 413, ("size", "too_large")),
    ("track", gzip.compress(b" " * 600_000), {"HTTP_CONTENT_ENCODING": "gzip"}, 413, ("size", "too_large")),
]


@pytest.mark.parametrize(("call", "body", "environ", "status", "end"), UNREADABLE)
def test_a_request_that_cannot_be_read_is_counted_for_the_workspace_in_its_head(
    post: Post,
    db: Database,
    workspace: Home,
    now: datetime,
    call: str,
    body: bytes,
    environ: dict[str, str],
    status: int,
    end: tuple[str, str],
) -> None:
    assert post(call, body, **environ, **basic(workspace.api_key)).status == status
    assert post(call, body, **environ, QUERY_STRING=urlencode({"key": workspace.site_key})).status == status
    assert post(call, body, **environ).status == status
    assert post(call, body, **environ, **basic("pk_nobody")).status in {status, 401}
    assert counted(db, workspace, now) == {end: 2}


def test_a_batch_has_at_most_2500_calls(post: Post, db: Database, workspace: Home, now: datetime) -> None:
    call = track("m1")
    answer = post("batch", batch(workspace, *[call] * (MOST_ITEMS + 1)))
    assert (answer.status, answer.body["code"], answer.body["field"]) == (413, "too_large", "batch")
    assert counted(db, workspace, now) == {("size", "too_large"): 2_501}
    assert post("batch", batch(workspace, *[call] * MOST_ITEMS)).body["accepted"] == 2_500


def none_of_them(n: int) -> bytes:
    return b'{"batch": [' + b",".join([b"NaN"] * n) + b"]}"


def test_a_body_that_must_be_read_slowly_is_read_of_those_only_who_may_send(
    post: Post, db: Database, workspace: Home, now: datetime
) -> None:
    for environ in (basic("pk_nobody"), {"QUERY_STRING": "key=pk_nobody"}):
        assert post("batch", none_of_them(9_000), **environ).status == 401
    assert post("batch", none_of_them(9_000)).status == 401
    answer = post("batch", none_of_them(9_000), **basic(workspace.api_key))
    assert (answer.status, answer.body["code"], answer.body["field"]) == (413, "too_large", "batch")
    assert counted(db, workspace, now) == {("size", "too_large"): 9_000}
    assert rows(db, DeadLetter) == []


@pytest.mark.parametrize("body", [b"{}", b'{"token": 7}', b'{"token": null, "page": {}}'])
def test_a_sign_of_presence_without_its_token_says_so(post: Post, workspace: Home, body: bytes) -> None:
    answer = post("presence", body, **basic(workspace.api_key))
    assert (answer.body["code"], answer.body["field"]) == ("malformed", "token")


@pytest.mark.parametrize("call", ["batch", "track", "presence"])
@pytest.mark.parametrize("body", [b"[]", b"[[[[1]]]]", b'"text"', b"7"])
def test_json_that_is_no_object_is_told_so(post: Post, workspace: Home, call: str, body: bytes) -> None:
    answer = post(call, body, **basic(workspace.api_key))
    assert (answer.status, answer.body["detail"]) == (400, "The body is a JSON object.")
