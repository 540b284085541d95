"""What senders write that is not quite the wire: it is read as it is meant, or refused alone; never at others' cost."""

import gzip
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from frontdesk.collect.door.draft import Received
from frontdesk.collect.door.parse import Parsed
from frontdesk.collect.door.pipeline import parse_item
from frontdesk.collect.models import DeadLetter, Event
from frontdesk.core.db import Database
from frontdesk.people.models import Visitor
from tests.server.collect.conftest import Post, Rules
from tests.server.collect.senders import basic, batch, page, rows, track
from tests.server.conftest import Home

HALF = "\ud83d"


def written(value: Any) -> bytes:
    """JSON as Python and JavaScript write it: halves of an emoji as escapes, NaN by its name."""
    return json.dumps(value).encode()


def test_half_an_emoji_is_left_out_and_costs_nothing_else(post: Post, db: Database, workspace: Home) -> None:
    cut = track("m1", event=f"Bell {HALF}", properties={f"note{HALF}": f"nice \U0001f600 {HALF}", "n": 1.5})
    answer = post("batch", written(batch(workspace, track("m0"), cut, track("m2"))))
    assert (answer.status, answer.body["accepted"], answer.body["rejected"]) == (200, 3, [])
    event = next(event for event in rows(db, Event) if event.message_id == "m1")
    assert (event.name, event.properties) == ("Bell", {"note": "nice \U0001f600 ", "n": 1.5})


def test_half_an_emoji_in_a_call_of_its_own_is_left_out(post: Post, db: Database, workspace: Home) -> None:
    call = track("m1", properties={"note": HALF}, writeKey=workspace.site_key)
    assert post("track", written(call)).body["accepted"] == 1
    assert rows(db, Event)[0].properties == {"note": ""}


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity"])
def test_a_number_that_is_none_is_refused_alone(post: Post, db: Database, workspace: Home, number: str) -> None:
    bad = track("bad", properties={"x": float(number)})
    answer = post("batch", written(batch(workspace, track("m1"), bad, track("m2"))))
    assert (answer.status, answer.body["accepted"]) == (200, 2)
    (refused,) = answer.body["rejected"]
    assert refused["code"] == "malformed"
    assert [letter.code for letter in rows(db, DeadLetter)] == ["malformed"]


def test_what_is_cut_and_what_is_no_number_meet_in_one_batch(post: Post, workspace: Home) -> None:
    items = [track("m1", event=HALF + "Bell"), track("m2", properties={"x": float("nan")}), track("m3", event=7)]
    answer = post("batch", written(batch(workspace, *items)))
    assert answer.body["accepted"] == 1
    assert [one["code"] for one in answer.body["rejected"]] == ["malformed", "invalid"]


def test_words_that_look_like_no_numbers_stay_as_they_are(post: Post, db: Database, workspace: Home) -> None:
    said = {"title": "Infinity Pools \\ud83d NaN 111", "own": "NaN"}
    items = [track("m0", properties={"x": float("nan")}), track("m1", properties=said), track("m2", properties=said)]
    context = {"locale": 7, "page": {"url": "https://shop.example/NaN", "title": "Infinity Pools"}}
    answer = post("batch", written(batch(workspace, *items, context=context, note=HALF)))
    assert answer.body["accepted"] == 2
    assert [(event.properties, event.path, event.title) for event in rows(db, Event)] == [
        (said, "/NaN", "Infinity Pools")
    ] * 2


def test_the_border_takes_half_an_emoji_out_whoever_asks_it(now: datetime) -> None:
    raw = written(track("m1", properties={"note": f"ok{HALF}"}))
    read = parse_item(raw, Received(now, None, None, None, backend=True, historic=True))
    assert isinstance(read, Parsed)
    assert read.properties == {"note": "ok"}


WHEN = datetime(2026, 3, 1, tzinfo=UTC)
TIMES = [
    ("2026-03-01", WHEN),
    (1_772_323_200, WHEN),
    (1_772_323_200.5, WHEN + timedelta(milliseconds=500)),
    (1_772_323_200_000, WHEN),
    ("1772323200000", WHEN),
    ("2026-03-01T00:00:00", WHEN),
    (" 2026-03-01T00:00:00Z ", WHEN),
    ("2026-03-01T08:00+08:00", WHEN),
    ("20260301T000000Z", WHEN),
    ("2026-03-01T00:00:00,500Z", WHEN + timedelta(milliseconds=500)),
]


