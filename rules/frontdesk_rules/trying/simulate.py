"""What a rule would have done: the live engine over recorded events with a virtual clock. Pure and deterministic.

The rule is played together with the live ones, so that it wins and loses slots, and once more without it (or with its
live version in its place): the difference is what it changes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, TypeAlias

from frontdesk_rules.engine.decide import Decision
from frontdesk_rules.engine.held import Held
from frontdesk_rules.engine.index import RuleSet
from frontdesk_rules.engine.ready import NO_POLICY
from frontdesk_rules.facts.moments import Moment
from frontdesk_rules.language.deeds import Assign
from frontdesk_rules.language.gates import Policy
from frontdesk_rules.language.rule import LiveRule
from frontdesk_rules.trying.people import Recorded, Someone
from frontdesk_rules.trying.play import Play

Progress: TypeAlias = Callable[[float], None]
MOST_EXAMPLES: Final = 1_000
_TELL_EVERY: Final = 1_000  # events; twenty times a second


@dataclass(frozen=True, slots=True)
class Question:
    """Which rule, among which live ones, and for whom. A live rule of the same id is the version it is compared with.

    Events before `since` only make the past; decisions count from then on.
    """

    rule: LiveRule
    live: Sequence[LiveRule] = ()
    policy: Policy = NO_POLICY
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Act:
    """One time that the rule acted: for whom, when, and what it did."""

    at: datetime
    person: str
    variant: str | None
    actions: tuple[dict[str, object], ...]


@dataclass(slots=True)
class Simulation:
    """`held`: reason → how often. `overlap`: other rule → people whom both reached. `displaced`: other rule → how often
    it lost a slot that it has without this rule. `load`: hour → team → conversations that this rule brought it.
    `gained` and `lost`: people whom it reaches and its live version does not, and the other way round."""

    asked: int = 0
    acted: int = 0
    deferred: int = 0
    acts: list[Act] = field(default_factory=list)
    people: set[str] = field(default_factory=set)
    held: Counter[str] = field(default_factory=Counter)
    overlap: Counter[str] = field(default_factory=Counter)
    displaced: Counter[str] = field(default_factory=Counter)
    load: dict[str, Counter[str]] = field(default_factory=dict)
    gained: set[str] = field(default_factory=set)
    lost: set[str] = field(default_factory=set)
    events: int = 0

    def to_tree(self) -> dict[str, object]:
        """As JSON, in an order that does not change from run to run."""
        return {
            "events": self.events,
            "asked": self.asked,
            "acted": self.acted,
            "deferred": self.deferred,
            "people": len(self.people),
            "acts": [
                {"at": one.at.isoformat(), "person": one.person, "variant": one.variant, "actions": list(one.actions)}
                for one in self.acts
            ],
            "held": _sorted(self.held),
            "overlap": _sorted(self.overlap),
            "displaced": _sorted(self.displaced),
            "load": {hour: _sorted(teams) for hour, teams in sorted(self.load.items())},
            "gained": sorted(self.gained),
            "lost": sorted(self.lost),
        }


def _sorted(counts: Mapping[str, int]) -> dict[str, int]:
    return {key: counts[key] for key in sorted(counts)}


@dataclass(slots=True)
class _Run:
    """One playing: what the rule concluded, whom each rule reached, and who lost a slot."""

    rule: LiveRule | None
    since: datetime | None
    found: Simulation
    reached: dict[str, set[str]] = field(default_factory=dict)
    slots: set[tuple[str, str, datetime]] = field(default_factory=set)

    def told(self, decision: Decision, someone: Someone, moment: Moment) -> None:
        if self.since is not None and moment.at < self.since:
            return
        rule = decision.rule
        if decision.outcome == "acted" or decision.reason is Held.HELD_OUT:
            self.slots.add((rule.id, someone.id, moment.at))
        if decision.outcome == "acted":
            self.reached.setdefault(rule.id, set()).add(someone.id)
        if self.rule is not None and rule is self.rule:
            self._count(decision, someone, moment)

    def _count(self, decision: Decision, someone: Someone, moment: Moment) -> None:
        found = self.found
        found.asked += 1
        found.deferred += bool(decision.deferred)
        if decision.reason is not None:
            found.held[str(decision.reason)] += 1
        if decision.outcome != "acted":
            return
        found.acted += 1
        found.people.add(someone.id)
        actions = [one.action for one in (decision.actions or decision.withheld)]
        if len(found.acts) < MOST_EXAMPLES:
            trees = tuple(action.to_tree() for action in actions)
            found.acts.append(Act(moment.at, someone.id, decision.variant, trees))
        for action in actions:
            if isinstance(action, Assign):
                hour = moment.at.strftime("%Y-%m-%dT%H:00Z")
                found.load.setdefault(hour, Counter())[action.team or action.teammate or ""] += 1


def simulate(
    question: Question,
    recorded: Iterable[Recorded],
    people: Mapping[str, Someone] | None = None,
    progress: Progress | None = None,
) -> Simulation:
    """`recorded` in the order of time, in UTC. `people`: what is known of them beforehand; copied, never changed.

    `progress` is told now and then how much is done, from 0 to 1.
    """
    events = list(recorded)
    play = _Stage(question, events, people, progress)
    rule = question.rule
    others = [one for one in question.live if one.id != rule.id]
    before = [one for one in question.live if one.id == rule.id]
    found = Simulation(events=len(events))
    after = play.through(_Run(rule, question.since, found), [*others, rule], 0)
    without = play.through(_Run(None, question.since, Simulation()), [*others, *before], 0.5)
    for other in others:
        both = len(after.reached.get(other.id, set()) & found.people)
        if both:
            found.overlap[other.rule.key] = both
        gone = [slot for slot in without.slots - after.slots if slot[0] == other.id]
        if gone:
            found.displaced[other.rule.key] = len(gone)
    if before:
        was = without.reached.get(rule.id, set())
        found.gained, found.lost = found.people - was, was - found.people
    return found


@dataclass(frozen=True, slots=True)
class _Stage:
    """What is the same in both playings."""

    question: Question
    events: list[Recorded]
    people: Mapping[str, Someone] | None
    progress: Progress | None

    def through(self, run: _Run, live: list[LiveRule], done: float) -> _Run:
        play = Play(RuleSet.compile(live, self.question.policy), run.told)
        for person, known in (self.people or {}).items():
            play.people[person] = known.copy()
        play.play(self.events if self.progress is None else self._telling(self.progress, done))
        if self.events:
            play.run_until(self.events[-1].at)
        if self.progress:
            self.progress(done + 0.5)
        return run

    def _telling(self, progress: Progress, done: float) -> Iterator[Recorded]:
        for number, event in enumerate(self.events):
            if number % _TELL_EVERY == 0:
                progress(done + number / len(self.events) / 2)
            yield event
