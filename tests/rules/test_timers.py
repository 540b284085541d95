"""What the clock brings: absence, times that are reached, schedules, waiting; and the triggers of every other kind."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from frontdesk_rules import KnownFacts, Moment, PastEvent, RememberedHistory, RuleSet, View, Watch, moment_key
from frontdesk_rules.engine.timers import arm, armed
from frontdesk_rules.engine.waits import GRACE, GRACE_LIVE, Timer
from frontdesk_rules.facts.known import MISSING
from tests.rules.building import NOON, decided, event, later, live, outcome, page, rule
from tests.rules.waiting import WHOM, arming, due

ABSENCE = {"absence": {"of": "Project Created", "after": "Registered", "within": "24h"}}


def test_absence_arms_one_timer_for_each_event_that_it_waits_after() -> None:
    ((timer,), cancelled) = arming(ABSENCE, event("Registered"))
    assert (timer.rule_id, timer.person, timer.due) == ("rul_a-rule", "con_1", later(hours=24))
    assert (timer.fires_at - timer.due, cancelled) == (GRACE_LIVE, 0)
    assert arming(ABSENCE, event("Else")) == ([], 0)


def test_what_was_not_received_live_is_given_longer_to_be_followed() -> None:
    late = Moment(kind="event", name="Registered", at=NOON, received_at=later(hours=1))
    assert arming(ABSENCE, late)[0][0].grace == GRACE


def test_what_was_waited_for_cancels_the_timers_that_were_armed_before_it() -> None:
    (one,) = live(rule(trigger=ABSENCE)).rules
    view = View(event("Project Created"), KnownFacts({}))
    (cancel,) = arm(one.live, view, WHOM).cancel

    def concerns(armed_ago: timedelta) -> bool:
        at = NOON - armed_ago
        return cancel.concerns(Timer(one.id, "con_1", "evt_1", at, at + timedelta(hours=24)))

    assert [concerns(timedelta(hours=h)) for h in (0, 23, 24, 25, -1)] == [True, True, True, False, False]


def test_a_paused_rule_waits_on_for_what_is_absent_and_lets_go_of_what_came() -> None:
    (one,) = live(rule(trigger=ABSENCE)).rules
    paused = replace(one.live, active=False)
    rules = RuleSet.compile([paused])
    for name, expected in (("Registered", (1, 0)), ("Project Created", (0, 1))):
        moment = event(name)
        (asked,) = rules.armed_by[moment_key(moment)]
        made = arm(asked.live, View(moment, KnownFacts({})), WHOM)
        assert (len(made.set), len(made.cancel)) == expected


def test_absence_by_key_waits_for_the_event_with_the_same_property() -> None:
    by_order = {"absence": {"of": "Paid", "after": "Ordered", "within": "1h", "key": "order"}}
    (one,) = live(rule(trigger=by_order)).rules
    ordered = View(event("Ordered", order=7), KnownFacts({}))
    (timer,) = arm(one.live, ordered, WHOM).set
    paid = [arm(one.live, View(event("Paid", order=n), KnownFacts({})), WHOM).cancel[0] for n in (7, 8)]
    assert [cancel.concerns(timer) for cancel in paid] == [True, False]
    assert arming(by_order, event("Ordered")) == ([], 0)


@pytest.mark.parametrize(("ordered", "paid", "same"), [
    (7, "7", True), ("7", 7.0, True), (7, 7, True), (7, "07", False), (7, True, False), (7, None, False),
])  # fmt: skip
@pytest.mark.parametrize("apart", [timedelta(0), timedelta(minutes=10)])
def test_absence_by_key_takes_a_number_for_the_text_that_it_is_written_as(
    ordered: object, paid: object, *, same: bool, apart: timedelta
) -> None:
    by_order = {"absence": {"of": "Paid", "after": "Ordered", "within": "1h", "key": "order"}}
    anchor_at = NOON - timedelta(hours=1)
    history = RememberedHistory()
    history.add("Paid", PastEvent(anchor_at + apart, {"order": paid}))
    said = due(by_order, anchor_at, {"history": history}, properties={"order": ordered})
    assert said == ("held: overtaken" if same else "acted")
    (one,) = live(rule(trigger=by_order)).rules
    (timer,) = arm(one.live, View(event("Ordered", order=ordered), KnownFacts({})), WHOM).set
    cancels = arm(one.live, View(event("Paid", order=paid), KnownFacts({})), WHOM).cancel
    assert any(cancel.concerns(timer) for cancel in cancels) is same


def test_absence_by_a_key_that_is_too_long_to_be_one_waits_by_its_hash() -> None:
    by_order = {"absence": {"of": "Paid", "after": "Ordered", "within": "1h", "key": "order"}}
    (one,) = live(rule(trigger=by_order)).rules
    long = "7" * 5_000
    (timer,) = arm(one.live, View(event("Ordered", order=long), KnownFacts({})), WHOM).set
    said = (long, f"{long}8", timer.anchor[:-1])
    paid = [arm(one.live, View(event("Paid", order=n), KnownFacts({})), WHOM).cancel[0] for n in said]
    assert [cancel.concerns(timer) for cancel in paid] == [True, False, False]
    assert len(timer.anchor) < 100


@pytest.mark.parametrize(
    ("created_at", "expected"),
    [
        (None, "acted"),
        (NOON - timedelta(hours=24), "held: overtaken"),
        (NOON - timedelta(hours=1), "held: overtaken"),
        (NOON, "held: overtaken"),
        (NOON + timedelta(milliseconds=1), "acted"),
        (NOON - timedelta(hours=24, milliseconds=1), "acted"),
    ],
)
def test_absence_is_asked_again_when_its_time_has_come(created_at: datetime | None, expected: str) -> None:
    history = RememberedHistory()
    if created_at:
        history.add("Project Created", PastEvent(created_at))
    assert due(ABSENCE, NOON - timedelta(hours=24), {"history": history}) == expected


def test_silence_is_the_absence_of_an_event_after_one_of_the_same_name() -> None:
    silence = {"absence": {"of": "Used", "after": "Used", "within": "14d"}}
    ((timer,), cancelled) = arming(silence, event("Used"))
    assert (timer.due, cancelled) == (later(days=14), 1)
    anchor_at = NOON - timedelta(days=14)
    alone, followed = RememberedHistory(), RememberedHistory()
    alone.add("Used", PastEvent(anchor_at))
    followed.add("Used", PastEvent(anchor_at))
    followed.add("Used", PastEvent(anchor_at + timedelta(days=13)))
    assert due(silence, anchor_at, {"history": alone}) == "acted"
    assert due(silence, anchor_at, {"history": followed}) == "held: overtaken"


def test_a_timer_asks_its_own_rule_and_no_other() -> None:
    rules = live(rule("a", trigger=ABSENCE), rule("b", trigger=ABSENCE))
    moment = Moment(kind="absence", at=NOON, rule="rul_b", anchor_at=NOON)
    assert [one.id for one in rules.candidates(moment)] == ["rul_b"]


@pytest.mark.parametrize(
    ("late_by", "tree", "expected"),
    [
        (timedelta(hours=23), {}, "acted"),
        (timedelta(hours=25), {}, "held: expired"),
        (timedelta(hours=3), {"max_lateness": "2h"}, "held: expired"),
        (timedelta(hours=25), {"max_lateness": "2d"}, "acted"),
    ],
)
def test_what_is_overdue_for_too_long_is_not_done_any_more(
    late_by: timedelta, tree: dict[str, Any], expected: str
) -> None:
    moment = Moment(kind="absence", at=NOON, rule="rul_a-rule", anchor_at=NOON, received_at=NOON + late_by)
    (decision,) = decided(live(rule(trigger=ABSENCE, **tree)), moment, history=RememberedHistory())
    assert outcome(decision) == expected


def test_a_schedule_brings_its_next_time_in_the_zone_it_names() -> None:
    daily = {"schedule": {"cron": "0 9 * * *", "zone": "person"}}
    (one,) = live(rule(trigger=daily)).rules
    view = View(page(), KnownFacts({"visitor.timezone": "Asia/Shanghai"}))
    first = armed(one.live, view, WHOM)
    assert first is not None
    assert first.due == datetime.fromisoformat("2026-03-03T01:00:00Z")
    again = arm(one.live, View(first.moment(first.due), KnownFacts({"visitor.timezone": "Asia/Shanghai"})), WHOM)
    assert [timer.due for timer in again.set] == [datetime.fromisoformat("2026-03-04T01:00:00Z")]


def test_waiting_begins_with_the_first_message_that_nobody_answers() -> None:
    waiting = {"conversation": "waiting", "after": "5m"}

    def talk(name: str) -> tuple[list[Timer], int]:
        return arming(waiting, Moment(kind="conversation", at=NOON, name=name))

    ((timer,), _) = talk("started")
    assert (timer.anchor, timer.due) == ("cnv_1", later(minutes=5))
    assert [talk(name)[1] for name in ("replied", "answered", "closed")] == [0, 1, 1]
    fired = timer.moment(timer.due)
    assert outcome(decided(live(rule(trigger=waiting)), fired)[0]) == "acted"


CHANGE = {"change": {"attribute": "contact.plan", "from": ["free", "trial"], "to": "pro"}}


@pytest.mark.parametrize(
    ("trigger", "moment", "asked"),
    [
        ({"scroll": 50}, Moment(kind="scroll", at=NOON, path="/a", scroll=60), True),
        ({"scroll": 50}, Moment(kind="scroll", at=NOON, path="/a", scroll=49), False),
        ({"scroll": 50}, Moment(kind="scroll", at=NOON, path="/a", scroll=80, scroll_before=60), False),
        ({"scroll": {"path": "/b", "percent": 50}}, Moment(kind="scroll", at=NOON, path="/a", scroll=60), False),
        ("exit_intent", Moment(kind="exit_intent", at=NOON, path="/a"), True),
        ({"exit_intent": "/pricing"}, Moment(kind="exit_intent", at=NOON, path="/a"), False),
        ({"call": "demo"}, Moment(kind="call", at=NOON, name="demo"), True),
        ({"call": "demo"}, Moment(kind="call", at=NOON, name="else"), False),
        ({"change": "contact.plan"}, Moment(kind="change", at=NOON, name="contact.plan", after="pro"), True),
        ({"change": "contact.plan"}, Moment(kind="change", at=NOON, name="contact.name", after="pro"), False),
        (CHANGE, Moment(kind="change", at=NOON, name="contact.plan", before="trial", after="pro"), True),
        (CHANGE, Moment(kind="change", at=NOON, name="contact.plan", before="team", after="pro"), False),
        (CHANGE, Moment(kind="change", at=NOON, name="contact.plan", before="free", after="team"), False),
        ({"segment": {"enters": "vip"}}, Moment(kind="segment", at=NOON, name="vip", after=True), True),
        ({"segment": {"enters": "vip"}}, Moment(kind="segment", at=NOON, name="vip", after=False), False),
        ({"segment": {"leaves": "vip"}}, Moment(kind="segment", at=NOON, name="vip", after=False), True),
        ({"segment": {"leaves": "vip"}}, Moment(kind="segment", at=NOON, name="new", after=False), False),
    ],
)
def test_each_trigger_is_an_edge(trigger: object, moment: Moment, *, asked: bool) -> None:
    assert bool(decided(live(rule(trigger=trigger)), moment)) is asked


@pytest.mark.parametrize(
    ("asked", "before", "after", "fires"),
    [
        ({"to": "vip"}, MISSING, ["vip"], True),
        ({"to": "vip"}, ["a"], ["a", "vip"], True),
        ({"to": ["vip", "gold"]}, ["vip"], ["gold", "vip"], True),
        ({"to": "vip"}, ["vip"], ["a", "vip"], False),
        ({"to": "vip"}, ["vip"], MISSING, False),
        ({"to": "1"}, MISSING, [1], False),
        ({"from": "vip"}, ["a", "vip"], ["a"], True),
        ({"from": "vip"}, ["vip"], MISSING, True),
        ({"from": "vip"}, ["a"], ["vip"], False),
        ({"from": "trial", "to": "vip"}, ["trial"], ["vip"], True),
        ({"from": "trial", "to": "vip"}, ["trial"], ["trial", "vip"], False),
        ({}, ["a"], [], True),
    ],
)
def test_a_change_of_a_list_is_what_was_added_and_what_was_taken_out(
    asked: dict[str, Any], before: object, after: object, *, fires: bool
) -> None:
    rules = live(rule(trigger={"change": {"attribute": "contact.tags", **asked}}))
    moment = Moment(kind="change", at=NOON, name="contact.tags", before=before, after=after)
    assert [outcome(one) for one in decided(rules, moment)] == (["acted"] if fires else [])


def test_a_change_of_a_list_is_said_as_one() -> None:
    def said(**ends: object) -> tuple[str, str]:
        words = rule(trigger={"change": {"attribute": "contact.tags", **ends}}).trigger.words()
        return words.en, words.zh

    assert said(to="vip") == ("When vip is added to tags", "当标签新增 vip")
    assert said(**{"from": "vip"}) == ("When vip is taken out of tags", "当标签移除 vip")
    assert said() == ("When tags changes", "当标签发生变化")


def test_a_condition_of_a_change_sees_what_it_has_become() -> None:
    rules = live(rule(trigger={"change": "contact.plan"}, when={"contact.plan": "pro"}))
    moment = Moment(kind="change", at=NOON, name="contact.plan", before="free", after="pro")
    assert outcome(decided(rules, moment, {"contact.plan": "free"})[0]) == "acted"


def test_the_probe_is_told_what_to_watch_of_a_page() -> None:
    rules = live(
        rule("a", trigger={"scroll": {"path": "/docs/**", "percent": 75}}),
        rule("b", trigger={"scroll": 50}),
        rule("c", trigger={"exit_intent": "/pricing"}),
        rule("d", trigger={"dwell": {"seconds": 5}}),
    )
    assert rules.watch("/docs/x") == Watch(dwell_ms=(5_000,), scroll=(50, 75))
    assert rules.watch("/pricing") == Watch(dwell_ms=(5_000,), scroll=(50,), exit_intent=True)
