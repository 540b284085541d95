"""What rules concluded: stored with its reason, then acted on.

What is kept: each decision that acted; of the held ones, those that somebody may ask about, for the moment had come,
the condition held, and a later stage said no. A condition that did not hold is kept only for a dwell, a conversation or
what a clock brings once, which are rare: a page view may ask a hundred rules, and a hundred rows that say "not this
campaign" would cost more than the event itself; those answers can be found again from the events. And no more than one
row for each person, rule and reason in a session (or conversation), so that a rule which is held at every step says it
once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

import msgspec
from sqlalchemy import Table
from sqlalchemy.orm import Session

from frontdesk.core.clock import iso
from frontdesk.core.db import bulk
from frontdesk.engage.deciding.cases import Case
from frontdesk.engage.facts.case_facts import CaseFacts
from frontdesk.engage.models import DecisionRow
from frontdesk.engage.timers.deferred import at_hand
from frontdesk_rules import Decision, Held, LiveRule, Moment
from frontdesk_rules.language.timed import AbsenceTrigger, ReachesTrigger

_RARE = frozenset({"dwell", "conversation", "absence", "reaches"})


@dataclass(frozen=True, slots=True)
class Concluded:
    """A decision that is kept, with what its actions may ask for.

    `released` is the decision that had put off what this one is about.
    """

    id: str
    case: Case
    decision: Decision
    facts: CaseFacts
    released: str | None = None

    @property
    def reasons(self) -> list[dict[str, str]]:
        return [reason.to_tree() for reason in self.decision.reasons]


def misses_kept(moment: Moment) -> bool:
    """Whether a condition that does not hold at this moment is kept as a decision, too."""
    return moment.kind in _RARE


def leave_undone(session: Session, decision_id: str, action: str, reason: Held) -> None:
    """Note with a decision that acted what was not done in the end, and why."""
    row = session.get(DecisionRow, decision_id, with_for_update=True)
    if row is None:
        return
    left = {"action": action, "reason": str(reason)}
    row.detail = row.detail | {"left_undone": [*row.detail.get("left_undone", ()), left]}
    row.reason = row.reason or str(reason)
    session.flush()


def store(session: Session, concluded: Sequence[Concluded], now: datetime) -> None:
    """All decisions of a group in one insert."""
    bulk.insert(session, _TABLE, _COLUMNS, [_row(one, now) for one in concluded])


_TABLE = cast(Table, DecisionRow.__table__)
_COLUMNS = (
    "id", "workspace_id", "rule_id", "rule_version", "shadow", "person_id", "repeat_key", "outcome", "reason", "arm",
    "variant", "detail", "at", "occurred_at",
)  # fmt: skip


def _row(one: Concluded, now: datetime) -> tuple[Any, ...]:
    decision, subject = one.decision, one.case.subject
    # of a held one, the run in which it is told once; see `PersonMemory.told_first`
    key = decision.repeat_key if decision.counted else one.case.run
    return (
        one.id, subject.workspace_id, decision.rule.id, decision.rule.version, decision.rule.shadow, subject.person_id,
        key, decision.outcome, decision.reason and str(decision.reason), decision.arm, decision.variant, detail(one),
        now, one.case.moment.at,
    )  # fmt: skip


def detail(one: Concluded) -> dict[str, Any]:
    decision, moment = one.decision, one.case.moment
    said = {
        "moment": {
            "kind": moment.kind,
            "name": moment.name,
            "path": moment.path,
            "dwell_ms": moment.dwell_ms,
            "id": moment.id,
            "depth": moment.depth,
        },
        "reasons": one.reasons,
        "explanation": decision.explanation and decision.explanation.to_tree(),
        "actions": [planned.action.to_tree() for planned in (*decision.actions, *decision.withheld)],
        "deferred": [planned.action.to_tree() for planned in decision.deferred],
        "left_undone": _left_undone(decision),
        "until": decision.until and iso(decision.until),
        "released": one.released,
        "lost_to": decision.lost_to,
        "slot": moment.rule and decision.slot,
        "conversation": one.case.conversation_id,
        "session": one.case.subject.session and one.case.subject.session.id,
        "kept": _kept(decision) and msgspec.to_builtins(at_hand(one)),
    }
    return {key: value for key, value in said.items() if value}


def _kept(decision: Decision) -> bool:
    """Whether what is shown may have to be asked again, for it waits until the person comes."""
    rule = decision.rule.rule
    shown = any(planned.action.shown for planned in decision.actions)
    return shown and (rule.when is not None or isinstance(rule.trigger, AbsenceTrigger | ReachesTrigger))


def _left_undone(decision: Decision) -> list[dict[str, str]]:
    """What a rule that acts does not do, and why; of one that is held, the reason says it all."""
    if decision.outcome == "held":
        return []
    return [{"action": one.action.name, "reason": str(one.reason)} for one in decision.left_out]


def rule_name(live: LiveRule) -> Mapping[str, str]:
    """`{"en", "zh"}` of a rule: what its author called it, else its key."""
    name = live.rule.name
    return name.words().to_tree() if name else {"en": live.rule.key, "zh": live.rule.key}
