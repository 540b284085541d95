"""The order of a decision: who acts, who is held, and by what name."""

from datetime import datetime, timedelta

import pytest

from frontdesk_rules import HELD_WORDS, Held, KnownFacts, LiveRule, Moment, RuleSet, Whom, decide, needs
from frontdesk_rules.engine.decide import ORDER, SHOWN_ORDER
from tests.rules.building import (
    NOON,
    Remembered,
    decided,
    dwell,
    event,
    later,
    live,
    outcome,
    page,
    rule,
    started,
)

HELLO = {"message": {"text": {"en": "Hello", "zh": "您好"}, "class": "support"}}


def test_a_rule_acts_when_its_trigger_and_its_condition_hold() -> None:
    (decision,) = decided(live(rule(when={"session.campaign": "spring"})), page(), {"session.campaign": "spring"})
    assert (decision.outcome, decision.reason, decision.rule.id, decision.rule.version) == (
        "acted",
        None,
        "rul_a-rule",
        1,
    )
    assert [(planned.key, planned.action.to_tree()) for planned in decision.actions] == [
        ("rul_a-rule:vis_1:0", {"tag": "seen"})
    ]


@pytest.mark.parametrize(
    ("campaign", "expected"), [("spring", "acted"), ("winter", "held: not_matched"), (None, "held: unknown")]
)
def test_only_true_fires(campaign: str | None, expected: str) -> None:
    (decision,) = decided(live(rule(when={"session.campaign": "spring"})), page(), {"session.campaign": campaign})
    assert outcome(decision) == expected
    assert decision.actions == () or expected == "acted"


def test_a_rule_of_another_trigger_is_held_when_it_is_asked_all_the_same() -> None:
    rules = live(rule("chat", trigger={"conversation": "started"}), rule("elsewhere", trigger={"page": "/b"}))
    decisions = decide(page("/a"), rules.rules, KnownFacts({}), Remembered(), Whom("vis_1"))
    assert [outcome(decision) for decision in decisions] == ["held: not_triggered", "held: not_triggered"]


def test_where_there_is_no_candidate_there_is_no_decision() -> None:
    assert decided(live(), page()) == ()


def test_a_paused_rule_is_held() -> None:
    paused = RuleSet.compile([LiveRule("rul_1", 3, rule(), active=False)])
    assert [outcome(decision) for decision in decided(paused, page())] == ["held: paused"]


def test_a_rule_acts_once_for_a_person_unless_it_says_otherwise() -> None:
    rules, memory = live(rule()), Remembered()
    (first,) = decided(rules, page(), memory=memory)
    memory.remember(first)
    assert outcome(decided(rules, page(), memory=memory)[0]) == "held: repeated"
    assert outcome(decided(rules, page(), memory=memory, whom=Whom("vis_2"))[0]) == "acted"


@pytest.mark.parametrize("per", ["session", "conversation"])
def test_a_rule_may_act_once_for_each_session_or_conversation(per: str) -> None:
    rules, memory = live(rule(trigger={"conversation": "started"}, repeat={"per": per})), Remembered()
    memory.remember(decided(rules, started(), memory=memory)[0])
    assert outcome(decided(rules, started(), memory=memory)[0]) == "held: repeated"
    assert outcome(decided(rules, started(), memory=memory, whom=Whom("vis_1", "ses_2", "cnv_2"))[0]) == "acted"
    assert outcome(decided(rules, started(), memory=memory, whom=Whom("vis_1"))[0]) == "held: no_subject"


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        (timedelta(days=6, hours=23), "held: repeated"),
        (timedelta(days=7), "acted"),
        (timedelta(days=9), "acted"),
    ],
)
def test_a_rule_may_act_again_after_some_time(after: timedelta, expected: str) -> None:
    rules, memory = live(rule(repeat={"every": "7d"})), Remembered()
    (first,) = decided(rules, page(id="evt_1"), memory=memory)
    memory.remember(first)
    (again,) = decided(rules, page(id="evt_2", at=NOON + after), memory=memory)
    assert outcome(again) == expected
    assert {planned.key for planned in first.actions}.isdisjoint(planned.key for planned in again.actions)


def test_a_rule_without_limit_acts_also_at_a_moment_that_is_heard_of_after_a_later_one() -> None:
    rules, memory = live(rule(repeat={"every": "0s"})), Remembered(done={("rul_a-rule", "vis_1"): NOON})
    assert outcome(decided(rules, page(at=NOON - timedelta(minutes=2)), memory=memory)[0]) == "acted"


def test_of_an_exclusive_group_the_highest_priority_wins_and_ties_go_by_id() -> None:
    rules = live(
        rule("low", priority=10, exclusive="greeting"),
        rule("b-high", priority=90, exclusive="greeting"),
        rule("a-high", priority=90, exclusive="greeting"),
        rule("free", priority=1),
    )
    assert [(decision.rule.rule.key, outcome(decision), decision.lost_to) for decision in decided(rules, page())] == [
        ("a-high", "acted", None),
        ("b-high", "held: lost_to", "rul_a-high"),
        ("low", "held: lost_to", "rul_a-high"),
        ("free", "acted", None),
    ]


def test_a_rule_that_does_not_match_or_has_acted_leaves_the_slot_to_the_next() -> None:
    rules = live(
        rule("first", priority=90, exclusive="g", when={"contact.plan": "pro"}),
        rule("second", priority=80, exclusive="g"),
        rule("third", priority=70, exclusive="g"),
    )
    memory = Remembered(done={("rul_second", "vis_1"): NOON})
    outcomes = [outcome(decision) for decision in decided(rules, page(), {"contact.plan": "free"}, memory)]
    assert outcomes == ["held: not_matched", "held: repeated", "acted"]


