"""A live rule, ready to be asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final

from frontdesk_rules.engine.anchors import Anchors
from frontdesk_rules.engine.compile import compare, compiled
from frontdesk_rules.engine.fast import Test
from frontdesk_rules.engine.generate import generated
from frontdesk_rules.facts.known import KnownFacts
from frontdesk_rules.facts.moments import Moment, View
from frontdesk_rules.language.actions import of_conversation
from frontdesk_rules.language.aggregates import Aggregate
from frontdesk_rules.language.conditions import Compare, aggregates_of, fields_of
from frontdesk_rules.language.edges import EventTrigger
from frontdesk_rules.language.gates import Cap, Policy, Quiet
from frontdesk_rules.language.rule import LiveRule, Rule
from frontdesk_rules.language.timed import AbsenceTrigger, ReachesTrigger
from frontdesk_rules.language.triggers import Trigger

NO_POLICY: Final = Policy()
_NOTHING_ELSE: Final = KnownFacts({})


@dataclass(frozen=True, slots=True)
class CompiledRule:
    """`needs` are the fields it may ask for, `past` the questions about the history: gather no others.

    `rank` sorts the winner of an exclusive group first; `anchors` say where its set keeps it, `hot` that its test is
    generated code. `by_key` says that a moment with the trigger's key is one of the trigger's moments, without the
    further look that `matches` takes. `shows`: whether the person sees any of what it does; `talks`: whether any of it
    is done to a conversation. `caps` and `quiet` are the
    rule's and those of its workspace. Nothing here is of the set that it is in, so that the next one can take it over.
    """

    live: LiveRule
    test: Test | None
    key: str
    by_key: bool
    shows: bool
    matches: Callable[[Moment], bool]
    rank: tuple[int, str]
    needs: frozenset[str]
    past: tuple[Aggregate, ...] = ()
    caps: tuple[Cap, ...] = ()
    quiet: Quiet | None = None
    anchors: Anchors | None = None
    hot: bool = False
    talks: bool = False

    @property
    def id(self) -> str:
        return self.live.id

    def under(self, policy: Policy) -> CompiledRule:
        """The same in a workspace where this holds."""
        return replace(self, **_gates(self.live.rule, policy))

    def triggered(self, moment: Moment, key: str) -> bool:
        """Whether its trigger is this moment, whose key is given."""
        if moment.rule is not None and moment.rule != self.live.timer_id:
            return False
        return self.key == key and (self.by_key or self.matches(moment))


def compile_rule(
    live: LiveRule,
    policy: Policy = NO_POLICY,
    leaf: Callable[[Compare], Test] = compare,
    *,
    anchors: Anchors | None = None,
    hot: bool = False,
) -> CompiledRule:
    """`hot` rules become generated code, which takes longer to make and less long to ask. `leaf` makes comparisons;
    `anchors` are for a set, and may be left out where there is none."""
    rule = live.rule
    needs = fields_of(rule.when)
    if isinstance(rule.trigger, ReachesTrigger):
        needs |= {rule.trigger.field}
    if isinstance(rule.trigger, AbsenceTrigger) and rule.trigger.by_company:
        needs |= {"company.id"}
    return CompiledRule(
        live=live,
        test=(generated if hot else compiled)(rule.when, leaf) if rule.when else None,
        key=rule.trigger.key,
        by_key=rule.trigger.by_key,
        matches=_matcher(rule.trigger),
        shows=any(action.shown for _, action in rule.actions()),
        rank=(-rule.priority, live.id),
        # The reason "61 s on /pricing" names the page.
        needs=needs | {"page.path"} if "page.dwell" in needs else needs,
        past=aggregates_of(rule.when),
        talks=any(of_conversation(action) for _, action in rule.actions()),
        anchors=anchors,
        hot=hot,
        **_gates(rule, policy),
    )


def _gates(rule: Rule, policy: Policy) -> dict[str, Any]:
    return {"caps": (*rule.caps, *policy.caps), "quiet": rule.quiet or policy.quiet}


def _matcher(trigger: Trigger) -> Callable[[Moment], bool]:
    """Whether a moment with the trigger's key is one of its moments."""
    if not isinstance(trigger, EventTrigger) or trigger.where is None:
        return trigger.matches
    test = compiled(trigger.where)
    return lambda moment: test(View(moment, _NOTHING_ELSE)) is True


def looks_back(rule: CompiledRule) -> frozenset[str]:
    """The names of the events that it may ask the history for: a server gathers them all in one query."""
    names = {step.event for aggregate in rule.past for step in aggregate.steps}
    trigger = rule.live.rule.trigger
    if isinstance(trigger, AbsenceTrigger):
        names |= {trigger.of.event, trigger.after.event} if trigger.key_property else {trigger.of.event}
    return frozenset(names)
