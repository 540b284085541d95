"""The rules of one trigger key, by what a moment must have for them to act."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

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


Lists: TypeAlias = list[list[int]]


@dataclass(frozen=True, slots=True)
class _Values:
    """The rules that ask for values of a field: by value, and those that only ask whether it is known."""

    name: str
    by_value: Mapping[object, list[int]]
    known: list[int] | None
    unknown: list[int] | None

    def found(self, actual: object, found: Lists) -> None:
        """Those that want this value, one of these in a list, or only to know whether there is one."""
        if here := self.unknown if actual is MISSING else self.known:
            found.append(here)
        if isinstance(actual, str | int | float):
            if here := self.by_value.get(equality(actual)):
                found.append(here)
        elif isinstance(actual, list | tuple | set | frozenset):
            alike = (equality(value) for value in actual if isinstance(value, str | int | float))
            found += filter(None, map(self.by_value.get, alike))


@dataclass(frozen=True, slots=True)
class _Steps:
    """The rules that ask for at least so much of a field, lowest threshold first."""

    name: str
    thresholds: list[float]
    rules: list[int]

    def found(self, actual: object, found: Lists) -> None:
        """Those whose threshold is reached; a `gt` at its own threshold is asked in vain, and says no itself."""
        if isinstance(actual, int | float) and is_number(actual) and actual >= self.thresholds[0]:
            found.append(self.rules[: bisect_right(self.thresholds, actual)])


@dataclass(slots=True)
class Bucket:
    """The rules of one trigger key, by what a moment must have. Built once, then only read.

    Rules go by their `order`. `equal`: field → value → rules. `least`: field → thresholds and their rules, in order.
    `guarded`: comparisons without which some of the rest cannot act, asked once for all of them.
    """

    anywhere: list[int] = field(default_factory=list)
    path: dict[str, list[int]] = field(default_factory=dict)
    tail: dict[str, list[int]] = field(default_factory=dict)
    prefix: Trie[int] = field(default_factory=Trie)
    equal: dict[str, dict[object, list[int]]] = field(default_factory=dict)
    least: dict[str, list[tuple[float, int]]] = field(default_factory=dict)
    guarded: list[tuple[Test, list[int]]] = field(default_factory=list)
    _asked: list[_Values | _Steps] = field(default_factory=list)

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
        """What is asked of a view, as it is asked quickest."""
        for name, by_value in self.equal.items():
            self._asked.append(_Values(name, by_value, by_value.get(_KNOWN), by_value.get(_UNKNOWN)))
        for name, rows in self.least.items():
            rows.sort()
            self._asked.append(_Steps(name, [value for value, _ in rows], [rule for _, rule in rows]))
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

    def found(self, path: str | None, view: View | None) -> Lists:
        """The lists that may hold a rule for this page; with a view, those only whose fields have the value."""
        found = [self.anywhere] if self.anywhere else []
        if path is not None:
            self._on(normal_path(path), found)
        if view is None:
            return found + self._whatever
        found += [orders for test, orders in self.guarded if test(view)]
        for one in self._asked:
            one.found(view[one.name], found)
        return found

    @property
    def _whatever(self) -> Lists:
        """All that depends on what is known."""
        values = (orders for by_value in self.equal.values() for orders in by_value.values())
        steps = ([rule for _, rule in rows] for rows in self.least.values())
        return [*(orders for _, orders in self.guarded), *values, *steps]

    def _on(self, path: str, found: Lists) -> None:
        if here := self.path.get(path):
            found.append(here)
        if self.tail and (here := self.tail.get(path.rpartition("/")[2])):
            found.append(here)
        found += self.prefix.along(path)
