"""Whatever is sent becomes an event or a refusal: it is never an accident, and never spoils what came with it."""

import json
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from frontdesk.collect.door.device import LONGEST_USER_AGENT, device_of
from frontdesk.collect.door.draft import Received
from frontdesk.collect.door.parse import Parsed
from frontdesk.collect.door.pipeline import parse_item
from frontdesk.collect.models import DeadLetter, Event
from frontdesk.collect.refusals import Refusal
from frontdesk.core.db import Database
from frontdesk.core.text import clean_map, deeper_than
from frontdesk.people.models import Contact, Visitor
from tests.server.collect.conftest import Post, Rules
from tests.server.collect.senders import PRICING, basic, batch, page, rows, track
from tests.server.conftest import Home


def nested(depth: int) -> dict[str, Any]:
    value: dict[str, Any] = {}
    for _ in range(depth - 1):
        value = {"in": value}
    return value


POISON = [
    (track("p", properties=nested(300)), "invalid", "properties"),
    (track("p", properties={"list": [[[nested(40)]]]}), "invalid", "properties"),
    (track("p", type="identify", traits=nested(300)), "invalid", "traits"),
    (track("p", type="identify", context={"traits": nested(300)}), "invalid", "context.traits"),
    (track("p", timestamp="0001-01-01T00:00:00+14:00"), "too_late", "timestamp"),
    (track("p", anonymousId="\x00"), "missing", "userId"),
    (track("p", anonymousId=None, userId=" \x00 "), "missing", "userId"),
    (track("p", event="\x00"), "missing", "event"),
    (track("p\x00", type="nonsense"), "invalid", "type"),
    (track("p", type="group", groupId="\x00"), "missing", "groupId"),
    (track("p", type="alias"), "missing", "userId"),
    (track("p" * 101), "invalid", "messageId"),
    (track("p", anonymousId="a" * 101), "invalid", "anonymousId"),
    (track("p", userId="u" * 201), "invalid", "userId"),
    (track("p", type="group", groupId="g" * 201), "invalid", "groupId"),
]


@pytest.mark.parametrize(("poison", "code", "field"), POISON)
def test_what_cannot_be_kept_is_refused_alone(
    post: Post, db: Database, workspace: Home, poison: dict[str, Any], code: str, field: str
) -> None:
    answer = post("batch", json.dumps(batch(workspace, track("g1"), poison, track("g2"))).encode())
    assert (answer.status, answer.body["accepted"]) == (200, 2)
    assert [(one["code"], one["field"]) for one in answer.body["rejected"]] == [(code, field)]
    assert sorted(event.message_id for event in rows(db, Event)) == ["g1", "g2"]
    assert [letter.code for letter in rows(db, DeadLetter)] == [code]


def test_an_id_that_is_too_long_is_named_whole_up_to_200_characters(post: Post, workspace: Home) -> None:
    answer = post("batch", batch(workspace, track("m" * 150), track("n" * 900)))
    assert [one["messageId"] for one in answer.body["rejected"]] == ["m" * 150, "n" * 200]


def test_ids_of_the_greatest_length_are_of_different_people(post: Post, db: Database, workspace: Home) -> None:
    first, second = "u" * 199 + "1", "u" * 199 + "2"
    items = [track(f"m{user[-1]}", anonymousId=None, userId=user) for user in (first, second)]
    assert post("batch", batch(workspace, *items)).body["accepted"] == 2
    assert {contact.user_id for contact in rows(db, Contact)} == {first, second}


EDGES = ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "9999-12-31T23:59:59Z"]


@pytest.mark.parametrize("edge", EDGES)
def test_a_clock_at_the_end_of_the_calendar_is_not_believed(
    post: Post, db: Database, workspace: Home, now: datetime, edge: str
) -> None:
    sent = batch(workspace, track("m1", timestamp="2026-03-02T09:00:00Z"), sentAt=edge)
    assert post("batch", sent).body["accepted"] == 1
    assert post("track", track("m2", timestamp=edge, writeKey=workspace.site_key, sentAt=edge)).status == 200
    assert {event.occurred_at for event in rows(db, Event)} == {now}


def test_a_presence_claims_at_most_a_day(post: Post, db: Database, workspace: Home) -> None:
    token = post("batch", batch(workspace, page("m1"))).body["visitor_token"]
    here = {"writeKey": workspace.site_key, "token": token, "page": {"url": PRICING, "dwell_ms": "HUGE"}}
    raw = json.dumps(here).replace('"HUGE"', str(2**70)).encode()
    assert post("presence", raw).status == 200
    assert post("presence", here | {"page": {"url": PRICING, "dwell_ms": 2**60}}).status == 200
    (visitor,) = rows(db, Visitor)
    assert visitor.page["dwell_ms"] == timedelta(days=1) / timedelta(milliseconds=1)


def test_an_escaped_nul_in_a_campaign_is_left_out(post: Post, db: Database, workspace: Home) -> None:
    url = "https://shop.example/?utm_source=news%00letter&utm_medium=email%ED%A0%80"
    assert post("batch", batch(workspace, page("m1", url=url))).status == 200
    (visitor,) = rows(db, Visitor)
    assert visitor.first_touch["source"] == "newsletter"


