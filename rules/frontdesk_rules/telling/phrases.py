"""Values and comparisons read aloud: the words that sentences and reasons are made of."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from frontdesk_rules.facts.catalogue import label_of
from frontdesk_rules.facts.moments import View
from frontdesk_rules.facts.times import time_in
from frontdesk_rules.language.aggregates import Aggregate, Floor
from frontdesk_rules.language.conditions import Compare
from frontdesk_rules.language.operators import LOCAL, Shape
from frontdesk_rules.telling.pasts import aggregate_label
from frontdesk_rules.words import Words, glob_words, joined, same, span

_OR: Final = Words(" or ", " 或 ")
_AND: Final = Words(" and ", " 至 ")
_LONGEST: Final = 80
_AS_WRITTEN: Final = frozenset({"weekday", "clock", "instant", "version"})


def shown(value: object, literal: str = "any") -> Words:
    """One actual or expected value: durations come in ms."""
    if isinstance(value, bool):
        return Words("yes", "是") if value else Words("no", "否")
    if literal == "duration" and isinstance(value, int | float):
        return span(value)
    if isinstance(value, Floor):
        return Words("at least {n}", "至少 {n}").fill_all(n=shown(value.least, literal))
    if isinstance(value, datetime):
        return same(value.strftime("%Y-%m-%d %H:%M"))
    if isinstance(value, list | tuple | set | frozenset):
        return joined([shown(one, literal) for one in value], Words(", ", "、"))
    text = str(value)
    return same(text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…")


def found(condition: Compare, actual: object, view: View) -> Words:
    """What a comparison found: a time in the zone in which it was compared, and that zone by its name.

    `2026-03-02 18:30 Europe/Berlin`; where no local time was asked for, `2026-03-02 17:30 UTC`.
    """
    local = condition.op in LOCAL
    zone = view.zone(condition.zone) if local else UTC
    at = time_in(actual, zone) if local or isinstance(actual, datetime) else None
    if at is None:
        return shown(actual, condition.literal)
    return same(f"{at.astimezone(zone):%Y-%m-%d %H:%M} {zone}")


def label(condition: Compare) -> Words:
    return aggregate_label(condition.field) if isinstance(condition.field, Aggregate) else label_of(condition.field)


def expected_words(condition: Compare) -> Words:
    """The value of a comparison: `60 s`, `/a or /b`, `1 and 5`."""
    shape = condition.operator.shape
    expected = condition.value if condition.literal in _AS_WRITTEN else condition.expected
    if condition.op == "path_glob":
        return glob_words(str(expected))
    if not isinstance(expected, tuple):
        return shown(expected, condition.literal)
    between = _AND if shape is Shape.PAIR else _OR
    return joined([shown(value, condition.literal) for value in expected], between)


def operator_words(condition: Compare) -> Words:
    """`is more than 60 s`, `已知`."""
    return condition.operator.words.fill_all(value=expected_words(condition))


def bare_operator_words(condition: Compare) -> Words:
    """The same without its verb, to stand in brackets: `more than 60 s`."""
    words = operator_words(condition)
    return Words(words.en.removeprefix("is "), words.zh)


def clause(condition: Compare) -> Words:
    """The whole comparison: `campaign is known`, `first session`, `number of pages seen is at most 1`."""
    if condition.op == "eq" and isinstance(condition.value, bool):
        plain = Words("{label}", "{label}") if condition.value else Words("{label}: no", "{label}：否")
        return plain.fill_all(label=label(condition))
    return Words("{label} {op}", "{label}{op}").fill_all(label=label(condition), op=operator_words(condition))


def capital(words: Words) -> Words:
    return Words(words.en[:1].upper() + words.en[1:], words.zh)
