"""What a rule wants the clock to bring: pure, so that whoever keeps the timers arms them in the transaction that stores
the event, and a simulator in memory.

Timers are unique on (rule, person, anchor): arming one that is there already does nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from frontdesk_rules.durations import lasting
from frontdesk_rules.engine.keying import anchored
from frontdesk_rules.engine.past import Whom
from frontdesk_rules.facts.history import PastEvent
from frontdesk_rules.facts.moments import Moment, MomentKind, View
from frontdesk_rules.language.edges import WAITING, ConversationTrigger
from frontdesk_rules.language.rule import LiveRule
from frontdesk_rules.language.timed import AbsenceTrigger, ReachesTrigger, ScheduleTrigger
from frontdesk_rules.language.triggers import Trigger

# What was received live is followed at once by what else is on its way; what came late may have company for longer.
GRACE_LIVE: Final = timedelta(seconds=2)
GRACE: Final = timedelta(minutes=2)
NO_GRACE: Final = timedelta(0)


@dataclass(frozen=True, slots=True)
class Timer:
    """One instant at which one rule is to be asked about one person. It fires at `due` + `grace`.

    `rule_id` is the `timer_id` of the version that waits. `passed`: its time was over already when it was armed.
    """

    rule_id: str
    person: str
    anchor: str
    anchor_at: datetime
    due: datetime
    grace: timedelta = NO_GRACE
    kind: MomentKind = "absence"
    properties: Mapping[str, object] = field(default_factory=dict)
    passed: bool = False

    @property
    def fires_at(self) -> datetime:
        return self.due + self.grace

    def moment(self, now: datetime) -> Moment:
        """The moment that it is when it fires; it happens at `due`, whenever we get to it."""
        return Moment(
            kind=self.kind,
            at=self.due,
            id=f"{self.rule_id}:{self.anchor}",
            name=WAITING if self.kind == "conversation" else None,
            properties=self.properties,
            rule=self.rule_id,
            anchor_at=self.anchor_at,
            received_at=now,
        )


@dataclass(frozen=True, slots=True)
class Cancel:
    """Timers of a rule and person that have lost their reason: of one anchor, or all (None) that were armed by `at` and
    are not due before it."""

    rule_id: str
    person: str
    anchor: str | None
    at: datetime

    def concerns(self, timer: Timer) -> bool:
        if (self.rule_id, self.person) != (timer.rule_id, timer.person) or self.anchor not in (None, timer.anchor):
            return False
        return timer.kind != "absence" or timer.anchor_at <= self.at <= timer.due


@dataclass(frozen=True, slots=True)
class Arming:
    """First cancel, then set."""

    cancel: tuple[Cancel, ...] = ()
    set: tuple[Timer, ...] = ()


NOTHING: Final = Arming()


def arm(live: LiveRule, view: View, whom: Whom) -> Arming:
    """What the moment of this view sets and cancels for a rule.

    While the rule is paused nothing new is waited for, and a schedule goes on: else nothing would set it again.
    """
    trigger = live.rule.trigger
    make = _ARMS.get(type(trigger))
    made = make(live, trigger, view, whom) if make else NOTHING
    return made if live.active or isinstance(trigger, ScheduleTrigger) else Arming(cancel=made.cancel)


def armed(live: LiveRule, view: View, whom: Whom) -> Timer | None:
    """The timer that a rule wants for a person as they are: asked of everyone when the rule goes live.

    One that is due already is due now, once; so a `reaches` whose instant has passed acts at activation.
    """
    trigger = live.rule.trigger
    if isinstance(trigger, ReachesTrigger):
        return _reached(live, trigger, view[trigger.field], view, whom)
    return _next(live, trigger, view, whom) if isinstance(trigger, ScheduleTrigger) else None


def due_of(live: LiveRule, timer: Timer) -> datetime:
    """When a timer of this rule is due as the rule is now: another version of it may have set the timer."""
    trigger, due = live.rule.trigger, None
    if isinstance(trigger, AbsenceTrigger):
        due = timer.anchor_at + trigger.lasts
    elif isinstance(trigger, ReachesTrigger):
        due = trigger.due(timer.anchor_at)
    elif isinstance(trigger, ConversationTrigger) and trigger.after is not None:
        due = timer.anchor_at + lasting(trigger.after)
    if due is None or (timer.passed and due <= timer.due):
        return timer.due
    return due


def arming_keys(trigger: Trigger) -> frozenset[str]:
    """The `moment_key`s of the moments that set or cancel timers of this trigger."""
    if isinstance(trigger, AbsenceTrigger):
        return frozenset({f"event:{trigger.of.event}", f"event:{trigger.after.event}"})
    if isinstance(trigger, ReachesTrigger):
        return frozenset({f"change:{trigger.field}"})
    if isinstance(trigger, ScheduleTrigger):
        return frozenset({trigger.key})
    if isinstance(trigger, ConversationTrigger) and trigger.change == WAITING:
        return frozenset(f"conversation:{change}" for change in (*_WAIT_BEGINS, *_WAIT_ENDS))
    return frozenset()


def grace_of(moment: Moment) -> timedelta:
    return GRACE if moment.late else GRACE_LIVE


def _absence(live: LiveRule, trigger: AbsenceTrigger, view: View, whom: Whom) -> Arming:
    moment, sets, cancels = view.moment, list[Timer](), list[Cancel]()
    past = PastEvent(moment.at, moment.properties, moment.id)
    named = moment.kind == "event"
    anchor = moment.id or moment.at.isoformat()
    if trigger.key_property:
        own = trigger.key_of(moment)
        if own is None:
            return NOTHING
        anchor = anchored(own)
    if named and moment.name == trigger.of.event and trigger.of.fits(past):
        cancels.append(Cancel(live.timer_id, whom.person, anchor if trigger.key_property else None, moment.at))
    if named and moment.name == trigger.after.event and trigger.after.fits(past):
        due, grace = moment.at + trigger.lasts, grace_of(moment)
        sets.append(Timer(live.timer_id, whom.person, anchor, moment.at, due, grace, properties=moment.properties))
    return Arming(tuple(cancels), tuple(sets))


def _reaches(live: LiveRule, trigger: ReachesTrigger, view: View, whom: Whom) -> Arming:
    moment = view.moment
    if moment.kind != "change" or moment.name != trigger.field:
        return NOTHING
    timer = _reached(live, trigger, moment.after, view, whom)
    return Arming((Cancel(live.timer_id, whom.person, None, moment.at),), (timer,) if timer else ())


def _reached(live: LiveRule, trigger: ReachesTrigger, value: object, view: View, whom: Whom) -> Timer | None:
    """What has been reached already is due now: it is not late, for nobody waited for it. What was to come before a
    time that is over is not due any more."""
    at, now = trigger.time(view, value), view.now
    due = None if at is None else trigger.due(at)
    if due is None or at is None or (trigger.before and at < now):
        return None
    return Timer(live.timer_id, whom.person, at.isoformat(), at, max(due, now), kind="reaches", passed=due < now)


def _schedule(live: LiveRule, trigger: ScheduleTrigger, view: View, whom: Whom) -> Arming:
    """Each time brings the next; those that were missed meanwhile are not made up for."""
    moment = view.moment
    after = max(moment.at, moment.received_at or moment.at)
    timer = _next(live, trigger, view, whom, after) if moment.rule == live.timer_id else None
    return Arming(set=(timer,)) if timer else NOTHING


def _next(
    live: LiveRule, trigger: ScheduleTrigger, view: View, whom: Whom, after: datetime | None = None
) -> Timer | None:
    due = trigger.following(view, after or view.now)
    return Timer(live.timer_id, whom.person, due.isoformat(), view.now, due, kind="schedule") if due else None


_WAIT_BEGINS: Final = ("started", "replied")
_WAIT_ENDS: Final = ("answered", "closed")


def _waiting(live: LiveRule, trigger: ConversationTrigger, view: View, whom: Whom) -> Arming:
    """The wait begins with the first message that nobody answered: arming again does nothing."""
    moment, conversation = view.moment, whom.conversation
    if trigger.after is None or moment.kind != "conversation" or conversation is None:
        return NOTHING
    if moment.name in _WAIT_ENDS:
        return Arming(cancel=(Cancel(live.timer_id, whom.person, conversation, moment.at),))
    if moment.name not in _WAIT_BEGINS:
        return NOTHING
    due = moment.at + lasting(trigger.after)
    return Arming(set=(Timer(live.timer_id, whom.person, conversation, moment.at, due, kind="conversation"),))


_ARMS: Final[dict[type, Callable[[LiveRule, Any, View, Whom], Arming]]] = {
    AbsenceTrigger: _absence,
    ReachesTrigger: _reaches,
    ScheduleTrigger: _schedule,
    ConversationTrigger: _waiting,
}
