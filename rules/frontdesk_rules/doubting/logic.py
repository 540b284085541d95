"""Comparisons that rule each other out, or leave nothing out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from frontdesk_rules.doubting.alone import idle
from frontdesk_rules.doubting.excluding import FLIPPED, covering, excluded
from frontdesk_rules.doubting.implying import implies
from frontdesk_rules.findings import Path
from frontdesk_rules.language.conditions import AtLeast, Compare, Condition, Group, Not
from frontdesk_rules.telling.phrases import clause
from frontdesk_rules.words import Words

Placed = tuple[Path, Compare]


@dataclass(frozen=True, slots=True)
class Needed:
    """A comparison that must hold for a whole to hold, or must not (`held` False: it must be false, and known)."""

    path: Path
    asked: Compare
    held: bool = True

    def words(self) -> Words:
        said = Words("{c}", "{c}") if self.held else Words("not: {c}", "“{c}”不成立")
        return said.fill_all(c=clause(self.asked))


Clash = tuple[Path, Needed, Needed]


def contradictions(condition: Condition, path: Path) -> Iterator[Clash]:
    """Two comparisons that must both be as they are said to be, and cannot; and where the second of them stands."""
    together = (combinations(needed(part, spot), 2) for spot, part in nodes(condition, path))
    found = {
        (one.path, other.path): (other.path, one, other)  # what a group says in another is looked at with each of them
        for pairs in together
        for one, other in pairs
        if _clash(one, other)
    }
    yield from found.values()
    for spot, part in nodes(condition, path):
        if isinstance(part, AtLeast) and part.count < len(part.of):
            yield from _too_few(part, spot)


def _clash(one: Needed, other: Needed) -> bool:
    if idle(one.asked) or idle(other.asked):
        return False  # said of it by itself
    if one.held and other.held:
        return excluded(one.asked, other.asked)
    true, false = (one, other) if one.held else (other, one)
    return true.held and true.asked.field == false.asked.field and implies(true.asked, false.asked)


def _too_few(condition: AtLeast, path: Path) -> Iterator[Clash]:
    """The first two that rule each other out, where so many do that not enough can hold."""
    apart: list[list[Placed]] = []
    for spot, part in placed_parts(condition, path):
        if isinstance(part, Compare):
            group = next((one for one in apart if all(excluded(part, other) for _, other in one)), None)
            apart.append([(spot, part)]) if group is None else group.append((spot, part))
    most = len(condition.of) - sum(len(group) - 1 for group in apart)
    if most < condition.count:
        one, other = max(apart, key=len)[:2]
        yield other[0], Needed(*one), Needed(*other)


def tautologies(condition: Condition, path: Path) -> Iterator[tuple[Path, Compare, Compare]]:
    """Two comparisons of which one must hold, and one always does."""
    for spot, group in nodes(condition, path):
        if not isinstance(group, Group) or group.op != "any":
            continue
        alternatives = [((*spot, "any", n), part) for n, part in enumerate(group.of) if isinstance(part, Compare)]
        for (_, one), (at, other) in combinations(alternatives, 2):
            if one.field == other.field and not (idle(one) or idle(other)) and covering(one, other):
                yield at, one, other


def nodes(condition: Condition, path: Path) -> Iterator[tuple[Path, Condition]]:
    """The condition and all that it is made of, each with its place."""
    yield path, condition
    for spot, part in placed_parts(condition, path):
        yield from nodes(part, spot)


def conjuncts(condition: Condition | None) -> frozenset[Compare]:
    return frozenset(one for _, one in must_hold(condition, ())) if condition else frozenset()


def must_hold(condition: Condition, path: Path) -> Iterator[Placed]:
    """The comparisons that must hold for the whole to hold, through nested groups; what must not, as its opposite."""
    return ((one.path, one.asked) for one in needed(condition, path) if one.held)


def needed(condition: Condition, path: Path) -> Iterator[Needed]:
    """The same, and those without an opposite that must not hold."""
    if isinstance(condition, Compare):
        yield Needed(path, condition)
    elif isinstance(condition, Not) or (isinstance(condition, Group) and condition.op == "none"):
        for spot, part in placed_parts(condition, path):
            yield from _must_fail(part, spot)
    elif _all(condition):
        for spot, part in placed_parts(condition, path):
            yield from needed(part, spot)


def counts_that_must_hold(condition: Condition, path: Path) -> Iterator[Path]:
    """Where an `at_least` stands without which the whole does not hold."""
    if isinstance(condition, AtLeast):
        yield path
    if _all(condition):
        for spot, part in placed_parts(condition, path):
            yield from counts_that_must_hold(part, spot)


def _all(condition: Condition) -> bool:
    if isinstance(condition, AtLeast):
        return condition.count == len(condition.of)
    return isinstance(condition, Group) and condition.op == "all"


def _must_fail(condition: Condition, path: Path) -> Iterator[Needed]:
    if isinstance(condition, Compare):
        opposite = FLIPPED.get(condition.op)
        other = Compare(condition.field, opposite, condition.value, condition.zone) if opposite else condition
        yield Needed(path, other, held=opposite is not None)
    elif isinstance(condition, Not):
        yield from needed(condition.of, (*path, "not"))
    elif isinstance(condition, Group) and condition.op == "any":
        for spot, part in placed_parts(condition, path):
            yield from _must_fail(part, spot)


def placed_parts(condition: Condition, path: Path) -> Iterator[tuple[Path, Condition]]:
    if isinstance(condition, Not):
        yield (*path, "not"), condition.of
    elif not isinstance(condition, Compare):
        key = condition.op if isinstance(condition, Group) else "of"
        for n, part in enumerate(condition.of):
            yield (*path, key, n), part
