"""All live rules of a workspace, indexed: a moment costs by the rules that can match it, not by all."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from frontdesk_rules.engine.bucket import Bucket
from frontdesk_rules.engine.making import Making, Version
from frontdesk_rules.engine.ready import NO_POLICY, CompiledRule
from frontdesk_rules.engine.timers import arming_keys
from frontdesk_rules.facts.moments import Moment, View
from frontdesk_rules.language.gates import Policy
from frontdesk_rules.language.pages import DwellTrigger, ExitIntentTrigger, ScrollTrigger
from frontdesk_rules.language.rule import LiveRule
from frontdesk_rules.language.timed import ReachesTrigger, ScheduleTrigger
from frontdesk_rules.language.triggers import moment_key


def _rank(live: LiveRule) -> tuple[int, str, int]:
    """Best first: by priority, ties by id; of one rule, the version that is asked of everybody before its shadow."""
    return -live.rule.priority, live.id, live.version


@dataclass(frozen=True, slots=True)
class Watch:
    """What the probe should report on one page, each once, just beyond the threshold; nothing else matters."""

    dwell_ms: tuple[int, ...] = ()
    scroll: tuple[int, ...] = ()
    exit_intent: bool = False


@dataclass(frozen=True, slots=True)
class RuleSet:
    """Immutable; swap the whole for another, which takes over what has not changed.

    `by_id`: the rules by what their timers go by, `timer_id`. `armed_by`: `moment_key` → the rules that such a moment
    sets or cancels timers for (`engine.timers.arm`).
    `armed_by_facts`: those that set one for everybody as they are (`engine.timers.armed`).
    """

    rules: tuple[CompiledRule, ...]
    buckets: Mapping[str, Bucket]
    by_id: Mapping[str, tuple[CompiledRule, ...]]
    armed_by: Mapping[str, tuple[CompiledRule, ...]]
    armed_by_facts: tuple[CompiledRule, ...]
    made: Making

    @staticmethod
    def compile(live: Iterable[LiveRule], policy: Policy = NO_POLICY, hot: Collection[str] = ()) -> RuleSet:
        """`policy` holds for every rule of the workspace. Generated code are the rules in the last bucket of their
        trigger, which are asked at each of its moments, and those whose ids are `hot`."""
        return _indexed(Making(policy, frozenset(hot)), live, {})

    def swapped(self, live: Iterable[LiveRule], policy: Policy = NO_POLICY) -> RuleSet:
        """What `compile` makes of these, for the price of what is new: a version that was here is not compiled again.

        A rule is known by its id and version, for what a version says never changes.
        """
        rules = self.rules if policy == self.made.policy else [rule.under(policy) for rule in self.rules]
        known = {(rule.id, rule.live.version): rule for rule in rules}
        return _indexed(replace(self.made, policy=policy), live, known)

    def candidates(self, moment: Moment, view: View | None = None) -> tuple[CompiledRule, ...]:
        """The rules whose trigger this moment is and whose condition may hold, best rank first.

        With a view, fields that some rule wants equal to a text or above a number are asked, and rules that want
        another value are left out. A timer's moment is for its own rule.
        """
        key = moment_key(moment)
        if moment.rule is not None:
            return tuple([rule for rule in self.by_id.get(moment.rule, ()) if rule.triggered(moment, key)])
        found = self._at(key, moment.path, view)
        return tuple([rule for rule in found if rule.by_key or rule.matches(moment)])

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
        lists, rules = bucket.found(path, view), self.rules
        orders = sorted(set().union(*lists) if len(lists) > 1 else lists[0]) if lists else ()
        return [rules[order] for order in orders]


def _indexed(making: Making, live: Iterable[LiveRule], known: Mapping[Version, CompiledRule]) -> RuleSet:
    rules = tuple(making.compiled(sorted(live, key=_rank), known))
    buckets: dict[str, Bucket] = {}
    by_id: dict[str, list[CompiledRule]] = {}
    for order, rule in enumerate(rules):
        by_id.setdefault(rule.live.timer_id, []).append(rule)
        bucket = buckets.setdefault(rule.key, Bucket())
        for anchor in rule.anchors or ():
            bucket.add(order, anchor)
        if rule.anchors is None:
            bucket.anywhere.append(order)
    for bucket in buckets.values():
        bucket.close(rules)
    return RuleSet(rules, buckets, _frozen(by_id), _armed_by(rules), tuple(filter(_by_facts, rules)), making)


def _armed_by(rules: Iterable[CompiledRule]) -> dict[str, tuple[CompiledRule, ...]]:
    armed: dict[str, list[CompiledRule]] = {}
    for rule in rules:
        for key in arming_keys(rule.live.rule.trigger):
            armed.setdefault(key, []).append(rule)
    return _frozen(armed)


def _frozen(lists: Mapping[str, list[CompiledRule]]) -> dict[str, tuple[CompiledRule, ...]]:
    return {key: tuple(rules) for key, rules in lists.items()}


def _by_facts(rule: CompiledRule) -> bool:
    return rule.live.active and isinstance(rule.live.rule.trigger, ReachesTrigger | ScheduleTrigger)


def _waits(trigger: object, path: str) -> bool:
    return isinstance(trigger, DwellTrigger | ScrollTrigger | ExitIntentTrigger) and trigger.concerns(path)
