"""What a cap holds at a moment that comes once is put off until the cap lets it through, and asked again then."""

from datetime import timedelta
from typing import Any

import pytest

from frontdesk_rules import (
    Deferred,
    Held,
    KnownFacts,
    Moment,
    PastEvent,
    RememberedHistory,
    RuleSet,
    Shown,
    Whom,
    release,
)
from tests.rules.building import NOON, Remembered, decided, event, later, live, outcome, page, rule

HELLO = {"message": {"class": "marketing", "text": {"en": "Hello"}}}
TWO_A_DAY = {"class": "marketing", "limit": 2, "window": "1d"}
ABSENCE = {"absence": {"of": "Paid", "after": "Ordered", "within": "1h"}}
REACHES = {"reaches": {"field": "contact.registered_at", "plus": "365d"}}
WHOM = Whom("vis_1")


def due(trigger: dict[str, Any]) -> Moment:
    """The moment that the rule `a-rule` waited for."""
    (kind,) = trigger
    anchor = NOON - timedelta(hours=1) if kind == "absence" else NOON - timedelta(days=365)
    return Moment(kind=kind, at=NOON, id="tim_1", rule="rul_a-rule", anchor_at=anchor, received_at=NOON)


def facts(*paid_ago: timedelta) -> tuple[dict[str, object], RememberedHistory]:
    paid = [PastEvent(NOON - ago) for ago in paid_ago]
    known = {"contact.registered_at": NOON - timedelta(days=365), "contact.plan": "free"}
    return known, RememberedHistory(NOON - timedelta(days=400), {"Paid": paid})


def capped(*hours_ago: float) -> Remembered:
    return Remembered(told=[Shown(NOON - timedelta(hours=ago), "marketing") for ago in hours_ago])


def rules_of(trigger: object, **tree: Any) -> RuleSet:
    return live(rule(**{"trigger": trigger, "do": [HELLO], "caps": [TWO_A_DAY], **tree}))


def at_the_moment(rules: RuleSet, moment: Moment, memory: Remembered) -> str:
    known, history = facts()
    (decision,) = decided(rules, moment, known, memory, WHOM, history)
    return f"{outcome(decision)} until {decision.until.isoformat()[5:16]}" if decision.until else outcome(decision)


@pytest.mark.parametrize(
    ("trigger", "moment"), [(ABSENCE, due(ABSENCE)), (REACHES, due(REACHES))], ids=["absence", "reaches"]
)
def test_what_the_clock_brings_once_waits_for_a_cap(trigger: dict[str, Any], moment: Moment) -> None:
    assert at_the_moment(rules_of(trigger), moment, capped(5, 3)) == "deferred: capped until 03-03T07:00"


@pytest.mark.parametrize(("trigger", "moment"), [("page", page()), ({"event": "Paid"}, event("Paid"))])
def test_a_moment_that_may_come_again_is_held(trigger: object, moment: Moment) -> None:
    assert at_the_moment(rules_of(trigger), moment, capped(5, 3)) == "held: capped until 03-03T07:00"


@pytest.mark.parametrize(
    ("trigger", "caps", "expected"),
    [
        ("page", ["defer"], "deferred"),
        (ABSENCE, ["hold"], "held"),
        (ABSENCE, ["defer"], "deferred"),
        ("page", ["defer", None], "deferred"),
        (ABSENCE, [None, "hold"], "held"),
        (ABSENCE, ["defer", "hold"], "held"),
    ],
)
def test_a_cap_may_say_what_becomes_of_what_it_holds(trigger: Any, caps: list[str | None], expected: str) -> None:
    said = [{**TWO_A_DAY, "otherwise": one} if one else TWO_A_DAY for one in caps]
    moment = page() if trigger == "page" else due(trigger)
    assert at_the_moment(rules_of(trigger, caps=said), moment, capped(5, 3)).startswith(f"{expected}: capped")


def test_of_several_caps_the_one_that_is_full_for_longest_says_until_when() -> None:
    caps = [TWO_A_DAY, {"limit": 1, "window": "21h"}]
    assert at_the_moment(rules_of(ABSENCE, caps=caps), due(ABSENCE), capped(5, 1)) == (
        "deferred: capped until 03-03T08:00"
    )


@pytest.mark.parametrize(
    ("max_lateness", "window", "expected"),
    [
        (None, "1d", "deferred"),
        (None, "2d", "held"),
        ("2d", "2d", "deferred"),
        ("12h", "1d", "held"),
    ],
)
def test_it_waits_no_longer_than_the_rule_may_be_late(max_lateness: str | None, window: str, expected: str) -> None:
    more = {"max_lateness": max_lateness} if max_lateness else {}
    rules = rules_of(ABSENCE, caps=[{**TWO_A_DAY, "window": window}], **more)
    assert at_the_moment(rules, due(ABSENCE), capped(5, 3)).startswith(f"{expected}: capped")


def test_what_one_gate_puts_off_and_another_holds_goes_by_what_is_put_off() -> None:
    do = [{"message": {"class": "support", "text": {"en": "Hi"}}}, HELLO]
    caps = [{"class": "support", "limit": 1, "window": "9d", "otherwise": "hold"}, TWO_A_DAY]
    rules, (known, history) = rules_of(ABSENCE, do=do, caps=caps), facts()
    memory = Remembered(told=[Shown(later(hours=-1), "support"), *capped(5, 3).told])
    (decision,) = decided(rules, due(ABSENCE), known, memory, WHOM, history)
    assert (outcome(decision), decision.until) == ("deferred: capped", later(hours=19))
    assert [one.action.to_tree()["message"]["class"] for one in decision.deferred] == ["marketing"]  # type: ignore[index]  # a message's tree
    assert [(one.action.name, one.reason) for one in decision.left_out] == [("message", Held.CAPPED)]


