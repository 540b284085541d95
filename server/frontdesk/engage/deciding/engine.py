"""Rules at work: for each moment of a person, what the rules make of it, and what is done about it.

Gather, decide, act. Rules come from memory; nothing is gathered unless a rule asks for it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from msgspec import Struct, structs
from sqlalchemy.orm import Session

from frontdesk.collect.ports import Arrival, Verdict
from frontdesk.core.db.statements import one_at_a_time
from frontdesk.core.ids import new_id
from frontdesk.engage.deciding import decisions
from frontdesk.engage.deciding import fellows as fellowship
from frontdesk.engage.deciding import joining as merging
from frontdesk.engage.deciding.acting import Made, act
from frontdesk.engage.deciding.answering import Told, verdicts
from frontdesk.engage.deciding.arming import arm_all, whom
from frontdesk.engage.deciding.cases import Case, cases_of
from frontdesk.engage.deciding.decisions import Concluded
from frontdesk.engage.deciding.fellows import Fellows
from frontdesk.engage.deciding.joining import Joining
from frontdesk.engage.deciding.share import Share
from frontdesk.engage.deciding.showing import Showing
from frontdesk.engage.facts.case_facts import CaseFacts
from frontdesk.engage.facts.gathering import Gathered
from frontdesk.engage.facts.memory import PersonMemory
from frontdesk.engage.ports import EngagePorts
from frontdesk.engage.rules.live import LiveRules
from frontdesk.engage.segments import flips
from frontdesk.engage.segments.keeping import Segments
from frontdesk.engage.segments.watched import LiveSegments
from frontdesk.engage.timers.armings import Armings
from frontdesk.engage.timers.claims import Due
from frontdesk.engage.timers.deferred import put_off
from frontdesk_rules import Decision, Deferred, View, decide, release
from frontdesk_rules.engine.repeating import counted_by


@dataclass(frozen=True, slots=True)
class Released:
    """A message that was put off, at the time that it was put off to. `decision_id` is what put it off."""

    case: Case
    deferred: Deferred
    decision_id: str


Brings = Callable[[Session, Sequence[Due], datetime], Sequence[Case]]
"""What timers of a kind that is no rule's bring: the cases that rules are to be asked about because of them.

