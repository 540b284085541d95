"""Comparisons that rule each other out, or leave nothing out."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from frontdesk_rules.doubting.excluding import FLIPPED, covering, excluded
from frontdesk_rules.findings import Path
from frontdesk_rules.language.conditions import AtLeast, Compare, Condition, Group, Not

Placed = tuple[Path, Compare]


def contradictions(condition: Condition, path: Path) -> Iterator[tuple[Path, Compare, Compare]]:
    """Two comparisons that must both hold, and cannot."""
    together = (combinations(must_hold(part, spot), 2) for spot, part in nodes(condition, path))
    found = {
        (at, one, other): None  # what a group says within another is looked at with each of them
        for pairs in together
        for (_, one), (at, other) in pairs
        if one.field == other.field and excluded(one, other)
    }
    yield from found


def tautologies(condition: Condition, path: Path) -> Iterator[tuple[Path, Compare, Compare]]:
    """Two comparisons of which one must hold, and one always does."""
    for spot, group in nodes(condition, path):
        if not isinstance(group, Group) or group.op != "any":
            continue
        alternatives = [((*spot, "any", n), part) for n, part in enumerate(group.of) if isinstance(part, Compare)]
        for (_, one), (at, other) in combinations(alternatives, 2):
            if one.field == other.field and covering(one, other):
                yield at, one, other


def nodes(condition: Condition, path: Path) -> Iterator[tuple[Path, Condition]]:
    """The condition and all that it is made of, each with its place."""
    yield path, condition
    for spot, part in _parts(condition, path):
        yield from nodes(part, spot)


def conjuncts(condition: Condition | None) -> frozenset[Compare]:
    return frozenset(one for _, one in must_hold(condition, ())) if condition else frozenset()


def must_hold(condition: Condition, path: Path) -> Iterator[Placed]:
    """The comparisons that must hold for the whole to hold, through nested groups; what must not, as its opposite."""
    if isinstance(condition, Compare):
        yield path, condition
    elif isinstance(condition, Not) or (isinstance(condition, Group) and condition.op == "none"):
        for spot, part in _parts(condition, path):
            yield from _must_fail(part, spot)
    elif not isinstance(condition, AtLeast) and condition.op == "all":
        for spot, part in _parts(condition, path):
            yield from must_hold(part, spot)


def _must_fail(condition: Condition, path: Path) -> Iterator[Placed]:
    if isinstance(condition, Compare):
        if condition.op in FLIPPED:
            yield path, Compare(condition.field, FLIPPED[condition.op], condition.value, condition.zone)
    elif isinstance(condition, Not):
        yield from must_hold(condition.of, (*path, "not"))
    elif isinstance(condition, Group) and condition.op == "any":
        for spot, part in _parts(condition, path):
            yield from _must_fail(part, spot)


def _parts(condition: Condition, path: Path) -> Iterator[tuple[Path, Condition]]:
    if isinstance(condition, Not):
        yield (*path, "not"), condition.of
    elif not isinstance(condition, Compare):
        key = condition.op if isinstance(condition, Group) else "of"
        for n, part in enumerate(condition.of):
            yield (*path, key, n), part
