"""Actions of one rule that take each other back."""

from __future__ import annotations

from collections.abc import Hashable, Iterator

from frontdesk_rules.doubting.remarks import Doubt, Remark, remark
from frontdesk_rules.language.actions import Action
from frontdesk_rules.language.deeds import Segment, Set, Tag, Untag
from frontdesk_rules.language.rule import Rule


def taken_back(rule: Rule) -> Iterator[Remark]:
    """What is done to one thing, and then otherwise to the same; each variant is by itself."""
    before: dict[Hashable, tuple[object, Action]] = {}
    for path, action in rule.actions():
        for thing, how in _changes(action):
            key = (path[:-1], thing)
            known, first = before.get(key, (how, action))
            if known != how:
                yield remark(Doubt.TAKEN_BACK, rule.key, (*path, action.name), what=first.words(), by=action.words())
            before[key] = (how, action)


def _changes(action: Action) -> Iterator[tuple[Hashable, object]]:
    if isinstance(action, Tag | Untag):
        yield ("tag", action.tag), action.name
    elif isinstance(action, Segment):
        yield ("segment", action.segment), action.change
    elif isinstance(action, Set):
        yield from ((("set", name), value) for name, value in action.values)
