"""What is done to one person of a company where all of them may have been meant, and for each where once may have."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from frontdesk_rules.doubting.remarks import Doubt, Remark, remark
from frontdesk_rules.language.actions import Action
from frontdesk_rules.language.edges import ChangeTrigger
from frontdesk_rules.language.rule import Rule
from frontdesk_rules.language.timed import ReachesTrigger
from frontdesk_rules.words import Words, same

_OF_PERSON: Final = frozenset({"tag", "untag", "segment"})
_AMONG_US: Final = frozenset({"task", "notify", "webhook"})
_FOR_ALL: Final = Words(
    "for all of them, save a segment that asks for it, and write {segment: {enters: …}} as the trigger",
    "如需面向公司所有成员，请保存一个查询该属性的分群，并改用 {segment: {enters: …}} 作为触发条件",
)
_FOR_ONE: Final = Words(
    "to do it once, write {set: {company.stage: …}} here, and do it in a rule whose trigger is {change: company.stage}",
    "如只需执行一次，请在此处写 {set: {company.stage: …}}，并用另一条以 {change: company.stage} 触发的规则来执行",
)


def of_members(rule: Rule) -> Iterator[Remark]:
    """A change of a company is a moment of whoever it was told of; a time of a company is one of everybody in it."""
    trigger = rule.trigger
    if not isinstance(trigger, ChangeTrigger | ReachesTrigger) or not trigger.field.startswith("company."):
        return
    once = isinstance(trigger, ChangeTrigger)
    doubt, so = (Doubt.ONE_MEMBER, _FOR_ALL) if once else (Doubt.EACH_MEMBER, _FOR_ONE)
    for path, action in rule.actions():
        if _of_person(action) if once else action.name in _AMONG_US:
            yield remark(doubt, rule.key, (*path, action.name), what=same(action.name), so=so)


def _of_person(action: Action) -> bool:
    return action.shown or action.name in _OF_PERSON
