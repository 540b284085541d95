"""`frontdesk rules lint`: what speaks against rules that can be read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from frontdesk_rules.doubting.alone import idle
from frontdesk_rules.doubting.cost import costs
from frontdesk_rules.doubting.gaps import gaps
from frontdesk_rules.doubting.languages import unsaid
from frontdesk_rules.doubting.lengths import no_time
from frontdesk_rules.doubting.logic import (
    conjuncts,
    contradictions,
    counts_that_must_hold,
    needed,
    tautologies,
)
from frontdesk_rules.doubting.loops import loops
from frontdesk_rules.doubting.members import of_members
from frontdesk_rules.doubting.places import comparisons, conditions
from frontdesk_rules.doubting.punctuation import punctuation
from frontdesk_rules.doubting.remarks import Doubt, Remark, remark
from frontdesk_rules.doubting.reversing import taken_back
from frontdesk_rules.doubting.schedules import schedules
from frontdesk_rules.doubting.triggers import against
from frontdesk_rules.doubting.undone import undone
from frontdesk_rules.doubting.unknown import hardly_known, unknown
from frontdesk_rules.findings import Path, spelled
from frontdesk_rules.language.conditions import Condition, leaves
from frontdesk_rules.language.edges import ConversationTrigger
from frontdesk_rules.language.rule import Rule
from frontdesk_rules.reading.parse import lines_of, parse_rules
from frontdesk_rules.telling.phrases import clause
from frontdesk_rules.words import Words, joined, same


def lint(rules: Sequence[Rule], language: str | None = None) -> list[Remark]:
    """All doubts, by rule in the order given. `language` is that of the workspace, where there is one."""
    found: list[Remark] = []
    for rule in rules:
        found += [one for check in _CHECKS for one in check(rule)]
        found += unsaid(rule, language)
    return [*found, *loops(rules), *_unreachable(rules)]


def lint_text(text: str, language: str | None = None) -> list[Remark]:
    """The same of a YAML text, with lines. Raises RuleErrors where it cannot be read."""
    rules = parse_rules(text)
    lines = {
        rule.key: {spelled(path): line for path, line in where.items()}
        for rule, where in zip(rules, lines_of(text), strict=True)
    }
    return [replace(one, line=_line(one.path, lines[one.rule])) for one in lint(rules, language)]


def _line(path: str, lines: dict[str, int]) -> int:
    """Of the spot, or of what holds it: a short form has fewer spots than the canonical one."""
    while path not in lines and path:
        path = path[: max(path.rfind("."), path.rfind("["), 0)]
    return lines[path]


# Without these a rule does not act.
_WHOLE: Final = frozenset({("when",), ("trigger", "where")})
_NEVER: Final = Words("the rule never acts", "规则永远不会执行")
_IN_VAIN: Final = Words("this part asks in vain", "此部分条件没有意义")


def _both(one: Words, other: Words) -> Words:
    return joined([one, other], Words(" and ", " 和 "))


def _needed(condition: Condition, path: Path) -> set[Path]:
    return {one.path for one in needed(condition, path)} | set(counts_that_must_hold(condition, path))


def _logic(rule: Rule) -> Iterator[Remark]:
    for spot, condition in conditions(rule):
        whole = _needed(condition, spot) if spot in _WHOLE else set()
        for path, one, other in contradictions(condition, spot):
            so = _NEVER if path in whole or path[:-2] in whole else _IN_VAIN
            yield remark(Doubt.CONTRADICTION, rule.key, path, what=_both(one.words(), other.words()), so=so)
        for path, first, second in tautologies(condition, spot):
            yield remark(Doubt.ALWAYS_TRUE, rule.key, path, what=_both(clause(first), clause(second)))
    for path, asked in comparisons(rule):
        if found := idle(asked):
            yield remark(found.doubt, rule.key, path, what=clause(asked), why=found.why)


def _measured(rule: Rule) -> Iterator[Remark]:
    if rule.holdout and rule.goal is None:
        yield remark(Doubt.UNMEASURED, rule.key, ("holdout",))


_CHECKS: Final[tuple[Callable[[Rule], Iterable[Remark]], ...]] = (
    _logic, against, no_time, schedules, unknown, hardly_known, gaps, undone, of_members, taken_back, punctuation,
    costs, _measured,
)  # fmt: skip


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
