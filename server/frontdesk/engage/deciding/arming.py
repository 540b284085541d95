"""What a case sets and cancels: by its moment, and by what is known of its person."""

from collections.abc import Sequence

from frontdesk.engage.deciding.cases import Case
from frontdesk.engage.facts.case_facts import CaseFacts
from frontdesk.engage.facts.gathering import Gathered
from frontdesk.engage.timers.armings import Armings
from frontdesk.engage.timers.wanted import wanted
from frontdesk_rules import Arming, View, Whom, arm


def whom(case: Case, ids: Sequence[str]) -> Whom:
    """By which ids a rule counts; the person's is the one first seen."""
    seen = case.subject.session
    return Whom(ids[0], seen.id if seen else None, case.conversation_id)


def arm_all(case: Case, view: View, facts: CaseFacts, gathered: Gathered, armings: Armings) -> None:
    """Gather what the rules of a case set and cancel; no time of a fact is new to one that is paused."""
    ids, workspace_id = gathered.ids(case.subject), case.subject.workspace_id
    person = whom(case, ids)
    for rule in case.arming:
        armings.add(workspace_id, rule.live.rule.priority, arm(rule.live, view, person), ids)
    for rule in case.by_facts:
        timers = tuple(wanted(rule.live, view, facts, person)) if rule.live.active else ()
        if case.since:
            armings.keep_only(rule.live.timer_id, timers, ids, case.since)
        armings.add(workspace_id, rule.live.rule.priority, Arming(set=timers), ids)
