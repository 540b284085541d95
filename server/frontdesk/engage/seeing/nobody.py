"""Why a rule reaches nobody, or so few: what each stage of a decision let through, and where most was lost.

What is stored as a decision is not enough for that: a condition that does not hold is mostly not kept. So the recorded
past is played again, and every moment counted; what the server itself had concluded stands beside it.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from frontdesk.collect.models import Event
from frontdesk.core.clock import iso
from frontdesk.engage.deciding.words import reasons_in_words
from frontdesk.engage.models import DecisionRow
from frontdesk.engage.seeing.asked import Asked, rule_tree
from frontdesk.engage.seeing.saying import ALL_STAGES, STAGE_WORDS, STAGES
from frontdesk.engage.seeing.simulating import Window, notes, simulated
from frontdesk_rules import HELD_WORDS, CompiledRule, Decision, Held, Moment, Someone, View, Words, moment_key
from frontdesk_rules.engine.ready import compile_rule
from frontdesk_rules.language.edges import EventTrigger
from frontdesk_rules.language.timed import AbsenceTrigger
from frontdesk_rules.telling.nearest import nearest
from frontdesk_rules.telling.phrases import capital, clause
from frontdesk_rules.trying.simulate import Listeners, Progress
from frontdesk_rules.words import same

_MOST_LOOKED_AT: Final = 5_000  # misses of which we say what would have had to be different
_MOST_TOLD: Final = 5
_MOST_NAMES: Final = 500


@dataclass(slots=True)
class Tally:
    """`heard`: moments of the kind that the trigger waits for; `triggered`: those that it fits; `lost`: reason → how
    often nothing came of one; `left_out`: the same of what it left out when it acted; `conditions`: what would have had
    to be different → how often."""

    rule: CompiledRule
    heard: int = 0
    triggered: int = 0
    acted: int = 0
    deferred: int = 0
    lost: Counter[Held] = field(default_factory=Counter)
    left_out: Counter[Held] = field(default_factory=Counter)
    conditions: Counter[tuple[str, str]] = field(default_factory=Counter)
    _looked_at: int = 0

    def met(self, moment: Moment, someone: Someone, candidates: tuple[CompiledRule, ...]) -> None:
        key, rule = moment_key(moment), self.rule
        trigger = rule.live.rule.trigger
        if key != rule.key:
            self.heard += isinstance(trigger, AbsenceTrigger) and key == f"event:{trigger.after.event}"
            return
        if moment.rule not in (None, rule.live.timer_id):
            return
        self.heard += not isinstance(trigger, AbsenceTrigger)
        if not rule.triggered(moment, key):
            return
        self.triggered += 1
        verdict = self._looks(moment, someone)
        if verdict is not True and not any(one.live is rule.live for one in candidates):
            # those that the index has left out already
            self.lost[Held.UNKNOWN if verdict is None else Held.NOT_MATCHED] += 1

    def told(self, decision: Decision, _someone: Someone, _moment: Moment) -> None:
        if decision.outcome == "held" and decision.reason is not None:
            self.lost[decision.reason] += 1
        else:
            self.left_out.update({one.reason for one in decision.left_out})
        self.acted += decision.outcome == "acted"
        self.deferred += decision.outcome == "deferred"

    def _looks(self, moment: Moment, someone: Someone) -> bool | None:
        """Whether the condition holds; if not, what would have had to be different."""
        when, test = self.rule.live.rule.when, self.rule.test
        if when is None or test is None:
            return True
        view = View(moment, someone, someone.id)
        verdict = test(view)
        if verdict is not True and self._looked_at < _MOST_LOOKED_AT:
            self._looked_at += 1
            for one in nearest(when, view):
                words = clause(one.condition) if one.holds else _NOT.fill_all(c=clause(one.condition))
                self.conditions[words.en, words.zh] += 1
        return verdict

    def stages(self) -> Iterator[dict[str, Any]]:
        """From the first to the last; what was put off and not yet sent is lost to none of them, for now."""
        moments = self.triggered
        for stage in ALL_STAGES:
            lost = {str(reason): count for reason, count in sorted(self.lost.items()) if STAGES[reason] == stage}
            words = STAGE_WORDS[stage]
            yield {"stage": stage, "text_en": words.en, "text_zh": words.zh, "moments": moments, "lost": lost}
            moments -= sum(lost.values())


_NOT: Final = Words("not: {c}", "并非：{c}")


def why_nobody(
    session: Session, workspace_id: str, asked: Asked, window: Window, progress: Progress | None = None
) -> dict[str, Any]:
    """As JSON."""
    tally = Tally(compile_rule(asked.rule, asked.policy))
    found = simulated(session, workspace_id, asked, window, Listeners(progress, tally.met, tally.told))
    stages = list(tally.stages())
    live, left_out = asked.rule, {str(held): count for held, count in sorted(tally.left_out.items())}
    stored = _stored(session, live.id, window)
    return {
        "rule": rule_tree(live) | {"state": asked.state},
        "since": iso(window.since),
        "until": iso(window.until),
        "events": found.events,
        "heard": tally.heard,
        "triggered": tally.triggered,
        "stages": stages,
        "acted": found.acted,
        "people": len(found.people),
        "left_undone": left_out,
        "largest": _largest(session, workspace_id, tally, stages, window),
        "conditions": [
            {"text_en": capital(Words(*text)).en, "text_zh": text[1], "lost": count}
            for text, count in sorted(tally.conditions.items(), key=lambda one: (-one[1], one[0]))[:_MOST_TOLD]
        ],
        "stored": stored,
        "reasons": reasons_in_words((*tally.lost, *left_out, *stored)),
        "notes": [{"code": code, "text_en": text.en, "text_zh": text.zh} for code, text in notes(asked, found)],
    }


_UNHEARD: Final = Words("What it waits for did not happen at all", "它等待的事从未发生")
_PERHAPS: Final = Words("There is no “{n}”; there is “{other}”", "没有“{n}”，但有“{other}”")
_OTHERS: Final = Words("Of {m} moments of its kind none fits its trigger", "{m} 次同类事件中没有一次符合触发条件")
_LOSS: Final = Words("{n} of {m}: {r}", "{m} 次中有 {n} 次：{r}")
_MOSTLY: Final = Words("{l}; most often, for it would take: {c}", "{l}；最常缺少：{c}")


def _largest(
    session: Session, workspace_id: str, tally: Tally, stages: list[dict[str, Any]], window: Window
) -> dict[str, Any] | None:
    """The stage at which most were lost, in words; None where nothing was."""
    if not tally.triggered:
        lost, text = tally.heard, _untriggered(session, workspace_id, tally, window)
        return {"stage": "trigger", "lost": lost, "text_en": text.en, "text_zh": text.zh}
    if not tally.lost:
        return None
    reason, lost = min(tally.lost.items(), key=lambda one: (-one[1], one[0]))
    stage = next(one for one in stages if one["stage"] == STAGES[reason])
    text = _LOSS.fill_all(n=same(f"{lost:,}"), m=same(f"{stage['moments']:,}"), r=HELD_WORDS[reason])
    if STAGES[reason] == "when" and tally.conditions:
        most = min(tally.conditions.items(), key=lambda one: (-one[1], one[0]))[0]
        text = _MOSTLY.fill_all(l=text, c=Words(*most))
    return {"stage": STAGES[reason], "lost": lost, "text_en": text.en, "text_zh": text.zh}


def _untriggered(session: Session, workspace_id: str, tally: Tally, window: Window) -> Words:
    if tally.heard:
        return _OTHERS.fill_all(m=same(f"{tally.heard:,}"))
    trigger = tally.rule.live.rule.trigger
    name = trigger.name if isinstance(trigger, EventTrigger) else None
    if isinstance(trigger, AbsenceTrigger):
        name = trigger.after.event
    if name is None:
        return _UNHEARD
    near = get_close_matches(name, _names(session, workspace_id, window), n=1)
    return _PERHAPS.fill_all(n=same(name), other=same(near[0])) if near else _UNHEARD


def _names(session: Session, workspace_id: str, window: Window) -> list[str]:
    """The events that there were, those of the longest runs first."""
    query = (
        select(Event.name)
        .where(Event.workspace_id == workspace_id, Event.occurred_at.between(window.since, window.until))
        .where(Event.name.is_not(None))
        .group_by(Event.name)
        .order_by(func.count().desc(), Event.name)
    )
    return [str(name) for name in session.scalars(query.limit(_MOST_NAMES))]


def _stored(session: Session, rule_id: str, window: Window) -> dict[str, int]:
    """What the server concluded: outcome, or the reason for which the rule was held → how often."""
    row = DecisionRow
    said = func.coalesce(row.reason, row.outcome)
    query = select(row.outcome, said, func.count()).where(
        row.rule_id == rule_id, row.at.between(window.since, window.until), row.shadow.is_(False)
    )
    found: Counter[str] = Counter()
    for outcome, reason, count in session.execute(query.group_by(row.outcome, said)):
        found[reason if outcome == "held" else outcome] += count
    return dict(sorted(found.items()))
