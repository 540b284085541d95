"""Whom a rule that goes live is to be asked about, as a condition that SQL can say. Pure."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from frontdesk.core.clock import iso
from frontdesk_rules import Rule
from frontdesk_rules.durations import milliseconds
from frontdesk_rules.language.aggregates import Aggregate
from frontdesk_rules.language.conditions import Compare, Condition, Group
from frontdesk_rules.language.edges import WAITING, ConversationTrigger
from frontdesk_rules.language.timed import AbsenceTrigger, ReachesTrigger, ScheduleTrigger
from frontdesk_rules.language.windows import Window

# What was not received live is given two minutes more: so long a timer may wait beyond the time that it is due.
GRACE: Final = timedelta(minutes=2)
_TICK: Final = timedelta(milliseconds=1)
_SECOND_MS: Final = 1_000
EVERYBODY: Final = Compare("person.id", "exists")


def concerned(rule: Rule, now: datetime) -> Condition | None:
    """Those for whom the rule wants a timer now; None where no clock brings its trigger."""
    ask = _ASKED.get(type(rule.trigger))
    return ask(rule, rule.trigger, now) if ask else None


def waits(rule: Rule) -> bool:
    """Whether it is asked about those who wait for an answer, each by the conversation, and not about people."""
    return isinstance(rule.trigger, ConversationTrigger) and rule.trigger.change == WAITING


def anchors(trigger: AbsenceTrigger) -> Aggregate:
    """The events after which something may still be waited for."""
    ms = milliseconds(trigger.within) + GRACE // _TICK
    return Aggregate("last", trigger.after, Window("within", f"{-(-ms // _SECOND_MS)}s"))


def _reached(rule: Rule, trigger: ReachesTrigger, now: datetime) -> Condition:
    """All who have the time; those who have passed it only if the condition may hold, for they are asked at once."""
    known = Compare(trigger.field, "exists")
    last_due = _last_due(trigger, now)
    if rule.when is None or last_due is None:
        return known
    later = Compare(trigger.field, "after", iso(last_due + _TICK))
    return Group("all", (known, Group("any", (later, rule.when))))


def _last_due(trigger: ReachesTrigger, now: datetime) -> datetime | None:
    """The latest time of the field that is due by now; None beyond the calendar."""
    offset = timedelta(milliseconds=milliseconds(trigger.offset))
    try:
        return now + offset if trigger.before else now - offset
    except OverflowError:
        return None


def _anchored(_rule: Rule, trigger: AbsenceTrigger, _now: datetime) -> Condition:
    return Compare(anchors(trigger), "exists")


def _everybody(_rule: Rule, _trigger: ScheduleTrigger, _now: datetime) -> Condition:
    return EVERYBODY


_ASKED: Final[Mapping[type, Callable[[Rule, Any, datetime], Condition]]] = {
    ReachesTrigger: _reached,
    AbsenceTrigger: _anchored,
    ScheduleTrigger: _everybody,
}
