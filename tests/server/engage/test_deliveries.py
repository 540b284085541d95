"""The life of a delivery: who sees it, when it comes back, and when never again."""

from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import select

from frontdesk.core.signals import Bus
from frontdesk.engage.doing import deliveries
from frontdesk.engage.doing.deliveries import MOVES, REPORTED
from frontdesk.engage.models import Delivery
from frontdesk.engage.signals import DeliveryMoved, DeliveryQueued
from frontdesk.inbox.models import Part
from tests.server.engage.rule_texts import HELLO
from tests.server.engage.shop import Browser, Shop
from tests.server.engage.web import Web


@pytest.fixture
def visitor(shop: Shop) -> Browser:
    shop.save(HELLO)
    return shop.visitor()


@pytest.fixture
def delivery_id(visitor: Browser) -> str:
    [delivery] = visitor.stay("/pricing", 61).deliveries
    found: str = delivery["id"]
    return found


def shown(visitor: Browser) -> list[str]:
    return [delivery["id"] for delivery in visitor.look("/").deliveries]


def stored(shop: Shop) -> Delivery:
    return shop.db.read(lambda session: session.scalars(select(Delivery)).one())


def test_what_was_sent_and_not_seen_comes_again_also_days_later(visitor: Browser, delivery_id: str) -> None:
    assert shown(visitor) == [delivery_id]
    visitor.come_back_later()
    assert shown(visitor) == [delivery_id]


@pytest.mark.parametrize("state", ["seen", "clicked"])
def test_what_was_seen_and_not_answered_outlives_a_reload_but_not_the_session(
    web: Web, visitor: Browser, delivery_id: str, state: str
) -> None:
    assert web.report(visitor, delivery_id, state).status_code == 204
    assert shown(visitor) == [delivery_id]
    visitor.come_back_later()
    assert shown(visitor) == []


def test_what_was_dismissed_never_returns(web: Web, visitor: Browser, delivery_id: str) -> None:
    web.report(visitor, delivery_id, "dismissed")
    assert shown(visitor) == []
    visitor.come_back_later()
    assert visitor.stay("/pricing", 90).deliveries == []


def test_what_has_expired_is_not_shown_and_is_closed_by_the_next_slow_tick(
    shop: Shop, visitor: Browser, delivery_id: str
) -> None:
    shop.clock.advance(timedelta(days=14))
    assert shown(visitor) == []
    assert shop.db.write(partial(deliveries.expire, now=shop.clock())) == 1
    assert stored(shop).state == "expired"


@pytest.mark.parametrize("state", REPORTED)
def test_a_report_that_comes_twice_or_too_late_is_answered_alike_and_changes_nothing(
    web: Web, shop: Shop, visitor: Browser, delivery_id: str, state: str
) -> None:
    assert web.report(visitor, delivery_id, "dismissed").status_code == 204
    before = stored(shop)
    shop.clock.advance(timedelta(minutes=1))
    assert web.report(visitor, delivery_id, state).status_code == 204
    after = stored(shop)
    assert (after.state, after.seen_at, after.answered_at) == (before.state, before.seen_at, before.answered_at)


@pytest.mark.parametrize("state", REPORTED)
def test_a_delivery_of_another_visitor_does_not_exist(
    web: Web, shop: Shop, visitor: Browser, delivery_id: str, state: str
) -> None:
    assert web.report(shop.visitor(), delivery_id, state).status_code == 404
    assert stored(shop).state == "sent"


def test_without_a_token_nothing_can_be_reported(web: Web, visitor: Browser, delivery_id: str) -> None:
    visitor.token = "vt_of_nobody"
    answer = web.report(visitor, delivery_id, "seen")
    assert (answer.status_code, answer.json["code"]) == (401, "unknown_token")


def test_only_what_a_browser_may_say_has_a_door(web: Web, visitor: Browser, delivery_id: str) -> None:
    assert web.report(visitor, delivery_id, "replied").status_code == 404


def test_a_page_of_any_origin_may_report(web: Web, visitor: Browser, delivery_id: str) -> None:
    assert web.report(visitor, delivery_id, "seen").headers["Access-Control-Allow-Origin"] == "*"
    asked = web.app.test_client().options(f"/messenger/v1/deliveries/{delivery_id}/seen")
    assert "Authorization" in asked.headers["Access-Control-Allow-Headers"]


def test_the_reply_opens_a_conversation_that_begins_with_the_message(
    shop: Shop, visitor: Browser, delivery_id: str
) -> None:
    conversation = visitor.open_chat("/pricing", 61_000, delivery_id)
    assert stored(shop).state == "replied"
    parts = shop.db.read(lambda session: list(session.scalars(select(Part).order_by(Part.seq))))
    assert [(part.conversation_id, part.author_kind, part.body) for part in parts] == [
        (conversation.id, "rule", "Comparing plans, friend?"),
        (conversation.id, "visitor", "Hello!"),
    ]


def test_a_reply_counts_even_where_the_message_was_dismissed_before(
    web: Web, shop: Shop, visitor: Browser, delivery_id: str
) -> None:
    web.report(visitor, delivery_id, "dismissed")
    visitor.open_chat("/pricing", 61_000, delivery_id)
    assert stored(shop).state == "replied"


def test_who_wants_to_know_hears_of_a_delivery_and_of_its_moves(
    shop: Shop, bus: Bus, web: Web, visitor: Browser
) -> None:
    heard: list[object] = []
    bus.subscribe(DeliveryQueued, heard.append)
    bus.subscribe(DeliveryMoved, heard.append)
    [delivery] = visitor.stay("/pricing", 61).deliveries
    web.report(visitor, delivery["id"], "seen")
    web.report(visitor, delivery["id"], "seen")
    assert heard == [
        DeliveryQueued(shop.workspace_id, visitor.id, delivery["id"]),
        DeliveryMoved(shop.workspace_id, visitor.id, delivery["id"], "seen"),
    ]


def test_every_state_is_a_row_and_a_reply_ends_it() -> None:
    assert set().union(*MOVES.values()) <= set(MOVES)
    assert MOVES["replied"] == frozenset()
    assert all("replied" in following for state, following in MOVES.items() if state != "replied")