@pytest.mark.parametrize(("spelled", "when"), TIMES)
def test_a_time_may_be_a_date_or_a_number(now: datetime, spelled: Any, when: datetime) -> None:
    read = parse_item(written(track("m1", timestamp=spelled)), Received(now, None, None, None, backend=False))
    assert isinstance(read, Parsed)
    assert read.occurred_at == when


@pytest.mark.parametrize("nothing", ["", " ", None])
def test_an_empty_time_is_none(now: datetime, nothing: Any) -> None:
    read = parse_item(written(track("m1", timestamp=nothing)), Received(now, None, None, None, backend=False))
    assert isinstance(read, Parsed)
    assert (read.occurred_at, read.live) == (now, True)


@pytest.mark.parametrize("none", ["soon", True, [], {}, 1e30, "9" * 40, "2026-13-45"])
def test_what_is_no_time_is_refused(post: Post, workspace: Home, none: Any) -> None:
    answer = post("batch", batch(workspace, track("m1", timestamp=none)))
    assert [(one["code"], one["field"]) for one in answer.body["rejected"]] == [("invalid", "timestamp")]


def test_an_empty_array_of_php_is_an_empty_object(post: Post, db: Database, workspace: Home) -> None:
    empty = {"properties": [], "traits": [], "integrations": [], "context": {"page": [], "campaign": [], "traits": []}}
    said = batch(workspace, track("m1", **empty), track("m2", context=[]), context=[])
    assert post("batch", said).body["accepted"] == 2
    assert [event.properties for event in rows(db, Event)] == [{}, {}]


def test_ids_may_be_numbers(post: Post, db: Database, workspace: Home) -> None:
    assert post("batch", batch(workspace, track(7, anonymousId=42))).body["accepted"] == 1  # type: ignore[arg-type]  # a number, as some send
    assert [event.message_id for event in rows(db, Event)] == ["7"]
    assert [visitor.anonymous_id for visitor in rows(db, Visitor)] == ["42"]


@pytest.mark.parametrize("unreadable", ["yesterday", "", True, [], {"at": 1}])
def test_a_batch_whose_clock_cannot_be_read_has_none(
    post: Post, db: Database, workspace: Home, now: datetime, unreadable: Any
) -> None:
    earlier = now - timedelta(hours=1)
    item = track("m1", timestamp=earlier.isoformat())
    assert post("batch", batch(workspace, item, sentAt=unreadable)).body["accepted"] == 1
    call = track("m2", timestamp=earlier.isoformat(), sentAt=unreadable, writeKey=workspace.site_key)
    assert post("track", call).body["accepted"] == 1
    assert [event.occurred_at for event in rows(db, Event)] == [earlier, earlier]


def test_of_a_shared_context_only_what_does_not_fit_is_left_out(
    post: Post, workspace: Home, rules: Rules, db: Database
) -> None:
    context = {"locale": 7, "timezone": "Europe/Berlin", "page": "/pricing", "ip": None}
    assert post("batch", batch(workspace, track("m1"), context=context)).body["accepted"] == 1
    assert rows(db, Visitor)[0].timezone == "Europe/Berlin"
    assert post("batch", batch(workspace, track("m2"), context="none")).body["accepted"] == 1


def test_a_no_holds_beside_what_does_not_fit(post: Post, workspace: Home) -> None:
    no = {"locale": 7, "consent": {"categoryPreferences": {"Analytics": False}}}
    assert post("batch", batch(workspace, track("m1"), context=no)).body["dropped"] == {"no_consent": 1}


def test_a_byte_order_mark_is_no_part_of_the_body(post: Post, workspace: Home) -> None:
    raw = b"\xef\xbb\xbf" + written(batch(workspace, page("m1")))
    assert post("batch", raw).body["accepted"] == 1
    assert post("batch", gzip.compress(raw), HTTP_CONTENT_ENCODING="gzip").body["accepted"] == 1


