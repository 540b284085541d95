"""Every condition of a rule, with its place: its own, and those of the events that it names; and every text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from typing import Any

from frontdesk_rules.doubting.logic import nodes
from frontdesk_rules.findings import Path
from frontdesk_rules.language.actions import Action
from frontdesk_rules.language.aggregates import Aggregate, Step
from frontdesk_rules.language.conditions import Compare, Condition
from frontdesk_rules.language.edges import EventTrigger
from frontdesk_rules.language.rule import Rule
from frontdesk_rules.language.timed import AbsenceTrigger
from frontdesk_rules.words import Localised

Placed = tuple[Path, Condition]


def conditions(rule: Rule) -> Iterator[Placed]:
    if rule.when:
        yield ("when",), rule.when
        yield from _of_past(rule.when, ("when",))
    trigger = rule.trigger
    if isinstance(trigger, EventTrigger) and trigger.where:
        yield ("trigger", "where"), trigger.where
    if isinstance(trigger, AbsenceTrigger):
        yield from _of_step(trigger.of, ("trigger", "absence", "of"))
        yield from _of_step(trigger.after, ("trigger", "absence", "after"))
    if rule.goal:
        yield from _of_step(rule.goal.step, ("goal",))


def comparisons(rule: Rule) -> Iterator[tuple[Path, Compare]]:
    """All that is compared in any of them."""
    for path, condition in conditions(rule):
        yield from ((spot, one) for spot, one in nodes(condition, path) if isinstance(one, Compare))


def texts(rule: Rule) -> Iterator[tuple[Path, Action, Localised]]:
    """What its actions say, to the person or among us."""
    for path, action in rule.actions():
        told: Any = action
        for field in fields(told):
            text = getattr(told, field.name)
            if isinstance(text, Localised) and text.to_tree():
                yield (*path, action.name, field.name), action, text


def _of_past(condition: Condition, path: Path) -> Iterator[Placed]:
    for spot, one in nodes(condition, path):
        if isinstance(one, Compare) and isinstance(one.field, Aggregate):
            asked = one.field
            whole = (*spot, asked.kind)
            yield from _of_step(asked.step, (*whole, "first") if asked.then else whole)
            if asked.then:
                yield from _of_step(asked.then, (*whole, "then"))


def _of_step(step: Step, path: Path) -> Iterator[Placed]:
    if step.where:
        yield (*path, "where"), step.where