def test_calls_without_message_id_are_each_their_own(post: Post, db: Database, workspace: Home) -> None:
    ring = {"anonymousId": "ana", "event": "Bell Rung", "writeKey": workspace.site_key}
    assert [post("track", ring).body["accepted"] for _ in range(2)] == [1, 1]
    assert len({event.message_id for event in rows(db, Event)}) == 2


def test_a_single_page_call_finds_its_address_among_the_properties(post: Post, db: Database, workspace: Home) -> None:
    seen = {"userId": "u1", "properties": {"url": "https://app.example/docs/", "title": "Docs"}}
    assert post("page", seen, **basic(workspace.api_key)).status == 200
    (event,) = rows(db, Event)
    assert (event.url, event.path, event.title) == ("https://app.example/docs/", "/docs", "Docs")


def test_visible_time_is_of_the_page_however_its_address_is_spelled(post: Post, workspace: Home, rules: Rules) -> None:
    for number, url in enumerate(("https://shop.example/pricing", "https://shop.example/pricing/?plan=pro")):
        dwell = {"dwell_ms": 20_000 * (number + 1)}
        post("batch", batch(workspace, page(f"m{number}", url=url, properties=dwell)))
    assert [arrival.events[0].dwell_before_ms for arrival in rules.arrivals] == [0, 20_000]
    assert [arrival.page.path for arrival in rules.arrivals if arrival.page] == ["/pricing", "/pricing"]


def test_a_user_agent_counts_up_to_512_characters(now: datetime) -> None:
    agent = "Mozilla/5.0 " + "x" * 20_000
    parsed = parse_item(orjson.dumps(page("m1", context={"userAgent": agent})), Received(now, None, None, None, True))
    assert isinstance(parsed, Parsed)
    assert parsed.device == device_of(agent[:LONGEST_USER_AGENT])


TEXT = st.text(max_size=20) | st.sampled_from(
    ["\x00", "", " ", "ana", PRICING, "?utm_source=%00", "e\u0301", "x" * 201]
)
NUMBERS = st.integers(-(2**70), 2**70) | st.floats(allow_nan=False, allow_infinity=False)
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)
DEEP = st.integers(1, 300).map(nested)
TIMES = st.datetimes(timezones=st.sampled_from([ZoneInfo("UTC"), ZoneInfo("Etc/GMT+12"), ZoneInfo("Etc/GMT-14")])).map(
    datetime.isoformat
)
OBJECTS = st.dictionaries(TEXT, VALUES, max_size=4) | DEEP
CONTEXTS = st.fixed_dictionaries(
    {},
    optional={
        "page": st.fixed_dictionaries({}, optional={"url": TEXT, "title": TEXT, "referrer": TEXT, "dwell_ms": NUMBERS}),
        "campaign": st.fixed_dictionaries({}, optional={"source": TEXT, "medium": TEXT, "name": TEXT}),
        "locale": TEXT,
        "userAgent": TEXT,
        "ip": TEXT,
        "traits": OBJECTS,
    },
)
ITEMS = st.fixed_dictionaries(
    {"type": st.sampled_from(["track", "page", "identify", "group", "alias"])},
    optional={
        "messageId": TEXT,
        "anonymousId": TEXT,
        "userId": TEXT | st.integers(),
        "groupId": TEXT,
        "previousId": TEXT,
        "event": TEXT,
        "properties": OBJECTS,
        "traits": OBJECTS
        | st.fixed_dictionaries({"email": TEXT, "createdAt": NUMBERS | TIMES | TEXT, "name": NUMBERS | TEXT}),
        "context": CONTEXTS | VALUES,
        "timestamp": TIMES | VALUES,
    },
)


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(item=ITEMS | st.dictionaries(TEXT, VALUES, max_size=5) | VALUES, backend=st.booleans(), sent_at=st.datetimes())
def test_any_json_is_an_event_or_a_refusal_that_was_foreseen(
    now: datetime, item: Any, *, backend: bool, sent_at: datetime
) -> None:
    outcome = parse_item(json.dumps(item).encode(), Received(now, sent_at, None, None, backend))
    if isinstance(outcome, Refusal):
        assert outcome.detail != "This item cannot be read."
        return
    assert outcome.user_id or outcome.anonymous_id
    assert outcome.occurred_at <= now + timedelta(minutes=5)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(items=st.lists(ITEMS, min_size=1, max_size=4), backend=st.booleans())
def test_whatever_is_taken_can_be_stored(post: Post, workspace: Home, items: list[Any], *, backend: bool) -> None:
    key = workspace.api_key if backend else workspace.site_key
    answer = post("batch", json.dumps({"writeKey": key, "batch": items}).encode())
    assert answer.status == 200
    assert answer.body["accepted"] + len(answer.body["rejected"]) == len(items)


@given(value=VALUES)
def test_a_cleaned_object_is_no_deeper_and_stays_as_it_is(value: Any) -> None:
    once = clean_map({"value": value})
    assert clean_map(once) == once
    assert not deeper_than(once, 30)
