"""From YAML or a JSON tree to rules; refused with all findings at once, each with its path and line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from frontdesk_rules.durations import is_duration
from frontdesk_rules.findings import Finding, Path, Place, RuleErrors
from frontdesk_rules.language.actions import NAME_PATTERN, Action
from frontdesk_rules.language.rule import DEFAULT_PRIORITY, ONCE, SUBJECTS, Repeat, Rule
from frontdesk_rules.language.triggers import ConversationTrigger, Trigger
from frontdesk_rules.reading.actions import AnyText, Templates, read_action, read_localised
from frontdesk_rules.reading.conditions import read_condition
from frontdesk_rules.reading.tests import read_tests
from frontdesk_rules.reading.triggers import read_trigger

KEYS: Final = ("rule", "name", "priority", "exclusive", "trigger", "when", "do", "repeat", "tests")
LATER_KEYS: Final = (
    "goal",
    "holdout",
    "caps",
    "quiet",
    "variants",
    "recheck",
    "assume_complete",
    "max_lateness",
    "moment",
)
MOST_ACTIONS: Final = 20
HIGHEST_PRIORITY: Final = 100


def parse_rules(text: str, templates: Templates | None = None) -> list[Rule]:
    """The rules of a YAML text, one a document. Raises RuleErrors with every finding of every document."""
    found: list[Finding] = []
    rules: dict[str, Rule] = {}
    for tree, lines in _documents(text):
        place = Place(lines=lines)
        rule = _read_rule(tree, place, templates or AnyText())
        if rule and rule.key in rules:
            place.at("rule").refuse(f"there are two rules named {rule.key}")
        if rule:
            rules[rule.key] = rule
        found += _named(place.found, tree)
    if not found and not rules:
        found.append(Finding("", "there is no rule here"))
    if found:
        raise RuleErrors(found)
    return list(rules.values())


def parse_tree(tree: object, templates: Templates | None = None) -> Rule:
    """The rule of a JSON tree, short or canonical. Raises RuleErrors."""
    place = Place()
    rule = _read_rule(tree, place, templates or AnyText())
    if rule is None or place.found:
        raise RuleErrors(_named(place.found, tree))
    return rule


def _named(found: list[Finding], tree: object) -> list[Finding]:
    key = tree.get("rule") if isinstance(tree, dict) else None
    return [replace(finding, rule=key if isinstance(key, str) else None) for finding in found]


def _read_rule(tree: object, place: Place, templates: Templates) -> Rule | None:
    """The rule, or None with findings."""
    if not isinstance(tree, dict):
        place.refuse("a rule is a mapping with the keys rule, trigger and do")
        return None
    place.only(tree, KEYS, LATER_KEYS)
    key = _read_key(tree.get("rule"), place.at("rule"))
    trigger = _read_required(tree, place)
    when = read_condition(tree["when"], place.at("when")) if "when" in tree else None
    do = _read_do(tree.get("do"), place.at("do"), templates)
    rest = {
        "name": read_localised(tree["name"], place.at("name"), AnyText()) if "name" in tree else None,
        "priority": _read_priority(tree.get("priority", DEFAULT_PRIORITY), place.at("priority")),
        "exclusive": _read_key(tree["exclusive"], place.at("exclusive")) if "exclusive" in tree else None,
        "repeat": _read_repeat(tree["repeat"], place.at("repeat"), trigger) if "repeat" in tree else ONCE,
        "tests": read_tests(tree["tests"], place.at("tests")) if "tests" in tree else (),
    }
    if place.found or key is None or trigger is None:
        return None
    return Rule(key=key, trigger=trigger, when=when, do=do, **rest)  # type: ignore[arg-type]  # no finding: each is read


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


def _read_priority(tree: object, place: Place) -> int | None:
    if isinstance(tree, int) and not isinstance(tree, bool) and 0 <= tree <= HIGHEST_PRIORITY:
        return tree
    place.refuse(f"a whole number from 0 to {HIGHEST_PRIORITY} is needed here")
    return None


def _read_do(tree: object, place: Place, templates: Templates) -> tuple[Action, ...]:
    items = place.sequence(tree, "a list of actions is needed here")
    if len(items) > MOST_ACTIONS:
        place.refuse(f"{MOST_ACTIONS} actions at most")
        return ()
    read = [read_action(item, place.at(n), templates) for n, item in enumerate(items)]
    return tuple(action for action in read if action is not None)


def _read_repeat(tree: object, place: Place, trigger: Trigger | None) -> Repeat | None:
    given = place.mapping(tree, "{per: person}, {per: session}, {per: conversation} or {every: 7d} is needed here")
    place.only(given, ("per", "every"))
    if len(given) != 1:
        if given:
            place.refuse("either per or every is needed here")
        return None
    if "every" in given:
        every = given["every"]
        if is_duration(every):
            return Repeat(every=str(every))
        place.at("every").refuse("a duration such as 7d is needed here")
        return None
    per = given.get("per")
    if per not in SUBJECTS:
        place.at("per").refuse(f"one of {', '.join(SUBJECTS)} is needed here")
        return None
    if per == "conversation" and trigger is not None and not isinstance(trigger, ConversationTrigger):
        place.at("per").refuse("once per conversation needs a conversation trigger")
        return None
    return Repeat(per=str(per))


def lines_of(text: str) -> list[dict[Path, int]]:
    """Where each node of each document stands: for editors that mark a finding."""
    return [lines for _, lines in _documents(text)]


def _documents(text: str) -> Iterator[tuple[object, dict[Path, int]]]:
    # Here and not above: a server that starts from saved trees has no use for 30 ms of YAML machinery.
    from frontdesk_rules.reading.yaml_text import documents

    return documents(text)
