"""What an `absence` waits for: each beginning by itself, or with a key, of what is told apart by it one at a time."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from frontdesk_rules.engine.keying import anchored
from frontdesk_rules.engine.past import Whom
from frontdesk_rules.engine.waits import NOTHING, Arming, Cancel, Timer, grace_of
from frontdesk_rules.facts.history import PastEvent
from frontdesk_rules.facts.moments import Moment, View
from frontdesk_rules.language.rule import LiveRule
from frontdesk_rules.language.timed import AbsenceTrigger

_TICK: Final = timedelta(milliseconds=1)


def absence(live: LiveRule, trigger: AbsenceTrigger, view: View, whom: Whom) -> Arming:
    if trigger.key_property:
        return _absence_by_key(live, trigger, view, whom)
    ends, begins = _ends_or_begins(trigger, view.moment)
    cancel = Cancel(live.timer_id, whom.person, None, view.moment.at)
    return Arming((cancel,) * ends, (_absence_of(live, trigger, view, whom, _past(view.moment)),) * begins)


def _absence_by_key(live: LiveRule, trigger: AbsenceTrigger, view: View, whom: Whom) -> Arming:
    """Of one key there is one timer: of what is waited for at this moment. When that has come, of what is next."""
    moment, own = view.moment, trigger.key_of(view.moment)
    ends, begins = _ends_or_begins(trigger, moment)
    again = moment.kind == trigger.kind and moment.rule == live.timer_id
    if own is None or not (ends or begins or again):
        return NOTHING
    waits = trigger.waits(view, own)
    if waits is None:
        waits = [_past(moment)] if begins else []
    first = next((one for one in waits if one.at + trigger.lasts >= moment.at + again * _TICK), None)
    cancels = (Cancel(live.timer_id, whom.person, anchored(own), moment.at),) if ends else ()
    return Arming(cancels, (_absence_of(live, trigger, view, whom, first),) if first else ())


def _ends_or_begins(trigger: AbsenceTrigger, moment: Moment) -> tuple[bool, bool]:
    """Whether the moment is what is waited for, and whether it is what the wait begins with."""
    if moment.kind != "event":
        return False, False
    ends, begins = (moment.name == step.event and step.fits(_past(moment)) for step in (trigger.of, trigger.after))
    return ends, begins


def _past(moment: Moment) -> PastEvent:
    return PastEvent(moment.at, moment.properties, moment.id)


def _absence_of(live: LiveRule, trigger: AbsenceTrigger, view: View, whom: Whom, begun: PastEvent) -> Timer:
    own = trigger.key_of(view.moment) if trigger.key_property else None
    return Timer(
        rule_id=live.timer_id,
        person=whom.person,
        anchor=begun.id or begun.at.isoformat() if own is None else anchored(own),
        anchor_at=begun.at,
        due=begun.at + trigger.lasts,
        grace=grace_of(view.moment),
        properties=begun.properties,
        keyed=own is not None,
    )