def released(
    trigger: dict[str, Any],
    memory: Remembered,
    *paid_ago: timedelta,
    reason: Any = Held.CAPPED,
    quiet: Any = None,
    **known: object,
) -> str:
    """What becomes of it 19 hours later."""
    (one,) = rules_of(trigger, when={"contact.plan": "free"}, **({"quiet": quiet} if quiet else {})).rules
    own, history = facts(*paid_ago)
    deferred = Deferred(one, due(trigger), later(hours=19), later(hours=19), reason)
    return outcome(release(deferred, KnownFacts({**own, **known}, history), memory, WHOM))


def test_it_is_sent_when_the_cap_lets_it_through() -> None:
    assert released(ABSENCE, capped(5, 3)) == released(REACHES, capped(5, 3)) == "acted"


def test_it_is_not_sent_where_its_reason_is_gone_by_then() -> None:
    assert released(ABSENCE, capped(5, 3), timedelta(hours=-2)) == "held: overtaken"
    assert released(REACHES, capped(5, 3), **{"contact.registered_at": NOON}) == "held: overtaken"
    assert released(ABSENCE, capped(5, 3), **{"contact.plan": "pro"}) == "held: not_matched"


@pytest.mark.parametrize("recheck", [False, True])
def test_what_was_absent_is_asked_after_a_night_also_where_the_condition_is_not(recheck: bool) -> None:  # noqa: FBT001  a row of the table
    night: dict[str, Any] = {"quiet": {"allow": "00:00-24:00", "recheck": recheck}, "reason": Held.QUIET}
    paid, pro = timedelta(hours=-2), {"contact.plan": "pro"}
    assert released(ABSENCE, Remembered(), **night) == "acted"
    assert released(ABSENCE, Remembered(), paid, **night) == "held: overtaken"
    assert released(REACHES, Remembered(), **night, **{"contact.registered_at": NOON}) == "held: overtaken"
    assert released(ABSENCE, Remembered(), **night, **pro) == ("held: not_matched" if recheck else "acted")


@pytest.mark.parametrize(("at_most", "expected"), [("27h", "deferred: quiet"), ("26h", "held: quiet")])
def test_how_long_it_waits_at_most_is_counted_from_the_moment(at_most: str, expected: str) -> None:
    quiet = {"allow": "15:00-16:00", "at_most": at_most}  # 8 hours after the 19
    assert released(ABSENCE, Remembered(), reason=Held.QUIET, quiet=quiet) == expected


def test_it_waits_on_where_another_message_went_first_but_not_for_ever() -> None:
    assert released(ABSENCE, capped(3, -1)) == "deferred: capped"  # until 21 hours after the moment
    assert released(ABSENCE, capped(-2, -1)) == "held: capped"  # until 25 hours after


def test_a_letter_to_nobody_is_held_and_does_not_count() -> None:
    letter = {"email": {"class": "support", "subject": {"en": "Dear"}, "text": {"en": "Hi"}}}
    unknown = Remembered(has_address=False)
    (alone,) = decided(live(rule(do=[letter])), page(), memory=unknown)
    assert (outcome(alone), alone.counted) == ("held: no_address", False)
    (beside,) = decided(live(rule(do=[letter, HELLO, {"tag": "x"}])), page(), memory=unknown)
    assert (outcome(beside), beside.counted) == ("acted: no_address", True)
    assert [one.action.name for one in beside.actions] == ["message", "tag"]
    assert [(one.action.name, str(one.reason)) for one in beside.left_out] == [("email", "no_address")]


def test_who_refuses_letters_is_not_asked_for_an_address() -> None:
    letter = {"email": {"class": "marketing", "subject": {"en": "Dear"}, "text": {"en": "Hi"}}}
    memory = Remembered(has_address=False, refused=frozenset({"marketing"}))
    assert outcome(decided(live(rule(do=[letter])), page(), memory=memory)[0]) == "held: no_consent"


@pytest.mark.parametrize(
    ("repeat", "done", "ends"),
    [
        ({"per": "person"}, -1, "held: repeated"),
        ({"per": "person"}, 1, "held: repeated"),
        ({"per": "person"}, None, "acted"),
        ({"every": "2h"}, -1, "held: repeated"),
        ({"every": "2h"}, 1, "held: repeated"),
        ({"every": "2h"}, -2, "acted"),
        ({"every": "2h"}, 2, "acted"),
    ],
)
def test_what_the_rule_has_said_under_another_id_is_not_said_again(
    repeat: dict[str, str], done: int | None, ends: str
) -> None:
    (held,) = live(rule(trigger={"event": "Go"}, do=[HELLO], repeat=repeat)).rules
    done_at = None if done is None else later(hours=done)
    deferred = Deferred(held, event("Go"), later(hours=3), later(hours=3), Held.QUIET, done_at)
    assert outcome(release(deferred, KnownFacts({}), Remembered(), WHOM)) == ends
