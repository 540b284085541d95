"""What becomes of timers that are due: rules are asked about each, as about any other moment, in one transaction.

The rule may have been paused, changed or archived since, the person merged or erased: whoever is due is asked anew.
A schedule sets its next time. A timer whose rule or person is gone is deleted.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import groupby
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from frontdesk.engage.deciding.cases import Case
from frontdesk.engage.deciding.engine import Brings, Engine, Released
from frontdesk.engage.facts.subjects import subjects
from frontdesk.engage.models import RuleVersion
from frontdesk.engage.ports import Subject
from frontdesk.engage.timers import claims, deferred
from frontdesk.engage.timers.cancelling import delete_timers
from frontdesk.engage.timers.claims import Claim, Due
from frontdesk.engage.timers.travelling import elsewhere
from frontdesk.engage.timers.twins import overtaken
from frontdesk_rules import CompiledRule, Deferred, RuleSet, Timer, due_of, rule_of, timer_id
from frontdesk_rules.engine.timers import arming_keys

_AT_WORK: Final = ("live", "shadow", "paused")
_A_MOMENT: Final = timedelta(seconds=2)  # until every process has heard of new rules
_MOST_WAITS: Final = 5
_FIRST: Final = -1_000  # before any priority there is


@dataclass(frozen=True, slots=True)
class Firing:
    """`others`: further kinds of timers that are no rule's → who knows what they bring."""

    engine: Engine
    others: Mapping[str, Brings] = field(default_factory=dict)

    def fire(self, session: Session, claim: Claim, now: datetime) -> int:
        """Fire what of this claim is still ours; how many those were. Again, it fires none of them."""
        ours = claims.held(session, claim)
        brought = _Brought()
        for workspace_id, group in groupby(sorted(ours, key=_workspace), _workspace):
            self._gather(_Group(session, workspace_id, list(group), now), brought)
        claims.fired(session, brought.fired, now)
        claims.move(session, brought.moved)
        delete_timers(session, [due.key for due in brought.gone])
        _drop_orphans(session, brought.orphans, now)
        self.engine.conclude(session, sorted(brought.cases, key=_rank), now)
        if brought.released:
            self.engine.release(session, brought.released, now)
        return len(ours)

    def _gather(self, group: "_Group", brought: "_Brought") -> None:
        brings = {**self.engine.brings, **self.others}
        for kind, asked in brings.items():
            if timers := [due for due in group.timers if due.kind == kind]:
                delete_timers(group.session, [due.key for due in timers])  # before: it may set them again
                brought.cases += asked(group.session, timers, group.now)
        timers = [due for due in group.timers if due.kind not in brings]
        rules = self.engine.live.get(group.session, group.workspace_id)
        people = subjects(group.session, group.workspace_id, {due.person_id for due in timers}, group.now)
        behind = overtaken(group.session, timers, rules)
        there = elsewhere(group.session, timers, rules, people, group.now)
        for due in timers:
            subject = people.get(due.person_id)
            if due.key in behind:
                brought.gone.append(due)
            elif due.rule_id not in rules.by_id:
                brought.orphans.append(due)
            elif (right := there.get(due.key) or _right_time(due, rules)) != due.due_at:
                brought.moved.append((due, right))
            else:
                brought.add(due, self._asked(group, due, subject, rules) if subject else None)

    def _asked(self, group: "_Group", due: Due, subject: Subject, rules: RuleSet) -> Case | Released | None:
        if due.kind != deferred.KIND:
            return _case(due, subject, rules, group.now)
        kept = deferred.kept(due.payload)
        rule = self.engine.live.as_of(group.session, rules, rules.by_id[due.rule_id][0], kept.version)
        return _released(due, replace(subject, session=kept.session), rule, group.now)


@dataclass(frozen=True, slots=True)
class _Group:
    session: Session
    workspace_id: str
    timers: list[Due]
    now: datetime


@dataclass(slots=True)
class _Brought:
    """What a claim comes to. `gone` is the person, or what the rule waited for, or it began while that was waited for;
    orphans are of no rule we know; `moved` were set by a version that wanted another time, or where the person
    is no more."""

    cases: list[Case] = field(default_factory=list)
    released: list[Released] = field(default_factory=list)
    fired: list[Due] = field(default_factory=list)
    gone: list[Due] = field(default_factory=list)
    moved: list[tuple[Due, datetime]] = field(default_factory=list)
    orphans: list[Due] = field(default_factory=list)

    def add(self, due: Due, asked: Case | Released | None) -> None:
        if asked is None:
            self.gone.append(due)
            return
        self.fired.append(due)
        if isinstance(asked, Released):
            self.released.append(asked)
        else:
            self.cases.append(asked)


def _workspace(due: Due) -> str:
    return due.workspace_id


def _rank(case: Case) -> tuple[int, datetime, str]:
    """The best first, as rules are ranked now; what no rule has set comes before."""
    priority, rule_id = case.candidates[0].rank if case.candidates else (_FIRST, "")
    return priority, case.moment.at, rule_id


def _case(due: Due, subject: Subject, rules: RuleSet, now: datetime) -> Case | None:
    """The moment that it is, for its own rule; None if that waits for no such thing any more."""
    moment = _timer(due).moment(now)
    candidates = rules.candidates(moment)
    if not candidates:
        return None
    conversation_id = due.anchor if due.kind == "conversation" else None
    # what comes again is set again: by nothing else, also while the rule is paused
    arming = tuple(rule for rule in candidates if rule.key in arming_keys(rule.live.rule.trigger))
    return Case(subject, moment, candidates, page=None, conversation_id=conversation_id, arming=arming)


def _right_time(due: Due, rules: RuleSet) -> datetime:
    """When it is due by the rule that waits for it now: a process that had an older version may have set it."""
    rule = rules.by_id[due.rule_id][0]
    return due_of(rule.live, _timer(due)) if due.kind == rule.key else due.due_at


def _timer(due: Due) -> Timer:
    return Timer(
        rule_id=due.rule_id,
        person=due.person_id,
        anchor=due.anchor,
        anchor_at=due.anchor_at,
        due=due.due_at,
        kind=due.kind,  # type: ignore[arg-type]  # armed as one
        properties=due.payload.get("properties", {}),
        passed=due.payload.get("passed", False),
    )


def _released(due: Due, subject: Subject, rule: CompiledRule, now: datetime) -> Released:
    kept = deferred.kept(due.payload)
    moment = kept.as_moment()
    case = Case(
        subject,
        moment,
        candidates=(rule,),
        page=kept.page,
        conversation_id=kept.conversation_id,
        delivery_id=kept.delivery_id,
    )
    return Released(case, Deferred(rule, moment, now, due.due_at, kept.reason), kept.decision_id)


def _drop_orphans(session: Session, orphans: Sequence[Due], now: datetime) -> None:
    """Delete them, but for rules that are at work after all: another process has just saved one, and we hear of it."""
    asked = {rule_of(due.rule_id) for due in orphans}
    row = RuleVersion
    query = select(row.rule_id, row.state).where(row.rule_id.in_(asked), row.state.in_(_AT_WORK))
    at_work = {timer_id(rule, shadow=state == "shadow") for rule, state in session.execute(query)} if asked else set()
    heard_of = [due for due in orphans if due.rule_id in at_work and due.tries < _MOST_WAITS]
    claims.leave_for(session, heard_of, now + _A_MOMENT, failed=True)
    delete_timers(session, [due.key for due in orphans if due not in heard_of])
