"""The one door to decisions and deliveries. What lies outside the caller's workspace does not exist."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from frontdesk.collect.models import Session as Run
from frontdesk.collect.sessions.policy import LONGEST
from frontdesk.core.clock import iso
from frontdesk.core.errors import NotFound
from frontdesk.core.paging import listed, paged, read_cursor
from frontdesk.engage.deciding.words import concluded_words
from frontdesk.engage.models import DecisionRow, Delivery
from frontdesk.people import queries as people


@dataclass(frozen=True, slots=True)
class DecisionFilter:
    """Which decisions: of a rule, of a person, beyond a cursor."""

    rule_id: str | None = None
    person_id: str | None = None
    cursor: str | None = None
    limit: int = 50


def decisions(session: Session, workspace_id: str, asked: DecisionFilter) -> dict[str, Any]:
    """`{data, next_cursor}`, newest first. A person's are those under any id that the person goes by."""
    query = select(DecisionRow).where(DecisionRow.workspace_id == workspace_id)
    if asked.rule_id:
        query = query.where(DecisionRow.rule_id == asked.rule_id)
    if asked.person_id:
        found = people.person(session, workspace_id, asked.person_id)
        query = query.where(DecisionRow.person_id.in_(people.event_person_ids(session, found)))
    if asked.cursor:
        _, last_id = read_cursor(asked.cursor)  # ids sort by time
        query = query.where(DecisionRow.id < last_id)
    rows = session.scalars(query.order_by(DecisionRow.id.desc()).limit(asked.limit + 1)).all()
    shown, following = paged(rows, asked.limit, lambda row: (row.at, row.id))
    return listed([_dump_decision(row) for row in shown], following)


def _dump_decision(row: DecisionRow) -> dict[str, Any]:
    words = concluded_words(row)
    return {
        "id": row.id,
        "rule": row.rule_id,
        "rule_version": row.rule_version,
        "person": row.person_id,
        "outcome": row.outcome,
        "reason": row.reason,
        "text_en": words.en,
        "text_zh": words.zh,
        "detail": row.detail,
        "at": iso(row.at),
    }


def delivery_of_visitor(session: Session, visitor_id: str, delivery_id: str) -> Delivery | None:
    """The delivery, if it is this visitor's; locked, so that of two reports at once both count."""
    row = session.get(Delivery, delivery_id, with_for_update=True)
    return row if row is not None and row.visitor_id == visitor_id else None


def delivery(session: Session, workspace_id: str, delivery_id: str) -> Delivery:
    """For a push to the visitor's socket; NotFound outside the workspace."""
    row = session.get(Delivery, delivery_id)
    if row is None or row.workspace_id != workspace_id:
        raise NotFound("There is no such delivery.")
    return row


def latest_run(session: Session, visitor_id: str, now: datetime) -> Run | None:
    """The session that this visitor is in, or was in within the last day."""
    query = select(Run).where(Run.person_id == visitor_id, Run.last_at > now - LONGEST)
    return session.scalars(query.order_by(Run.number.desc()).limit(1)).first()
