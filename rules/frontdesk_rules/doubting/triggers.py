"""Conditions that cannot hold at the moment at which they are asked: the trigger says otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Final

from frontdesk_rules.doubting.amounts import values_of
from frontdesk_rules.doubting.excluding import admits, excluded
from frontdesk_rules.doubting.given import given, times
from frontdesk_rules.doubting.implying import implies, surely
from frontdesk_rules.doubting.logic import Needed, nodes, placed_parts
from frontdesk_rules.doubting.remarks import Doubt, Remark, remark
from frontdesk_rules.doubting.sets import allowed
from frontdesk_rules.findings import Path
from frontdesk_rules.language.aggregates import Aggregate
from frontdesk_rules.language.conditions import AtLeast, Compare, Condition, Group, Not
from frontdesk_rules.language.edges import ChangeTrigger, EventTrigger
from frontdesk_rules.language.pages import Paths, on_path
from frontdesk_rules.language.rule import Rule
from frontdesk_rules.language.triggers import OnPage, Trigger
from frontdesk_rules.telling.phrases import clause
from frontdesk_rules.urls import normal_path
from frontdesk_rules.words import Words, same

_OF_LISTS: Final = frozenset({"has", "has_any", "has_all", "size"})
_ENDS: Final = frozenset({"first", "last", "time_since_first", "time_since_last"})
_NOW: Final = frozenset({"today", "this_week", "this_month", "this_year"})
_ONE_PATH: Final = frozenset({"eq", "in", "path_eq"})
_SAID_SO: Final = Words("the trigger says so", "触发条件已限定如此")
# Group, and whether it must hold or fail → whether every part must, and whether the parts then hold or fail.
_PARTS: Final = {
    ("all", True): (True, True),
    ("all", False): (False, False),
    ("any", True): (False, True),
    ("any", False): (True, False),
    ("none", True): (True, False),
    ("none", False): (False, True),
    ("not", True): (True, False),
    ("not", False): (True, True),
}


def against(rule: Rule) -> Iterator[Remark]:
    found = _denied(rule.when, ("when",), rule.trigger) if rule.when else None
    if found:
        yield remark(Doubt.AGAINST_TRIGGER, rule.key, found.path, trigger=rule.trigger.words(), what=found.words())
    for path, asked in _alternatives(rule):
        if _grants(rule.trigger, asked):
            yield remark(Doubt.ALWAYS_HOLDS, rule.key, path, what=clause(asked), why=_SAID_SO)
    trigger = rule.trigger
    if isinstance(trigger, ChangeTrigger) and trigger.before == trigger.after and len(trigger.after) == 1:
        yield remark(Doubt.NO_CHANGE, rule.key, ("trigger", "change"), what=same(str(trigger.after[0])))


def _alternatives(rule: Rule) -> Iterator[tuple[Path, Compare]]:
    """Comparisons of which one is enough: where the trigger says one of them, the others ask nothing."""
    for path, group in nodes(rule.when, ("when",)) if rule.when else ():
        if isinstance(group, Group) and group.op == "any" and len(group.of) > 1:
            yield from ((spot, part) for spot, part in placed_parts(group, path) if isinstance(part, Compare))


def _denied(condition: Condition, path: Path, trigger: Trigger, *, held: bool = True) -> Needed | None:
    """The comparison without which it cannot hold (or fail), and which cannot hold (or fail) at this trigger."""
    if isinstance(condition, Compare):
        denied = _denies(trigger, condition) if held else _grants(trigger, condition)
        return Needed(path, condition, held) if denied else None
    if isinstance(condition, AtLeast):
        return None
    every, so = _PARTS["not" if isinstance(condition, Not) else condition.op, held]
    found = [_denied(part, spot, trigger, held=so) for spot, part in placed_parts(condition, path)]
    return None if None in found and not every else next(filter(None, found), None)


def _denies(trigger: Trigger, asked: Compare) -> bool:
    """Whether it cannot hold at this trigger."""
    if isinstance(trigger, OnPage) and asked.field == "page.path" and trigger.paths:
        return _elsewhere(trigger.paths, asked)
    if isinstance(trigger, ChangeTrigger) and asked.op in _OF_LISTS:
        return False  # what it changed to is in the list, and not the list
    known = allowed(asked)
    return any(excluded(said, asked) for said in _known(trigger, asked)) or (
        known is not None and any(said.apart(known) for said in times(trigger))
    )


def _grants(trigger: Trigger, asked: Compare) -> bool:
    """Whether it always holds at this trigger."""
    if isinstance(trigger, OnPage) and asked.field == "page.path":
        exact = bool(trigger.paths) and not any("*" in path for path in trigger.paths)
        return exact and all(surely(asked, normal_path(path)) for path in trigger.paths)
    if isinstance(trigger, ChangeTrigger) and asked.op in _OF_LISTS:
        return False
    known = allowed(asked)
    return any(said.field == asked.field and implies(said, asked) for said in _known(trigger, asked)) or (
        known is not None and any(said.inside(known) for said in times(trigger))
    )


def _known(trigger: Trigger, asked: Compare) -> Iterator[Compare]:
    yield from given(trigger)
    if isinstance(trigger, EventTrigger) and isinstance(asked.field, Aggregate):
        yield from _just_done(trigger, asked.field)


def _just_done(trigger: EventTrigger, asked: Aggregate) -> Iterator[Compare]:
    """What is known of the past because this event is the last of it."""
    if asked.step.event != trigger.name or asked.step.where not in (None, trigger.where) or not _until_now(asked):
        return
    if asked.kind in ("count", "distinct_days"):
        yield Compare(asked, "gte", 1)
    elif asked.kind in _ENDS and asked.about is None:
        yield Compare(asked, "exists")


def _until_now(asked: Aggregate) -> bool:
    """Whether its window holds the moment itself, however short it is."""
    window = asked.window
    if window.kind == "calendar":
        return window.value in _NOW
    return window.kind == "ever" or (window.kind == "within" and bool(window.reach))


def _elsewhere(paths: Paths, asked: Compare) -> bool:
    """Whether none of the trigger's pages is among those asked for; of two patterns nothing is told."""
    if asked.op in _ONE_PATH:
        return not any(on_path(paths, str(path)) for path in values_of(asked))
    exact = not any("*" in path for path in paths)
    return exact and not any(map(partial(admits, asked), map(normal_path, paths)))
