"""What would have to be different for a condition to hold: the fewest things, in words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from frontdesk_rules.facts.known import MISSING
from frontdesk_rules.facts.moments import View
from frontdesk_rules.facts.times import time_in
from frontdesk_rules.language.aggregates import Floor
from frontdesk_rules.language.conditions import AtLeast, Compare, Condition, Group, Not, evaluate, parts
from frontdesk_rules.language.literals import is_number
from frontdesk_rules.telling.phrases import capital, clause, found, label, shown
from frontdesk_rules.words import Words, joined, span

_AND: Final = Words(" and ", "，且")


@dataclass(frozen=True, slots=True)
class Difference:
    """One comparison that would have to come out otherwise: as it stands, or (not `holds`) as its opposite."""

    condition: Compare
    holds: bool
    text: Words

    def to_tree(self) -> dict[str, object]:
        return {"condition": self.condition.to_tree(), "holds": self.holds, **_spoken(self.text)}


def _spoken(text: Words) -> dict[str, object]:
    return {"text_en": text.en, "text_zh": text.zh}


def nearest(condition: Condition, view: View) -> tuple[Difference, ...]:
    """Nothing if it holds. Of several ways, one with the fewest differences; the first in the text breaks ties."""
    return tuple(_needed(condition, view, holds=True))


def nearest_words(differences: tuple[Difference, ...]) -> Words:
    """`2 more seconds on /pricing and plan is pro (is free)`."""
    return capital(joined([one.text for one in differences], _AND))


def _needed(condition: Condition, view: View, *, holds: bool) -> list[Difference]:
    verdict = evaluate(condition, view)
    if verdict is holds:
        return []
    if isinstance(condition, Compare):
        return [Difference(condition, holds, _words(condition, view, holds=holds))]
    if isinstance(condition, Not):
        return _needed(condition.of, view, holds=not holds)
    return _of_group(condition, view, holds=holds)


def _of_group(condition: Group | AtLeast, view: View, *, holds: bool) -> list[Difference]:
    """How many parts must come out how, and the cheapest of them."""
    of, wanted, count = parts(condition), holds, len(parts(condition))
    if isinstance(condition, AtLeast):
        count = condition.count if holds else len(of) - condition.count + 1
    elif condition.op == "none":
        wanted, count = not holds, count if holds else 1
    elif (condition.op == "all") is not holds:
        count = 1
    each = sorted((_needed(part, view, holds=wanted) for part in of), key=len)
    return [one for needed in each[:count] for one in needed]


def _words(condition: Compare, view: View, *, holds: bool) -> Words:
    actual = view[condition.field]
    tell = _MORE.get(condition.op) if holds else None
    told = tell(condition, actual, view) if tell else None
    return told or _plainly(condition, view, holds=holds)


def _plainly(condition: Compare, view: View, *, holds: bool) -> Words:
    wanted, actual = clause(condition), view[condition.field]
    if not holds:
        wanted = Words("not: {c}", "并非：{c}").fill_all(c=wanted)
    if actual is MISSING:
        return Words("{c} (not known)", "{c}（未知）").fill_all(c=wanted)
    return Words("{c} (is {a})", "{c}（现为 {a}）").fill_all(c=wanted, a=found(condition, actual, view))


def _more(condition: Compare, actual: object, view: View) -> Words | None:
    """`2 s more on /pricing`, `3 more: number of pages seen`."""
    actual = actual.least if isinstance(actual, Floor) else actual
    expected = condition.expected
    if not (isinstance(actual, int | float) and isinstance(expected, int | float) and is_number(actual)):
        return None
    lacking = expected - actual
    if condition.field == "page.dwell" and view["page.path"] is not MISSING:
        said = Words("{n} more on {p}", "在 {p} 再停留 {n}")
        return said.fill_all(n=_rest(lacking), p=shown(view["page.path"]))
    said = Words("{n} more: {label}", "{label}再多 {n}")
    number = _rest(lacking) if condition.literal == "duration" else shown(round(lacking, 6) or 1)
    return said.fill_all(n=number, label=label(condition))


def _rest(ms: float) -> Words:
    return span(max(ms, 100), exact=ms % 1000 != 0)


def _later(condition: Compare, actual: object, view: View) -> Words | None:
    """`12 days from now: registered is more than 365 days ago`."""
    at, expected = time_in(actual, view.zone(condition.zone)), condition.expected
    if at is None or not isinstance(expected, int):
        return None
    wait = at + timedelta(milliseconds=expected) - view.now
    said = Words("{t} from now: {c}", "再过 {t}：{c}")
    return said.fill_all(t=_coarse(wait), c=clause(condition))


def _coarse(wait: timedelta) -> Words:
    """Days, hours or minutes, rounded up: nobody counts the seconds of a year."""
    for size in (timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)):
        if wait >= 2 * size:
            return span(-(-wait // size) * size / timedelta(milliseconds=1))
    return span(max(wait / timedelta(milliseconds=1), 1000))


_MORE: Final[dict[str, Callable[[Compare, object, View], Words | None]]] = {
    "gt": _more,
    "gte": _more,
    "older_than": _later,
}
