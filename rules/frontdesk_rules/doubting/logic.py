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
        if _either(one, other)
    }
    yield from found
    for spot, part in nodes(condition, path):
        if isinstance(part, AtLeast) and part.count < len(part.of):
            yield from _too_few(part, spot)


def _too_few(condition: AtLeast, path: Path) -> Iterator[tuple[Path, Compare, Compare]]:
    """The first two that rule each other out, where so many do that not enough can hold."""
    apart: list[list[Placed]] = []
    for spot, part in _parts(condition, path):
        if isinstance(part, Compare):
            group = next((one for one in apart if all(_either(part, other) for _, other in one)), None)
            apart.append([(spot, part)]) if group is None else group.append((spot, part))
    most = len(condition.of) - sum(len(group) - 1 for group in apart)
    if most < condition.count:
        (_, one), (at, other) = max(apart, key=len)[:2]
        yield at, one, other


def _either(one: Compare, other: Compare) -> bool:
    return one.field == other.field and excluded(one, other)


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
    elif _all(condition):
        for spot, part in _parts(condition, path):
            yield from must_hold(part, spot)


def counts_that_must_hold(condition: Condition, path: Path) -> Iterator[Path]:
    """Where an `at_least` stands without which the whole does not hold."""
    if isinstance(condition, AtLeast):
        yield path
    if _all(condition):
        for spot, part in _parts(condition, path):
            yield from counts_that_must_hold(part, spot)


def _all(condition: Condition) -> bool:
    if isinstance(condition, AtLeast):
        return condition.count == len(condition.of)
    return isinstance(condition, Group) and condition.op == "all"


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
