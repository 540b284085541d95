"""A virtual clock: recorded events and the timers they set, in the order of their time, through the live engine."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from heapq import heappop, heappush
from itertools import count
from typing import Final, TypeAlias

from frontdesk_rules.engine.decide import Decision, Deferred, decide, release
from frontdesk_rules.engine.index import RuleSet
from frontdesk_rules.engine.past import Shown
from frontdesk_rules.engine.ready import CompiledRule, looks_back
from frontdesk_rules.engine.timers import arm, armed
from frontdesk_rules.engine.waits import Timer
from frontdesk_rules.facts.moments import Moment, View
from frontdesk_rules.language.actions import class_of
from frontdesk_rules.language.rule import LiveRule
from frontdesk_rules.language.timed import ScheduleTrigger
from frontdesk_rules.language.triggers import moment_key
from frontdesk_rules.trying.candidates import Candidates
from frontdesk_rules.trying.companies import Companies
from frontdesk_rules.trying.people import Someone
from frontdesk_rules.trying.recorded import Recorded
from frontdesk_rules.urls import normal_path

MOST_SCHEDULED: Final = 500_000  # moments that schedules bring: no simulation is without end
Told: TypeAlias = Callable[[Decision, Someone, Moment], None]
Met: TypeAlias = Callable[[Moment, Someone, tuple[CompiledRule, ...]], None]


@dataclass(slots=True)
class Play:
    """`told` hears every decision with its person and moment; of a deferred one, again when it is released.

    What happens before `since` makes the past and sets timers; rules are asked from then on. `met` hears of each moment
    at which they are, with those that can act. `beforehand`: whom one knows when they first appear; copied then.

    `asked` is the one rule that it is all about: others are told of where their condition holds. `without` is the same
    without it: there, a person lives on as somebody else from the first moment at which the rule makes a difference to
    anyone else's; until then nothing is played twice. `apart`: from the beginning.

    Schedules bring `most_scheduled` moments in all; `cut` is the time from which on they bring none any more.
    """

    rules: RuleSet
    told: Told
    since: datetime | None = None
    beforehand: Mapping[str, Someone] = field(default_factory=dict)
    met: Met | None = None
    asked: LiveRule | None = None
    without: Play | None = None
    apart: bool = False
    most_scheduled: int = MOST_SCHEDULED
    cut: datetime | None = None
    people: dict[str, Someone] = field(default_factory=dict)
    _due: list[tuple[datetime, tuple[int, str], int, Timer | Deferred, Someone]] = field(default_factory=list)
    _numbers: count[int] = field(default_factory=count)
    _names: frozenset[str] = frozenset()
    _companies: Companies = field(default_factory=Companies)
    _candidates: Candidates = field(init=False)

    def __post_init__(self) -> None:
        self._candidates = Candidates(self.rules)
        self._names = frozenset().union(*(looks_back(rule) for rule in self.rules.rules))
        if self.without:
            self._names |= self.without._names

    def play(self, recorded: Iterable[Recorded]) -> None:
        """What happened, in the order of time; timers that are due in between come first."""
        other = self.without
        for one in recorded:
            at = one.at if one.late is None else one.late
            if (self._due and self._due[0][0] <= at) or (other and other._due and other._due[0][0] <= at):
                self.run_until(at)
            self._happen(one)

    def run_until(self, until: datetime) -> None:
        """Everything that is due by then."""
        while self._due and self._due[0][0] <= until:
            at, _, number, thing, someone = heappop(self._due)
            del someone.waiting[number]
            if isinstance(thing, Deferred):
                self._release(thing, someone)
            elif someone.timers.get((thing.rule_id, thing.anchor)) is thing:
                self._fire(thing, thing.moment(at), someone)
        if self.without:
            self.without.run_until(until)

    def _fire(self, timer: Timer, moment: Moment, someone: Someone) -> None:
        someone.leave(moment.received_at or moment.at)
        if moment.kind == "schedule":
            if self._moved(timer, View(moment, someone, someone.id), someone):
                return
            if self.most_scheduled <= 0:
                self.cut = self.cut or moment.at
                del someone.timers[timer.rule_id, timer.anchor]
                return
            self.most_scheduled -= 1
        self._ask(moment, someone)

    def _moved(self, timer: Timer, view: View, someone: Someone) -> bool:
        """Whether a schedule is due later where the person is now; it is waited for then."""
        trigger = next((one.live.rule.trigger for one in self.rules.by_id.get(timer.rule_id, ())), None)
        due = trigger.where_they_are(view, timer.due) if isinstance(trigger, ScheduleTrigger) else timer.due
        if due == timer.due:
            return False
        self._wait(replace(timer, due=due), someone)
        return True

    def someone(self, person: str) -> Someone:
        found = self.people.get(person)
        if found is None:
            known = self.beforehand.get(person)
            found = self.people[person] = Someone(person) if known is None else known.copy()
            found.companies = self._companies
            self._companies.note(found)
        return found

    def _happen(self, one: Recorded) -> None:
        new = one.person not in self.people
        someone = self.someone(one.person)
        other, twin = self.without, None
        if other:
            twin = other.people.get(one.person) or (self._part(someone, other) if self.apart else None)
            if twin:
                twin.live_through(one, self._names, heard=False)
        heard = one.kind != "page" or normal_path(one.path or "/") not in self._candidates.unasked
        for moment in someone.live_through(one, self._names, heard=heard):
            if other and twin:
                other._ask(moment, twin)
            self._ask(moment, someone)
            twin = twin or (other.people.get(one.person) if other else None)
        if one.facts or new:
            at = one.late or one.at
            self._arm_for(someone, at, new=new)
            if other and twin:
                other._arm_for(twin, at, new=new)

    def _arm_for(self, someone: Someone, at: datetime, *, new: bool) -> None:
        """Timers for what is known of the person from now on. A schedule begins with who is new, and goes on itself."""
        if not self.rules.armed_by_facts:
            return
        view = View(Moment(kind="page", at=at), someone, someone.id)
        for rule in self.rules.armed_by_facts:
            if not new and isinstance(rule.live.rule.trigger, ScheduleTrigger):
                continue
            timer = armed(rule.live, view, someone.whom)
            if timer is not None:
                self._set(timer, someone)

    def _ask(self, moment: Moment, someone: Someone) -> None:
        key = moment_key(moment)
        if key in self.rules.armed_by:
            self._arm(self.rules.armed_by[key], moment, someone)
        if self.since is not None and moment.at < self.since:
            return
        candidates = self._candidates.of(moment)
        if self.met:
            self.met(moment, someone, candidates)
        if candidates:
            self._decide(moment, candidates, someone)
        elif moment.kind == "page" and not (self.met or (self.without and self.without.rules.candidates(moment))):
            self._candidates.leave_out(moment)

    def _arm(self, rules: Iterable[CompiledRule], moment: Moment, someone: Someone) -> None:
        view = View(moment, someone, someone.id)
        for rule in rules:
            arming = arm(rule.live, view, someone.whom)
            for cancel in arming.cancel:
                for key in [key for key, timer in someone.timers.items() if cancel.concerns(timer)]:
                    del someone.timers[key]
            for timer in arming.set:
                self._set(timer, someone)

    def _decide(self, moment: Moment, candidates: Iterable[CompiledRule], someone: Someone) -> None:
        view, asked = View(moment, someone, someone.id), self.asked
        if asked is not None:
            candidates = [one for one in candidates if one.live is asked or one.test is None or one.test(view)]
        decisions = decide(moment, candidates, view, someone, someone.whom_at(moment))
        other = self.without
        if other and someone.id not in other.people and any(one.rule is asked and _matters(one) for one in decisions):
            twin = self._part(someone, other)
            other._decide(moment, other.rules.candidates(moment), twin)
        for decision in decisions:
            self._remember(decision, someone, moment, moment.at)
            self.told(decision, someone, moment)

    def _part(self, someone: Someone, other: Play) -> Someone:
        """The same person, as they go on without the rule."""
        twin = other.people[someone.id] = someone.copy()
        for at, thing in someone.waiting.values():
            other._push(at, thing, twin)
        return twin

    def _set(self, timer: Timer, someone: Someone) -> None:
        key = (timer.rule_id, timer.anchor)
        there = someone.timers.get(key)
        if there is None or timer.goes_before(
            there, fired=all(one is not there for _, one in someone.waiting.values())
        ):
            self._wait(timer, someone)

    def _wait(self, timer: Timer, someone: Someone) -> None:
        someone.timers[timer.rule_id, timer.anchor] = timer
        self._push(timer.fires_at, timer, someone)

    def _push(self, at: datetime, thing: Timer | Deferred, someone: Someone) -> None:
        number = next(self._numbers)
        someone.waiting[number] = (at, thing)
        heappush(self._due, (at, self._rank(thing), number, thing, someone))

    def _rank(self, thing: Timer | Deferred) -> tuple[int, str]:
        """What is due at one instant comes best rank first."""
        if isinstance(thing, Deferred):
            return thing.rule.rank
        rules = self.rules.by_id.get(thing.rule_id)
        return rules[0].rank if rules else (0, thing.rule_id)

    def _remember(self, decision: Decision, someone: Someone, moment: Moment, at: datetime) -> None:
        """What was concluded at a moment; `at` is later where something was put off at it."""
        if decision.counted:
            key = decision.rule.id, decision.repeat_key
            someone.done[key] = max(moment.at, someone.done.get(key, moment.at))
        if moment.rule is not None and decision.slot and at == moment.at:
            someone.slots[decision.slot] = moment.at, decision.rule.id
        for planned in decision.actions:
            if planned.action.shown:
                shown = Shown(at, class_of(planned.action), someone.session, someone.conversation)
                someone.told.append(shown)
        if decision.deferred and decision.until:
            (rule,) = [one for one in self.rules.by_id[decision.rule.timer_id] if one.live is decision.rule]
            self._push(decision.until, Deferred(rule, moment, decision.until, None, decision.reason), someone)

    def _release(self, deferred: Deferred, someone: Someone) -> None:
        decision = release(deferred, someone, someone, someone.whom)
        self._remember(decision, someone, deferred.moment, deferred.now)
        self.told(decision, someone, decision.view.moment)


def _matters(decision: Decision) -> bool:
    """Whether other rules may come out otherwise for it, now or later."""
    return decision.counted or decision.slot is not None
