"""What collect asks of us: for each arrival of a group, what rules make of it, and what waits for the person.

Gather, decide, act. Rules come from memory; nothing is gathered unless a rule asks for it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from frontdesk.collect.ports import Arrival, Verdict, Watch
from frontdesk.core.ids import new_id
from frontdesk.engage.deciding import decisions
from frontdesk.engage.deciding.cases import Case, cases_of
from frontdesk.engage.deciding.decisions import Concluded
from frontdesk.engage.doing import deliveries
from frontdesk.engage.doing.deliveries import Waiter
from frontdesk.engage.facts.case_facts import CaseFacts
from frontdesk.engage.facts.gathering import Gathered
from frontdesk.engage.facts.memory import PersonMemory
from frontdesk.engage.ports import EngagePorts
from frontdesk.engage.rules.live import LiveRules
from frontdesk_rules import CompiledRule, RuleSet, View, Whom, decide

_NOTHING = Watch()


@dataclass(frozen=True, slots=True)
class Engine:
    """Rules at work: `decide` is collect's port of that name."""

    live: LiveRules
    ports: EngagePorts

    def decide(self, session: Session, arrivals: Sequence[Arrival], now: datetime) -> list[Verdict]:
        """One verdict for each arrival, in order. A person is told something only where its token is held."""
        rules = [self.live.get(session, arrival.workspace_id) for arrival in arrivals]
        cases = [case for arrival, live in zip(arrivals, rules, strict=True) for case in cases_of(arrival, live, now)]
        self.conclude(session, cases, now)
        waiters = [waiter for arrival in arrivals if (waiter := _waiter(arrival))]
        waiting = deliveries.hand_over(session, waiters, now)
        unread = self.ports.unread(session, [waiter.visitor_id for waiter in waiters]) if waiters else {}
        verdicts = []
        for arrival, live in zip(arrivals, rules, strict=True):
            told = arrival.visitor_id if arrival.token_held and arrival.visitor_id else ""
            verdicts.append(Verdict(waiting.get(told, []), _watch(arrival, live), unread.get(told, 0)))
        return verdicts

    def conclude(self, session: Session, cases: Sequence[Case], now: datetime) -> None:
        """Decide every case, store what was concluded, and act."""
        if not cases:
            return
        gathered = Gathered(session, cases, now)
        asked = [_asked(session, case, gathered) for case in cases]
        gathered.narrow([one.case for one in asked])
        concluded = [one for each in asked for one in _conclude(each, gathered, now)]
        decisions.store(session, concluded, now)
        for one in concluded:
            decisions.act(session, one, self.ports.actions, now)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A case with the rules that can match it, and its view: what they ask is gathered once."""

    case: Case
    facts: CaseFacts
    view: View


def _asked(session: Session, case: Case, gathered: Gathered) -> _Asked:
    facts = CaseFacts(session, case, gathered)
    view = View(case.moment, facts)
    return _Asked(case.narrowed(view), facts, view)


def _conclude(asked: _Asked, gathered: Gathered, now: datetime) -> Iterator[Concluded]:
    """What the candidates conclude; remembered at once, for the next moment may be the same person's."""
    case, view = asked.case, asked.view
    rules = case.candidates if decisions.misses_kept(case.moment) else _matching(case.candidates, view)
    if not rules:
        return
    memory = PersonMemory(case.subject, gathered)
    for decision in decide(case.moment, rules, view, memory, _whom(case, memory.ids)):
        if decision.counted:
            memory.remember(decision.rule.id, decision.repeat_key, case.moment.at)
        elif not memory.told_first(decision, case):
            continue
        yield Concluded(new_id("dec", now), case, decision, asked.facts)


def _whom(case: Case, ids: Sequence[str]) -> Whom:
    seen = case.subject.session
    return Whom(ids[0], seen.id if seen else None, case.conversation_id)


def _matching(candidates: Sequence[CompiledRule], view: View) -> list[CompiledRule]:
    """Those whose condition holds: of hundreds that a page view may ask, few, and only those need deciding."""
    return [rule for rule in candidates if rule.test is None or rule.test(view)]


def _waiter(arrival: Arrival) -> Waiter | None:
    if not arrival.token_held or arrival.visitor_id is None:
        return None
    return Waiter(arrival.visitor_id, arrival.session.id if arrival.session else None)


def _watch(arrival: Arrival, live: RuleSet) -> Watch:
    if arrival.page is None or not live.rules:
        return _NOTHING
    asked = live.watch(arrival.page.path)
    return Watch(asked.dwell_ms, asked.scroll, asked.exit_intent)
