"""What is waited for by a key: the same whichever of its events is heard of first."""

from datetime import datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from frontdesk_rules import KnownFacts, Moment, PastEvent, RememberedHistory, View, Whom, parse_tree, run_tests
from frontdesk_rules.durations import milliseconds
from frontdesk_rules.engine.timers import arm
from frontdesk_rules.engine.waits import Timer
from tests.rules.building import NOON, decided, later, live, rule
from tests.rules.waiting import WHOM

UNPAID: dict[str, Any] = {"absence": {"of": "Paid", "after": "Ordered", "within": "1h", "key": "order"}}
_HAPPENED = st.lists(
    st.tuples(st.sampled_from(("Ordered", "Paid")), st.integers(1, 300), st.sampled_from("78")),
    min_size=1,
    max_size=8,
    unique_by=lambda one: one[1],
)


@given(
    _HAPPENED.flatmap(lambda one: st.tuples(st.just(one), st.permutations(one))), st.sampled_from(("Paid", "Ordered"))
)
def test_in_whatever_order_events_of_a_key_are_heard_of_the_same_is_waited_for(
    happened: tuple[list[tuple[str, int, str]], list[tuple[str, int, str]]], of: str
) -> None:
    trigger = {"absence": UNPAID["absence"] | {"of": of}}
    in_order, shuffled = sorted(happened[0], key=lambda one: one[1]), happened[1]
    assert still_waiting(trigger, shuffled) == still_waiting(trigger, in_order)


def still_waiting(trigger: dict[str, Any], happened: list[tuple[str, int, str]]) -> set[tuple[str, datetime]]:
    """Anchor and begin of the timers that are there in the end, after so many minutes each; none has fired yet."""
    (one,) = live(rule(trigger=trigger)).rules
    history, timers = RememberedHistory(known_since=NOON), dict[str, Timer]()
    for name, minute, order in happened:
        at = NOON + timedelta(minutes=minute)
        history.add(name, PastEvent(at, {"order": order}, f"evt_{minute}"))
        moment = Moment(
            kind="event", at=at, name=name, id=f"evt_{minute}", properties={"order": order}, received_at=later(hours=6)
        )
        made = arm(one.live, View(moment, KnownFacts({}, history)), WHOM)
        for cancel in made.cancel:
            timers = {anchor: timer for anchor, timer in timers.items() if not cancel.concerns(timer)}
        for timer in made.set:
            if timer.anchor not in timers or timer.goes_before(timers[timer.anchor], fired=False):
                timers[timer.anchor] = timer
    return {(timer.anchor, timer.anchor_at) for timer in timers.values()}


def test_what_begins_again_while_it_is_waited_for_is_reminded_of_once_and_later_again() -> None:
    ordered: list[dict[str, Any]] = [
        {"at": at, "event": "Ordered", "properties": {"order": 7}} for at in ("0s", "30m", "2h", "2.5h")
    ]
    paid = {"at": "2.25h", "event": "Paid", "properties": {"order": "7"}}
    given = sorted([*ordered, paid, {"at": "9h", "page": "/"}], key=lambda one: milliseconds(str(one["at"])))
    expect = [{"at": "1h", "tag": "seen"}, {"at": "3.5h", "tag": "seen"}]
    tests = [{"name": "once for each wait", "given": given, "expect": expect}]
    (result,) = run_tests(rule(trigger=UNPAID, repeat={"every": "1s"}, tests=tests))
    assert result.passed, result.actual


def reminded(*ordered: dict[str, Any], **more: Any) -> int:
    """How often somebody is reminded who pays for nothing."""
    given = [{"event": "Ordered"} | one for one in ordered]
    end = {"at": "9h", "page": "/"}
    tests = [{"name": "nothing", "given": [*given, end], "expect": []}]
    (result,) = run_tests(rule(trigger=UNPAID, tests=tests, **more))
    return len(result.actual)


def test_where_nothing_else_is_said_each_key_is_reminded_of_once_in_a_lifetime() -> None:
    seven, eight = {"properties": {"order": 7}}, {"properties": {"order": "8"}}
    assert reminded({"at": "0s"} | seven, {"at": "0s"} | eight) == 2
    assert reminded({"at": "0s"} | seven, {"at": "30m"} | eight, {"at": "3h"} | seven) == 2
    assert reminded({"at": "0s"} | seven, {"at": "30m"} | eight, repeat={"per": "person"}) == 1


def test_that_it_is_once_for_a_person_stays_said() -> None:
    once = rule(trigger=UNPAID, repeat={"per": "person"})
    assert once.to_tree()["repeat"] == {"per": "person"}
    assert parse_tree(once.to_tree()) == once
    assert "repeat" not in rule(trigger=UNPAID).to_tree()


def test_what_is_done_for_a_key_is_not_taken_for_what_was_done_to_somebody_else() -> None:
    moment = Moment(kind="absence", at=NOON, rule="rul_a-rule", anchor_at=NOON, properties={"order": 7})
    history = RememberedHistory(known_since=NOON)
    rules = live(rule(trigger=UNPAID))
    first, other = (decided(rules, moment, whom=Whom(who), history=history)[0] for who in ("con_1", "con_2"))
    assert first.outcome == other.outcome == "acted"
    assert first.repeat_key == other.repeat_key == "key:7"
    assert first.actions[0].key != other.actions[0].key
