"""Story C: more than a minute on the pricing page, then a chat. The message before it, and the assignment in it."""

import pytest

from frontdesk.engage.rules.live import LiveRules
from tests.server.engage.rule_texts import HELLO, TO_SALES
from tests.server.engage.shop import Shop


def texts(verdict_deliveries: list[dict]) -> list[str]:
    return [delivery["content"]["text"] for delivery in verdict_deliveries]


def test_a_minute_on_the_pricing_page_brings_the_message_in_the_answer(shop: Shop) -> None:
    shop.save(HELLO)
    visitor = shop.visitor()
    assert visitor.look("/pricing").watch.dwell_ms == (60_000,)
    [delivery] = visitor.stay("/pricing", 61).deliveries
    assert delivery["content"] == {"text": "Comparing plans, friend?", "reply_label": "Talk to sales"}
    assert delivery["from"] == {"name": "Bellshop", "avatar": None}
    assert (delivery["kind"], delivery["class"], delivery["locale"]) == ("chat", "support", "en")
    assert delivery["expires_at"] == "2026-03-16T10:00:00.000Z"


def test_below_the_threshold_nothing_is_said_and_elsewhere_nothing_is_watched(shop: Shop) -> None:
    shop.save(HELLO)
    visitor = shop.visitor()
    assert visitor.stay("/pricing", 59).deliveries == []
    assert visitor.look("/docs").watch.dwell_ms == ()
    assert visitor.stay("/docs", 61).deliveries == []


def test_it_is_said_once_to_a_person_and_the_second_time_is_held_as_repeated(shop: Shop) -> None:
    shop.save(HELLO)
    visitor = shop.visitor()
    first = visitor.stay("/pricing", 61).deliveries
    visitor.come_back_later()
    again = visitor.stay("/pricing", 62).deliveries
    assert [delivery["id"] for delivery in again] == [delivery["id"] for delivery in first]
    assert [row.outcome for row in shop.decisions()] == ["acted", "held"]
    assert shop.held() == ["repeated"]


def test_once_per_person_means_all_browsers_of_a_contact(shop: Shop) -> None:
    shop.save(HELLO)
    anna = shop.contact(name="Anna")
    desktop, phone = shop.visitor(contact_id=anna), shop.visitor(contact_id=anna)
    assert texts(desktop.stay("/pricing", 61).deliveries) == ["Comparing plans, Anna?"]
    assert phone.stay("/pricing", 61).deliveries == []


def test_two_requests_of_one_group_do_not_say_it_twice(shop: Shop) -> None:
    shop.save(HELLO)
    visitor = shop.visitor()
    dwelled = visitor.event("track", "Page Dwell", "/pricing", {"path": "/pricing", "dwell_ms": 61_000})
    verdicts = shop.arrive([visitor.arrival(dwelled), visitor.arrival(dwelled)])
    assert [len(verdict.deliveries) for verdict in verdicts] == [1, 1]
    assert verdicts[0].deliveries == verdicts[1].deliveries


def test_a_chinese_visitor_reads_chinese(shop: Shop) -> None:
    shop.save(HELLO)
    [delivery] = shop.visitor(language="zh-CN").stay("/demo/zh/pricing/", 61).deliveries
    assert delivery["content"] == {"text": "正在对比套餐吗？", "reply_label": "联系销售"}
    assert delivery["locale"] == "zh"


def test_two_visitors_never_see_each_others_messages(shop: Shop) -> None:
    shop.save(HELLO)
    first, second = shop.visitor(), shop.visitor()
    [delivery] = first.stay("/pricing", 61).deliveries
    assert second.look("/pricing").deliveries == []
    assert [found["id"] for found in first.beat().deliveries] == [delivery["id"]]


def test_who_does_not_hold_the_token_is_told_nothing(shop: Shop) -> None:
    shop.save(HELLO)
    visitor = shop.visitor()
    visitor.holds_token = False
    assert visitor.stay("/pricing", 61).deliveries == []
    visitor.holds_token = True
    assert len(visitor.beat().deliveries) == 1


@pytest.mark.parametrize(("seconds", "claimed", "stored"), [(61, 61_000, 0), (61, 0, 61_000), (61, 20_000, 61_000)])
def test_a_chat_from_the_pricing_page_is_assigned_and_says_why(
    shop: Shop, seconds: int, claimed: int, stored: int
) -> None:
    shop.save(TO_SALES)
    visitor = shop.visitor()
    visitor.remember_run({"/demo/pricing/": stored})
    conversation = visitor.open_chat("/demo/pricing/", claimed)
    [(assign, context), (tag, _)] = shop.done
    assert (assign.team, assign.fallback, tag.tag) == ("sales", "experts", "pricing")
    assert context.conversation_id == conversation.id
    assert context.rule_name == {"en": "Pricing page to sales", "zh": "价格页转销售"}
    [reason] = context.reasons
    assert reason["text_en"] == f"{seconds} s on /demo/pricing (more than 60 s)"
    assert reason["text_zh"] == f"在 /demo/pricing 停留 {seconds} 秒（超过 60 秒）"


def test_below_the_threshold_the_chat_stays_in_the_queue_and_the_decision_says_why(shop: Shop) -> None:
    shop.save(TO_SALES)
    shop.visitor().open_chat("/pricing", 31_000)
    assert shop.done == []
    [decision] = shop.decisions()
    assert (decision.outcome, decision.reason) == ("held", "not_matched")
    dwell = decision.detail["explanation"]["of"][1]
    assert (dwell["field"], dwell["expected"], dwell["actual"]) == ("page.dwell", "60s", 31_000)


def test_a_message_is_never_shown_while_a_conversation_goes_on(shop: Shop) -> None:
    shop.save(HELLO)
    visitor = shop.visitor()
    visitor.open_chat("/pricing", 20_000)
    assert visitor.stay("/pricing", 61).deliveries == []
    assert shop.held() == ["conversation_open"]


def test_a_message_that_waited_is_not_shown_into_a_conversation(shop: Shop) -> None:
    shop.save(HELLO)
    visitor = shop.visitor()
    visitor.stay("/pricing", 61)
    visitor.open_chat("/pricing", 61_000)
    assert visitor.look("/").deliveries == []


def test_after_a_restart_the_rules_conclude_the_same(shop: Shop) -> None:
    shop.save(HELLO)
    met, stranger = shop.visitor(), shop.visitor()
    [before] = met.stay("/pricing", 61).deliveries
    shop.live = LiveRules(shop.db)
    assert met.stay("/pricing", 62).deliveries == [before]
    assert texts(stranger.stay("/pricing", 61).deliveries) == ["Comparing plans, friend?"]
    assert shop.held() == ["repeated"]