They are of one workspace, and deleted already; whoever is asked may set them again.
"""


@dataclass(frozen=True, slots=True)
class Engine:
    """`decide` is collect's port of that name. `brings`: each kind of timer that is no rule's → what such bring."""

    live: LiveRules
    ports: EngagePorts
    segments: Segments = field(init=False)
    fellows: Fellows = field(init=False)
    brings: Mapping[str, Brings] = field(init=False)
    showing: Showing = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "showing", Showing(self.live))
        segments = Segments(LiveSegments(self.live))
        fellows, joining = Fellows(self.live, segments), Joining(self.live, segments)
        brings = {flips.KIND: segments.flipped, fellowship.KIND: fellows.walked, merging.KIND: joining.met}
        for name, value in {"segments": segments, "fellows": fellows, "brings": brings}.items():
            object.__setattr__(self, name, value)

    def decide(self, session: Session, arrivals: Sequence[Arrival], now: datetime) -> list[Verdict]:
        """One verdict for each arrival, in order. A person is told something only where its token is held."""
        rules = [self.live.get(session, arrival.workspace_id) for arrival in arrivals]
        cases = [case for arrival, live in zip(arrivals, rules, strict=True) for case in cases_of(arrival, live, now)]
        cases += self.segments.of_arrivals(session, arrivals, now)
        self.fellows.of_arrivals(session, arrivals, now)
        acted = {one.case.subject.person_id for one in self.conclude(session, cases, now) if one.decision.actions}
        told = [
            Told(arrival, live, acted=arrival.person_id in acted) for arrival, live in zip(arrivals, rules, strict=True)
        ]
        return verdicts(session, told, self.showing, self.ports.standing, now)

    def conclude(self, session: Session, cases: Sequence[Case], now: datetime) -> list[Concluded]:
        """Arm timers, decide every case, store what was concluded, and act; so, too, for what the actions caused."""
        concluded: list[Concluded] = []
        share = Share()
        while cases:
            latest, moments = self._decide(session, cases, now)
            concluded += latest
            cases = share.within(self._follow(session, moments, now))
        return concluded

    def _decide(self, session: Session, cases: Sequence[Case], now: datetime) -> tuple[list[Concluded], list[Made]]:
        """One round: what is concluded of these cases, and what that made happen."""
        gathered = Gathered(session, cases, now)
        asked = [_asked(session, case, gathered) for case in cases]
        gathered.narrow([one.case for one in asked])
        asked = [_matched(one) for one in asked]
        gathered.narrow([one.case for one in asked])
        # what was said and done to them is looked up after this, so that two at once do not say it twice
        known = [one.case for one in asked if one.case.candidates and not one.case.subject.new]
        one_at_a_time(session, [gathered.ids(case.subject)[0] for case in known])
        armings = Armings(session)
        concluded = [one for each in asked for one in _conclude(each, gathered, armings, now)]
        armings.store()
        return concluded, self._carry_out(session, concluded, now)

    def release(self, session: Session, released: Sequence[Released], now: datetime) -> list[Concluded]:
        """What becomes of messages that were put off, now that their time has come."""
        gathered = Gathered(session, [one.case for one in released], now)
        one_at_a_time(session, [gathered.ids(one.case.subject)[0] for one in released])
        concluded = [_release(session, one, gathered, now) for one in released]
        moments = self._carry_out(session, concluded, now)
        return concluded + self.conclude(session, self._follow(session, moments, now), now)

    def _carry_out(self, session: Session, concluded: Sequence[Concluded], now: datetime) -> list[Made]:
        """Store the decisions, put off what is deferred, act; what that made happen, and to whom."""
        decisions.store(session, concluded, now)
        for one in concluded:
            if one.decision.deferred:
                put_off(session, one, now)
        return act(session, concluded, self.ports.actions, now)

    def _follow(self, session: Session, moments: Sequence[Made], now: datetime) -> list[Case]:
        """The cases that actions made: of the same person, one step deeper."""
        deeper = [(cause, replace(made, depth=cause.moment.depth + 1, received_at=now)) for cause, made in moments]
        cases = [cause.followed_by(made, self.live.get(session, cause.subject.workspace_id)) for cause, made in deeper]
        happened = [(cause.subject, made) for cause, made in deeper]
        self.fellows.of_moments(session, happened, now)
        entered = self.segments.moments_of(session, happened, now)
        return [*filter(None, cases), *entered]


class _Asked(Struct, frozen=True):
    """A case with the rules that can match it, and its view: what they ask is gathered once."""

    case: Case
    facts: CaseFacts
    view: View


def _asked(session: Session, case: Case, gathered: Gathered) -> _Asked:
    facts = CaseFacts(session, case, gathered)
    view = View(case.moment, facts)
    return _Asked(case.narrowed(view), facts, view)


def _conclude(asked: _Asked, gathered: Gathered, armings: Armings, now: datetime) -> Iterator[Concluded]:
    """What the candidates conclude; remembered at once, for the next moment may be the same person's."""
    case, view = asked.case, asked.view
    if case.arming or case.by_facts:
        arm_all(case, view, asked.facts, gathered, armings)
    if not case.candidates:
        return
    memory = PersonMemory(case.subject, gathered)
    for decision in decide(case.moment, case.candidates, view, memory, whom(case, memory.ids)):
        memory.remember(decision, case)
        if not decision.counted and not memory.told_first(decision, case):
            continue
        yield Concluded(new_id("dec", now), case, decision, asked.facts)


def _release(session: Session, one: Released, gathered: Gathered, now: datetime) -> Concluded:
    facts = CaseFacts(session, one.case, gathered)
    memory = PersonMemory(one.case.subject, gathered)
    who, rule = whom(one.case, memory.ids), one.deferred.rule.live
    done_at = memory.done(rule.id, counted_by(rule.rule, who, one.case.moment))
    decision: Decision = release(replace(one.deferred, done_at=done_at), facts, memory, who)
    memory.remember_release(decision, one.case)
    return Concluded(new_id("dec", now), one.case, decision, facts, one.decision_id)


def _matched(asked: _Asked) -> _Asked:
    """With those rules whose condition holds: of hundreds that a page view may ask, few, and only those need deciding;
    nor need what they did before be looked up for others."""
    case, view = asked.case, asked.view
    if not case.candidates or decisions.misses_kept(case.moment):
        return asked
    candidates = tuple(rule for rule in case.candidates if rule.test is None or rule.test(view))
    return structs.replace(asked, case=structs.replace(case, candidates=candidates))