def test_gzip_may_have_several_members_and_must_be_whole(post: Post, workspace: Home) -> None:
    raw = written(batch(workspace, page("m1")))
    parts = gzip.compress(raw[:40]) + gzip.compress(raw[40:]) + b"\x00" * 8
    assert post("batch", parts, HTTP_CONTENT_ENCODING="GZIP").body["accepted"] == 1
    whole = gzip.compress(raw)
    for cut in (whole[:-1], whole[:-8], whole[:-20], whole[:5]):
        answer = post("batch", cut, HTTP_CONTENT_ENCODING="gzip")
        assert (answer.status, answer.body["detail"]) == (400, "The gzip body is cut short.")


def test_another_packing_is_named(post: Post, workspace: Home) -> None:
    answer = post("batch", written(batch(workspace, page("m1"))), HTTP_CONTENT_ENCODING="br")
    assert (answer.status, answer.body["code"]) == (415, "unsupported_type")
    assert post("batch", batch(workspace, page("m1")), HTTP_CONTENT_ENCODING="identity").status == 200


@pytest.mark.parametrize("given", ["\xff\xfe", "****", "a", "", "\u00e9"])
def test_a_basic_header_that_is_none_is_no_key(post: Post, given: str) -> None:
    answer = post("track", track("m1"), HTTP_AUTHORIZATION=f"Basic {given}")
    assert (answer.status, answer.body["code"]) == (401, "missing_key")


def test_analytics_ruby_calls_a_batch_an_import(post: Post, db: Database, workspace: Home) -> None:
    assert post("import", batch(workspace, track("m1"))).body["accepted"] == 1
    assert [event.message_id for event in rows(db, Event)] == ["m1"]


@pytest.mark.parametrize("odd", [{}, {"note": float("nan")}], ids=["plain", "read slowly"])
def test_for_whom_a_batch_is_meant_holds_for_calls_that_do_not_say_it(
    post: Post, db: Database, workspace: Home, odd: dict[str, Any]
) -> None:
    items = [track("m1"), track("m2", integrations={"All": True})]
    answer = post("batch", written(batch(workspace, *items, integrations={"All": False}, **odd)))
    assert answer.body["dropped"] == {"not_for_us": 1}
    assert [event.message_id for event in rows(db, Event)] == ["m2"]


def test_visible_time_may_have_fractions_of_a_millisecond(now: datetime) -> None:
    seen = {"url": "https://shop.example/", "dwell_ms": 1200.5}
    read = parse_item(written(track("m1", context={"page": seen})), Received(now, None, None, None, backend=False))
    assert isinstance(read, Parsed)


def test_numbers_where_texts_belong_are_texts(post: Post, db: Database, workspace: Home) -> None:
    seen = {"url": "https://shop.example/", "title": 404}
    said = page("m1", context={"page": seen, "campaign": {"name": 2026, "source": "mail", "id": 5}, "locale": 5})
    assert post("batch", batch(workspace, said)).body["rejected"] == []
    (event,) = rows(db, Event)
    (visitor,) = rows(db, Visitor)
    assert event.title == "404"
    assert (visitor.first_touch["campaign"], visitor.first_touch["source"]) == ("2026", "mail")


def test_analytics_js_calls_by_one_letter(post: Post, db: Database, workspace: Home) -> None:
    own = {"anonymousId": "ana", "userId": "u1", "event": "Bell Rung", "groupId": "g1", "previousId": "ana"}
    kinds = {"t": "track", "p": "page", "i": "identify", "g": "group", "s": "screen", "a": "alias"}
    for short in kinds:
        call = own | {"messageId": short, "writeKey": workspace.site_key}
        assert post(short, call).body["accepted"] == 1
    assert post("b", batch(workspace, track("m1"))).body["accepted"] == 1
    assert {event.message_id: event.type for event in rows(db, Event)} == kinds | {"m1": "track"}


def test_what_analytics_js_measures_of_itself_is_overlooked(post: Post, db: Database) -> None:
    answer = post("m", {"series": [{"type": "Counter", "metric": "analytics_js.invoke", "value": 1}]})
    assert (answer.status, answer.body) == (200, {"success": True})
    assert rows(db, Event) == []


def test_a_slash_at_the_end_of_an_address_says_nothing(post: Post, workspace: Home) -> None:
    assert post("batch/", batch(workspace, track("m1"))).body["accepted"] == 1
    assert post("t/", track("m2"), **basic(workspace.api_key)).body["accepted"] == 1