def test_a_winner_keeps_its_slot_when_a_later_stage_holds_it() -> None:
    rules = live(rule("first", priority=90, exclusive="g", do=[HELLO]), rule("second", exclusive="g"))
    outcomes = [outcome(decision) for decision in decided(rules, page(), memory=Remembered(conversation_open=True))]
    assert outcomes == ["held: conversation_open", "held: lost_to"]


def test_a_conversation_that_is_going_on_holds_only_what_is_shown() -> None:
    rules = live(rule(do=[{"tag": "a"}, HELLO, {"assign": {"team": "sales"}}]))
    (decision,) = decided(rules, page(), memory=Remembered(conversation_open=True))
    assert outcome(decision) == "acted: conversation_open"
    assert [planned.action.name for planned in decision.actions] == ["tag", "assign"]
    assert [planned.key[-1] for planned in decision.actions] == ["0", "2"]


def test_the_stages_stand_in_the_order_that_is_promised() -> None:
    assert [name for name, _ in ORDER] == ["trigger", "active", "when", "repeat", "holdout", "exclusive"]
    assert [name for name, _ in SHOWN_ORDER] == ["consent", "address", "conversation", "caps", "quiet"]


def test_every_no_has_its_words_in_both_languages() -> None:
    assert set(HELD_WORDS) == set(Held)
    assert all(words.en and words.zh for words in HELD_WORDS.values())


@pytest.mark.parametrize(
    ("trigger", "moment", "asked"),
    [
        ("page", page("/a"), True),
        ({"page": "/a"}, page("/a/?x=1"), True),
        ({"page": "/a"}, page("/b"), False),
        ({"page": ["/a", "/docs/**"]}, page("https://shop.example/docs/x"), True),
        ({"page": "/a"}, started("/a"), False),
        ({"dwell": {"path": "/a", "seconds": 60}}, dwell(60_000, "/a"), True),
        ({"dwell": {"path": "/a", "seconds": 60}}, dwell(59_999, "/a"), False),
        ({"dwell": {"path": "/a", "seconds": 60}}, dwell(90_000, "/a", before_ms=60_000), False),
        ({"dwell": {"path": "/a", "seconds": 60}}, dwell(60_000, "/b"), False),
        ({"dwell": {"seconds": 1.5}}, dwell(1_500, "/b"), True),
        ({"event": "Paid"}, event("Paid"), True),
        ({"event": "Paid"}, event("paid"), False),
        ({"event": "Paid", "where": {"event.total": {"gt": 5}}}, event("Paid", total=6), True),
        ({"event": "Paid", "where": {"event.total": {"gt": 5}}}, event("Paid", total=5), False),
        ({"event": "Paid", "where": {"event.total": {"gt": 5}}}, event("Paid"), False),
        ({"event": "Paid", "where": {"event.cart.total": 6}}, event("Paid", cart={"total": 6}), True),
        ({"conversation": "started"}, started(), True),
        ({"conversation": "closed"}, started(), False),
        ({"conversation": "started"}, event("started"), False),
    ],
)
def test_a_trigger_is_an_edge(trigger: object, moment: Moment, *, asked: bool) -> None:
    assert bool(decided(live(rule(trigger=trigger)), moment)) is asked


def test_a_rule_names_the_fields_it_needs_and_no_others() -> None:
    rules = live(
        rule("a", when={"session.campaign": "spring"}),
        rule("b", when={"any": [{"page.dwell": {"gt": "1s"}}, {"contact.plan": "pro"}]}),
        rule("c"),
    )
    assert needs(rules.candidates(page())) == {"session.campaign", "page.dwell", "page.path", "contact.plan"}


def test_facts_are_gathered_once_and_only_when_a_condition_asks() -> None:
    class Counted:
        def __init__(self) -> None:
            self.asked: list[str] = []

        def get(self, name: str, /) -> object:
            self.asked.append(name)
            return "pro"

    rules, facts = live(rule("a", when={"contact.plan": "pro"}), rule("b", when={"contact.plan": "pro"})), Counted()
    decide(page(), rules.candidates(page()), facts, Remembered(), Whom("vis_1"))
    assert facts.asked == ["contact.plan"]


def test_a_rule_that_acts_every_so_often_has_distinct_keys_without_an_event_id_too() -> None:
    rules = live(rule(repeat={"every": "1s"}))
    keys = {decided(rules, page(at=later(seconds=n)))[0].actions[0].key for n in range(3)}
    assert len(keys) == 3


@pytest.mark.parametrize(
    ("slots", "expected"),
    [
        ({}, ("acted", None)),
        ({("g", NOON): "rul_other"}, ("held: lost_to", "rul_other")),
        ({("g", NOON): "rul_a-rule"}, ("acted", None)),
        ({("g", later(seconds=-1)): "rul_other"}, ("acted", None)),
        ({("h", NOON): "rul_other"}, ("acted", None)),
    ],
)
def test_what_a_clock_brings_at_one_instant_has_one_slot_of_a_group(
    slots: dict[tuple[str, datetime], str], expected: tuple[str, str | None]
) -> None:
    rules = live(rule(exclusive="g", trigger={"schedule": {"cron": "0 12 * * *"}}))
    moment = Moment(kind="schedule", at=NOON, received_at=NOON, rule="rul_a-rule")
    (decision,) = decided(rules, moment, memory=Remembered(slots=slots))
    assert (outcome(decision), decision.lost_to) == expected
    assert decision.slot == ("g" if expected[0] == "acted" else None)


def test_two_pages_of_one_instant_are_two_moments() -> None:
    (decision,) = decided(live(rule(exclusive="g")), page(), memory=Remembered(slots={("g", NOON): "rul_other"}))
    assert outcome(decision) == "acted"
