"""What is done to one person of a company where all of them may have been meant."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from frontdesk_rules.doubting.remarks import Doubt, Remark, remark
from frontdesk_rules.language.edges import ChangeTrigger
from frontdesk_rules.language.rule import Rule
from frontdesk_rules.words import Words, same

_OF_PERSON: Final = frozenset({"tag", "untag", "segment"})
_INSTEAD: Final = Words(
    "for all of them, save a segment that asks for it, and write {segment: {enters: …}} as the trigger",
    "如需面向公司所有成员，请保存一个查询该属性的分群，并改用 {segment: {enters: …}} 作为触发条件",
)


def one_member(rule: Rule) -> Iterator[Remark]:
    """A change of a company is a moment of whoever it was told of; a task or a notice because of it is one."""
    trigger = rule.trigger
    if not isinstance(trigger, ChangeTrigger) or not trigger.field.startswith("company."):
        return
    for path, action in rule.actions():
        if action.shown or action.name in _OF_PERSON:
            yield remark(Doubt.ONE_MEMBER, rule.key, (*path, action.name), what=same(action.name), so=_INSTEAD)
