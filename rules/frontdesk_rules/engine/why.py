"""Why a rule does or does not act: its condition as it stands at a moment."""

from __future__ import annotations

from frontdesk_rules.engine.ready import CompiledRule
from frontdesk_rules.facts.known import Facts
from frontdesk_rules.facts.moments import Moment, View
from frontdesk_rules.telling.explain import Explanation, explained


def explain(rule: CompiledRule, moment: Moment, facts: Facts) -> Explanation | None:
    """The condition of a rule as it stands at a moment; None if it has none."""
    when = rule.live.rule.when
    return explained(when, View(moment, facts)) if when else None
