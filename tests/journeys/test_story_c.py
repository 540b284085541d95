"""Story C: a minute on the price page, a card, a reply, sales answers; shown in two real browsers."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.journeys.people import Teammate, Visitor

NEWSLETTER = "/demo/?utm_source=newsletter&utm_medium=email"  # and no campaign: who comes by one is welcomed by a card
HOUR = 3600


def test_from_the_visit_to_the_answer(visitor: Visitor, sam: Teammate, rules: Callable[[float], None]) -> None:
    rules(2)
    visitor.visit(NEWSLETTER)
    visitor.page.get_by_role("link", name="Pricing").first.click()
    expect(visitor.at("card")).to_contain_text("Comparing plans?")
    visitor.at("card-answer").click()
    visitor.say("Which plan fits forty desks?")

    sam.open("mine", "Which plan fits forty desks?")
    expect(sam.at("system-part").first).to_contain_text("Pricing page to sales")
    sam.at("system-part").first.click()
    expect(sam.at("system-reasons").first).to_contain_text("on /demo/pricing")
    expect(sam.at("person-page-now")).to_contain_text("/demo/pricing")
    expect(sam.at("person-channel")).to_contain_text("newsletter")
    sam.reply("The Team plan does; it has no limit on desks.")
    expect(visitor.message("The Team plan does")).to_be_visible()
    visitor.say("Then we take that one.")
    expect(sam.part("Then we take that one.")).to_be_visible()
    expect(visitor.message("Then we take that one.")).to_contain_text("Seen")

    said = visitor.thread()
    parts = sam.at("part").all_inner_texts()
    for side, last in ((visitor, visitor.message), (sam, sam.part)):
        side.page.reload()
        expect(last("Then we take that one.")).to_be_visible()
    assert visitor.thread() == said
    assert len(sam.at("part").all_inner_texts()) == len(parts)
    expect(visitor.at("card")).to_have_count(0)


def test_below_the_threshold_it_stays_in_the_queue(
    visitor: Visitor, sam: Teammate, rules: Callable[[float], None]
) -> None:
    rules(HOUR)
    visitor.visit(NEWSLETTER)
    visitor.page.get_by_role("link", name="Pricing").first.click()
    visitor.write_first("Just a quick question about bells.")
    sam.open("unassigned", "Just a quick question about bells.")
    expect(sam.at("system-part")).to_have_count(0)
    expect(visitor.at("card")).to_have_count(0)


def test_two_visitors_never_see_each_other(
    new_page: Callable[..., Page], sam: Teammate, rules: Callable[[float], None]
) -> None:
    rules(HOUR)
    first, second = Visitor(new_page()), Visitor(new_page())
    for visitor, words in ((first, "I am the first."), (second, "I am the second.")):
        visitor.visit("/demo/pricing/")
        visitor.write_first(words)
    sam.open("unassigned", "I am the first.")
    sam.reply("Hello, first.")
    expect(first.message("Hello, first.")).to_be_visible()
    sam.open("unassigned", "I am the second.")
    sam.reply("Hello, second.")
    expect(second.message("Hello, second.")).to_be_visible()
    for visitor, own, foreign in ((first, "first", "second"), (second, "second", "first")):
        visitor.page.reload()
        expect(visitor.message(f"Hello, {own}.")).to_be_visible()
        assert not any(f"I am the {foreign}" in text or f"Hello, {foreign}" in text for text in visitor.thread())


def test_in_chinese_from_card_to_console(
    new_page: Callable[..., Page], sam: Teammate, rules: Callable[[float], None]
) -> None:
    rules(2)
    visitor = Visitor(new_page(locale="zh-CN"))
    visitor.visit("/demo/zh/pricing/")
    expect(visitor.at("card")).to_contain_text("正在对比套餐吗？")
    expect(visitor.at("card-answer")).to_contain_text("联系销售")
    visitor.at("card-answer").click()
    visitor.say("四十个工位选哪个套餐？")
    expect(visitor.at("panel")).to_contain_text("发送")

    sam.page.request.patch("/api/v1/session", data={"language": "zh"}, headers={"Sec-Fetch-Site": "same-origin"})
    sam.page.reload()
    sam.open("mine", "四十个工位选哪个套餐？")
    expect(sam.at("system-part").first).to_contain_text("价格页转销售")
    expect(sam.page.locator("html")).to_have_attribute("lang", "zh-CN")
    sam.reply("团队版，不限工位数。")
    expect(visitor.message("团队版，不限工位数。")).to_be_visible()
    sam.page.request.patch("/api/v1/session", data={"language": "en"}, headers={"Sec-Fetch-Site": "same-origin"})
