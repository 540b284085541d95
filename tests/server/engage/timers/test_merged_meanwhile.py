"""Two browsers are asked about as two people, and are known to be one before what was put off is said."""

from datetime import timedelta

import pytest

from tests.server.engage.timers.desk import Desk

HOUR = timedelta(hours=1)
LATER = """
rule: later
trigger: {event: Go}
quiet: {allow: "11:00-12:00"}
goal: {event: Paid, within: 7d}
%s
do: [%s{message: {class: support, text: {en: Hello}}}]
"""
RESTS = {"once": "", "may do it again in a week": "repeat: {every: 7d}"}


def meet(desk: Desk) -> None:
    for who in ("anna", "bert"):
        desk.identify("user-1", who=who)


@pytest.mark.parametrize("rest", list(RESTS.values()), ids=list(RESTS))
@pytest.mark.parametrize("first", ["", "{tag: went}, "], ids=["only what is shown", "something else at once"])
def test_it_is_said_once(desk: Desk, rest: str, first: str) -> None:
    desk.save(LATER % (rest, first))
    desk.do("Go", who="anna")
    desk.do("Go", who="bert")
    meet(desk)
    desk.wait(HOUR)
    assert sorted((one.outcome, one.reason) for one in desk.decisions() if one.detail.get("released")) == [
        ("acted", None), ("held", "repeated"),
    ]  # fmt: skip
    assert (desk.told("anna") + desk.told("bert"), desk.deliveries()) == (["Hello"], 1)


def test_where_it_was_said_to_the_other_one_at_once_it_is_not_said_again(desk: Desk) -> None:
    zoned = LATER.replace('"11:00-12:00"', '"11:00-12:00", zone: person') % ("", "")
    desk.save(zoned)
    desk.do("Go", who="anna")
    desk.do("Go", who="bert", context={"timezone": "Europe/Berlin"})
    assert [one.outcome for one in desk.decisions()] == ["deferred", "acted"]
    meet(desk)
    desk.wait(HOUR)
    assert [(one.outcome, one.reason) for one in desk.decisions()][2:] == [("held", "repeated")]


def test_who_did_not_turn_out_to_be_one_is_told_each(desk: Desk) -> None:
    desk.save(LATER % ("", ""))
    desk.do("Go", who="anna")
    desk.do("Go", who="bert")
    desk.wait(HOUR)
    assert [one.outcome for one in desk.decisions()] == ["deferred", "deferred", "acted", "acted"]


def test_a_rule_that_may_act_again_in_between_says_both(desk: Desk) -> None:
    desk.save(LATER % ("repeat: {every: 5m}", ""))
    desk.do("Go", who="anna")
    desk.clock.advance(timedelta(minutes=6))
    desk.do("Go", who="bert")
    meet(desk)
    desk.wait(HOUR)
    assert [one.outcome for one in desk.decisions()] == ["deferred", "deferred", "acted", "acted"]
