"""What holds a rule although its condition is true: caps, quiet hours, consent, hold-out, loops, lateness."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from frontdesk_rules import (
    DEFAULT_POLICY,
    Deferred,
    Held,
    KnownFacts,
    LiveRule,
    RuleSet,
    Shown,
    Whom,
    parse_tree,
    release,
)
from frontdesk_rules.facts.hashing import among
from tests.rules.building import NOON, Remembered, decided, event, later, live, outcome, page, rule


def message(of_class: str = "marketing", **more: Any) -> dict[str, Any]:
    return {"message": {"class": of_class, "text": {"en": "Hello"}, **more}}


def told(*ago: timedelta, of_class: str = "marketing", session: str = "ses_1") -> Remembered:
    return Remembered(told=[Shown(NOON - one, of_class, session, "cnv_1") for one in ago])


HOURS = [timedelta(hours=n) for n in range(30)]


@pytest.mark.parametrize(
    ("cap", "memory", "expected"),
    [
        ({"limit": 2, "window": "1d"}, told(HOURS[1]), "acted"),
        ({"limit": 2, "window": "1d"}, told(HOURS[1], HOURS[23]), "held: capped"),
        ({"limit": 2, "window": "1d"}, told(HOURS[1], HOURS[24]), "acted"),
        ({"limit": 1, "window": "1d", "class": "marketing"}, told(HOURS[1], of_class="support"), "acted"),
        ({"limit": 1, "window": "1d", "class": "support"}, told(HOURS[1], of_class="support"), "acted"),
        ({"limit": 1, "window": "1d"}, told(HOURS[1], of_class="support"), "held: capped"),
        ({"limit": 1, "window": "1d", "per": "session"}, told(HOURS[1], session="ses_0"), "acted"),
        ({"limit": 1, "window": "1d", "per": "session"}, told(HOURS[1]), "held: capped"),
        ({"limit": 1, "window": "1d", "per": "conversation"}, told(HOURS[1]), "held: capped"),
    ],
)
def test_a_cap_counts_by_class_subject_and_half_open_window(
    cap: dict[str, Any], memory: Remembered, expected: str
) -> None:
    assert outcome(decided(live(rule(do=[message()], caps=[cap])), page(), memory=memory)[0]) == expected


@pytest.mark.parametrize("per", ["session", "conversation"])
def test_where_there_is_no_session_or_conversation_a_cap_by_it_holds_nothing_back(per: str) -> None:
    memory = Remembered(told=[Shown(NOON - HOURS[1], "marketing")])
    rules = live(rule(do=[message(), message()], caps=[{"limit": 1, "window": "1d", "per": per}]))
    (decision,) = decided(rules, page(), memory=memory, whom=Whom("vis_1"))
    assert (outcome(decision), len(decision.actions)) == ("acted", 2)


def test_a_cap_says_when_it_will_let_one_more_through() -> None:
    memory = told(HOURS[20], HOURS[10], HOURS[3])
    (decision,) = decided(live(rule(do=[message()], caps=[{"limit": 2, "window": "1d"}])), page(), memory=memory)
    assert (decision.reason, decision.until) == (Held.CAPPED, NOON - HOURS[10] + timedelta(days=1))


def test_what_another_rule_shows_at_the_same_moment_counts() -> None:
    capped = {"do": [message()], "caps": [{"limit": 1, "window": "1d"}]}
    outcomes = [outcome(one) for one in decided(live(rule("a", **capped), rule("b", **capped)), page())]
    assert outcomes == ["acted", "held: capped"]


def test_caps_hold_only_what_is_shown() -> None:
    capped = rule(do=[{"tag": "x"}, message(), {"webhook": "https://x.example"}], caps=[{"limit": 1, "window": "1d"}])
    (decision,) = decided(live(capped), page(), memory=told(HOURS[1]))
    assert outcome(decision) == "acted: capped"
    assert [one.action.name for one in decision.actions] == ["tag", "webhook"]


def test_gates_go_by_the_class_of_each_action() -> None:
    both = rule(do=[message("marketing"), {"email": {"template": "receipt", "class": "transactional"}}])
    (decision,) = decided(live(both), page(), memory=Remembered(refused=frozenset({"marketing"})))
    assert outcome(decision) == "acted: no_consent"
    assert [one.action.name for one in decision.actions] == ["email"]


def night(hour: int = 22, minute: int = 0) -> datetime:
    """In Shanghai, on 2 March."""
    return datetime(2026, 3, 2, hour - 8, minute, tzinfo=UTC)


SHANGHAI = {"visitor.timezone": "Asia/Shanghai"}
QUIET = {"allow": "09:00-21:00"}


@pytest.mark.parametrize(
    ("quiet", "expected", "until"),
    [
        (QUIET, "deferred: quiet", "2026-03-03T01:00:00+00:00"),
        ({**QUIET, "at_most": "11h"}, "deferred: quiet", "2026-03-03T01:00:00+00:00"),
        ({**QUIET, "at_most": "10h"}, "held: quiet", "2026-03-03T01:00:00+00:00"),
        ({**QUIET, "otherwise": "hold"}, "held: quiet", "2026-03-03T01:00:00+00:00"),
        ({**QUIET, "zone": "Europe/Berlin"}, "acted", None),
        ({**QUIET, "classes": ["onboarding"]}, "acted", None),
    ],
)
def test_quiet_hours_defer_or_hold(quiet: dict[str, Any], expected: str, until: str | None) -> None:
    (decision,) = decided(live(rule(do=[message()], quiet=quiet)), page(at=night()), SHANGHAI)
    assert outcome(decision) == expected
    assert decision.until == (until and datetime.fromisoformat(until))
    assert bool(decision.deferred) is expected.startswith("deferred")


def test_what_a_person_has_a_right_to_knows_no_quiet_hours() -> None:
    (decision,) = decided(live(rule(do=[message("transactional")], quiet=QUIET)), page(at=night()), SHANGHAI)
    assert outcome(decision) == "acted"


def released(facts: dict[str, object], memory: Remembered, **quiet: Any) -> str:
    rules = live(rule(do=[{"tag": "x"}, message()], quiet={**QUIET, **quiet}, when={"contact.plan": "free"}))
    moment = page(at=night(), id="evt_1")
    (put_off,) = decided(rules, moment, {**SHANGHAI, "contact.plan": "free"})
    assert (outcome(put_off), [one.action.name for one in put_off.actions]) == ("acted: quiet", ["tag"])
    assert put_off.until is not None
    deferred = Deferred(rules.rules[0], moment, put_off.until)
    decision = release(deferred, KnownFacts({**SHANGHAI, **facts}), memory, Whom("vis_1"))
    assert {one.key for one in decision.actions} <= {one.key for one in put_off.deferred}
    return outcome(decision)


def test_a_deferred_message_is_sent_when_the_night_is_over() -> None:
    assert released({"contact.plan": "pro"}, Remembered()) == "acted"


def test_with_recheck_the_condition_is_asked_again_when_a_deferred_message_is_sent() -> None:
    assert released({"contact.plan": "free"}, Remembered(), recheck=True) == "acted"
    assert released({"contact.plan": "pro"}, Remembered(), recheck=True) == "held: not_matched"


def test_a_deferred_message_does_not_talk_into_a_conversation_either() -> None:
    assert released({}, Remembered(conversation_open=True)) == "held: conversation_open"


def test_a_new_workspace_lets_two_marketing_messages_a_day_through_and_none_at_night() -> None:
    rules = live(rule(do=[message()]), policy=DEFAULT_POLICY)
    by_day = [outcome(decided(rules, page(), memory=told(*HOURS[1:n]))[0]) for n in (1, 2, 3)]
    assert by_day == ["acted", "acted", "held: capped"]
    at_night = [night(21), night(8, 59) + timedelta(days=1)]
    assert [outcome(decided(rules, page(at=at), SHANGHAI)[0]) for at in at_night] == ["deferred: quiet"] * 2
    supporting = live(rule(do=[message("support")]), policy=DEFAULT_POLICY)
    assert outcome(decided(supporting, page(at=night()), SHANGHAI, told(*HOURS[1:5]))[0]) == "acted"


def test_quiet_hours_of_a_rule_replace_those_of_the_workspace_and_its_caps_are_added() -> None:
    own = rule(do=[message()], quiet={"allow": "00:00-24:00"}, caps=[{"limit": 9, "window": "7d"}])
    rules = live(own, policy=DEFAULT_POLICY)
    assert outcome(decided(rules, page(at=night()), SHANGHAI)[0]) == "acted"
    assert outcome(decided(rules, page(), memory=told(*HOURS[1:3]))[0]) == "held: capped"


def test_a_share_of_the_people_is_held_out_and_both_arms_are_told_apart() -> None:
    rules = live(rule(do=[message()], holdout="10%"))
    arms = [decided(rules, page(), whom=Whom(f"vis_{n}"))[0] for n in range(2_000)]
    held = [one for one in arms if one.reason is Held.HELD_OUT]
    assert 150 < len(held) < 250
    assert {(one.arm, one.counted) for one in held} == {("held_out", True)}
    assert {(one.arm, one.outcome) for one in arms if one not in held} == {("treated", "acted")}


def person_held_out(of: str, share: int = 50, *, out: bool = True) -> str:
    return next(f"vis_{n}" for n in range(999) if among(f"holdout:{of}", f"vis_{n}", 0, share) is out)


def test_the_hold_out_comes_before_caps_so_that_both_arms_can_be_compared() -> None:
    rules = live(rule(do=[message()], holdout="50%", caps=[{"limit": 1, "window": "1d"}]))
    out, treated = person_held_out("rul_a-rule"), person_held_out("rul_a-rule", out=False)
    decisions = [decided(rules, page(), memory=told(HOURS[1]), whom=Whom(one))[0] for one in (out, treated)]
    assert [(outcome(one), one.arm) for one in decisions] == [
        ("held: held_out", "held_out"),
        ("held: capped", "treated"),
    ]


def test_who_is_held_out_of_the_winner_is_not_given_to_the_next_of_the_group() -> None:
    rules = live(rule("first", priority=90, exclusive="g", holdout="50%"), rule("second", exclusive="g"))
    decisions = decided(rules, page(), whom=Whom(person_held_out("rul_first")))
    assert [outcome(one) for one in decisions] == ["held: held_out", "held: lost_to"]


def test_nobody_changes_arm_or_variant_for_the_id_first_seen_decides() -> None:
    variants = [
        {"name": "a", "share": "50%", "do": [{"tag": "a"}]},
        {"name": "b", "share": "50%", "do": [{"tag": "b"}]},
    ]
    tree = {"rule": "a-rule", "trigger": "page", "variants": variants}
    rules = RuleSet.compile([LiveRule("rul_1", 1, parse_tree(tree))])
    chosen = {n: decided(rules, page(), whom=Whom(f"vis_{n}"))[0].variant for n in range(200)}
    again = {n: decided(rules, page(at=later(days=9)), whom=Whom(f"vis_{n}", "ses_9"))[0].variant for n in range(200)}
    assert chosen == again
    assert 70 < list(chosen.values()).count("a") < 130


def test_a_bucket_in_a_condition_goes_by_the_id_first_seen() -> None:
    rules = live(rule(when={"bucket": {"salt": "beta", "to": 50}}))
    inside = next(f"vis_{n}" for n in range(99) if among("beta", f"vis_{n}", 0, 50))
    outside = next(f"vis_{n}" for n in range(99) if not among("beta", f"vis_{n}", 0, 50))
    assert [outcome(decided(rules, page(), whom=Whom(one))[0]) for one in (inside, outside)] == [
        "acted",
        "held: not_matched",
    ]


def test_rules_that_call_each_other_come_to_an_end() -> None:
    rules = live(rule(trigger={"event": "Nudged"}, do=[{"emit": "Nudged"}], repeat={"every": "0s"}))
    outcomes = [outcome(decided(rules, replace(event("Nudged"), depth=depth))[0]) for depth in range(7)]
    assert outcomes == ["acted"] * 6 + ["held: loop"]


@pytest.mark.parametrize(
    ("late_by", "expected"), [(timedelta(minutes=10), "acted"), (timedelta(minutes=10, seconds=1), "held: late")]
)
def test_live_decisions_are_for_events_younger_than_ten_minutes(late_by: timedelta, expected: str) -> None:
    assert outcome(decided(live(rule()), page(received_at=NOON + late_by))[0]) == expected


def test_a_shadow_decides_and_does_nothing_and_takes_nobodys_place() -> None:
    tree = {"do": [message()], "exclusive": "g", "caps": [{"limit": 1, "window": "1d"}]}
    shadow = LiveRule("rul_1", 2, rule("a", priority=90, **tree), shadow=True)
    rules = RuleSet.compile([shadow, LiveRule("rul_1", 1, rule("a", **tree)), LiveRule("rul_2", 1, rule("b", **tree))])
    memory = Remembered()
    decisions = decided(rules, page(), memory=memory)
    assert [(one.rule.version, outcome(one)) for one in decisions] == [(2, "acted"), (1, "acted"), (1, "held: lost_to")]
    assert [len(one.actions) for one in decisions] == [0, 1, 0]
    assert len(decisions[0].withheld) == 1
    memory.remember(decisions[0])
    assert [outcome(one) for one in decided(rules, page(), memory=memory)][:2] == ["held: repeated", "acted"]
