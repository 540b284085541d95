"""Why a rule does or does not act: its condition, the stage that says no, and what would have to be different."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from frontdesk_rules.engine.decide import Decision, decide
from frontdesk_rules.engine.held import HELD_WORDS, Held
from frontdesk_rules.engine.past import Memory, Whom
from frontdesk_rules.engine.ready import CompiledRule
from frontdesk_rules.facts.known import Facts
from frontdesk_rules.facts.moments import Moment, View
from frontdesk_rules.telling.explain import Explanation, explained
from frontdesk_rules.telling.nearest import Difference, nearest, nearest_words
from frontdesk_rules.words import Words, same


def explain(rule: CompiledRule, moment: Moment, facts: Facts) -> Explanation | None:
    """The condition of a rule as it stands at a moment; None if it has none."""
    when = rule.live.rule.when
    return explained(when, View(moment, facts)) if when else None


@dataclass(frozen=True, slots=True)
class Why:
    """What was decided; `text` says the first "no", if there is one, and what would have to be different."""

    decision: Decision
    differences: tuple[Difference, ...]

    @property
    def text(self) -> Words:
        reason = self.decision.reason
        if reason is None:
            return Words("It acts", "会执行")
        said = HELD_WORDS[reason]
        tail = self._otherwise()
        return Words("{r}: {t}", "{r}：{t}").fill_all(r=said, t=tail) if tail else said

    def _otherwise(self) -> Words | None:
        if self.differences:
            return nearest_words(self.differences)
        until = self.decision.until
        if until is None:
            return None
        return Words("until {t}", "直到 {t}").fill_all(t=same(_local(until, self.decision)))

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
    """As the person's clock shows it; with the day, where that is another."""
    zone = decision.view.zone()
    local, now = at.astimezone(zone), decision.view.now.astimezone(zone)
    return local.strftime("%H:%M" if local.date() == now.date() else "%Y-%m-%d %H:%M")


def why(rule: CompiledRule, moment: Moment, facts: Facts, memory: Memory, whom: Whom) -> Why:
    """What this rule, asked alone, concludes at a moment, and what would have to be different."""
    (decision,) = decide(moment, [rule], facts, memory, whom)
    when = rule.live.rule.when
    asked = when is not None and decision.reason in (Held.NOT_MATCHED, Held.UNKNOWN)
    return Why(decision, nearest(when, decision.view) if when and asked else ())
