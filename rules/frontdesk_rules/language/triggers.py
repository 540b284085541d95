"""All triggers: the edges at which a rule is asked. `reading.triggers` has the row that reads each.

`key` is what a trigger shares with `moment_key` of its moments; `by_key`: all moments of that key are its moments.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final, TypeAlias

from frontdesk_rules.durations import lasting
from frontdesk_rules.facts.moments import Moment
from frontdesk_rules.language.edges import (
    CallTrigger,
    ChangeTrigger,
    ConversationTrigger,
    EventTrigger,
    SegmentTrigger,
)
from frontdesk_rules.language.pages import DwellTrigger, ExitIntentTrigger, PageTrigger, ScrollTrigger
from frontdesk_rules.language.timed import AbsenceTrigger, ReachesTrigger, ScheduleTrigger

OnPage: TypeAlias = PageTrigger | DwellTrigger | ScrollTrigger | ExitIntentTrigger
Timed: TypeAlias = AbsenceTrigger | ReachesTrigger | ScheduleTrigger
Trigger: TypeAlias = OnPage | Timed | EventTrigger | CallTrigger | ConversationTrigger | ChangeTrigger | SegmentTrigger
_NAMED: Final = frozenset({"event", "conversation", "change", "segment", "call"})


def moment_key(moment: Moment) -> str:
    """The `key` that the triggers of such a moment have."""
    return f"{moment.kind}:{moment.name}" if moment.kind in _NAMED else moment.kind


def without_session(trigger: Trigger) -> bool:
    """Whether it comes when the session that the person was in last is over and forgotten."""
    if isinstance(trigger, AbsenceTrigger):
        return trigger.lasts >= _LONGEST_SESSION
    if isinstance(trigger, ConversationTrigger) and trigger.after:
        return lasting(trigger.after) >= _LONGEST_SESSION
    return isinstance(trigger, ReachesTrigger | ScheduleTrigger)


_LONGEST_SESSION: Final = timedelta(hours=24)
