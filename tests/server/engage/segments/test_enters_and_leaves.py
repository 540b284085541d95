"""Rules that wait for who enters a segment and who leaves it."""

from datetime import timedelta

from tests.server.engage.segments.town import Town

WELCOME = """
rule: welcome
trigger: {segment: {enters: pros}}
repeat: {every: 1m}
do: [{tag: welcome}]
---
rule: farewell
trigger: {segment: {leaves: pros}}
repeat: {every: 1m}
do: [{tag: farewell}]
"""


def test_a_rule_hears_who_enters_and_who_leaves(town: Town) -> None:
    pros = town.segment("pros", "contact.plan: pro")
    town.rules(WELCOME)
    town.says("li", name="Li", plan="free")
    assert (town.told(), town.members(pros)) == ([], set())
    town.says("li", plan="pro")
    assert (town.told(), town.members(pros)) == ([("tag", "welcome")], {"Li"})
    town.says("li", plan="pro", city="Ulm")
    town.passes(timedelta(minutes=2))
    town.says("li", plan="free")
    assert (town.told(), town.members(pros)) == ([("tag", "welcome"), ("tag", "farewell")], set())


def test_who_is_in_it_from_the_beginning_does_not_enter(town: Town) -> None:
    pros = town.segment("pros", "contact.plan: pro")
    town.says("li", name="Li", plan="pro")
    town.rules(WELCOME)
    assert town.members(pros) == {"Li"}
    town.says("li", city="Ulm")
    assert town.told() == []


def test_time_alone_lets_somebody_enter(town: Town) -> None:
    old = town.segment("pros", "contact.registered_at: {older_than: 30d}")
    town.says("li", name="Li", createdAt="2026-02-10T00:00:00Z")
    town.rules(WELCOME)
    assert [str(timer.fires_at) for timer in town.timers()] == ["2026-03-12 00:00:00+00:00"]
    town.passes(timedelta(days=9))
    assert (town.told(), town.members(old)) == ([], set())
    town.passes(timedelta(days=1))
    assert (town.told(), town.members(old)) == ([("tag", "welcome")], {"Li"})
    assert town.timers() == []
