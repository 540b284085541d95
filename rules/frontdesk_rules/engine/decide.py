"""The order of a decision: a table of stages, asked in turn. The first "no" is the reason.

Two scopes: the stages of `ORDER` hold the whole rule; those of `SHOWN_ORDER` hold only what is shown or sent to the
person, and leave the rest of the actions alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from operator import attrgetter
from typing import Final, Literal, NamedTuple, Protocol, TypeAlias

from frontdesk_rules.engine.compile import CompiledRule
from frontdesk_rules.facts.catalogue import Facts
from frontdesk_rules.facts.moments import Moment, View
from frontdesk_rules.language.actions import Action
from frontdesk_rules.language.rule import LiveRule
from frontdesk_rules.language.triggers import moment_key
from frontdesk_rules.telling.explain import Explanation, Reason, explained, reasons_of
from frontdesk_rules.words import Words


class Held(StrEnum):
    """Every "no" there is."""

    NOT_TRIGGERED = "not_triggered"
    PAUSED = "paused"
    NOT_MATCHED = "not_matched"
    UNKNOWN = "unknown"
    NO_SUBJECT = "no_subject"
    REPEATED = "repeated"
    LOST_TO = "lost_to"
    CONVERSATION_OPEN = "conversation_open"


HELD_WORDS: Final = {
    Held.NOT_TRIGGERED: Words("The trigger is another one", "触发条件不符"),
    Held.PAUSED: Words("The rule is paused", "规则已暂停"),
    Held.NOT_MATCHED: Words("The condition does not hold", "条件不成立"),
    Held.UNKNOWN: Words("The condition asks for something that is not known", "条件所需的信息未知"),
    Held.NO_SUBJECT: Words("There is no session or conversation to count by", "没有可用于计次的会话或对话"),
    Held.REPEATED: Words("It has acted already", "此前已执行过"),
    Held.LOST_TO: Words("Another rule of its group went first", "同组的另一条规则优先"),
    Held.CONVERSATION_OPEN: Words("A conversation is going on", "正在对话中"),
}


class Memory(Protocol):
    """What the past says: when a rule last acted under a repeat key, and whether this person is in a conversation."""

    @property
    def conversation_open(self) -> bool: ...

    def acted(self, rule_id: str, repeat_key: str, /) -> datetime | None: ...


@dataclass(frozen=True, slots=True)
class Whom:
    """The ids a repeat is counted by. After a merge, `person` is the id first seen."""

    person: str
    session: str | None = None
    conversation: str | None = None


@dataclass(frozen=True, slots=True)
class PlannedAction:
    """An action to carry out under its idempotency key: doing the same key twice must do nothing twice."""

    key: str
    action: Action


class Decision(NamedTuple):
    """What a rule concluded for one person at one moment.

    `reason` is None when all actions are to be done. A rule that acts may still have a reason: that of the stage which
    held what it would have shown. `repeat_key` is what to remember `acted` under; `lost_to` the id of the rule that
    took the slot. `reasons` and `explanation` are made when asked for, and may gather facts that were not asked yet.
    A tuple and no dataclass, because one is made for every candidate, and most are dropped at once.
    """

    rule: LiveRule
    outcome: Literal["acted", "held"]
    reason: Held | None
    actions: tuple[PlannedAction, ...]
    repeat_key: str
    lost_to: str | None
    view: View

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """What speaks for it, or the one "no", in words."""
        rule = self.rule.rule
        if self.outcome == "held" and self.reason is not None:
            return (Reason(str(self.reason), HELD_WORDS[self.reason]),)
        return reasons_of(rule.trigger, rule.when, self.view)

    @property
    def explanation(self) -> Explanation | None:
        """The condition with what was expected and found; None if there is none."""
        when = self.rule.rule.when
        return explained(when, self.view) if when else None


@dataclass(slots=True)
class Asking:
    """The rule on its way through the stages, one after the other; the rest is shared by all rules of the moment."""

    rule: CompiledRule
    view: View
    key: str
    memory: Memory
    whom: Whom
    taken: dict[str, str]

    @property
    def moment(self) -> Moment:
        return self.view.moment

    @property
    def repeat_key(self) -> str:
        """Empty where there is nothing to count by."""
        return getattr(self.whom, self.rule.live.rule.repeat.per) or ""


def _trigger(asking: Asking) -> Held | None:
    return None if asking.rule.triggered(asking.moment, asking.key) else Held.NOT_TRIGGERED


def _active(asking: Asking) -> Held | None:
    return None if asking.rule.live.active else Held.PAUSED


def _when(asking: Asking) -> Held | None:
    verdict = asking.rule.test(asking.view) if asking.rule.test else True
    return None if verdict else Held.UNKNOWN if verdict is None else Held.NOT_MATCHED


def _repeat(asking: Asking) -> Held | None:
    if not asking.repeat_key:
        return Held.NO_SUBJECT
    acted_at = asking.memory.acted(asking.rule.id, asking.repeat_key)
    every_ms = asking.rule.live.rule.repeat.every_ms
    if acted_at is None:
        return None
    again = every_ms is not None and asking.moment.at - acted_at >= timedelta(milliseconds=every_ms)
    return None if again else Held.REPEATED


def _exclusive(asking: Asking) -> Held | None:
    """Rules come best rank first, so the first to get here takes the slot, and keeps it whatever holds it later."""
    group = asking.rule.live.rule.exclusive
    winner = asking.taken.setdefault(group, asking.rule.id) if group else asking.rule.id
    return None if winner == asking.rule.id else Held.LOST_TO


def _conversation(asking: Asking) -> Held | None:
    return Held.CONVERSATION_OPEN if asking.memory.conversation_open else None


def _always_open(_asking: Asking) -> Held | None:
    """The place of a stage that no rule can ask for yet."""
    return None


Stage: TypeAlias = tuple[str, Callable[[Asking], Held | None]]

ORDER: Final[tuple[Stage, ...]] = (
    ("trigger", _trigger),
    ("active", _active),
    ("when", _when),
    ("repeat", _repeat),
    ("holdout", _always_open),
    ("exclusive", _exclusive),
)
SHOWN_ORDER: Final[tuple[Stage, ...]] = (
    ("consent", _always_open),
    ("conversation", _conversation),
    ("caps", _always_open),
    ("quiet", _always_open),
)


def decide(
    moment: Moment, candidates: Iterable[CompiledRule], facts: Facts, memory: Memory, whom: Whom
) -> tuple[Decision, ...]:
    """One decision for each candidate, best rank first. Remember what acted before deciding the next moment."""
    view, key, taken = View(moment, facts), moment_key(moment), dict[str, str]()
    ranked = sorted(candidates, key=attrgetter("rank"))
    if not ranked:
        return ()
    asking, decisions = Asking(ranked[0], view, key, memory, whom, taken), list[Decision]()
    for rule in ranked:
        asking.rule = rule
        decisions.append(_decided(asking))
    return tuple(decisions)


def _first_no(stages: tuple[Stage, ...], asking: Asking) -> Held | None:
    for _, ask in stages:
        if (held := ask(asking)) is not None:
            return held
    return None


def _decided(asking: Asking) -> Decision:
    held = _first_no(ORDER, asking)
    if held is not None:
        return _held(asking, held)
    planned = _planned(asking)
    if not any(one.action.shown for one in planned):
        return _acted(asking, planned, None)
    held = _first_no(SHOWN_ORDER, asking)
    kept = planned if held is None else tuple(one for one in planned if not one.action.shown)
    return _acted(asking, kept, held) if kept else _held(asking, held)


def _planned(asking: Asking) -> tuple[PlannedAction, ...]:
    rule = asking.rule.live.rule
    again = f"{asking.moment.id or asking.moment.at.isoformat()}:" if rule.repeat.every else ""
    prefix = f"{asking.rule.id}:{asking.repeat_key}:{again}"
    return tuple(PlannedAction(f"{prefix}{n}", action) for n, action in enumerate(rule.do))


def _acted(asking: Asking, actions: tuple[PlannedAction, ...], held: Held | None) -> Decision:
    return Decision(asking.rule.live, "acted", held, actions, asking.repeat_key, None, asking.view)


def _held(asking: Asking, held: Held | None) -> Decision:
    lost_to = asking.taken[asking.rule.live.rule.exclusive or ""] if held is Held.LOST_TO else None
    return Decision(asking.rule.live, "held", held, (), asking.repeat_key, lost_to, asking.view)


def explain(rule: CompiledRule, moment: Moment, facts: Facts) -> Explanation | None:
    """The condition of a rule as it stands at a moment; None if it has none."""
    when = rule.live.rule.when
    return explained(when, View(moment, facts)) if when else None
