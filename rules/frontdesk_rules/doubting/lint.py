"""`frontdesk rules lint`: what speaks against rules that can be read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from difflib import get_close_matches
from typing import Final

from frontdesk_rules.doubting.cost import costs
from frontdesk_rules.doubting.logic import conjuncts, contradictions, tautologies
from frontdesk_rules.doubting.remarks import Doubt, Remark, remark
from frontdesk_rules.facts.catalogue import FIELDS
from frontdesk_rules.findings import spelled
from frontdesk_rules.language.conditions import Compare, leaves
from frontdesk_rules.language.edges import ConversationTrigger
from frontdesk_rules.language.rule import Rule
from frontdesk_rules.reading.parse import lines_of, parse_rules
from frontdesk_rules.reading.supported import Supported
from frontdesk_rules.reading.texts import Templates
from frontdesk_rules.telling.phrases import clause
from frontdesk_rules.words import Words, joined, same

# Moments that carry no properties of an event.
_WITHOUT_PROPERTIES: Final = frozenset(
    {"dwell", "scroll", "exit_intent", "conversation", "change", "segment", "reaches", "schedule"}
)
# How alike two names must be to be taken for one with a slip of the pen.
_ALIKE: Final = 0.75


def lint(rules: Sequence[Rule]) -> list[Remark]:
    """All doubts, by rule in the order given."""
    found = [one for rule in rules for check in _CHECKS for one in check(rule)]
    return [*found, *_unreachable(rules)]


def lint_text(text: str, templates: Templates | None = None, supported: Supported | None = None) -> list[Remark]:
    """The same of a YAML text, with lines. Raises RuleErrors where it cannot be read."""
    rules = parse_rules(text, templates, supported)
    lines = {
        rule.key: {spelled(path): line for path, line in where.items()}
        for rule, where in zip(rules, lines_of(text), strict=True)
    }
    return [replace(one, line=_line(one.path, lines[one.rule])) for one in lint(rules)]


def _line(path: str, lines: dict[str, int]) -> int:
    """Of the spot, or of what holds it: a short form has fewer spots than the canonical one."""
    while path not in lines and path:
        path = path[: max(path.rfind("."), path.rfind("["), 0)]
    return lines[path]


def _both(one: Compare, other: Compare) -> Words:
    return joined([clause(one), clause(other)], Words(" and ", " 和 "))


def _logic(rule: Rule) -> Iterator[Remark]:
    if rule.when is None:
        return
    for path, one, other in contradictions(rule.when, ("when",)):
        yield remark(Doubt.CONTRADICTION, rule.key, path, what=_both(one, other))
    for path, one, other in tautologies(rule.when, ("when",)):
        yield remark(Doubt.ALWAYS_TRUE, rule.key, path, what=_both(one, other))


def _fields(rule: Rule) -> Iterator[Remark]:
    for name in dict.fromkeys(leaf.field for leaf in leaves(rule.when) if isinstance(leaf.field, str)):
        family = name.partition(".")[0]
        if family == "event" and rule.trigger.kind in _WITHOUT_PROPERTIES:
            yield remark(Doubt.NEVER_KNOWN, rule.key, ("when",), what=same(name))
        if name not in FIELDS and (near := _meant(name)):
            yield remark(Doubt.MISSPELLED, rule.key, ("when",), what=same(near))


def _meant(name: str) -> str | None:
    """A field of the catalogue that is spelled almost like an attribute."""
    family, _, rest = name.partition(".")
    near = get_close_matches(rest, [known.removeprefix(f"{family}.") for known in FIELDS], 1, _ALIKE)
    meant = f"{family}.{near[0]}" if near else ""
    return meant if meant in FIELDS else None


def _measured(rule: Rule) -> Iterator[Remark]:
    if rule.holdout and rule.goal is None:
        yield remark(Doubt.UNMEASURED, rule.key, ("holdout",))


_CHECKS: Final[tuple[Callable[[Rule], Iterable[Remark]], ...]] = (_logic, _fields, costs, _measured)


def _unreachable(rules: Sequence[Rule]) -> Iterator[Remark]:
    """Rules of one group and trigger of which a better one holds whenever they do, and never stands back."""
    for rule in rules:
        for other in rules:
            if other is not rule and _always_first(other, rule):
                yield remark(Doubt.UNREACHABLE, rule.key, ("exclusive",), what=same(other.key))
                break


def _always_first(other: Rule, rule: Rule) -> bool:
    return (
        other.exclusive is not None
        and other.exclusive == rule.exclusive
        and other.trigger == rule.trigger
        and other.priority > rule.priority
        and _never_repeated(other)
        and _implied(other, rule)
    )


def _never_repeated(rule: Rule) -> bool:
    """A conversation is started once, and closed; anything else may come again, and find the better rule spent."""
    trigger = rule.trigger
    once = isinstance(trigger, ConversationTrigger) and trigger.change in ("started", "closed")
    return (once and rule.repeat.per == "conversation") or rule.repeat.every_ms == 0


def _implied(other: Rule, rule: Rule) -> bool:
    """Whether whatever the other asks, this one asks, too: comparison by comparison."""
    asked = conjuncts(other.when)
    whole = other.when is None or (bool(asked) and len(asked) == len(list(leaves(other.when))))
    return whole and asked <= conjuncts(rule.when)
