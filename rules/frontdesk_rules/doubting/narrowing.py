"""Questions about the past of which one looks at a part of what another looks at."""

from __future__ import annotations

from typing import Final

from frontdesk_rules.doubting.amounts import compares_numbers, telling_apart
from frontdesk_rules.language.aggregates import Aggregate
from frontdesk_rules.language.conditions import Compare
from frontdesk_rules.language.windows import Window

# Of more events there are never fewer.
_GROWING: Final = frozenset({"count", "distinct", "distinct_days"})


def too_few(part: Compare, whole: Compare) -> bool:
    """Whether the first asks for more of a part than the second leaves of the whole."""
    if not (isinstance(part.field, Aggregate) and isinstance(whole.field, Aggregate)):
        return False
    if not (_narrower(part.field, whole.field) and compares_numbers(part) and compares_numbers(whole)):
        return False
    found = telling_apart(part, whole)
    least = [number for number in found if part.operator.ask(number, part.expected)]
    most = [number for number in found if whole.operator.ask(number, whole.expected)]
    return bool(least and most) and min(least) > max(most)


def _narrower(part: Aggregate, whole: Aggregate) -> bool:
    return (
        part.kind == whole.kind
        and part.kind in _GROWING
        and part.about == whole.about
        and part.step.event == whole.step.event
        and whole.step.where in (None, part.step.where)
        and _within(part.window, whole.window)
    )


def _within(part: Window, whole: Window) -> bool:
    """Whether every instant of one window lies in the other, whenever that is asked."""
    if "within" == part.kind == whole.kind and part.zone == whole.zone:
        return bool(part.reach and whole.reach and part.reach <= whole.reach)
    return part == whole or (whole.kind == "ever" and part.zone == whole.zone)
