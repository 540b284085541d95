"""The one door to rules, decisions and deliveries. What lies outside the caller's workspace does not exist."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, aliased

from frontdesk.collect.models import Session as Run
from frontdesk.collect.sessions.policy import LONGEST
from frontdesk.core.clock import iso
from frontdesk.core.errors import NotFound
from frontdesk.core.paging import listed, paged, read_cursor
from frontdesk.engage.models import DecisionRow, Delivery, RuleRow, RuleVersion
from frontdesk.people import queries as people
from frontdesk_rules import RuleErrors, parse_tree, sentence


def rules(session: Session, workspace_id: str) -> list[dict[str, Any]]:
    """Rule, as on the wire: every rule in its newest version, those of the highest priority first."""
    found = _dumped(session, _newest().where(RuleRow.workspace_id == workspace_id))
    return sorted(found, key=lambda one: (one["state"] != "live", -one["priority"], one["key"]))


def rule(session: Session, workspace_id: str, rule_id: str) -> dict[str, Any]:
    """One rule, or NotFound outside the workspace."""
    found = _dumped(session, _newest().where(RuleRow.workspace_id == workspace_id, RuleRow.id == rule_id))
    if not found:
        raise NotFound("There is no such rule.")
    return found[0]


def _newest() -> Select[RuleRow, RuleVersion]:
    each = aliased(RuleVersion)
    latest = select(func.max(each.version)).where(each.rule_id == RuleRow.id).scalar_subquery()
    return select(RuleRow, RuleVersion).join(
        RuleVersion, (RuleVersion.rule_id == RuleRow.id) & (RuleVersion.version == latest)
    )


def _dumped(session: Session, query: Select[RuleRow, RuleVersion]) -> list[dict[str, Any]]:
    rows = session.execute(query).all()
    counts = _counts(session, [row.id for row, _ in rows])
    return [_dump(row, version, counts.get(row.id, {})) for row, version in rows]


def _counts(session: Session, rule_ids: Iterable[str]) -> dict[str, dict[str, int]]:
    """Rule id → outcome → how often."""
    query = (
        select(DecisionRow.rule_id, DecisionRow.outcome, func.count())
        .where(DecisionRow.rule_id.in_(list(rule_ids)))
        .group_by(DecisionRow.rule_id, DecisionRow.outcome)
    )
    counts: dict[str, dict[str, int]] = {}
    for rule_id, outcome, count in session.execute(query):
        counts.setdefault(rule_id, {})[outcome] = count
    return counts


def _dump(row: RuleRow, version: RuleVersion, counts: dict[str, int]) -> dict[str, Any]:
    acted, held = counts.get("acted", 0), counts.get("held", 0)
    return {
        "id": row.id,
        "key": row.key,
        **_told(row.key, version.tree),
        "state": version.state,
        "version": version.version,
        "yaml": version.source,
        "counts": {"matched": acted + held, "acted": acted, "held": held},
        "updated_at": iso(version.state_at),
    }


def _told(key: str, tree: dict[str, Any]) -> dict[str, Any]:
    """Name, sentence and priority of a tree; of one that this release cannot read, its key."""
    try:
        parsed = parse_tree(tree)
    except RuleErrors:
        return {"name": {"en": key, "zh": key}, "sentence": {"en": "", "zh": ""}, "priority": 0}
    name = parsed.name.words().to_tree() if parsed.name else {"en": key, "zh": key}
    return {"name": name, "sentence": sentence(parsed), "priority": parsed.priority}


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
    return {
        "id": row.id,
        "rule": row.rule_id,
        "rule_version": row.rule_version,
        "person": row.person_id,
        "outcome": row.outcome,
        "reason": row.reason,
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
