"""What a rule would have done: the live engine over recorded events with a virtual clock. Pure and deterministic.

The rule is played together with the live ones, so that it wins and loses slots; and those for whom that makes a
difference once more without it (everybody, with its live version in its place, if there is one): so one sees what it
changes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence, Sized
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Final, TypeAlias

from frontdesk_rules.engine.decide import Decision
from frontdesk_rules.engine.held import Held
from frontdesk_rules.engine.index import RuleSet
from frontdesk_rules.engine.ready import NO_POLICY
from frontdesk_rules.facts.moments import Moment
from frontdesk_rules.language.deeds import Assign
from frontdesk_rules.language.gates import Policy
from frontdesk_rules.language.rule import LiveRule
from frontdesk_rules.trying.acts import Act, act_of
from frontdesk_rules.trying.people import Someone
from frontdesk_rules.trying.play import MOST_SCHEDULED, Met, Play, Told
from frontdesk_rules.trying.recorded import Recorded

Progress: TypeAlias = Callable[[float], None]
MOST_EXAMPLES: Final = 1_000
MOST_HELD: Final = 20  # examples of each reason
_AT_ONCE: Final = 1_000  # events; twenty times a second


@dataclass(frozen=True, slots=True)
class Question:
    """Which rule, among which live ones. A live rule of the same id is the version it is compared with.

    Events before `since` only make the past; rules are asked from then on. What is due by `until`, or by the last event
    where that is None, is still done. Of what schedules bring, `most_scheduled` moments.
    """

    rule: LiveRule
    live: Sequence[LiveRule] = ()
    policy: Policy = NO_POLICY
    since: datetime | None = None
    until: datetime | None = None
    most_scheduled: int = MOST_SCHEDULED


@dataclass(frozen=True, slots=True)
class Listeners:
    """`progress` is told now and then how much is done, from 0 to 1, where the recording has a length. `met` hears of
    each moment at which rules are asked, and which of them can act; `told` of each decision of the rule."""

    progress: Progress | None = None
    met: Met | None = None
    told: Told | None = None


SILENT: Final = Listeners()


@dataclass(slots=True)
class Simulation:
    """`held`: reason → how often; `examples`: reason → the first few for whom it was. `overlap`: other rule → people
    whom both reached. `displaced`: other rule → how often it lost a slot that it has without this rule. `load`: hour →
    team → conversations that this rule brought it. `gained` and `lost`: people whom it reaches and its live version
    does not, and the other way round. `cut`: the time from which on schedules brought nothing: it was too much.
    """

    asked: int = 0
    acted: int = 0
    deferred: int = 0
    acts: list[Act] = field(default_factory=list)
    people: set[str] = field(default_factory=set)
    held: Counter[str] = field(default_factory=Counter)
    examples: dict[str, list[tuple[datetime, str]]] = field(default_factory=dict)
    overlap: Counter[str] = field(default_factory=Counter)
    displaced: Counter[str] = field(default_factory=Counter)
    load: dict[str, Counter[str]] = field(default_factory=dict)
    gained: set[str] = field(default_factory=set)
    lost: set[str] = field(default_factory=set)
    events: int = 0
    cut: datetime | None = None

    def to_tree(self) -> dict[str, object]:
        """As JSON, in an order that does not change from run to run; long lists are cut, their lengths told."""
        return {
            "events": self.events,
            "asked": self.asked,
            "acted": self.acted,
            "deferred": self.deferred,
            "people": len(self.people),
            "acts": [one.to_tree() for one in self.acts],
            "held": _sorted(self.held),
            "examples": {
                reason: [{"at": at.isoformat(), "person": person} for at, person in found]
                for reason, found in sorted(self.examples.items())
            },
            "overlap": _sorted(self.overlap),
            "displaced": _sorted(self.displaced),
            "load": {hour: _sorted(teams) for hour, teams in sorted(self.load.items())},
            "gained": _listed(self.gained),
            "lost": _listed(self.lost),
        }


def _sorted(counts: Mapping[str, int]) -> dict[str, int]:
    return {key: counts[key] for key in sorted(counts)}


def _listed(people: set[str]) -> dict[str, object]:
    return {"count": len(people), "people": sorted(people)[:MOST_EXAMPLES]}


@dataclass(slots=True)
class _Run:
    """One playing: what the rule concluded, whom each rule reached, and who has a slot (for those `twice` who are in
    both playings; None: everybody)."""

    rule: LiveRule | None
    found: Simulation
    twice: Mapping[str, Someone] | None = None
    also: Told | None = None
    reached: dict[str, set[str]] = field(default_factory=dict)
    slots: set[tuple[str, str, datetime]] = field(default_factory=set)

    def told(self, decision: Decision, someone: Someone, moment: Moment) -> None:
        rule = decision.rule
        acted = decision.outcome == "acted"
        if (acted or decision.reason is Held.HELD_OUT) and (self.twice is None or someone.id in self.twice):
            self.slots.add((rule.id, someone.id, moment.at))
        if acted:
            self.reached.setdefault(rule.id, set()).add(someone.id)
        if self.rule is not None and rule is self.rule:
            self._count(decision, someone, moment)
            if self.also:
                self.also(decision, someone, moment)

    def _count(self, decision: Decision, someone: Someone, moment: Moment) -> None:
        found = self.found
        found.asked += 1
        found.deferred += bool(decision.deferred)
        if decision.reason is not None:
            found.held[str(decision.reason)] += 1
            examples = found.examples.setdefault(str(decision.reason), [])
            if len(examples) < MOST_HELD:
                examples.append((moment.at, someone.id))
        if decision.outcome != "acted":
            return
        found.acted += 1
        found.people.add(someone.id)
        actions = [one.action for one in (decision.actions or decision.withheld)]
        if len(found.acts) < MOST_EXAMPLES:
            found.acts.append(act_of(moment.at, someone.id, decision.variant, actions))
        for action in actions:
            if isinstance(action, Assign):
                hour = moment.at.strftime("%Y-%m-%dT%H:00Z")
                found.load.setdefault(hour, Counter())[action.team or action.teammate or ""] += 1


def simulate(
    question: Question,
    recorded: Iterable[Recorded],
    people: Mapping[str, Someone] | None = None,
    listeners: Listeners = SILENT,
) -> Simulation:
    """`recorded` in the order of time, in UTC; taken as it comes and never held as a whole. `people`: what is known of
    them beforehand, looked up when they first appear; copied, never changed.
    """
    rule, known = question.rule, {} if people is None else people
    others = [one for one in question.live if one.id != rule.id]
    before = [one for one in question.live if one.id == rule.id]
    found = Simulation()
    without, second = _Run(None, Simulation()), None
    if before or any(_meet(rule, other) for other in others):
        second = Play(RuleSet.compile([*others, *before], question.policy), without.told, question.since, known)
        second.most_scheduled = question.most_scheduled
    with_it = _Run(rule, found, second.people if second else {}, listeners.told)
    rules = RuleSet.compile([*others, rule], question.policy)
    play = Play(rules, with_it.told, question.since, known, listeners.met, rule, second, apart=bool(before))
    play.most_scheduled = question.most_scheduled
    found.events = _through(play, recorded, question.until, listeners.progress)
    found.cut = play.cut
    for other in others:
        _compare(found, other, with_it, without)
    if before:
        was = without.reached.get(rule.id, set())
        found.gained, found.lost = found.people - was, was - found.people
    return found


def _meet(one: LiveRule, other: LiveRule) -> bool:
    """Whether one may get in the way of the other: by a slot of their group, or by what caps count."""
    if one.rule.exclusive is not None and one.rule.exclusive == other.rule.exclusive:
        return True
    return _shows(one) and _shows(other)


def _shows(live: LiveRule) -> bool:
    return any(action.shown for _, action in live.rule.actions())


def _compare(found: Simulation, other: LiveRule, with_it: _Run, without: _Run) -> None:
    both = len(with_it.reached.get(other.id, set()) & found.people)
    if both:
        found.overlap[other.rule.key] = both
    gone = [slot for slot in without.slots - with_it.slots if slot[0] == other.id]
    if gone:
        found.displaced[other.rule.key] = len(gone)


def _through(play: Play, recorded: Iterable[Recorded], until: datetime | None, progress: Progress | None) -> int:
    """How many events there were."""
    whole = len(recorded) if isinstance(recorded, Sized) else 0
    events, done, last = iter(recorded), 0, until
    while chunk := list(islice(events, _AT_ONCE)):
        if progress and whole:
            progress(done / whole)
        play.play(chunk)
        done += len(chunk)
        last = until or chunk[-1].at
    if last is not None:
        play.run_until(last)
    if progress:
        progress(1)
    return done
