"""What a rule would show at a quiet hour, put off: a row that becomes due when the hour is over."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

import msgspec
from sqlalchemy.orm import Session

from frontdesk.collect.ports import PageSeen, SessionSeen
from frontdesk.core.db import bulk
from frontdesk.engage.timers import moments
from frontdesk.engage.timers.armings import COLUMNS
from frontdesk.engage.timers.keys import TABLE
from frontdesk_rules import Moment

if TYPE_CHECKING:  # decisions put off, and what is put off becomes a decision
    from frontdesk.engage.deciding.decisions import Concluded

KIND: Final = "deferred"


class Kept(msgspec.Struct, frozen=True, omit_defaults=True):
    """Everything that was at hand when it was put off, to be there when it is released."""

    decision_id: str
    moment: dict[str, Any]
    page: PageSeen | None = None
    session: SessionSeen | None = None
    conversation_id: str | None = None
    delivery_id: str | None = None

    def as_moment(self) -> Moment:
        return moments.from_json(self.moment)


def put_off(session: Session, one: "Concluded", now: datetime) -> None:
    """Keep what this decision deferred until its time comes, in the transaction of the decision."""
    decision, case = one.decision, one.case
    if not decision.deferred or decision.until is None:
        return
    at_hand = Kept(
        decision_id=one.id,
        moment=moments.to_json(case.moment),
        page=case.page,
        session=case.subject.session,
        conversation_id=case.conversation_id,
        delivery_id=case.delivery_id,
    )
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
        msgspec.to_builtins(at_hand),
        "pending",
    )
    bulk.insert(session, TABLE, COLUMNS, [row])


def kept(payload: Mapping[str, Any]) -> Kept:
    """What `put_off` wrote."""
    return msgspec.convert(payload, Kept)
