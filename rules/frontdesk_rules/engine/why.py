"""Why a rule does or does not act: its condition, the stage that says no, and what would have to be different."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from frontdesk_rules.engine.decide import Decision, decide
from frontdesk_rules.engine.held import Held
from frontdesk_rules.engine.past import Memory, Whom
from frontdesk_rules.engine.ready import CompiledRule
from frontdesk_rules.facts.known import Facts
from frontdesk_rules.facts.moments import Moment, View
from frontdesk_rules.language.timed import AbsenceTrigger, ReachesTrigger
from frontdesk_rules.telling.conclusions import Conclusion
from frontdesk_rules.telling.explain import Explanation, explained
from frontdesk_rules.telling.nearest import Difference, nearest, nearest_words
from frontdesk_rules.words import Words


def explain(rule: CompiledRule, moment: Moment, facts: Facts) -> Explanation | None:
    """The condition of a rule as it stands at a moment; None if it has none."""
    when = rule.live.rule.when
    return explained(when, View(moment, facts)) if when else None


@dataclass(frozen=True, slots=True)
class Why:
    """What was decided; `text` says the first "no", if there is one, and what would have to be different. `winner` is
    the rule that went first, as people call it."""

    decision: Decision
    differences: tuple[Difference, ...]
    winner: Words | None = None

    @property
    def text(self) -> Words:
        decision = self.decision
        conclusion = Conclusion(
            outcome=decision.outcome,
            reason=decision.reason,
            left_out=[(one.action.name, one.reason) for one in decision.left_out],
            until=_local(decision.until, decision) if decision.until else None,
            deferred=bool(decision.deferred),
            otherwise=nearest_words(self.differences) if self.differences else self.winner,
            comes_once=isinstance(decision.rule.rule.trigger, AbsenceTrigger | ReachesTrigger),
        )
        return conclusion.words

    def to_tree(self) -> dict[str, object]:
        """As JSON."""
        decision, explanation = self.decision, self.decision.explanation
        return {
            "outcome": decision.outcome,
            "reason": decision.reason and str(decision.reason),
            "text_en": self.text.en,
            "text_zh": self.text.zh,
            "until": decision.until and decision.until.isoformat(),
            "arm": decision.arm,
            "variant": decision.variant,
            "lost_to": decision.lost_to,
            "condition": explanation and explanation.to_tree(),
            "nearest": [one.to_tree() for one in self.differences],
            "actions": [one.action.to_tree() for one in (*decision.actions, *decision.deferred)],
        }


def _local(at: datetime, decision: Decision) -> str:
    """As the person's clock shows it, and where that clock is; with the day, where that is another."""
    zone = decision.view.zone()
    local, now = at.astimezone(zone), decision.view.now.astimezone(zone)
    return f"{local:%H:%M} {zone}" if local.date() == now.date() else f"{local:%Y-%m-%d %H:%M} {zone}"


def why(rule: CompiledRule, moment: Moment, facts: Facts, memory: Memory, whom: Whom) -> Why:
    """What this rule, asked alone, concludes at a moment, and what would have to be different."""
    (decision,) = decide(moment, [rule], facts, memory, whom)
    when = rule.live.rule.when
    asked = when is not None and decision.reason in (Held.NOT_MATCHED, Held.UNKNOWN)
    return Why(decision, nearest(when, decision.view) if when and asked else ())
