"""Whose ids are whose: pages and servers have each their own."""

import io
import json
from typing import Any

import orjson
import pytest

from frontdesk.collect.door.draft import Received
from frontdesk.collect.door.parse import Parsed
from frontdesk.collect.door.pipeline import parse_item
from frontdesk.collect.imports.calls import CONTACTS, EVENTS, Kind
from frontdesk.collect.imports.conflicts import without_conflicts
from frontdesk.collect.imports.importing import Import, unasked
from frontdesk.collect.imports.progress import Imported, imported
from frontdesk.collect.imports.records import json_lines
from frontdesk.collect.models import DeadLetter, Event
from frontdesk.collect.senders import server_of
from frontdesk.collect.store import Store
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


ORDER = {"type": "track", "messageId": "o1", "userId": "u1", "event": "Order Completed", "properties": {"revenue": 5}}
VERA = {"type": "identify", "messageId": "i1", "userId": "u1"}
BOTH_WAYS: list[dict[str, Any]] = [
    ORDER | {"timestamp": "2026-03-02T09:59:00Z"},
    ORDER | {"timestamp": "2026-03-02T09:59:00.123Z"},
    ORDER | {"timestamp": "2026-03-02T11:59:00.123+02:00"},
    ORDER | {"timestamp": 1772445540123},
    ORDER | {"timestamp": "2026-03-02", "context": [], "properties": []},
    ORDER | {"timestamp": "2026-03-02T09:59:00Z", "originalTimestamp": "2026-03-02T09:58:00Z"},
    ORDER | {"originalTimestamp": "2026-03-02T09:58:00.5Z"},
    ORDER | {"timestamp": "2026-03-02T09:59:00Z", "event": "Half \ud83d"},
    VERA | {"timestamp": "2026-03-02T09:59:00.123Z", "traits": {"createdAt": "2026-01-01T00:00:00Z"}},
    VERA | {"traits": {"createdAt": "2026/1/1 10:00", "birthday": "1990/2/1"}},
]  # fmt: skip


@pytest.mark.parametrize("call", BOTH_WAYS)
def test_what_was_sent_and_is_imported_is_one_and_so_is_what_was_imported_and_is_sent(
    post: Post, db: Database, workspace: Home, clock: MovableClock, call: dict[str, Any]
) -> None:
    later = call | {"messageId": "later"}
    post("batch", json.dumps({"writeKey": workspace.api_key, "batch": [call]}).encode())
    lines = "\n".join(json.dumps(one) for one in (call, later)).encode()
    run = import_file(db, workspace, clock, lines, CONTACTS if call["type"] == "identify" else EVENTS)
    assert (run.taken, run.duplicates, run.refused) == (1, 1, {})
    again = post("batch", json.dumps({"writeKey": workspace.api_key, "batch": [later]}).encode())
    assert again.body["rejected"] == []
    assert len(rows(db, Event)) == 2


def test_of_another_moment_it_is_another_call_either_way(
    post: Post, db: Database, workspace: Home, clock: MovableClock
) -> None:
    sent, moved = (ORDER | {"timestamp": f"2026-03-02T09:59:00.{ms}Z"} for ms in (123, 124))
    post("batch", {"writeKey": workspace.api_key, "batch": [sent]})
    run = import_file(db, workspace, clock, orjson.dumps(moved))
    assert (run.taken, run.duplicates, run.refused) == (0, 0, {"conflict": 1})


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


ODD = [b"1e999", b"[" * 900 + b"]" * 900, b'"half \\ud83d"', b'"\xff"']


@pytest.mark.parametrize("odd", ODD, ids=["beyond", "deep", "half an emoji", "no UTF-8"])
@pytest.mark.parametrize("where", ["context", "myOwn"])
def test_nor_does_it_make_another_call_of_one_that_is_sent_again(
    post: Post, db: Database, workspace: Home, odd: bytes, where: str
) -> None:
    call = track("m1", **{where: {"v": "?", "library": "one"}})

    def send(second: int, value: bytes, **more: Any) -> int:
        way = {"writeKey": workspace.site_key, "token": f"t{second}", "sentAt": f"2026-03-02T10:00:0{second}Z"}
        return post("track", orjson.dumps(call | way | more).replace(b'"?"', value)).status

    told = {"event": "Told Otherwise"}
    statuses = [send(1, odd), send(2, odd), send(2, odd, timestamp="2026-03-02T09:59:00Z"), send(2, odd, **told)]
    assert statuses == [200, 200, 409, 409]
    assert len(rows(db, DeadLetter)) == 2


SHARED: list[dict[str, Any]] = [{"page": {"url": "https://shop.example/one"}}, {"campaign": {"source": "one"}}]


@pytest.mark.parametrize("shared", SHARED)
def test_a_page_or_campaign_that_a_batch_has_for_all_is_a_part_of_each(
    post: Post, workspace: Home, shared: dict[str, Any]
) -> None:
    def send(context: dict[str, Any], *items: dict[str, Any]) -> Any:
        return [no["messageId"] for no in post("batch", batch(workspace, *items, context=context)).body["rejected"]]

    own = track("m2", context={"page": {"url": "https://shop.example/own"}, "campaign": {"source": "own"}})
    other = orjson.loads(orjson.dumps(shared).replace(b"one", b"two"))
    assert send(shared, track("m1"), own) == []
    assert [send(shared, track("m1")), send(shared, own, track("m1"))] == [[], []]
    assert [send(other, track("m1"), own), send({}, track("m1"), own)] == [["m1"], ["m1"]]


def test_what_a_browser_says_of_itself_when_it_sends_again_is_not(post: Post, workspace: Home) -> None:
    """A queue outlives its page: sent again, its language, its zone and what its person chose may have changed."""
    at_first = {"locale": "de", "timezone": "Europe/Berlin", "webdriver": False, "library": {"name": "one"}}
    later = {"locale": "en", "timezone": "Asia/Tokyo", "consent": {"categoryPreferences": {"Analytics": True}}}
    sent = [post("batch", batch(workspace, track("m1"), context=context)) for context in (at_first, later)]
    assert [answer.body["rejected"] for answer in sent] == [[], []]


def codes(post: Post, home: Home, item: dict[str, Any]) -> list[str]:
    return [no["code"] for no in post("batch", batch(home, item)).body["rejected"]]


def import_file(db: Database, home: Home, clock: MovableClock, lines: bytes, kind: Kind = EVENTS) -> Imported:
    sender = db.read(lambda session: server_of(session, home.id))
    going = Import(db, Store(unasked, "a secret of the tests"), sender, kind, clock)
    run = going.begin((kind.name, "a file"))
    assert list(going.go_on(run, json_lines(io.BytesIO(lines))))
    return db.read(lambda session: imported(session, run.run_id))
