"""Segments by what people did: events let them in, time and late news move them."""

from datetime import timedelta

from tests.server.engage.segments.town import Town

BUYERS = "count: {event: Order Completed, within: 7d}\ngte: 2"
HEARD = """
rule: thanks
trigger: {segment: {enters: buyers}}
repeat: {every: 1s}
do: [{tag: thanks}]
---
rule: missed
trigger: {segment: {leaves: buyers}}
repeat: {every: 1s}
do: [{tag: missed}]
"""
DAY = timedelta(days=1)


def test_an_event_that_it_counts_lets_somebody_in_and_time_lets_them_out(town: Town) -> None:
    buyers = town.segment("buyers", BUYERS)
    town.rules(HEARD)
    town.says("li", name="Li")
    town.does("li", "Order Completed")
    town.passes(2 * DAY)
    town.does("li", "Order Completed")
    assert (town.told(), town.members(buyers)) == ([("tag", "thanks")], {"Li"})
    town.passes(5 * DAY - timedelta(seconds=1))
    assert town.told() == [("tag", "thanks")]
    town.passes(timedelta(seconds=1))
    assert (town.told(), town.members(buyers)) == ([("tag", "thanks"), ("tag", "missed")], set())


def test_what_somebody_did_before_a_rule_watches_counts_and_does_not_enter(town: Town) -> None:
    buyers = town.segment("buyers", BUYERS)
    town.says("li", name="Li")
    for ago in (3 * DAY, 1 * DAY):
        town.does("li", "Order Completed", ago)
    town.rules(HEARD)
    assert (town.told(), town.members(buyers)) == ([], {"Li"})
    town.passes(4 * DAY)
    assert (town.told(), town.members(buyers)) == ([("tag", "missed")], set())


def test_late_news_moves_people_and_nobody_is_told(town: Town) -> None:
    buyers = town.segment("buyers", BUYERS)
    town.rules(HEARD)
    town.says("li", name="Li")
    town.does("li", "Order Completed", 2 * DAY)
    town.does("li", "Order Completed", 1 * DAY)
    assert (town.told(), town.members(buyers)) == ([], {"Li"})


def test_other_events_ask_nobody(town: Town) -> None:
    town.segment("buyers", BUYERS)
    town.rules(HEARD)
    town.says("li", name="Li")
    before = [timer.anchor_at for timer in town.timers()]
    town.clock.advance(timedelta(minutes=1))
    town.does("li", "Cart Viewed")
    assert [timer.anchor_at for timer in town.timers()] == before
    town.does("li", "Order Completed")
    assert [timer.anchor_at for timer in town.timers()] == [town.clock()]


def test_a_segment_that_names_another_moves_with_it(town: Town) -> None:
    town.segment("pros", "contact.plan: pro")
    town.segment("hand")
    vips = town.segment("vips", "any: [{in_segment: pros}, {in_segment: hand}]")
    town.rules(HEARD.replace("buyers", "vips"))
    town.says("li", name="Li", plan="free")
    town.says("li", plan="pro")
    assert (town.told(), town.members(vips)) == ([("tag", "thanks")], {"Li"})
    town.passes(timedelta(seconds=2))
    town.says("li", plan="free")
    assert (town.told()[-1], town.members(vips)) == (("tag", "missed"), set())


def test_by_hand_counts_in_a_segment_that_names_it(town: Town) -> None:
    hand = town.segment("hand")
    vips = town.segment("vips", "in_segment: hand")
    town.rules(HEARD.replace("buyers", "vips"))
    town.says("li", name="Li")
    town.call("POST", f"/segments/{hand}/members", {"person": town.person("li")})
    assert (town.told(), town.members(vips)) == ([("tag", "thanks")], {"Li"})
    town.passes(timedelta(seconds=2))
    town.call("DELETE", f"/segments/{hand}/members/{town.person('li')}")
    assert (town.told()[-1], town.members(vips)) == (("tag", "missed"), set())
