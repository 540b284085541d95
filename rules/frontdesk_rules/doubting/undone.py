"""Actions that are never done at the moment of their rule: nothing is shown to somebody who talks with us, or while it
is quiet, and without a conversation there is none to assign."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

from frontdesk_rules.doubting.remarks import Doubt, Remark, remark
from frontdesk_rules.doubting.unknown import asked_fields, never_known
from frontdesk_rules.facts.cron import Cron, cron_of
from frontdesk_rules.language.actions import Action, class_of, of_conversation
from frontdesk_rules.language.edges import ConversationTrigger
from frontdesk_rules.language.gates import Quiet
from frontdesk_rules.language.rule import Rule
from frontdesk_rules.language.timed import ScheduleTrigger
from frontdesk_rules.words import Words, same

_TALKING: Final = Words(
    "a conversation is going on then, and nothing is shown meanwhile", "此时对话正在进行，不会展示任何消息"
)
_QUIET: Final = {
    "hold": Words("the schedule comes in its quiet hours, which hold it", "计划时间总在免打扰时段内，消息会被拦截"),
    "defer": Words(
        "the schedule comes in its quiet hours, and at_most ends before they do",
        "计划时间总在免打扰时段内，且 at_most 短于剩余的免打扰时间",
    ),
}
_NEVER: Final = Words("there is none at this trigger", "此触发条件下没有对话")
_SELDOM: Final = Words(
    "there is one only where a rule that was asked in one has caused this", "仅当由对话中执行的规则引发时才有对话"
)
# At what these bring about, what a rule did in a conversation may be the cause.
_CAUSED: Final = frozenset({"event", "change", "segment"})
_SOME_MONDAY: Final = datetime(2024, 1, 1, tzinfo=UTC)  # on whatever clock the two are read
_AN_HOUR: Final = timedelta(hours=1)


def undone(rule: Rule) -> Iterator[Remark]:
    for path, action in rule.actions():
        spot, what = (*path, action.name), same(action.name)
        if action.shown and (so := _never_shown(rule, action)):
            yield remark(Doubt.NEVER_SHOWN, rule.key, spot, what=what, so=so)
        elif of_conversation(action) and (so := _without_conversation(rule)):
            yield remark(Doubt.NO_CONVERSATION, rule.key, spot, what=what, so=so)


def _never_shown(rule: Rule, action: Action) -> Words | None:
    trigger, quiet = rule.trigger, rule.quiet
    if isinstance(trigger, ConversationTrigger) and trigger.change != "closed":
        return _TALKING
    if quiet is None or not quiet.concerns(class_of(action)):
        return None
    if isinstance(trigger, ScheduleTrigger) and trigger.zone == quiet.zone:
        return _QUIET[quiet.otherwise] if _never_allowed(cron_of(trigger.cron), quiet) else None
    return None


def _never_allowed(cron: Cron, quiet: Quiet) -> bool:
    """Whether on no day of the week one of its times is allowed, or soon followed by one that is."""
    times = (
        _SOME_MONDAY + timedelta(days=day, hours=hour, minutes=minute)
        for day in range(7)
        for hour in cron.hours
        for minute in cron.minutes
    )
    return not any(_shown(quiet, at) for at in times)


def _shown(quiet: Quiet, at: datetime) -> bool:
    """Then, or put off until it is allowed; a night may be an hour shorter than its clocks say."""
    opens = quiet.opens(at, UTC)
    return opens is not None and (opens == at or quiet.defers(at, max(at, opens - _AN_HOUR), UTC))


def _without_conversation(rule: Rule) -> Words | None:
    """Whoever asks for one in the condition knows that there may be none."""
    if never_known(rule, "conversation"):
        return _NEVER
    asked = any(name.startswith("conversation.") for name in asked_fields(rule))
    return _SELDOM if rule.trigger.kind in _CAUSED and not asked else None
