"""What each rule concludes at one moment for one person: acted, deferred, or held with the first stage that said no."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from operator import attrgetter
from typing import Literal, NamedTuple

from frontdesk_rules.engine.held import HELD_WORDS, SLOT_KEPT, Held
from frontdesk_rules.engine.past import Memory, Shown, Whom
from frontdesk_rules.engine.ready import CompiledRule
from frontdesk_rules.engine.repeating import too_near
from frontdesk_rules.engine.stages import ORDER, RECHECKED, RELEASED, SHOWN_ORDER, Asking, barred, expired, first_no
from frontdesk_rules.facts.hashing import among
from frontdesk_rules.facts.known import Facts
from frontdesk_rules.facts.moments import Moment, View
from frontdesk_rules.language.actions import Action, class_of, of_conversation
from frontdesk_rules.language.messages import Email
from frontdesk_rules.language.rule import PER_KEY, LiveRule
from frontdesk_rules.language.timed import AbsenceTrigger
from frontdesk_rules.language.triggers import moment_key
from frontdesk_rules.telling.explain import Explanation, Reason, explained, reasons_of

_rank = attrgetter("rank")


class PlannedAction(NamedTuple):
    """An action to carry out under its idempotency key: doing the same key twice must do nothing twice."""

    key: str
    action: Action


class LeftOut(NamedTuple):
    """An action that is not done although the rule acts, and why."""

    action: Action
    reason: Held


class Decision(NamedTuple):
    """What a rule concluded for one person at one moment.

    `reason` is None when all actions are to be done. A rule that acts may still have a reason: that of the stage which
    held what it would have shown; `left_out` is what that was. `deferred` is what is to be shown later, at `until`, if
    `release` still lets it; otherwise `until` is when the stage that said no would say yes, where that can be told.
    `repeat_key` is what to remember it under, if it is `counted`; `lost_to` the id of the rule that took the slot.
    `arm` is `treated` or `held_out` where the rule has a hold-out, `variant` the name of the one chosen. The actions of
    a shadow are `withheld`. `reasons` and `explanation` are made when asked for, and may gather facts that were not
    asked yet. A tuple and no dataclass, because one is made for every candidate, and most are dropped at once.
    """

    rule: LiveRule
    outcome: Literal["acted", "deferred", "held"]
    reason: Held | None
    actions: tuple[PlannedAction, ...]
    repeat_key: str
    lost_to: str | None
    view: View
    deferred: tuple[PlannedAction, ...] = ()
    until: datetime | None = None
    arm: str | None = None
    variant: str | None = None
    withheld: tuple[PlannedAction, ...] = ()
    left_out: tuple[LeftOut, ...] = ()

    @property
    def counted(self) -> bool:
        """Whether it counts for `repeat`: both arms of a hold-out do, or they could not be compared."""
        return self.outcome != "held" or self.reason is Held.HELD_OUT

    @property
    def slot(self) -> str | None:
        """The exclusive group whose slot it has at this moment. A shadow takes none."""
        has = self.outcome != "held" or self.reason in SLOT_KEPT
        return self.rule.rule.exclusive if has and not self.rule.shadow else None

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
        condition = self.rule.rule.when
        return explained(condition, self.view) if condition else None


def decide(
    moment: Moment, candidates: Iterable[CompiledRule], facts: Facts | View, memory: Memory, whom: Whom
) -> tuple[Decision, ...]:
    """One decision for each candidate, best rank first. Remember what is `counted` before deciding the next moment.

    `facts` may be the view of this moment, where there is one already: what it knows is not gathered again.
    """
    ranked = sorted(candidates, key=_rank)
    if not ranked:
        return ()
    view = facts if isinstance(facts, View) else View(moment, facts, whom.person)
    asking = Asking(ranked[0], view, moment_key(moment), memory, whom, barred(moment))
    decisions = []
    for rule in ranked:
        asking.begin(rule)
        decisions.append(_decided(asking))
    return tuple(decisions)


@dataclass(frozen=True, slots=True)
class Deferred:
    """What a rule put off at a moment, and the time that has come since. `due` is the time that it was put off to,
    `reason` what it was put off for. `done_at`: when the rule has acted otherwise, for the person went by two ids."""

    rule: CompiledRule
    moment: Moment
    now: datetime
    due: datetime | None = None
    reason: Held | None = None
    done_at: datetime | None = None

    @property
    def rechecked(self) -> bool:
        """Whether it is asked again if the rule would still act: a cap puts off for so long that much may happen."""
        quiet = self.rule.quiet
        return self.reason is Held.CAPPED or (quiet is not None and quiet.recheck)


def release(deferred: Deferred, facts: Facts, memory: Memory, whom: Whom) -> Decision:
    """What becomes of it: whether what is absent is so still and the gates of what is shown are asked again, and where
    it is `rechecked` the condition, too. How long a rule defers at most is counted from the moment.

    The keys are those that were planned, so that what was done meanwhile is not done again.
    """
    view = View(replace(deferred.moment, at=deferred.now), facts, whom.person)
    rule = deferred.rule
    asking = Asking(rule, view, rule.key, memory, whom, began=deferred.moment.at)
    asking.begin(rule)
    held = (
        first_no(RECHECKED if deferred.rechecked else RELEASED, asking)
        or _done_since(asking, deferred)
        or expired(asking, deferred.due, deferred.now)
    )
    if held is not None:
        return _held(asking, held)
    name, actions = _chosen(rule.live, whom.person)
    planned = _planned(asking, actions, deferred.moment)
    return _shown(asking, [one for one in planned if one.action.shown], name)


def _done_since(asking: Asking, deferred: Deferred) -> Held | None:
    at, rule = deferred.done_at, asking.rule.live.rule
    return Held.REPEATED if at and too_near(rule, (at, deferred.moment.at), asking.view) else None


def _decided(asking: Asking) -> Decision:
    held = first_no(ORDER, asking)
    if held is not None:
        return _held(asking, held)
    live = asking.rule.live
    name, actions = _chosen(live, asking.whom.person) if live.rule.variants else (None, live.rule.do)
    return _shown(asking, _planned(asking, actions, asking.view.moment), name)


def _chosen(live: LiveRule, person: str) -> tuple[str | None, tuple[Action, ...]]:
    """What is done: `do`, or the variant in whose share the person is."""
    low = 0.0
    for variant in live.rule.variants:
        if among(f"variant:{live.id}", person, low, low + variant.share):
            return variant.name, variant.do
        low += variant.share
    return None, live.rule.do


def _planned(asking: Asking, actions: tuple[Action, ...], moment: Moment) -> list[PlannedAction]:
    rule = asking.rule.live.rule
    again = f"{moment.id or moment.at.isoformat()}:" if rule.repeat.every else ""
    if again and isinstance(rule.trigger, AbsenceTrigger) and rule.trigger.key_property:
        again += f"{moment.at.isoformat()}:"  # its moments have the key for an id, whenever they are
    if rule.repeat == PER_KEY:
        again = f"{asking.whom.person}:"  # others may have the same key
    prefix = f"{asking.rule.live.id}:{asking.repeat_key}:{again}"
    return [PlannedAction(f"{prefix}{n}", action) for n, action in enumerate(actions)]


@dataclass(slots=True)
class _Sorted:
    """The actions of a rule, by what becomes of each; the first reason and its time, of what is put off before all."""

    kept: list[PlannedAction] = field(default_factory=list)
    deferred: list[PlannedAction] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    reason: Held | None = None
    until: datetime | None = None


def _shown(asking: Asking, planned: list[PlannedAction], variant: str | None) -> Decision:
    live = asking.rule.live
    if not asking.rule.shows and not live.shadow and (asking.whom.conversation or not asking.rule.talks):
        return Decision(
            live, "acted", None, tuple(planned), asking.repeat_key, None, asking.view, (), None, asking.arm, variant
        )
    found = _Sorted()
    for one in planned:
        if one.action.shown:
            _sort(asking, one, found)
        elif of_conversation(one.action) and not asking.whom.conversation:
            found.left_out.append(LeftOut(one.action, Held.NO_CONVERSATION))
        else:
            found.kept.append(one)
    if found.reason is None and found.left_out:
        found.reason = found.left_out[0].reason
    outcome: Literal["acted", "deferred", "held"] = "acted" if found.kept else "deferred" if found.deferred else "held"
    kept, deferred = tuple(found.kept), tuple(found.deferred)
    done, later, withheld = ((), (), kept + deferred) if live.shadow else (kept, deferred, ())
    return Decision(
        live, outcome, found.reason, done, asking.repeat_key, None, asking.view,
        later, found.until, asking.arm, variant, withheld, tuple(found.left_out),
    )  # fmt: skip


def _sort(asking: Asking, one: PlannedAction, found: _Sorted) -> None:
    asking.message_class, asking.letter = class_of(one.action), one.action.name == Email.name
    asking.until, asking.waits = None, False
    held = first_no(SHOWN_ORDER, asking)
    if held is None:
        found.kept.append(one)
        if not asking.rule.live.shadow:
            whom = asking.whom
            asking.said.append(Shown(asking.view.now, asking.message_class, whom.session, whom.conversation))
        return
    first = not found.deferred if asking.waits else found.reason is None
    if first:
        found.reason, found.until = held, asking.until
    if asking.waits:
        found.deferred.append(one)
    else:
        found.left_out.append(LeftOut(one.action, held))


def _held(asking: Asking, held: Held | None) -> Decision:
    lost_to = asking.taken[asking.rule.live.rule.exclusive or ""] if held is Held.LOST_TO else None
    return Decision(
        asking.rule.live, "held", held, (), asking.repeat_key, lost_to, asking.view, (), asking.until, asking.arm
    )
