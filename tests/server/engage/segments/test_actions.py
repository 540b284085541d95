"""Rules that put people into segments, and what that makes of other rules."""

from datetime import timedelta

from tests.server.engage.segments.town import Town

CHAIN = """
rule: pick
trigger: {event: Asked}
do: [{segment: {add: picked}}]
---
rule: greet
trigger: {segment: {enters: picked}}
do: [{tag: greeted}]
---
rule: drop
trigger: {event: Stopped}
do: [{segment: {remove: picked}}]
---
rule: part
trigger: {segment: {leaves: picked}}
do: [{tag: parted}]
"""
ROUND = """
rule: in
trigger: {segment: {leaves: picked}}
repeat: {every: 1s}
do: [{segment: {add: picked}}]
---
rule: out
trigger: {segment: {enters: picked}}
repeat: {every: 1s}
do: [{segment: {remove: picked}}]
"""
BY_TAG = """
rule: mark
trigger: {event: Asked}
do: [{tag: keen}]
---
rule: greet
trigger: {segment: {enters: keen-ones}}
do: [{tag: greeted}]
"""


def test_a_rule_puts_somebody_into_a_segment_and_another_hears_of_it_at_once(town: Town) -> None:
    picked = town.segment("picked")
    town.rules(CHAIN)
    town.says("li", name="Li")
    town.does("li", "Asked")
    assert town.members(picked) == {"Li"}
    assert town.told() == [("segment", {"add": "picked"}), ("tag", "greeted")]
    town.passes(timedelta(minutes=1))
    town.does("li", "Stopped")
    assert town.members(picked) == set()
    assert town.told()[2:] == [("segment", {"remove": "picked"}), ("tag", "parted")]


def test_who_is_in_it_already_does_not_enter_again(town: Town) -> None:
    picked = town.segment("picked")
    town.says("li", name="Li")
    town.call("POST", f"/segments/{picked}/members", {"person": town.person("li")})
    town.rules(CHAIN)
    town.does("li", "Asked")
    assert town.told() == [("segment", {"add": "picked"})]


def test_rules_that_chase_each_other_are_stopped(town: Town) -> None:
    picked = town.segment("picked")
    town.rules(ROUND)
    town.says("li", name="Li")
    town.call("POST", f"/segments/{picked}/members", {"person": town.person("li")})
    assert town.told() == [("segment", {"add": "picked"}), ("segment", {"remove": "picked"})]
    assert (town.held(), town.members(picked)) == ({"repeated"}, {"Li"})


def test_what_a_rule_changes_of_somebody_lets_them_enter(town: Town) -> None:
    keen = town.segment("keen-ones", "contact.tags: {has: keen}")
    town.rules(BY_TAG)
    town.says("li", name="Li")
    town.does("li", "Asked")
    assert (town.told(), town.members(keen)) == ([("tag", "greeted"), ("tag", "keen")], {"Li"})
