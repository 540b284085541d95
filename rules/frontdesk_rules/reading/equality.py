"""What `eq`, `neq`, `in`, `not_in` and `has` ask of times, lists and segments, in the operators that those have.

A list is what it has, and somebody is in the segments that they are in: `contact.tags: vip` is `has`, and
`contact.segments: vip` is `in_segment`. A time as written is as long as it is exact: `2026-03-01` the whole local day,
`2026-03-01T09:00Z` that minute.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final, TypeAlias

from frontdesk_rules.facts.catalogue import FieldType
from frontdesk_rules.language.conditions import Compare, Condition, Group, Not
from frontdesk_rules.language.literals import read_instant

Say: TypeAlias = Callable[[Compare], Condition]


def said(asked: Compare) -> Condition:
    """The comparison, or what it is short for."""
    say = _SHORT.get(asked.type, {}).get(asked.op)
    return say(asked) if say else asked


def _as(op: str) -> Say:
    return lambda asked: replace(asked, op=op)


def _not(say: Say) -> Say:
    return lambda asked: Not(say(asked))


def _each(say: Say, group: str) -> Say:
    """One of several values after the other."""

    def each(asked: Compare) -> Condition:
        values = asked.value if isinstance(asked.value, tuple) else (asked.value,)
        said_of_each = tuple(say(replace(asked, value=value)) for value in values)
        return said_of_each[0] if len(said_of_each) == 1 and group != "none" else Group(group, said_of_each)

    return each


def _lies_in(asked: Compare) -> Condition:
    start = str(asked.value)
    from_then = replace(asked, op="after")
    end = _end(start)
    return from_then if end is None else Group("all", (from_then, replace(asked, op="before", value=end)))


def _end(start: str) -> str | None:
    """The first instant beyond a day, minute or second as written, written alike; None where the calendar ends."""
    time = start.partition("T")[2]
    exact, spelled = _HOW_EXACT[len(re.split("[Z+-]", time)[0])]
    try:
        end: datetime = read_instant(start) + exact
    except OverflowError:
        return None
    return end.isoformat(timespec=spelled).replace("+00:00", "Z") if time else end.date().isoformat()


_HOW_EXACT: Final = {
    0: (timedelta(days=1), "auto"),
    len("09:00"): (timedelta(minutes=1), "minutes"),
    len("09:00:00"): (timedelta(seconds=1), "seconds"),
}
_OF_TIMES: Final[dict[str, Say]] = {
    "eq": _lies_in,
    "neq": _not(_lies_in),
    "in": _each(_lies_in, "any"),
    "not_in": _each(_lies_in, "none"),
}
_OF_LISTS: Final[dict[str, Say]] = {
    "eq": _as("has"),
    "neq": _not(_as("has")),
    "in": _as("has_any"),
    "not_in": _not(_as("has_any")),
}
_IN: Final = _as("in_segment")
_OF_SEGMENTS: Final[dict[str, Say]] = {
    "eq": _IN,
    "has": _IN,
    "neq": _as("not_in_segment"),
    "in": _each(_IN, "any"),
    "has_any": _each(_IN, "any"),
    "not_in": _each(_IN, "none"),
    "has_all": _each(_IN, "all"),
}
_SHORT: Final = {FieldType.TIME: _OF_TIMES, FieldType.LIST: _OF_LISTS, FieldType.SEGMENTS: _OF_SEGMENTS}
