"""What is done to a conversation, where there is none: it is left out, and where nothing else is done, all is held."""

from datetime import timedelta
from typing import Any

import pytest

from frontdesk_rules import LiveRule, Question, Recorded, RuleSet, Whom, simulate
from tests.rules.building import NOON, PERSON, decided, live, outcome, page, rule, started

ALONE = Whom("vis_1", "ses_1")
ASSIGN: dict[str, Any] = {"assign": {"team": "sales"}}
HELLO = {"message": {"text": {"en": "Hi"}}}


@pytest.mark.parametrize("action", [ASSIGN, {"close": {}}])
def test_alone_it_is_held_and_does_not_count(action: dict[str, Any]) -> None:
    (decision,) = decided(live(rule(do=[action])), page(), whom=ALONE)
    assert (outcome(decision), decision.counted) == ("held: no_conversation", False)
    assert [one.action.name for one in decision.left_out] == list(action)
    assert decision.reasons[0].text.en == "There is no conversation at hand"


@pytest.mark.parametrize("beside", [HELLO, {"tag": "x"}])
def test_beside_something_else_it_is_left_out(beside: dict[str, Any]) -> None:
    (decision,) = decided(live(rule(do=[ASSIGN, beside])), page(), whom=ALONE)
    assert (outcome(decision), decision.counted) == ("acted: no_conversation", True)
    assert [one.action.name for one in decision.actions] == list(beside)
    assert [(one.action.name, str(one.reason)) for one in decision.left_out] == [("assign", "no_conversation")]


def test_with_a_conversation_it_is_done() -> None:
    (decision,) = decided(live(rule(trigger={"conversation": "started"}, do=[ASSIGN])), started(), whom=PERSON)
    assert (outcome(decision), [one.action.name for one in decision.actions]) == ("acted", ["assign"])


def test_a_shadow_is_held_for_the_same_reason() -> None:
    shadow = LiveRule("rul_a", 2, rule(do=[ASSIGN]), shadow=True)
    (decision,) = decided(RuleSet.compile([shadow]), page(), whom=ALONE)
    assert outcome(decision) == "held: no_conversation"


def test_a_conversation_that_was_is_not_at_hand_at_a_later_page_of_a_simulation() -> None:
    asked = LiveRule("rul_a", 1, rule(do=[ASSIGN], repeat={"every": "1s"}))
    lived = [("page", None), ("conversation", "started"), ("page", None)]
    events = [
        Recorded(at=NOON + timedelta(minutes=n), person="vis_1", kind=kind, name=name, path="/")
        for n, (kind, name) in enumerate(lived)
    ]
    assert simulate(Question(asked), events).held == {"no_conversation": 2}
