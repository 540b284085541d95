"""What each verb puts on the wire, and which calls make no event."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

import frontdesk_sdk
from frontdesk_sdk import Dropped

WIRE = {
    "identify": (
        lambda client: client.identify("u1", {"name": "Li Na"}),
        {"type": "identify", "userId": "u1", "traits": {"name": "Li Na"}},
    ),
    "track": (
        lambda client: client.track("u1", "Order Completed", {"revenue": 49.0}),
        {"type": "track", "userId": "u1", "event": "Order Completed", "properties": {"revenue": 49.0}},
    ),
    "call": (
        lambda client: client.call("u1", "offer-help", {"plan": "pro"}),
        {
            "type": "track",
            "userId": "u1",
            "event": "Rule Call",
            "properties": {"name": "offer-help", "args": {"plan": "pro"}},
        },
    ),
    "call without arguments": (
        lambda client: client.call("u1", "offer-help"),
        {"type": "track", "userId": "u1", "event": "Rule Call", "properties": {"name": "offer-help", "args": {}}},
    ),
    "page": (
        lambda client: client.page("u1", "Pricing", {"url": "https://shop.example/pricing"}),
        {"type": "page", "userId": "u1", "name": "Pricing", "properties": {"url": "https://shop.example/pricing"}},
    ),
    "page without a name": (
        lambda client: client.page(anonymous_id="v1"),
        {"type": "page", "anonymousId": "v1", "properties": {}},
    ),
    "group": (
        lambda client: client.group("u1", "c7", {"name": "Lantern Books"}),
        {"type": "group", "userId": "u1", "groupId": "c7", "traits": {"name": "Lantern Books"}},
    ),
    "alias": (
        lambda client: client.alias("v1", "u1"),
        {"type": "alias", "previousId": "v1", "userId": "u1"},
    ),
    "both ids": (
        lambda client: client.identify("u1", anonymous_id="v1"),
        {"type": "identify", "userId": "u1", "anonymousId": "v1", "traits": {}},
    ),
    "a number and a UUID as ids": (
        lambda client: client.group(42, UUID(int=7)),
        {"type": "group", "userId": "42", "groupId": "00000000-0000-0000-0000-000000000007", "traits": {}},
    ),
}


@pytest.mark.parametrize("name", WIRE)
def test_a_verb_becomes_one_event_of_the_segment_api(name, connect, receiver):
    call, expected = WIRE[name]

    assert call(connect()) is True

    (event,) = receiver.wait_for(1)
    assert {key: event[key] for key in event if key not in {"messageId", "timestamp", "context"}} == expected


def test_every_event_carries_an_id_a_time_and_the_library(connect, receiver):
    connect().track("u1", "Clicked", context={"ip": "203.0.113.9"})

    (event,) = receiver.wait_for(1)
    UUID(event["messageId"])
    assert abs((datetime.now(UTC) - datetime.fromisoformat(event["timestamp"])).total_seconds()) < 60  # noqa: TID251  the SDK reads this clock
    assert event["context"] == {
        "ip": "203.0.113.9",
        "library": {"name": "frontdesk-python", "version": frontdesk_sdk.__version__},
    }


def test_time_and_id_may_be_given(connect, receiver):
    connect().track("u1", "Imported", timestamp=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC), message_id="order-1")

    (event,) = receiver.wait_for(1)
    assert (event["timestamp"], event["messageId"]) == ("2026-01-02T03:04:05.000Z", "order-1")


def test_the_event_is_a_snapshot_of_the_moment_of_the_call(connect, receiver):
    client = connect(flush_interval=3600.0)
    basket = {"items": ["bell"]}
    client.track("u1", "Saved", basket)
    basket["items"].append("rope")

    client.flush(10)

    assert receiver.events[0]["properties"] == {"items": ["bell"]}


REFUSED = {
    "nobody": (lambda client: client.track(event="Clicked"), Dropped.MISSING_ID, "userId"),
    "blank id": (lambda client: client.identify("  "), Dropped.MISSING_ID, "userId"),
    "no event name": (lambda client: client.track("u1", ""), Dropped.MISSING_NAME, "event"),
    "no name to call": (lambda client: client.call("u1", " "), Dropped.MISSING_NAME, "name"),
    "no company": (lambda client: client.group("u1"), Dropped.MISSING_ID, "groupId"),
    "alias of nobody": (lambda client: client.alias(None, "u1"), Dropped.MISSING_ID, "previousId"),
    "alias to nobody": (lambda client: client.alias("v1", anonymous_id="v1"), Dropped.MISSING_ID, "userId"),
    "traits are a list": (lambda client: client.identify("u1", ["a"]), Dropped.UNREADABLE, "traits"),
    "context is text": (lambda client: client.identify("u1", context="x"), Dropped.UNREADABLE, "context"),
    "unknown option": (lambda client: client.identify("u1", colour="red"), Dropped.UNKNOWN_OPTION, None),
    "over 32 KB": (lambda client: client.track("u1", "Big", {"text": "x" * 33_000}), Dropped.TOO_LARGE, None),
    "endless": (
        lambda client: client.track("u1", "Big", {"list": [0] * 20_000}),
        Dropped.TOO_LARGE,
        "properties",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_call_that_makes_no_event_is_refused_by_name(name, connect, problems):
    call, code, field = REFUSED[name]
    client = connect()

    assert call(client) is False

    assert [(problem.code, problem.field) for problem in problems] == [(code, field)]
    assert client.stats.dropped == {code: 1}


def test_the_public_names_are_these():
    assert sorted(frontdesk_sdk.__all__) == [
        "CallOptions",
        "Client",
        "Dropped",
        "Options",
        "Problem",
        "Stats",
        "__version__",
    ]
    assert all(hasattr(frontdesk_sdk, name) for name in frontdesk_sdk.__all__)
