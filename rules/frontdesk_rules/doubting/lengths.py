"""Lengths of time that are none: `0s` can be written wherever a length stands, and mostly says nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from frontdesk_rules.doubting.logic import nodes
from frontdesk_rules.doubting.remarks import Doubt, Remark, remark
from frontdesk_rules.durations import milliseconds
from frontdesk_rules.findings import Path
from frontdesk_rules.language.aggregates import Aggregate
from frontdesk_rules.language.conditions import Compare
from frontdesk_rules.language.edges import ConversationTrigger
from frontdesk_rules.language.rule import Rule
from frontdesk_rules.language.timed import AbsenceTrigger
from frontdesk_rules.words import Words, same

_ABSENT: Final = Words(
    "nothing follows in no time: let the event itself be the trigger", "没有时间可等：请直接以该事件为触发条件"
)
_WAITING: Final = Words("everybody waits for no time: ask when it is started", "所有人都满足：请改为对话开始时触发")
_GOAL: Final = Words("nobody gets there in no time", "没有时间可达成目标")
_CAP: Final = Words("it caps nothing", "不起任何限制作用")
_AT_MOST: Final = Words("nothing is put off: say otherwise: hold", "不会推迟任何消息：请改写为 otherwise: hold")
_LATENESS: Final = Words("whatever is put off, or a clock brings, is later than that", "推迟或定时的动作都会晚于此")
_WINDOW: Final = Words("no event lies in it", "其中不会有任何事件")
_GAP: Final = Words("nothing follows in no time", "没有时间可发生后续事件")

_Length = tuple[Path, str | None, Words]


def no_time(rule: Rule) -> Iterator[Remark]:
    for path, length, so in (*_of_trigger(rule), *_of_gates(rule), *_of_past(rule)):
        if length is not None and milliseconds(length) == 0:
            yield remark(Doubt.NO_TIME, rule.key, path, what=same(str(path[-1])), so=so)


def _of_trigger(rule: Rule) -> Iterator[_Length]:
    trigger = rule.trigger
    if isinstance(trigger, AbsenceTrigger):
        yield ("trigger", "absence", "within"), trigger.within, _ABSENT
    elif isinstance(trigger, ConversationTrigger):
        yield ("trigger", "after"), trigger.after, _WAITING


def _of_gates(rule: Rule) -> Iterator[_Length]:
    yield ("max_lateness",), rule.max_lateness, _LATENESS
    if rule.goal:
        yield ("goal", "within"), rule.goal.within, _GOAL
    if rule.quiet:
        yield ("quiet", "at_most"), rule.quiet.at_most, _AT_MOST
    for n, cap in enumerate(rule.caps):
        yield ("caps", n, "window"), cap.window, _CAP


def _of_past(rule: Rule) -> Iterator[_Length]:
    for path, part in nodes(rule.when, ("when",)) if rule.when else ():
        if isinstance(part, Compare) and isinstance(part.field, Aggregate):
            spot, window = (*path, part.field.kind, "within"), part.field.window
            yield spot, part.field.gap, _GAP
            yield spot, window.value if window.kind == "within" else None, _WINDOW
