"""All live rules of a workspace, indexed: a moment costs by the rules that can match it, not by all."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from frontdesk_rules.engine.anchors import Anchor, anchors_of, equality
from frontdesk_rules.engine.compile import Sharing
from frontdesk_rules.engine.ready import NO_POLICY, CompiledRule, compile_rule
from frontdesk_rules.engine.timers import arming_keys
from frontdesk_rules.engine.trie import Trie
from frontdesk_rules.facts.moments import Moment, View
from frontdesk_rules.language.gates import Policy
from frontdesk_rules.language.literals import is_number
from frontdesk_rules.language.pages import DwellTrigger, ExitIntentTrigger, ScrollTrigger
from frontdesk_rules.language.rule import LiveRule
from frontdesk_rules.language.timed import ReachesTrigger, ScheduleTrigger
from frontdesk_rules.language.triggers import moment_key
from frontdesk_rules.urls import normal_path


def _rank(live: LiveRule) -> tuple[int, str, int]:
    """Best first: by priority, ties by id; of one rule, the version that is asked of everybody before its shadow."""
    return -live.rule.priority, live.id, live.version


@dataclass(frozen=True, slots=True)
class Watch:
    """What the probe should report on one page, each once, just beyond the threshold; nothing else matters."""

    dwell_ms: tuple[int, ...] = ()
    scroll: tuple[int, ...] = ()
    exit_intent: bool = False


@dataclass(slots=True)
class Bucket:
    """The rules of one trigger key, by what a moment must have. Built once, then only read.

    Rules go by their `order`. `equal`: field → value → rules. `least`: field → thresholds in order, and their rules.
    """

    anywhere: list[int] = field(default_factory=list)
    path: dict[str, list[int]] = field(default_factory=dict)
    tail: dict[str, list[int]] = field(default_factory=dict)
    prefix: Trie[int] = field(default_factory=Trie)
    equal: dict[str, dict[object, list[int]]] = field(default_factory=dict)
    least: dict[str, list[tuple[float, int]]] = field(default_factory=dict)

    def add(self, rule: int, anchor: Anchor) -> None:
        value = str(anchor.value)
        if anchor.kind == "prefix":
            self.prefix.add(value, rule)
        elif anchor.kind == "equal":
            self.equal.setdefault(anchor.field, {}).setdefault(anchor.value, []).append(rule)
        elif anchor.kind == "least":
            self.least.setdefault(anchor.field, []).append((anchor.value, rule))  # type: ignore[arg-type]  # a number, by `anchors`
        else:
            (self.path if anchor.kind == "path" else self.tail).setdefault(value, []).append(rule)

    def close(self) -> None:
        for rows in self.least.values():
            rows.sort()

    def found(self, path: str | None, view: View | None) -> Iterator[list[int]]:
        """The lists that may hold a rule for this page; with a view, those only whose fields have the value."""
        if self.anywhere:
            yield self.anywhere
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
    if isinstance(actual, str | int | float) and (found := by_value.get(equality(actual))):
        yield found


def _reached(rows: list[tuple[float, int]], actual: object) -> int:
    """How many thresholds the value has reached; a `gt` at its own threshold is asked in vain, and says no itself."""
    if not isinstance(actual, int | float) or not is_number(actual):
        return 0
    return bisect_right(rows, actual, key=lambda row: row[0])


@dataclass(frozen=True, slots=True)
class RuleSet:
    """Immutable; swap the whole for another.

    `armed_by`: `moment_key` → the rules that such a moment sets or cancels timers for (`engine.timers.arm`).
    `armed_by_facts`: those that set one for everybody as they are (`engine.timers.armed`).
    """

    rules: tuple[CompiledRule, ...]
    buckets: Mapping[str, Bucket]
    by_id: Mapping[str, tuple[CompiledRule, ...]]
    armed_by: Mapping[str, tuple[CompiledRule, ...]]
    armed_by_facts: tuple[CompiledRule, ...]

    @staticmethod
    def compile(live: Iterable[LiveRule], policy: Policy = NO_POLICY, hot: Collection[str] = ()) -> RuleSet:
        """`policy` holds for every rule of the workspace. `hot`: ids of the rules that are to be generated code."""
        sharing = Sharing()
        ranked = enumerate(sorted(live, key=_rank))
        rules = tuple([compile_rule(one, policy, sharing, order=n, hot=one.id in hot) for n, one in ranked])
        buckets: dict[str, Bucket] = {}
        by_id: dict[str, tuple[CompiledRule, ...]] = {}
        for rule in rules:
            by_id[rule.id] = (*by_id.get(rule.id, ()), rule)
            bucket = buckets.setdefault(rule.key, Bucket())
            anchors = anchors_of(rule.live.rule)
            for anchor in anchors or ():
                bucket.add(rule.order, anchor)
            if anchors is None:
                bucket.anywhere.append(rule.order)
        for bucket in buckets.values():
            bucket.close()
        return RuleSet(rules, buckets, by_id, _armed_by(rules), tuple(filter(_by_facts, rules)))

    def candidates(self, moment: Moment, view: View | None = None) -> tuple[CompiledRule, ...]:
        """The rules whose trigger this moment is and whose condition may hold, best rank first.

        With a view, fields that some rule wants equal to a text or above a number are asked, and rules that want
        another value are left out. A timer's moment is for its own rule.
        """
        key = moment_key(moment)
        if moment.rule is not None:
            return tuple([rule for rule in self.by_id.get(moment.rule, ()) if rule.triggered(moment, key)])
        found = self._at(key, moment.path, view)
        return tuple([rule for rule in found if rule.by_key or rule.live.rule.trigger.matches(moment)])

    def watch(self, path: str) -> Watch:
        """What the live rules wait for on this page."""
        dwell: set[int] = set()
        scroll: set[int] = set()
        leaving = False
        for kind in (DwellTrigger.kind, ScrollTrigger.kind, ExitIntentTrigger.kind):
            for rule in self._at(kind, path, None):
                trigger = rule.live.rule.trigger
                if not rule.live.active or not _waits(trigger, path):
                    continue
                if isinstance(trigger, DwellTrigger):
                    dwell.add(trigger.threshold_ms)
                elif isinstance(trigger, ScrollTrigger):
                    scroll.add(trigger.percent)
                leaving = leaving or isinstance(trigger, ExitIntentTrigger)
        return Watch(tuple(sorted(dwell)), tuple(sorted(scroll)), leaving)

    def _at(self, key: str, path: str | None, view: View | None) -> Iterable[CompiledRule]:
        bucket = self.buckets.get(key)
        if bucket is None:
            return ()
        lists = list(bucket.found(path, view))
        orders = sorted(set().union(*lists)) if len(lists) > 1 else lists[0] if lists else ()
        return [self.rules[order] for order in orders]


def _armed_by(rules: Iterable[CompiledRule]) -> dict[str, tuple[CompiledRule, ...]]:
    armed: dict[str, tuple[CompiledRule, ...]] = {}
    for rule in rules:
        for key in arming_keys(rule.live.rule.trigger) if rule.live.active else ():
            armed[key] = (*armed.get(key, ()), rule)
    return armed


def _by_facts(rule: CompiledRule) -> bool:
    return rule.live.active and isinstance(rule.live.rule.trigger, ReachesTrigger | ScheduleTrigger)


def _waits(trigger: object, path: str) -> bool:
    return isinstance(trigger, DwellTrigger | ScrollTrigger | ExitIntentTrigger) and trigger.concerns(path)
