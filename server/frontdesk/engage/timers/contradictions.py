"""What is heard too late to change a decision is noted with it; nothing is undone, nothing rewritten."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, or_, select, update
from sqlalchemy.orm import Session

from frontdesk.engage.models import DecisionRow
from frontdesk_rules import Held, Timer, rule_of, timer_id


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A timer that has fired, and when what it waited for happened after all. `ids`: all of the person."""

    timer: Timer
    ids: tuple[str, ...]
    at: datetime


def note(session: Session, contradictions: Sequence[Contradiction]) -> None:
    """Note it with the decisions that these timers led to, those that acted and the control arm's."""
    decided = {(one.timer.rule_id, person_id, one.timer.due): one for one in contradictions for person_id in one.ids}
    for decision_id, at in list(_decisions(session, decided)) if decided else ():
        session.execute(update(DecisionRow).where(DecisionRow.id == decision_id).values(contradicted_at=at))


def _decisions(
    session: Session, decided: dict[tuple[str, str, datetime], Contradiction]
) -> Iterator[tuple[str, datetime]]:
    row = DecisionRow
    counted = or_(row.outcome.in_(("acted", "deferred")), and_(row.outcome == "held", row.reason == Held.HELD_OUT))
    rows = session.execute(
        select(row.id, row.rule_id, row.shadow, row.person_id, row.occurred_at, row.detail).where(
            row.person_id.in_({person_id for _, person_id, _ in decided}),
            row.rule_id.in_({rule_of(waiting) for waiting, _, _ in decided}),
            row.occurred_at.in_({due for _, _, due in decided}),
            row.contradicted_at.is_(None),
            counted,
        )
    )
    for decision_id, rule_id, shadow, person_id, occurred_at, detail in rows:
        one = decided.get((timer_id(rule_id, shadow=shadow), person_id, occurred_at))
        if one and detail["moment"]["id"] == one.timer.moment(occurred_at).id:
            yield decision_id, one.at
