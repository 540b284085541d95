"""What rules concluded: stored with its reason, then acted on.

What is kept: each decision that acted; of the held ones, those that somebody may ask about, for the moment had come,
the condition held, and a later stage said no. A condition that did not hold is kept only for a dwell or a conversation,
which are rare: a page view may ask a hundred rules, and a hundred rows that say "not this campaign" would cost more
than the event itself; those answers can be found again from the events. And no more than one row for each person,
rule and reason in a session (or conversation), so that a rule which is held at every step says it once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from frontdesk.core.signals import announced
from frontdesk.engage.deciding.cases import Case
from frontdesk.engage.facts.case_facts import CaseFacts
from frontdesk.engage.models import DecisionRow
from frontdesk.engage.ports import ActionContext, Actions
from frontdesk_rules import Decision, LiveRule, Moment

log = structlog.get_logger(__name__)
_RARE = frozenset({"dwell", "conversation"})


@dataclass(frozen=True, slots=True)
class Concluded:
    """A decision that is kept, with what its actions may ask for."""

    id: str
    case: Case
    decision: Decision
    facts: CaseFacts

    @property
    def reasons(self) -> list[dict[str, str]]:
        return [reason.to_tree() for reason in self.decision.reasons]


def misses_kept(moment: Moment) -> bool:
    """Whether a condition that does not hold at this moment is kept as a decision, too."""
    return moment.kind in _RARE


def store(session: Session, concluded: Sequence[Concluded], now: datetime) -> None:
    """All decisions of a group in one insert."""
    if concluded:
        session.execute(insert(DecisionRow), [_row(one, now) for one in concluded])


def _row(one: Concluded, now: datetime) -> dict[str, Any]:
    decision, subject = one.decision, one.case.subject
    return {
        "id": one.id,
        "workspace_id": subject.workspace_id,
        "rule_id": decision.rule.id,
        "rule_version": decision.rule.version,
        "person_id": subject.person_id,
        # of a held one, the run in which it is told once; see `PersonMemory.told_first`
        "repeat_key": decision.repeat_key if decision.outcome == "acted" else one.case.run,
        "outcome": decision.outcome,
        "reason": decision.reason and str(decision.reason),
        "detail": _detail(one),
        "at": now,
    }


def _detail(one: Concluded) -> dict[str, Any]:
    decision, moment = one.decision, one.case.moment
    said = {
        "moment": {
            "kind": moment.kind,
            "name": moment.name,
            "path": moment.path,
            "dwell_ms": moment.dwell_ms,
            "id": moment.id,
        },
        "reasons": one.reasons,
        "explanation": decision.explanation and decision.explanation.to_tree(),
        "actions": [planned.action.to_tree() for planned in decision.actions],
        "lost_to": decision.lost_to,
        "conversation": one.case.conversation_id,
        "session": one.case.subject.session and one.case.subject.session.id,
    }
    return {key: value for key, value in said.items() if value}


def act(session: Session, one: Concluded, actions: Actions, now: datetime) -> None:
    """Carry out what was planned. An action that fails is undone alone and noted in the decision."""
    failed = []
    for planned in one.decision.actions:
        mark = len(announced(session))
        context = _context(one, planned.key, now)
        try:
            with session.begin_nested():
                actions[planned.action.name](session, context, planned.action)
        except Exception as error:  # the visitor's event or message must be stored, whatever a rule wants done
            del announced(session)[mark:]
            log.exception("action_failed", action=planned.action.name, rule=one.decision.rule.id)
            failed.append({"action": planned.action.name, "error": type(error).__name__})
    if failed:
        detail = _detail(one) | {"failed": failed}
        session.execute(update(DecisionRow).where(DecisionRow.id == one.id).values(detail=detail))


def _context(one: Concluded, key: str, now: datetime) -> ActionContext:
    return ActionContext(
        subject=one.case.subject,
        conversation_id=one.case.conversation_id,
        rule_id=one.decision.rule.id,
        rule_name=rule_name(one.decision.rule),
        decision_id=one.id,
        reasons=one.reasons,
        key=key,
        facts=one.facts,
        page=one.case.page,
        now=now,
    )


def rule_name(live: LiveRule) -> Mapping[str, str]:
    """`{"en", "zh"}` of a rule: what its author called it, else its key."""
    name = live.rule.name
    return name.words().to_tree() if name else {"en": live.rule.key, "zh": live.rule.key}
