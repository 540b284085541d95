"""All segments of a workspace, compiled: what each asks, and when the answer may have changed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from frontdesk.engage.segments.conditions import SEGMENTS, kept_condition, names_of, rule_of
from frontdesk.people.models import Segment
from frontdesk_rules import CompiledRule, LiveRule, Moment, RuleErrors, RuleSet, View, flips_at, looks_back
from frontdesk_rules.facts.catalogue import ZONE_FIELDS, Source, field_of
from frontdesk_rules.language.aggregates import Aggregate
from frontdesk_rules.language.conditions import Compare, Condition, leaves
from frontdesk_rules.language.operators import LOCAL

log = structlog.get_logger(__name__)

# What changes without a moment that says so: asked at each moment of the person.
_UNTOLD: Final = frozenset({Source.VISITOR, Source.COMPANY, Source.DELIVERIES})
# What is reckoned of purchases: it changes with any of them, and with time alone.
RECKONED: Final = frozenset(f"contact.rfm.{leaf}" for leaf in ("class", "recency", "frequency", "monetary"))
_BY_TIME: Final = frozenset({"within_last", "older_than"})


@dataclass(frozen=True, slots=True)
class CompiledSegment:
    """`rules` are its condition and those of the segments that it names, each as a rule that does nothing.

    `fields` and `events` are what it may ask for; `timed`, whether time alone may change the answer; `untold`, whether
    something may that no moment tells of. Of a segment by hand all of this is empty.
    """

    id: str
    key: str
    condition: Condition | None = None
    rules: tuple[CompiledRule, ...] = ()
    fields: frozenset[str] = frozenset()
    events: frozenset[str] = frozenset()
    hands: frozenset[str] = frozenset()
    timed: bool = False
    untold: bool = False

    def holds(self, view: View) -> bool:
        """Whether somebody is in it by its condition; `view` must know those that it names."""
        test = self.rules[0].test if self.rules else None
        return test is not None and test(view) is True

    def touched(self, moment: Moment) -> bool:
        """Whether the answer may be another after this moment."""
        if self.untold:
            return True
        among = {"event": self.events, "change": self.fields, "segment": self.hands}.get(moment.kind)
        return among is not None and moment.name in among

    def flips_at(self, view: View) -> datetime | None:
        """When the answer may be another with time alone."""
        conditions = [rule.live.rule.when for rule in self.rules] if self.timed else []
        instants = [at for one in conditions if one and (at := flips_at(one, view))]
        return min(instants, default=None)


@dataclass(frozen=True, slots=True)
class SegmentSet:
    """The segments of a workspace by key, each behind those that it names. Immutable."""

    by_key: Mapping[str, CompiledSegment]

    def closure(self, keys: Iterable[str]) -> list[CompiledSegment]:
        """These segments and all that they name, in an order in which each can be asked."""
        wanted = set(keys)
        for segment in reversed(list(self.by_key.values())):
            if segment.key in wanted:
                wanted |= names_of(segment.condition)
        return [segment for segment in self.by_key.values() if segment.key in wanted]


Kept = tuple[str, str, dict[str, Any] | None]
"""Id, key and tree of a segment."""

_LOADED: dict[str, tuple[list[Kept], SegmentSet]] = {}


def load(session: Session, workspace_id: str) -> SegmentSet:
    """The segments as they are now; compiled again only where one of them changed."""
    query = select(Segment.id, Segment.key, Segment.tree).where(Segment.workspace_id == workspace_id)
    rows: list[Kept] = [(one, key, tree) for one, key, tree in session.execute(query.order_by(Segment.key))]
    known = _LOADED.get(workspace_id)
    if known is None or known[0] != rows:
        known = _LOADED[workspace_id] = (rows, compiled(rows))
    return known[1]


def compiled(rows: Sequence[Kept]) -> SegmentSet:
    """One that this release cannot read is left out."""
    conditions: dict[str, Condition | None] = {}
    for segment_id, key, tree in rows:
        try:
            conditions[key] = kept_condition(tree) if tree is not None else None
        except RuleErrors:  # kept by a release that knew more: the others must be answered
            log.exception("segment_unreadable", segment=segment_id)
    ids = {key: segment_id for segment_id, key, _ in rows}
    rules = {
        rule.live.rule.key: rule
        for rule in RuleSet.compile(
            LiveRule(ids[key], 1, rule_of(key, condition)) for key, condition in conditions.items() if condition
        ).rules
    }
    return SegmentSet({key: _segment(ids[key], key, conditions, rules) for key in _in_order(conditions)})


def _segment(
    segment_id: str, key: str, conditions: Mapping[str, Condition | None], rules: Mapping[str, CompiledRule]
) -> CompiledSegment:
    condition = conditions[key]
    if condition is None:
        return CompiledSegment(segment_id, key)
    below = _below(key, conditions)
    asked = tuple(rules[name] for name in (key, *sorted(below - {key})) if name in rules)
    parts = [leaf for rule in asked for leaf in leaves(rule.live.rule.when)]
    fields = frozenset(name for rule in asked for name in rule.needs)
    return CompiledSegment(
        id=segment_id,
        key=key,
        condition=condition,
        rules=asked,
        fields=fields,
        events=frozenset(name for rule in asked for name in looks_back(rule)),
        hands=frozenset(name for name in below if conditions.get(name) is None),
        timed=any(_timed(leaf) for leaf in parts),
        untold=any(_untold(name) for name in fields - _only_for_dates(parts)),
    )


def _only_for_dates(parts: Sequence[Compare]) -> frozenset[str]:
    """The fields that are asked only to read a date in the person's zone: it is read again at its next flip."""
    asked = {leaf.field for leaf in parts if isinstance(leaf.field, str)}
    local = any(leaf.op in LOCAL or (isinstance(leaf.field, Aggregate) and leaf.field.local) for leaf in parts)
    return frozenset() if local else frozenset(ZONE_FIELDS) - asked


def _timed(leaf: Compare) -> bool:
    if isinstance(leaf.field, Aggregate):
        since = leaf.field.kind.startswith("time_since")
        return since or leaf.field.window.kind in ("within", "calendar") or leaf.op in _BY_TIME
    return leaf.field == "time.now" or leaf.field in RECKONED or leaf.op in _BY_TIME


def _untold(name: str) -> bool:
    row = field_of(name)
    return name in RECKONED or (row is not None and row.source in _UNTOLD)


def _below(key: str, conditions: Mapping[str, Condition | None]) -> set[str]:
    """What a segment names, what that names, and so on; itself only where it ends in itself."""
    found: set[str] = set()
    waiting = list(names_of(conditions.get(key)))
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += names_of(conditions.get(name))
    return found


def ends_in_itself(key: str, conditions: Mapping[str, Condition | None]) -> bool:
    """Whether a segment names itself, if only by others."""
    return key in _below(key, conditions)


def _in_order(conditions: Mapping[str, Condition | None]) -> list[str]:
    """Each behind those that it names."""
    return sorted(conditions, key=lambda key: (len(_below(key, conditions)), key))


__all__ = ["SEGMENTS", "CompiledSegment", "SegmentSet", "compiled", "ends_in_itself", "load"]
