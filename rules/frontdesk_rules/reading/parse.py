"""From YAML or a JSON tree to rules; refused with all findings at once, each with its path and line."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, Final

from frontdesk_rules.durations import is_duration, needed
from frontdesk_rules.findings import Finding, Path, Place, RuleErrors
from frontdesk_rules.full_width import named
from frontdesk_rules.language.actions import NAME_PATTERN, Action
from frontdesk_rules.language.rule import DEFAULT_PRIORITY, Rule, Variant, repeat_unsaid
from frontdesk_rules.language.triggers import Trigger
from frontdesk_rules.reading.actions import read_action
from frontdesk_rules.reading.conditions import read_condition
from frontdesk_rules.reading.gates import read_caps, read_goal, read_percent, read_quiet, read_repeat
from frontdesk_rules.reading.supported import Supported
from frontdesk_rules.reading.tests import read_tests
from frontdesk_rules.reading.texts import AnyText, Templates, read_localised
from frontdesk_rules.reading.triggers import read_trigger

KEYS: Final = (
    "rule", "name", "priority", "exclusive", "moment", "trigger", "when", "do", "variants", "repeat", "holdout", "goal",
    "caps", "quiet", "max_lateness", "tests",
)  # fmt: skip
MOST_ACTIONS: Final = 20
HIGHEST_PRIORITY: Final = 100
_WHOLE: Final = 100


def parse_rules(text: str, templates: Templates | None = None, supported: Supported | None = None) -> list[Rule]:
    """The rules of a YAML text, one a document. Raises RuleErrors with every finding of every document.

    `supported` says what whoever carries the rules out is able to; without it the whole language is taken.
    """
    found: list[Finding] = []
    rules: dict[str, Rule] = {}
    for tree, lines in _documents(text):
        place = Place(lines=lines)
        rule = _read_rule(tree, place, templates or AnyText())
        if rule and rule.key in rules:
            place.at("rule").refuse(f"there are two rules named {rule.key}")
        if rule:
            rules[rule.key] = rule
            if supported:
                supported.check(rule, place)
        found += _named(place.found, tree)
    if not found and not rules:
        found.append(Finding("", "there is no rule here"))
    if found:
        raise RuleErrors(found)
    return list(rules.values())


def parse_tree(tree: object, templates: Templates | None = None, supported: Supported | None = None) -> Rule:
    """The rule of a JSON tree, short or canonical. Raises RuleErrors."""
    place = Place()
    rule = _read_rule(tree, place, templates or AnyText())
    if rule and supported:
        supported.check(rule, place)
    if rule is None or place.found:
        raise RuleErrors(_named(place.found, tree))
    return rule


def _named(found: list[Finding], tree: object) -> list[Finding]:
    key = tree.get("rule") if isinstance(tree, dict) else None
    return [replace(finding, rule=key if isinstance(key, str) else None) for finding in found]


def _read_rule(tree: object, place: Place, templates: Templates) -> Rule | None:
    """The rule, or None with findings."""
    if not isinstance(tree, dict):
        slip = named(tree) if isinstance(tree, str) else None
        place.refuse(slip or "a rule is a mapping with the keys rule, trigger and do")
        return None
    place.only(tree, KEYS)
    key = _read_key(tree.get("rule"), place.at("rule"))
    trigger = _read_required(tree, place)
    rest = _read_optional(tree, place, templates)
    said = "repeat" in tree
    rest["repeat"] = read_repeat(tree["repeat"], place.at("repeat"), trigger) if said else repeat_unsaid(trigger)
    if "do" in tree or "variants" not in tree:
        rest["do"] = _read_do(tree.get("do"), place.at("do"), templates)
        if "variants" in tree:
            place.at("variants").refuse("either do or variants say what is done")
    if place.found or key is None or trigger is None:
        return None
    return Rule(key=key, trigger=trigger, **rest)


def _read_optional(tree: dict[str, object], place: Place, templates: Templates) -> dict[str, Any]:
    """What is there, by its name in `Rule`."""
    readers: dict[str, Callable[[Any, Place], Any]] = {
        "name": lambda value, spot: read_localised(value, spot, AnyText()),
        "when": read_condition,
        "priority": _read_priority,
        "exclusive": _read_key,
        "moment": _read_key,
        "variants": lambda value, spot: _read_variants(value, spot, templates),
        "holdout": _read_holdout,
        "goal": read_goal,
        "caps": read_caps,
        "quiet": read_quiet,
        "max_lateness": _read_lateness,
        "tests": read_tests,
    }
    return {key: read(tree[key], place.at(key)) for key, read in readers.items() if key in tree}


def _read_required(tree: dict[str, object], place: Place) -> Trigger | None:
    if "trigger" in tree:
        return read_trigger(tree["trigger"], place.at("trigger"))
    place.refuse("a rule needs a trigger: the moment at which it is asked")
    return None


def _read_key(tree: object, place: Place) -> str | None:
    if isinstance(tree, str) and re.fullmatch(NAME_PATTERN, tree):
        return tree
    place.refuse("a name of small letters, digits, - and _ is needed here, such as pricing-to-sales")
    return None


def _read_priority(tree: object, place: Place) -> int:
    if isinstance(tree, int) and not isinstance(tree, bool) and 0 <= tree <= HIGHEST_PRIORITY:
        return tree
    place.refuse(f"a whole number from 0 to {HIGHEST_PRIORITY} is needed here")
    return DEFAULT_PRIORITY


def _read_holdout(tree: object, place: Place) -> float:
    share = read_percent(tree, place)
    if share == _WHOLE:
        place.refuse("with everyone held out nobody would be left")
    return share


def _read_lateness(tree: object, place: Place) -> str | None:
    if is_duration(tree):
        return str(tree)
    place.refuse(needed("12h", tree))
    return None


def _read_do(tree: object, place: Place, templates: Templates) -> tuple[Action, ...]:
    items = place.sequence(tree, "a list of actions is needed here")
    if len(items) > MOST_ACTIONS:
        place.refuse(f"{MOST_ACTIONS} actions at most")
        return ()
    read = [read_action(item, place.at(n), templates) for n, item in enumerate(items)]
    return tuple(action for action in read if action is not None)


def _read_variants(tree: object, place: Place, templates: Templates) -> tuple[Variant, ...]:
    variants = []
    for n, item in enumerate(place.sequence(tree, "a list of variants is needed here")):
        spot = place.at(n)
        given = spot.mapping(item, "{name: a, share: 50%, do: […]} is needed here")
        spot.only(given, ("name", "share", "do"))
        name = _read_key(given.get("name"), spot.at("name")) or ""
        share = read_percent(given.get("share"), spot.at("share"))
        variants.append(Variant(name, share, _read_do(given.get("do"), spot.at("do"), templates)))
    if len({variant.name for variant in variants}) < len(variants):
        place.refuse("two variants have the same name")
    if variants and sum(variant.share for variant in variants) != _WHOLE:
        place.refuse("the shares must come to 100%")
    return tuple(variants)


def lines_of(text: str) -> list[dict[Path, int]]:
    """Where each node of each document stands: for editors that mark a finding."""
    return [lines for _, lines in _documents(text)]


def _documents(text: str) -> Iterator[tuple[object, dict[Path, int]]]:
    # Here and not above: a server that starts from saved trees has no use for 30 ms of YAML machinery.
    from frontdesk_rules.reading.yaml_text import documents

    return documents(text)
