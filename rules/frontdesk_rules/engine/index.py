"""All live rules of a workspace, indexed: a moment costs by the rules that can match it, not by all.

Buckets, most selective first: (trigger, path) > (trigger, last segment of a path) > (trigger, path prefix) >
(trigger). The trigger's key already holds the name of an event or of what befell a conversation.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from operator import attrgetter
from typing import Final, TypeAlias

from frontdesk_rules.engine.compile import CompiledRule, compile_rule
from frontdesk_rules.facts.moments import Moment
from frontdesk_rules.language.conditions import Compare, Condition, Group
from frontdesk_rules.language.rule import LiveRule
from frontdesk_rules.language.triggers import DwellTrigger, PageTrigger, Trigger, moment_key
from frontdesk_rules.urls import normal_path

Anchor: TypeAlias = tuple[str, str]  # ("path", "/pricing"), ("tail", "pricing"), ("prefix", "/docs")
Anchors: TypeAlias = frozenset[Anchor]

_SELECTIVE: Final = {"path": 3, "tail": 2, "prefix": 1}
_ANYWHERE: Final[Anchor] = ("", "")


@dataclass(frozen=True, slots=True)
class Watch:
    """What the probe should report on one page, each once, just beyond the threshold; nothing else matters."""

    dwell_ms: tuple[int, ...] = ()
    scroll: tuple[int, ...] = ()
    exit_intent: bool = False


@dataclass(frozen=True, slots=True)
class RuleSet:
    """Immutable; swap the whole for another."""

    rules: tuple[CompiledRule, ...]
    buckets: Mapping[tuple[str, Anchor], tuple[CompiledRule, ...]]

    @staticmethod
    def compile(live: Iterable[LiveRule]) -> RuleSet:
        rules = tuple(sorted((compile_rule(one) for one in live), key=attrgetter("rank")))
        buckets: dict[tuple[str, Anchor], list[CompiledRule]] = {}
        for rule in rules:
            for anchor in _anchors_of(rule.live) or {_ANYWHERE}:
                buckets.setdefault((rule.live.rule.trigger.key, anchor), []).append(rule)
        return RuleSet(rules, {key: tuple(bucket) for key, bucket in buckets.items()})

    def candidates(self, moment: Moment) -> tuple[CompiledRule, ...]:
        """The rules whose trigger this moment is and whose condition may hold on this page, best rank first."""
        found = self._at(moment_key(moment), moment.path)
        return tuple([rule for rule in found if rule.by_key or rule.live.rule.trigger.matches(moment)])

    def watch(self, path: str) -> Watch:
        """What the live rules wait for on this page."""
        thresholds: set[int] = set()
        for rule in self._at(DwellTrigger.kind, path):
            trigger = rule.live.rule.trigger
            if isinstance(trigger, DwellTrigger) and rule.live.active and trigger.concerns(path):
                thresholds.add(trigger.threshold_ms)
        return Watch(dwell_ms=tuple(sorted(thresholds)))

    def _at(self, key: str, path: str | None) -> tuple[CompiledRule, ...]:
        buckets = [found for spot in _spots(path) if (found := self.buckets.get((key, spot)))]
        if len(buckets) < 2:  # noqa: PLR2004 - one bucket is in order already
            return buckets[0] if buckets else ()
        rules = {rule.id: rule for bucket in buckets for rule in bucket}
        return tuple(sorted(rules.values(), key=attrgetter("rank")))


def _spots(path: str | None) -> Iterator[Anchor]:
    """Every anchor under which a rule for this page may stand."""
    yield _ANYWHERE
    if path is None:
        return
    whole = normal_path(path)
    yield ("path", whole)
    yield ("tail", whole.rpartition("/")[2])
    yield ("prefix", "/")
    at = whole.find("/", 1)
    while at > 0:
        yield ("prefix", whole[:at])
        at = whole.find("/", at + 1)
    yield ("prefix", whole)


def _anchors_of(live: LiveRule) -> Anchors | None:
    """Where to keep a rule: the moment has one of these anchors, or the rule cannot act. None: anywhere."""
    return _best([_of_trigger(live.rule.trigger), _of_condition(live.rule.when)])


def _of_trigger(trigger: Trigger) -> Anchors | None:
    paths = trigger.paths if isinstance(trigger, PageTrigger | DwellTrigger) else ()
    return _union([_of_glob(path) for path in paths]) if paths else None


def _of_condition(condition: Condition | None) -> Anchors | None:
    if isinstance(condition, Compare):
        return _of_compare(condition) if condition.field == "page.path" else None
    if isinstance(condition, Group):
        of = [_of_condition(part) for part in condition.of]
        if condition.op == "all":
            return _best(of)
        return _union(of) if condition.op == "any" else None
    return None


def _of_compare(condition: Compare) -> Anchors | None:
    values = condition.value if isinstance(condition.value, tuple) else (condition.value,)
    if condition.op in ("eq", "path_eq", "in"):
        return frozenset(("path", normal_path(str(value))) for value in values)
    if condition.op == "path_prefix":
        return frozenset({("prefix", normal_path(str(condition.value)))})
    return _of_glob(str(condition.value)) if condition.op == "path_glob" else None


def _of_glob(pattern: str) -> Anchors | None:
    """The most that a glob says for certain: the whole path, its last segment, or how it begins."""
    if "*" not in pattern:
        return frozenset({("path", normal_path(pattern))})
    pattern = normal_path(pattern)
    tail = pattern.rpartition("/")[2]
    if tail and "*" not in tail:
        return frozenset({("tail", tail)})
    head = pattern[: pattern.index("*")].rpartition("/")[0]
    return None if not head else frozenset({("prefix", head)})


def _best(several: list[Anchors | None]) -> Anchors | None:
    """All of these hold, so one may be chosen: the one whose weakest anchor is the most selective."""
    known = [anchors for anchors in several if anchors is not None]
    return max(known, key=lambda anchors: min(_SELECTIVE[kind] for kind, _ in anchors), default=None)


def _union(several: list[Anchors | None]) -> Anchors | None:
    """One of these holds; if one of them is unknown, so are all."""
    union: Anchors = frozenset()
    for anchors in several:
        if anchors is None:
            return None
        union |= anchors
    return union
