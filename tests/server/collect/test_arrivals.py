"""What the rules are told: every person of a request by itself, and whose answer it is."""

from frontdesk.collect.ports import Arrival
from tests.server.collect.conftest import Post, Rules
from tests.server.collect.senders import basic, batch, page, track
from tests.server.conftest import Home


def told(rules: Rules) -> list[list[str | None]]:
    return [[event.name for event in arrival.events] for arrival in rules.arrivals]


def test_every_person_of_a_servers_batch_reaches_the_rules_in_order(post: Post, workspace: Home, rules: Rules) -> None:
    items = [
        {"type": "track", "messageId": f"m{n}", "userId": f"u{n % 4}", "event": f"Step {n}"} for n in (2, 0, 3, 1, 4)
    ]
    answer = post("batch", {"batch": items}, **basic(workspace.api_key))
    assert answer.body["accepted"] == 5
    assert told(rules) == [["Step 2"], ["Step 0", "Step 4"], ["Step 3"], ["Step 1"]]
    assert len({arrival.contact_id for arrival in rules.arrivals}) == 4
    assert not any(arrival.token_held for arrival in rules.arrivals)


def test_who_becomes_known_on_the_way_arrives_once_as_a_contact(post: Post, workspace: Home, rules: Rules) -> None:
    identify = {"type": "identify", "messageId": "m2", "anonymousId": "ana", "userId": "u1"}
    post("batch", batch(workspace, page("m1"), identify))
    (arrival,) = rules.arrivals
    assert len(arrival.events) == 2
    assert arrival.contact_id is not None


def test_the_answer_is_that_of_whoever_holds_the_token(post: Post, workspace: Home, rules: Rules) -> None:
    rules.unread = lambda arrival: 7 if arrival.token_held else 1
    token = post("batch", batch(workspace, page("m1"))).body["visitor_token"]
    mixed = batch(workspace, track("m2"), track("m3", anonymousId="bob"), token=token)
    answer = post("batch", mixed)
    assert answer.body["unread"] == 7
    assert "visitor_token" not in answer.body
    held = {arrival.visitor_id: arrival.token_held for arrival in rules.arrivals[1:]}
    assert list(held.values()) == [True, False]


def test_without_a_token_the_answer_is_that_of_the_last_browser(post: Post, workspace: Home, rules: Rules) -> None:
    post(
        "batch",
        batch(workspace, track("m1"), track("m2", anonymousId="bob"), track("m3", anonymousId=None, userId="u")),
    )
    assert [_kind(arrival) for arrival in rules.arrivals] == [("visitor", False), ("visitor", True), ("contact", False)]


def _kind(arrival: Arrival) -> tuple[str, bool]:
    return "visitor" if arrival.visitor_id else "contact", arrival.token_held
