"""Whose ids are whose: pages and servers have each their own."""

from typing import Any

import orjson
import pytest

from frontdesk.collect.door.draft import Received
from frontdesk.collect.door.parse import Parsed
from frontdesk.collect.door.pipeline import parse_item
from frontdesk.collect.imports.conflicts import without_conflicts
from frontdesk.collect.models import Event
from frontdesk.core.clock import MovableClock
from frontdesk.core.db import Database
from tests.server.collect.conftest import Post
from tests.server.collect.senders import batch, page, rows, track
from tests.server.conftest import Home


@pytest.mark.parametrize("event", ["Order Completed", "Something Else"])
def test_a_page_that_uses_the_id_of_a_server_s_event_does_not_keep_it_out(
    post: Post, db: Database, workspace: Home, event: str
) -> None:
    order = {"type": "track", "messageId": "order-1", "userId": "buyer"}
    post("batch", {"writeKey": workspace.site_key, "batch": [{**order, "event": event}]})
    paid = {**order, "event": "Order Completed"}
    answer = post("batch", {"writeKey": workspace.api_key, "batch": [paid]})
    assert (answer.body["accepted"], answer.body["rejected"]) == (1, [])
    assert {(row.name, row.verified) for row in rows(db, Event)} == {(event, False), ("Order Completed", True)}


@pytest.mark.parametrize("theirs", ["order-1", "~order-1", "=order-1", "=~order-1", "~~order-1"])
@pytest.mark.parametrize("ours", ["order-1", "~order-1", "=order-1", "=~order-1"])
def test_nor_by_any_spelling_of_an_id(post: Post, db: Database, workspace: Home, theirs: str, ours: str) -> None:
    event = {"type": "track", "event": "Order Completed", "userId": "buyer"}
    post("batch", {"writeKey": workspace.site_key, "batch": [{**event, "messageId": theirs, "event": "Noise"}]})
    paid = {"writeKey": workspace.api_key, "batch": [{**event, "messageId": ours}]}
    first, again = post("batch", paid), post("batch", paid)
    assert [answer.body["rejected"] for answer in (first, again)] == [[], []]
    assert sorted(row.name for row in rows(db, Event)) == ["Noise", "Order Completed"]


def test_an_import_meets_the_ids_of_servers_however_they_begin(
    db: Database, workspace: Home, post: Post, clock: MovableClock
) -> None:
    order = {"type": "track", "messageId": "~1", "userId": "buyer", "event": "Order Completed"}
    post("batch", {"writeKey": workspace.api_key, "batch": [order]})
    received = Received(clock(), None, None, None, backend=True, historic=True)
    read = [parse_item(orjson.dumps({**order, "event": event}), received) for event in ("Order Completed", "Other")]
    sound, conflicts = db.read(
        lambda session: without_conflicts(session, workspace.id, [one for one in read if isinstance(one, Parsed)])
    )
    assert ([one.name for one in sound], len(conflicts)) == (["Order Completed"], 1)


PARTS = ["device", "app", "os", "screen", "network", "location", "groupId", "myOwn"]


@pytest.mark.parametrize("part", PARTS)
def test_what_is_not_read_of_a_context_tells_two_calls_apart_too(post: Post, workspace: Home, part: str) -> None:
    def send(value: Any) -> Any:
        return codes(post, workspace, {**page("m1"), "context": {part: value}})

    assert [send({"id": 1}), send({"id": 1}), send({"id": 2})] == [[], [], ["conflict"]]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"myOwn": {"id": 1}}, {"myOwn": {"id": 2}}),
        ({"myOwn": 1}, {}),
        ({"context": {"page": {"url": "https://shop.example/", "keywords": ["a"]}}},
         {"context": {"page": {"url": "https://shop.example/", "keywords": ["b"]}}}),
        ({"context": {"campaign": {"source": "a", "audience": "x"}}},
         {"context": {"campaign": {"source": "a", "audience": "y"}}}),
    ],
)  # fmt: skip
def test_so_does_anything_else_that_is_not_read(
    post: Post, workspace: Home, one: dict[str, Any], other: dict[str, Any]
) -> None:
    sent = [codes(post, workspace, track("m1", **more)) for more in (one, one, other)]
    assert sent == [[], [], ["conflict"]]


@pytest.mark.parametrize(
    "way",
    [
        {"_metadata": {"retryCount": 2}},
        {"sentAt": "2026-03-02T10:00:01Z"},
        {"receivedAt": "2026-03-02T10:00:01Z"},
        {"context": {"library": {"name": "analytics.js", "version": "2"}}},
    ],
)
def test_what_tells_of_the_way_alone_makes_no_other_call(post: Post, workspace: Home, way: dict[str, Any]) -> None:
    first = track("m1", context={"library": {"name": "analytics.js", "version": "1"}})
    assert [codes(post, workspace, item) for item in (first, first | way)] == [[], []]


UNREAD = [b"1e999", b"[" * 900 + b"]" * 900]


@pytest.mark.parametrize("value", UNREAD, ids=["beyond", "deep"])
def test_what_is_not_read_costs_no_call_however_odd(post: Post, db: Database, workspace: Home, value: bytes) -> None:
    def send(own: bytes) -> Any:
        return post("batch", orjson.dumps(batch(workspace, track("m1", myOwn="?"))).replace(b'"?"', own)).body

    assert [send(value)["rejected"], send(value)["rejected"]] == [[], []]
    assert [no["code"] for no in send(b"1")["rejected"]] == ["conflict"]
    assert len(rows(db, Event)) == 1


def codes(post: Post, home: Home, item: dict[str, Any]) -> list[str]:
    return [no["code"] for no in post("batch", batch(home, item)).body["rejected"]]
