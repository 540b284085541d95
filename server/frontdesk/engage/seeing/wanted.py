"""Which part of the past a simulation reads, and what its rules want to know of it. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from frontdesk.engage.facts.addresses import writes
from frontdesk_rules import CompiledRule, LiveRule, Policy, RuleSet, needs
from frontdesk_rules.durations import milliseconds
from frontdesk_rules.facts.catalogue import ZONE_FIELDS
from frontdesk_rules.language.aggregates import Aggregate
from frontdesk_rules.language.edges import ChangeTrigger, SegmentTrigger
from frontdesk_rules.language.timed import AbsenceTrigger, ReachesTrigger, ScheduleTrigger

# Events are kept for 395 days unless a setting says otherwise: what `ever` looks back at, at most.
FARTHEST: Final = timedelta(days=400)
# The longest that a calendar period reaches back: from the end of this year to the beginning of the last one.
_CALENDAR: Final = timedelta(days=2 * 366)
NOTHING: Final = timedelta(0)


@dataclass(frozen=True, slots=True)
class Times:
    """A recording begins at `begin`; rules are asked from `since` to `until`; the database is read at `now`."""

    begin: datetime
    since: datetime
    until: datetime
    now: datetime


@dataclass(frozen=True, slots=True)
class Wanted:
    """Of the rules that are played together. `fields` are what they may ask for, `names` the events that they look
    back at, `past` how far; `anchors` are the events whose timers may still be pending at the beginning, `ahead` how
    long before it they may lie. `watched`: attributes whose change is a moment. `everyone`: timers are set for people
    as they are, whether they do anything or not. `caps`: how far back what was shown counts. `letters`: whether any is
    written."""

    fields: frozenset[str]
    names: frozenset[str]
    past: timedelta
    anchors: frozenset[str]
    ahead: timedelta
    watched: frozenset[str]
    everyone: bool
    caps: timedelta
    segments: bool
    letters: bool
    rule_ids: frozenset[str]


def wanted_of(live: Sequence[LiveRule], policy: Policy) -> Wanted:
    """All that these rules may ask of anybody's past."""
    rules = RuleSet.compile(live, policy).rules
    triggers = [rule.live.rule.trigger for rule in rules]
    absences = [trigger for trigger in triggers if isinstance(trigger, AbsenceTrigger)]
    watched = {one.field for one in triggers if isinstance(one, ChangeTrigger | ReachesTrigger)}
    fields = needs(rules) | watched | set(ZONE_FIELDS)
    windows = [_reach(asked) for rule in rules for asked in rule.past]
    return Wanted(
        fields=frozenset(fields),
        names=frozenset(step.event for rule in rules for asked in rule.past for step in asked.steps),
        past=max(windows, default=NOTHING),
        anchors=frozenset(step.event for trigger in absences for step in (trigger.of, trigger.after)),
        ahead=max((trigger.lasts for trigger in absences), default=NOTHING),
        watched=frozenset(watched),
        everyone=any(isinstance(trigger, ReachesTrigger | ScheduleTrigger) for trigger in triggers),
        caps=_longest_cap(rules),
        segments="contact.segments" in fields or any(isinstance(trigger, SegmentTrigger) for trigger in triggers),
        letters=any(writes(rule.live.rule) for rule in rules),
        rule_ids=frozenset(rule.id for rule in rules),
    )


def _reach(asked: Aggregate) -> timedelta:
    if asked.window.kind == "within":
        return min(timedelta(milliseconds=milliseconds(asked.window.value)), FARTHEST)
    return min(_CALENDAR, FARTHEST) if asked.window.kind == "calendar" else FARTHEST


def _longest_cap(rules: Iterable[CompiledRule]) -> timedelta:
    return max((cap.lasts for rule in rules if rule.shows for cap in rule.caps), default=NOTHING)
