"""The rules of one trigger key, by what a moment must have for them to act."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from frontdesk_rules.engine.anchors import Anchor, equality, known, must_hold
from frontdesk_rules.engine.compile import compare
from frontdesk_rules.engine.fast import Test
from frontdesk_rules.engine.ready import CompiledRule
from frontdesk_rules.engine.trie import Trie
from frontdesk_rules.facts.known import MISSING
from frontdesk_rules.facts.moments import View
from frontdesk_rules.language.conditions import Compare
from frontdesk_rules.language.literals import is_number
from frontdesk_rules.urls import normal_path

_KNOWN: Final = known(is_known=True)
_UNKNOWN: Final = known(is_known=False)


@dataclass(slots=True)
class Bucket:
    """The rules of one trigger key, by what a moment must have. Built once, then only read.

    Rules go by their `order`. `equal`: field → value → rules. `least`: field → thresholds in order, and their rules.
    `guarded`: comparisons without which some of the rest cannot act, asked once for all of them.
    """

    anywhere: list[int] = field(default_factory=list)
    path: dict[str, list[int]] = field(default_factory=dict)
    tail: dict[str, list[int]] = field(default_factory=dict)
    prefix: Trie[int] = field(default_factory=Trie)
    equal: dict[str, dict[object, list[int]]] = field(default_factory=dict)
    least: dict[str, list[tuple[float, int]]] = field(default_factory=dict)
    guarded: list[tuple[Test, list[int]]] = field(default_factory=list)

    def add(self, rule: int, anchor: Anchor) -> None:
        value = str(anchor.value)
        if anchor.kind == "prefix":
            self.prefix.add(value, rule)
        elif anchor.kind in ("equal", "known"):
            self.equal.setdefault(anchor.field, {}).setdefault(anchor.value, []).append(rule)
        elif anchor.kind == "least":
            self.least.setdefault(anchor.field, []).append((anchor.value, rule))  # type: ignore[arg-type]  # by `anchors`
        else:
            (self.path if anchor.kind == "path" else self.tail).setdefault(value, []).append(rule)

    def close(self, rules: Sequence[CompiledRule]) -> None:
        for rows in self.least.values():
            rows.sort()
        self._guard(rules)

    def _guard(self, rules: Sequence[CompiledRule]) -> None:
        """What is left is sorted by the comparison that most of it has in common."""
        needed = {order: must_hold(rules[order].live.rule.when) for order in self.anywhere}
        common = Counter(one for conditions in needed.values() for one in conditions)
        shared: dict[Compare, list[int]] = {}
        rest: list[int] = []
        for order, conditions in needed.items():
            guard = max(conditions, key=common.__getitem__, default=None)
            if guard is None or common[guard] == 1:
                rest.append(order)
            else:
                shared.setdefault(guard, []).append(order)
        self.anywhere = rest
        self.guarded = [(compare(guard), orders) for guard, orders in shared.items()]

    def found(self, path: str | None, view: View | None) -> Iterator[list[int]]:
        """The lists that may hold a rule for this page; with a view, those only whose fields have the value."""
        if self.anywhere:
            yield self.anywhere
        for test, orders in self.guarded:
            if view is None or test(view):
                yield orders
        if path is not None:
            yield from self._on(normal_path(path))
        for name, by_value in self.equal.items():
            yield from by_value.values() if view is None else _equal(by_value, view[name])
        for name, rows in self.least.items():
            end = len(rows) if view is None else _reached(rows, view[name])
            yield [rule for _, rule in rows[:end]]

    def _on(self, path: str) -> Iterator[list[int]]:
        if found := self.path.get(path):
            yield found
        if self.tail and (found := self.tail.get(path.rpartition("/")[2])):
            yield found
        yield from self.prefix.along(path)


def _equal(by_value: dict[object, list[int]], actual: object) -> Iterator[list[int]]:
    """The rules that want this value, one of these in a list, or only to know whether there is one."""
    if found := by_value.get(_UNKNOWN if actual is MISSING else _KNOWN):
        yield found
    if isinstance(actual, str | int | float):
        if found := by_value.get(equality(actual)):
            yield found
    elif isinstance(actual, list | tuple | set | frozenset):
        for value in actual:
            if isinstance(value, str | int | float) and (found := by_value.get(equality(value))):
                yield found


def _reached(rows: list[tuple[float, int]], actual: object) -> int:
    """How many thresholds the value has reached; a `gt` at its own threshold is asked in vain, and says no itself."""
    if not isinstance(actual, int | float) or not is_number(actual):
        return 0
    return bisect_right(rows, actual, key=lambda row: row[0])
