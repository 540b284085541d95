"""Schedules in the zone of each person: who has travelled since the timer was set is asked by the clocks there."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from frontdesk.engage.deciding.cases import Case
from frontdesk.engage.facts.case_facts import CaseFacts
from frontdesk.engage.facts.gathering import Gathered
from frontdesk.engage.ports import Subject
from frontdesk.engage.timers.claims import Due
from frontdesk.engage.timers.keys import Key
from frontdesk_rules import Moment, RuleSet, View
from frontdesk_rules.language.timed import ScheduleTrigger


def elsewhere(
    session: Session, timers: Sequence[Due], rules: RuleSet, people: Mapping[str, Subject], now: datetime
) -> dict[Key, datetime]:
    """When such timers are due where the person is now: at once, if that is when they are due already, else later."""
    asked = [
        (due, trigger, people[due.person_id]) for due, trigger in _in_zones(timers, rules) if due.person_id in people
    ]
    moments = [Moment(kind="schedule", at=due.due_at, received_at=now) for due, _, _ in asked]
    cases = [
        Case(subject, moment, candidates=(), page=None) for moment, (_, _, subject) in zip(moments, asked, strict=True)
    ]
    gathered = Gathered(session, cases, now)
    found = {}
    for case, (due, trigger, _) in zip(cases, asked, strict=True):
        view = View(case.moment, CaseFacts(session, case, gathered))
        found[due.key] = trigger.where_they_are(view, due.due_at)
    return found


def _in_zones(timers: Sequence[Due], rules: RuleSet) -> Iterator[tuple[Due, ScheduleTrigger]]:
    for due in timers:
        trigger = rules.by_id[due.rule_id][0].live.rule.trigger if due.rule_id in rules.by_id else None
        if isinstance(trigger, ScheduleTrigger) and due.kind == trigger.key and trigger.zone is None:
            yield due, trigger
