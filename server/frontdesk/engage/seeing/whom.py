"""What somebody writes to ask whom it concerns: a whole rule, or only a condition, as YAML or as a tree."""

from collections.abc import Mapping
from typing import Any, Final

from frontdesk.engage.doing.templates import LiquidTemplates
from frontdesk.engage.rules.refused import RulesRefused
from frontdesk.engage.rules.supported import SUPPORTED
from frontdesk.engage.segments.conditions import rule_of
from frontdesk_rules import Finding, Rule, RuleErrors, parse_tree
from frontdesk_rules.findings import Path, Place
from frontdesk_rules.language.conditions import Compare, Condition, Group
from frontdesk_rules.language.timed import ReachesTrigger
from frontdesk_rules.reading.conditions import read_condition

_OF_RULES: Final = frozenset({"rule", "trigger", "do"})


def asked_of(text: str | None, tree: Mapping[str, Any] | None) -> Condition | None:
    """What is asked of people; None: nothing. Raises RulesRefused with every finding."""
    try:
        given, lines = _unfolded(text) if text is not None else (tree, {})
        if isinstance(given, dict) and not _OF_RULES.isdisjoint(given):
            return of_rule(parse_tree(given, LiquidTemplates(), SUPPORTED))
        return _condition(given, lines)
    except RuleErrors as error:
        raise RulesRefused(error.findings) from error


def of_rule(rule: Rule) -> Condition | None:
    """Its condition, of those who have the time that it waits for."""
    if not isinstance(rule.trigger, ReachesTrigger):
        return rule.when
    known = Compare(rule.trigger.field, "exists")
    return known if rule.when is None else Group("all", (known, rule.when))


def _condition(given: object, lines: dict[Path, int]) -> Condition:
    place = Place(lines=lines)
    condition = read_condition(given, place)
    if condition:
        SUPPORTED.check(rule_of("audience", condition), place)
    if condition is None or place.found:
        raise RuleErrors(place.found)
    return condition


def _unfolded(text: str) -> tuple[object, dict[Path, int]]:
    from frontdesk_rules.reading.yaml_text import documents  # as the library does: only who reads YAML loads it

    read = list(documents(text))
    if len(read) != 1:
        raise RuleErrors([Finding("", "one rule or condition is needed here")])
    return read[0]
