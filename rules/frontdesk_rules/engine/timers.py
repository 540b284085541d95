"""What a rule wants the clock to bring: pure, so that whoever keeps the timers arms them in the transaction that stores
the event, and a simulator in memory.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from frontdesk_rules.durations import lasting
from frontdesk_rules.engine.absences import absence
from frontdesk_rules.engine.past import Whom
from frontdesk_rules.engine.waits import NOTHING, Arming, Cancel, Timer
from frontdesk_rules.facts.moments import View
from frontdesk_rules.language.edges import WAITING, ConversationTrigger
from frontdesk_rules.language.rule import LiveRule
from frontdesk_rules.language.timed import AbsenceTrigger, ReachesTrigger, ScheduleTrigger
from frontdesk_rules.language.triggers import Trigger


def arm(live: LiveRule, view: View, whom: Whom) -> Arming:
    """What the moment of this view sets and cancels for a rule.

    A paused rule waits on for what nothing would set again, and is held when it is due: the next time of a schedule,
    and what is absent. Anything else is met again when it is resumed.
    """
    trigger = live.rule.trigger
    make = _ARMS.get(type(trigger))
    made = make(live, trigger, view, whom) if make else NOTHING
    return made if live.active or isinstance(trigger, ScheduleTrigger | AbsenceTrigger) else Arming(cancel=made.cancel)


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
        again = {trigger.key} if trigger.key_property else set()
        return frozenset({f"event:{trigger.of.event}", f"event:{trigger.after.event}", *again})
    if isinstance(trigger, ReachesTrigger):
        return frozenset({f"change:{trigger.field}"})
    if isinstance(trigger, ScheduleTrigger):
        return frozenset({trigger.key})
    if isinstance(trigger, ConversationTrigger) and trigger.change == WAITING:
        return frozenset(f"conversation:{change}" for change in (*_WAIT_BEGINS, *_WAIT_ENDS))
    return frozenset()


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
    AbsenceTrigger: absence,
    ReachesTrigger: _reaches,
    ScheduleTrigger: _schedule,
    ConversationTrigger: _waiting,
}
