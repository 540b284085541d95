"""What a rule would show at a quiet hour, or when a cap is full, put off: a row that becomes due when that is over."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from frontdesk.collect.ports import PageSeen, SessionSeen
from frontdesk.core.db import bulk
from frontdesk.core.ids import new_id
from frontdesk.engage.models import DecisionRow, TimerRow
from frontdesk.engage.timers import moments
from frontdesk.engage.timers.armings import COLUMNS
from frontdesk.engage.timers.keys import TABLE
from frontdesk_rules import Held, Moment

if TYPE_CHECKING:  # decisions put off, and what is put off becomes a decision
    from frontdesk.engage.deciding.decisions import Concluded

KIND: Final = "deferred"


class Kept(msgspec.Struct, frozen=True, omit_defaults=True):
    """Everything that was at hand when it was put off, to be there when it is released; `version` is the rule's that
    decided, `reason` what put it off."""

    decision_id: str
    moment: dict[str, Any]
    version: int
    page: PageSeen | None = None
    session: SessionSeen | None = None
    conversation_id: str | None = None
    delivery_id: str | None = None
    reason: Held | None = None

    def as_moment(self) -> Moment:
        return moments.from_json(self.moment)


def put_off(session: Session, one: "Concluded", now: datetime) -> None:
    """Keep what this decision deferred until its time comes, in the transaction of the decision."""
    decision, case = one.decision, one.case
    if not decision.deferred or decision.until is None:
        return
    row = (
        decision.rule.id,
        case.subject.person_id,
        f"{KIND}:{one.id}",
        case.subject.workspace_id,
        KIND,
        decision.rule.rule.priority,
        now,
        decision.until,
        decision.until,
        msgspec.to_builtins(at_hand(one)),
        "pending",
    )
    bulk.insert(session, TABLE, COLUMNS, [row])


def at_hand(one: "Concluded") -> Kept:
    """What is kept of it where something is to be shown later."""
    decision, case = one.decision, one.case
    return Kept(
        decision_id=one.id,
        moment=moments.to_json(case.moment),
        version=decision.rule.version,
        page=case.page,
        session=case.subject.session,
        conversation_id=case.conversation_id,
        delivery_id=case.delivery_id,
        reason=decision.reason,
    )


def drop_deferred(session: Session, rule_id: str, now: datetime) -> None:
    """What an archived rule had put off is not shown any more, and a decision says so."""
    row = TimerRow
    waiting = select(row).where(row.rule_id == rule_id, row.kind == KIND, row.state == "pending").with_for_update()
    for timer in session.scalars(waiting).all():
        decision_id = kept(timer.payload).decision_id
        first = session.get(DecisionRow, decision_id)
        if first is not None:
            session.add(_dropped(first, now))
        session.delete(timer)
    session.flush()


def _dropped(first: DecisionRow, now: datetime) -> DecisionRow:
    detail = {name: first.detail[name] for name in ("moment", "conversation", "session") if name in first.detail}
    return DecisionRow(
        id=new_id("dec", now),
        workspace_id=first.workspace_id,
        rule_id=first.rule_id,
        rule_version=first.rule_version,
        person_id=first.person_id,
        repeat_key=first.repeat_key,
        outcome="held",
        reason=str(Held.PAUSED),
        detail=detail | {"released": first.id},
        arm=first.arm,
        variant=first.variant,
        at=now,
        occurred_at=first.occurred_at,
    )


def kept(payload: Mapping[str, Any]) -> Kept:
    """What `at_hand` told."""
    return msgspec.convert(payload, Kept)
