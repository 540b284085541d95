"""The nodes of a condition as a tree that is read: what each asks, and what was found."""

from __future__ import annotations

from typing import Final

from frontdesk_rules.facts.known import MISSING
from frontdesk_rules.facts.moments import View
from frontdesk_rules.language.conditions import AtLeast, Compare, Condition, Not
from frontdesk_rules.language.operators import Verdict
from frontdesk_rules.telling.phrases import capital, clause, found
from frontdesk_rules.words import Words, same

_GROUPS: Final = {
    "all": Words("All of these", "以下全部成立"),
    "any": Words("Any of these", "以下任一成立"),
    "none": Words("None of these", "以下均不成立"),
}
_NOT: Final = Words("Not", "并非")
_AT_LEAST: Final = Words("At least {n} of these", "以下至少 {n} 项成立")
_FOUND: Final = Words("{c} (is {a})", "{c}（现为 {a}）")
_UNKNOWN: Final = Words("{c} (not known)", "{c}（未知）")
# What was found is what was asked for, and need not be said twice.
_SAYS_ALL: Final = frozenset({"eq", "path_eq", "has", "missing", "in_segment"})


def node_words(condition: Condition, verdict: Verdict, actual: object, view: View) -> Words:
    """`Any of these`, `Visible time on the page is more than 60 s (is 58 s)`, `Plan is pro (not known)`."""
    if isinstance(condition, Compare):
        return capital(_compared(condition, verdict, actual, view))
    if isinstance(condition, AtLeast):
        return _AT_LEAST.fill_all(n=same(str(condition.count)))
    return _NOT if isinstance(condition, Not) else _GROUPS[condition.op]


def _compared(condition: Compare, verdict: Verdict, actual: object, view: View) -> Words:
    asked = clause(condition)
    if verdict is True and condition.op in _SAYS_ALL:
        return asked
    if actual is MISSING or actual is None:
        return _UNKNOWN.fill_all(c=asked)
    return _FOUND.fill_all(c=asked, a=found(condition, actual, view))
