"""Segments by recency, frequency and money: time alone moves people, and so do the means of all."""

from datetime import timedelta

import pytest

from frontdesk.engage.facts.rfm.taking import KEPT, take
from frontdesk.engage.segments import ranked
from tests.server.engage.segments.buyers import given_means
from tests.server.engage.segments.town import Town

DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
HEARD = """
rule: came
trigger: {segment: {enters: ranked}}
repeat: {every: 1s}
do: [{tag: came}]
---
rule: went
trigger: {segment: {leaves: ranked}}
repeat: {every: 1s}
do: [{tag: went}]
"""
CAME, WENT = ("tag", "came"), ("tag", "went")


def buys(town: Town, who: str, revenue: float = 10) -> None:
    town.does(who, "Order Completed", revenue=revenue)


def retaken(town: Town) -> None:
    """The means, as of now."""
    take(town.runtime.db, town.clock, ranked.means_taken)
    for _ in range(3):
        town.tick()


@pytest.mark.parametrize(
    ("condition", "after", "left_after"),
    [
        ("contact.rfm.recency: {gt: 20d}", 20 * DAY + timedelta(milliseconds=1), 345 * DAY),
        ("contact.rfm.recency: {gte: 20d}", 20 * DAY, 345 * DAY),
        ("contact.rfm.recency: {between: [10d, 20d]}", 10 * DAY, 10 * DAY + timedelta(milliseconds=1)),
        ("contact.rfm.recency: {in: [10d, 11d]}", 10 * DAY, timedelta(milliseconds=1)),
        ("contact.rfm.frequency: 0", 365 * DAY, None),
        ("contact.rfm.monetary: {lt: 10}", 365 * DAY, None),
        ("contact.rfm.class: at_risk", 30 * DAY + timedelta(milliseconds=3), 335 * DAY - timedelta(milliseconds=3)),
        ("contact.rfm.class: {missing: true}", 365 * DAY, None),
        ("time_since_last: Order Completed\nbetween: [3d, 5d]", 3 * DAY, 2 * DAY + timedelta(milliseconds=1)),
        ("time_since_last: Order Completed\nin: [3d]", 3 * DAY, timedelta(milliseconds=1)),
        ("time_since_first: Order Completed\nnot_in: [0s]", timedelta(milliseconds=1), None),
    ],
)  # fmt: skip
def test_time_alone_lets_a_buyer_in_and_out_at_the_very_instant(
    town: Town, condition: str, after: timedelta, left_after: timedelta | None
) -> None:
    given_means(town, days=30)
    town.says("li", name="Li")
    buys(town, "li")
    town.segment("ranked", condition)
    town.rules(HEARD)
    town.passes(after - timedelta(milliseconds=1))
    assert town.told() == []
    town.passes(timedelta(milliseconds=1))
    assert town.told() == [CAME]
    if left_after:
        town.passes(left_after)
        assert town.told() == [CAME, WENT]


def test_a_buyer_whom_other_buyers_have_overtaken_is_told_when_the_means_are_taken(town: Town) -> None:
    for who in ("li", "bo"):
        town.says(who, name=who)
        buys(town, who)
    retaken(town)
    ranks = town.segment("ranked", "contact.rfm.class: {in: [champions, loyal]}")
    town.rules(HEARD)
    town.tick()
    assert (town.told(), town.members(ranks)) == ([], {"li", "bo"})
    town.clock.advance(KEPT)
    for _ in range(3):
        buys(town, "bo", revenue=100)
    retaken(town)
    assert (town.told(), town.members(ranks)) == ([WENT], {"bo"})


def test_means_that_are_taken_again_and_move_nobody_ask_nobody(town: Town) -> None:
    town.says("li", name="Li")
    buys(town, "li")
    retaken(town)
    town.segment("ranked", "contact.rfm.class: {in: [champions, loyal]}")
    town.rules(HEARD)
    town.tick()
    before = [(timer.person_id, timer.fires_at) for timer in town.timers()]
    town.clock.advance(KEPT)
    take(town.runtime.db, town.clock, ranked.means_taken)
    assert [(timer.person_id, timer.fires_at) for timer in town.timers()] == before


def test_who_is_ranked_by_something_else_is_in_it_or_not_and_nobody_enters(town: Town) -> None:
    town.says("li", name="Li")
    town.does("li", "Subscribed", price=5)
    retaken(town)
    ranks = town.segment("ranked", "contact.rfm.class: champions")
    town.rules(HEARD)
    town.tick()
    assert town.members(ranks) == set()
    assert town.call("PUT", "/workspace/rfm", {"event": "Subscribed", "amount": "price"}).status_code == 200
    retaken(town)
    assert (town.told(), town.members(ranks)) == ([], {"Li"})
