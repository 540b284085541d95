"""A virtual clock: recorded events and the timers they set, in the order of their time, through the live engine."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from heapq import heappop, heappush
from itertools import count
from typing import TypeAlias

from frontdesk_rules.engine.decide import Decision, Deferred, decide, release
from frontdesk_rules.engine.index import RuleSet
from frontdesk_rules.engine.past import Shown
from frontdesk_rules.engine.ready import CompiledRule, looks_back
from frontdesk_rules.engine.timers import Timer, arm, armed
from frontdesk_rules.facts.moments import Moment, View
from frontdesk_rules.language.actions import class_of
from frontdesk_rules.language.triggers import moment_key
from frontdesk_rules.trying.people import Recorded, Someone

Told: TypeAlias = Callable[[Decision, Someone, Moment], None]
Met: TypeAlias = Callable[[Moment, Someone, tuple[CompiledRule, ...]], None]


@dataclass(slots=True)
class Play:
    """`told` hears every decision with its person and moment; of a deferred one, again when it is released.

    What happens before `since` makes the past and sets timers; rules are asked from then on. `met` hears of each moment
    at which they are, with those that can act. `beforehand`: whom one knows when they first appear; copied then.
    """

    rules: RuleSet
    told: Told
    since: datetime | None = None
    beforehand: Mapping[str, Someone] = field(default_factory=dict)
    met: Met | None = None
    people: dict[str, Someone] = field(default_factory=dict)
    _due: list[tuple[datetime, int, Timer | Deferred, Someone]] = field(default_factory=list)
    _numbers: count[int] = field(default_factory=count)
    _names: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        self._names = frozenset().union(*(looks_back(rule) for rule in self.rules.rules))

    def play(self, recorded: Iterable[Recorded]) -> None:
        """What happened, in the order of time; timers that are due in between come first."""
        for one in recorded:
            if self._due and self._due[0][0] <= one.at:
                self.run_until(one.at)
            self._happen(one)

    def run_until(self, until: datetime) -> None:
        """Everything that is due by then."""
        while self._due and self._due[0][0] <= until:
            at, _, thing, someone = heappop(self._due)
            if isinstance(thing, Deferred):
                self._release(thing, someone)
            elif someone.timers.get((thing.rule_id, thing.anchor)) is thing:
                self._ask(thing.moment(at), someone)

    def someone(self, person: str) -> Someone:
        found = self.people.get(person)
        if found is None:
            known = self.beforehand.get(person)
            found = self.people[person] = Someone(person) if known is None else known.copy()
        return found

    def _happen(self, one: Recorded) -> None:
        someone = self.someone(one.person)
        for moment in someone.live_through(one, self._names):
            self._ask(moment, someone)
        if one.facts:
            self._arm_for(someone, one)

    def _arm_for(self, someone: Someone, one: Recorded) -> None:
        """Timers for what is known of the person from now on."""
        moment = Moment(kind="page", at=one.at)
        view = View(moment, someone, someone.id)
        for rule in self.rules.armed_by_facts:
            timer = armed(rule.live, view, someone.whom)
            if timer is not None:
                self._set(timer, someone)

    def _ask(self, moment: Moment, someone: Someone) -> None:
        view = None
        for rule in self.rules.armed_by.get(moment_key(moment), ()):
            view = view or View(moment, someone, someone.id)
            arming = arm(rule.live, view, someone.whom)
            for cancel in arming.cancel:
                for key in [key for key, timer in someone.timers.items() if cancel.concerns(timer)]:
                    del someone.timers[key]
            for timer in arming.set:
                self._set(timer, someone)
        if self.since is not None and moment.at < self.since:
            return
        candidates = self.rules.candidates(moment)
        if self.met:
            self.met(moment, someone, candidates)
        for decision in decide(moment, candidates, someone, someone, someone.whom) if candidates else ():
            self._remember(decision, someone, moment.at)
            self.told(decision, someone, moment)

    def _set(self, timer: Timer, someone: Someone) -> None:
        key = (timer.rule_id, timer.anchor)
        if key not in someone.timers:
            someone.timers[key] = timer
            self._push(timer.fires_at, timer, someone)

    def _push(self, at: datetime, thing: Timer | Deferred, someone: Someone) -> None:
        heappush(self._due, (at, next(self._numbers), thing, someone))

    def _remember(self, decision: Decision, someone: Someone, at: datetime) -> None:
        if decision.counted:
            someone.done[decision.rule.id, decision.repeat_key] = at
        for planned in decision.actions:
            if planned.action.shown:
                shown = Shown(at, class_of(planned.action), someone.session, someone.conversation)
                someone.told.append(shown)
        if decision.deferred and decision.until:
            (rule,) = [one for one in self.rules.by_id[decision.rule.id] if one.live is decision.rule]
            self._push(decision.until, Deferred(rule, decision.view.moment, decision.until), someone)

    def _release(self, deferred: Deferred, someone: Someone) -> None:
        decision = release(deferred, someone, someone, someone.whom)
        self._remember(decision, someone, deferred.now)
        self.told(decision, someone, decision.view.moment)
