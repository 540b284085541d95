"""Timers for the tests of what the clock brings."""

from datetime import datetime
from typing import Any

from frontdesk_rules import KnownFacts, Moment, RememberedHistory, View, Whom
from frontdesk_rules.engine.timers import arm
from frontdesk_rules.engine.waits import Timer
from tests.rules.building import NOON, decided, live, outcome, rule

WHOM = Whom("con_1", "ses_1", "cnv_1")


def arming(trigger: dict[str, Any], moment: Moment, **facts: object) -> tuple[list[Timer], int]:
    """The timers that it sets, and how many orders to cancel."""
    (one,) = live(rule(trigger=trigger)).rules
    made = arm(one.live, View(moment, KnownFacts(facts)), WHOM)
    return list(made.set), len(made.cancel)


def due(trigger: dict[str, Any], anchor_at: datetime, facts: dict[str, object], **more: Any) -> str:
    """What becomes of a rule whose timer fires now."""
    kind = next(iter(trigger))
    moment = Moment(**{"kind": kind, "at": NOON, "rule": "rul_a-rule", "anchor_at": anchor_at, **more})
    history = facts.pop("history", RememberedHistory())
    (decision,) = decided(live(rule(trigger=trigger)), moment, facts, history=history)  # type: ignore[arg-type]  # a history, where one is given
    return outcome(decision)
