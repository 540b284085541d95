"""The stages of a decision: tables, asked in turn. The first "no" is the reason.

Two scopes: the stages of `ORDER` hold the whole rule; those of `SHOWN_ORDER` hold one thing that would be shown or sent
to the person, by its message class, and leave the rest of the actions alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, TypeAlias

from frontdesk_rules.engine.held import Held
from frontdesk_rules.engine.past import Memory, Shown, Whom
from frontdesk_rules.engine.ready import CompiledRule
from frontdesk_rules.engine.repeating import counted_by, once_more_at
from frontdesk_rules.facts.hashing import among
from frontdesk_rules.facts.moments import DEEPEST_CAUSE, Moment, View
from frontdesk_rules.language.gates import Cap
from frontdesk_rules.language.timed import AbsenceTrigger, ReachesTrigger

# What is due later than this is not done any more, unless the rule says otherwise.
MAX_LATENESS: Final = timedelta(days=1)
# What the clock brings once and not again: a message that a cap holds then would never be said.
_ONCE: Final = (AbsenceTrigger, ReachesTrigger)


@dataclass(slots=True)
class Asking:
    """The rule on its way through the stages, one after the other; the rest is shared by all rules of the moment.

    `barred` is the reason that holds every rule of this moment. `taken`: exclusive group → the rule that has its slot.
    `said`: what rules before this one have just shown. `until`: when the stage that said no would say yes, and `waits`
    whether it is put off until then. `began`: when the moment was, where something was put off at it.
    """

    rule: CompiledRule
    view: View
    key: str
    memory: Memory
    whom: Whom
    barred: Held | None = None
    repeat_key: str = ""
    taken: dict[str, str] = field(default_factory=dict)
    said: list[Shown] = field(default_factory=list)
    arm: str | None = None
    message_class: str | None = None
    letter: bool = False
    until: datetime | None = None
    waits: bool = False
    began: datetime | None = None

    @property
    def moment(self) -> Moment:
        return self.view.moment

    @property
    def lateness(self) -> timedelta:
        """After which what is due is not done any more."""
        return self.rule.live.rule.lateness or MAX_LATENESS

    def begin(self, rule: CompiledRule) -> None:
        """The next rule: what it counts by (empty where there is nothing), and no answer yet.

        A shadow counts by itself, not with its live sister.
        """
        self.rule = rule
        self.until = self.arm = None
        live = rule.live
        key = counted_by(live.rule, self.whom, self.moment)
        self.repeat_key = f"shadow:{key}" if live.shadow and key else key


def barred(moment: Moment) -> Held | None:
    """What holds every rule at this moment."""
    if moment.depth > DEEPEST_CAUSE:
        return Held.LOOP
    return Held.LATE if moment.rule is None and moment.late else None


def _trigger(asking: Asking) -> Held | None:
    rule, moment = asking.rule, asking.view.moment
    if not rule.triggered(moment, asking.key):
        return Held.NOT_TRIGGERED
    if asking.barred is not None or moment.rule is None:
        return asking.barred
    return expired(asking, moment.at, moment.received_at) or _still(asking)


def expired(asking: Asking, due: datetime | None, now: datetime | None) -> Held | None:
    """Whether what was due is not to be done any more."""
    return Held.EXPIRED if due and now and now - due > asking.lateness else None


def _still(asking: Asking) -> Held | None:
    trigger = asking.rule.live.rule.trigger
    if not isinstance(trigger, _ONCE):
        return None
    verdict = trigger.still(asking.view)
    return None if verdict else Held.UNKNOWN if verdict is None else Held.OVERTAKEN


def _active(asking: Asking) -> Held | None:
    return None if asking.rule.live.active else Held.PAUSED


def _when(asking: Asking) -> Held | None:
    verdict = asking.rule.test(asking.view) if asking.rule.test else True
    return None if verdict else Held.UNKNOWN if verdict is None else Held.NOT_MATCHED


def _repeat(asking: Asking) -> Held | None:
    if asking.rule.live.rule.repeat.unlimited:
        return None
    if not asking.repeat_key:
        return Held.NO_SUBJECT
    acted_at = asking.memory.acted(asking.rule.live.id, asking.repeat_key)
    again_at = once_more_at(asking.rule.live.rule, acted_at, asking.view) if acted_at else None
    if acted_at is None or (again_at is not None and asking.moment.at >= again_at):
        return None
    asking.until = again_at
    return Held.REPEATED


def _holdout(asking: Asking) -> Held | None:
    """Both arms are told apart from here on. Who is held out takes the slot of the group all the same."""
    share = asking.rule.live.rule.holdout
    if not share:
        return None
    held_out = among(f"holdout:{asking.rule.id}", asking.whom.person, 0, share)
    asking.arm = "held_out" if held_out else "treated"
    if not held_out:
        return None
    _exclusive(asking)
    return Held.HELD_OUT


def _exclusive(asking: Asking) -> Held | None:
    """Rules come best rank first, so the first to get here takes the slot, and keeps it whatever holds it later.

    Each rule has a moment of its own where a clock brings it: those of one instant have one slot.
    A shadow can lose a slot and takes none.
    """
    rule = asking.rule.live
    group = rule.rule.exclusive
    if group is None:
        return None
    winner = asking.taken.get(group)
    if winner is None and asking.moment.rule is not None:
        winner = asking.memory.taken(group, asking.moment.at)
    if winner is not None:
        asking.taken[group] = winner
    elif not rule.shadow:
        asking.taken[group] = rule.id
    return None if winner in (None, rule.id) else Held.LOST_TO


def _consent(asking: Asking) -> Held | None:
    return Held.NO_CONSENT if asking.message_class and asking.memory.refuses(asking.message_class) else None


def _address(asking: Asking) -> Held | None:
    return Held.NO_ADDRESS if asking.letter and not asking.memory.has_address else None


def _conversation(asking: Asking) -> Held | None:
    return Held.CONVERSATION_OPEN if asking.memory.conversation_open else None


def _caps(asking: Asking) -> Held | None:
    concerned = [cap for cap in asking.rule.caps if cap.message_class in (None, asking.message_class)]
    full = [(cap, frees_at) for cap in concerned if (frees_at := _frees_at(cap, asking))]
    if not full:
        return None
    asking.until = max(frees_at for _, frees_at in full)
    in_time = asking.until - (asking.began or asking.moment.at) <= asking.lateness
    asking.waits = in_time and _defer([cap for cap, _ in full], asking)
    return Held.CAPPED


def _defer(full: Sequence[Cap], asking: Asking) -> bool:
    """As the caps say, to hold before to defer. Where none says, what comes once waits; other moments come again."""
    said = {cap.otherwise for cap in full}
    if "hold" in said or "defer" in said:
        return "hold" not in said
    return isinstance(asking.rule.live.rule.trigger, _ONCE)


def _frees_at(cap: Cap, asking: Asking) -> datetime | None:
    """When the cap would let one more through; None where it does now. The window is (now - w, now]."""
    since = asking.view.now - cap.lasts
    told = (*asking.memory.shown(since), *asking.said)
    if len(told) < cap.limit:
        return None
    counted = sorted(
        one.at
        for one in told
        if one.at > since and cap.message_class in (None, one.message_class) and _same_subject(cap, one, asking.whom)
    )
    return counted[-cap.limit] + cap.lasts if len(counted) >= cap.limit else None


def _same_subject(cap: Cap, one: Shown, whom: Whom) -> bool:
    """Where there is no session or conversation, none is full: what was said elsewhere has nothing in common."""
    return cap.per == "person" or getattr(one, cap.per) == getattr(whom, cap.per) is not None


def _quiet(asking: Asking) -> Held | None:
    quiet = asking.rule.quiet
    if quiet is None or not quiet.concerns(asking.message_class):
        return None
    now, zone = asking.view.now, asking.view.zone(quiet.zone)
    opens = quiet.opens(now, zone)
    if opens == now:
        return None
    asking.until = opens
    asking.waits = opens is not None and quiet.defers(asking.began or now, opens, zone)
    return Held.QUIET


Stage: TypeAlias = tuple[str, Callable[[Asking], Held | None]]

ORDER: Final[tuple[Stage, ...]] = (
    ("trigger", _trigger),
    ("active", _active),
    ("when", _when),
    ("repeat", _repeat),
    ("holdout", _holdout),
    ("exclusive", _exclusive),
)
SHOWN_ORDER: Final[tuple[Stage, ...]] = (
    ("consent", _consent),
    ("address", _address),
    ("conversation", _conversation),
    ("caps", _caps),
    ("quiet", _quiet),
)
# What is asked of something that was put off, when its time has come, and of what waits to be shown: what was absent
# must be so still, or what is said would be untrue. The condition is asked where a rule wants that.
RELEASED: Final[tuple[Stage, ...]] = (("active", _active), ("trigger", _still))
RECHECKED: Final[tuple[Stage, ...]] = (*RELEASED, ("when", _when))


def first_no(stages: Iterable[Stage], asking: Asking) -> Held | None:
    """The first reason not to, or None."""
    for _, ask in stages:
        if (held := ask(asking)) is not None:
            return held
    return None
