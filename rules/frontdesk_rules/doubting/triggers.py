"""Conditions that cannot hold at the moment at which they are asked: the trigger says otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Final

from frontdesk_rules.doubting.amounts import values_of
from frontdesk_rules.doubting.excluding import admits, excluded
from frontdesk_rules.doubting.logic import conjuncts
from frontdesk_rules.doubting.remarks import Doubt, Remark, remark
from frontdesk_rules.findings import Path
from frontdesk_rules.language.aggregates import Aggregate
from frontdesk_rules.language.conditions import Compare, Condition, Group
from frontdesk_rules.language.edges import ENTERS, ChangeTrigger, EventTrigger, SegmentTrigger
from frontdesk_rules.language.operators import ALONE
from frontdesk_rules.language.pages import DwellTrigger, Paths, ScrollTrigger, on_path
from frontdesk_rules.language.rule import Rule
from frontdesk_rules.language.timed import ReachesTrigger
from frontdesk_rules.language.triggers import OnPage, Trigger
from frontdesk_rules.telling.phrases import clause
from frontdesk_rules.urls import normal_path
from frontdesk_rules.words import same

_OF_LISTS: Final = frozenset({"has", "has_any", "has_all", "size"})
_ENDS: Final = frozenset({"first", "last", "time_since_first", "time_since_last"})
_NOW: Final = frozenset({"today", "this_week", "this_month", "this_year"})
_ONE_PATH: Final = frozenset({"eq", "in", "path_eq"})


def against(rule: Rule) -> Iterator[Remark]:
    found = _denied(rule.when, ("when",), rule.trigger) if rule.when else None
    if found:
        path, asked = found
        yield remark(Doubt.AGAINST_TRIGGER, rule.key, path, trigger=rule.trigger.words(), what=clause(asked))
    trigger = rule.trigger
    if isinstance(trigger, ChangeTrigger) and trigger.before == trigger.after and len(trigger.after) == 1:
        yield remark(Doubt.NO_CHANGE, rule.key, ("trigger", "change"), what=same(str(trigger.after[0])))


def _denied(condition: Condition, path: Path, trigger: Trigger) -> tuple[Path, Compare] | None:
    """The comparison without which it cannot hold, and which cannot hold at this trigger."""
    if isinstance(condition, Compare):
        return (path, condition) if _denies(trigger, condition) else None
    if not isinstance(condition, Group) or condition.op == "none":
        return None
    found = [_denied(part, (*path, condition.op, n), trigger) for n, part in enumerate(condition.of)]
    if condition.op == "any" and None in found:
        return None
    return next(filter(None, found), None)


def _denies(trigger: Trigger, asked: Compare) -> bool:
    if isinstance(trigger, OnPage) and asked.field == "page.path" and trigger.paths:
        return _elsewhere(trigger.paths, asked)
    if isinstance(trigger, ChangeTrigger) and asked.op in _OF_LISTS:
        return False  # what it changed to is in the list, and not the list
    if isinstance(trigger, EventTrigger) and isinstance(asked.field, Aggregate):
        return any(excluded(said, asked) for said in _just_done(trigger, asked.field))
    return any(said.field == asked.field and excluded(said, asked) for said in _said_by(trigger))


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


def _said_by(trigger: Trigger) -> Iterator[Compare]:
    """What is known of every moment of this trigger."""
    if isinstance(trigger, DwellTrigger):
        yield Compare("page.dwell", "gte", f"{trigger.seconds:g}s")
    elif isinstance(trigger, ScrollTrigger):
        yield Compare("page.scroll", "gte", trigger.percent)
    elif isinstance(trigger, EventTrigger):
        yield Compare("event.name", "eq", trigger.name)
        yield from conjuncts(trigger.where)
    elif isinstance(trigger, ReachesTrigger):
        yield Compare(trigger.field, "exists")
    else:
        yield from _of_person(trigger)


def _of_person(trigger: Trigger) -> Iterator[Compare]:
    if isinstance(trigger, ChangeTrigger) and trigger.after:
        yield Compare(trigger.field, "in", trigger.after)
    elif isinstance(trigger, SegmentTrigger):
        op = "in_segment" if trigger.change == ENTERS else "not_in_segment"
        yield Compare(ALONE[op], op, trigger.segment)
