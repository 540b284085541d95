"""How often each rule acted, was held and put off: counted by and by, so that nobody who looks counts a million rows.

A job adds what was decided up to a minute ago to `decision_count` and notes how far it got; a reader adds the last
minute to that, in one statement, so that the two never miss or double anything. Deciding itself pays nothing for it.
"""

from collections.abc import Collection, Mapping, Set
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, and_, func, literal, select, true, union_all, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import InstrumentedAttribute, Session

from frontdesk.accounts.models import Workspace
from frontdesk.core.clock import Clock, from_ms
from frontdesk.core.db import Database, Instant
from frontdesk.engage.models import DecisionCount, DecisionRow

# Nothing decided before this long ago is still on its way into the database.
LAG: Final = timedelta(minutes=1)
EVERY: Final = timedelta(seconds=30)
MOST_AT_ONCE: Final = 5_000  # decisions that one job counts, while others wait for the writer
_FEW: Final = 500
_BEGINNING: Final = from_ms(0)
_COLUMNS = (DecisionRow.rule_id, DecisionRow.rule_version, DecisionRow.shadow, DecisionRow.outcome)
_REASON = func.coalesce(DecisionRow.reason, "")
_KEYS = ("rule_id", "rule_version", "shadow", "outcome", "reason")


class Counted(NamedTuple):
    """How many decisions of a version, and whether it was in shadow, ended so."""

    rule_id: str
    version: int
    shadow: bool
    outcome: str
    reason: str
    number: int


def counts(session: Session, workspace_id: str, rule_ids: Set[str]) -> list[Counted]:
    """All that was decided by these rules, up to now. May name a key twice: the last minute stands apart."""
    stored = select(
        DecisionCount.rule_id,
        DecisionCount.rule_version,
        DecisionCount.shadow,
        DecisionCount.outcome,
        DecisionCount.reason,
        DecisionCount.count,
    ).where(DecisionCount.workspace_id == workspace_id, _among(DecisionCount.rule_id, rule_ids))
    until = select(Workspace.decisions_counted_at).where(Workspace.id == workspace_id).scalar_subquery()
    since = func.coalesce(until, literal(_BEGINNING, Instant))
    mine = and_(DecisionRow.workspace_id == workspace_id, _among(DecisionRow.rule_id, rule_ids))
    rows = session.execute(union_all(stored, _grouped(and_(mine, DecisionRow.at > since))))
    return [Counted(*row) for row in rows if row.rule_id in rule_ids]


def _among(column: InstrumentedAttribute[str], rule_ids: Collection[str]) -> ColumnElement[bool]:
    """A database takes no list of any length: of many, all are asked for."""
    return column.in_(rule_ids) if len(rule_ids) <= _FEW else true()


def job(db: Database, clock: Clock) -> None:
    """Count what is to be counted, in every workspace."""
    for workspace_id in db.read(lambda session: session.scalars(select(Workspace.id)).all()):
        while db.write(partial(count_on, workspace_id=workspace_id, until=clock() - LAG)):
            pass


def count_on(session: Session, workspace_id: str, until: datetime) -> bool:
    """Count the decisions up to an instant, but a great many in steps; whether there are more."""
    after = session.scalar(
        select(Workspace.decisions_counted_at).where(Workspace.id == workspace_id).with_for_update(key_share=True)
    )
    span = and_(DecisionRow.workspace_id == workspace_id, DecisionRow.at > (after or _BEGINNING))
    nth = select(DecisionRow.at).where(span, DecisionRow.at <= until).order_by(DecisionRow.at)
    reached = session.scalar(nth.offset(MOST_AT_ONCE).limit(1))
    found = session.execute(_grouped(and_(span, DecisionRow.at <= (reached or until)))).all()
    if not found:
        return False
    _add(session, [dict(zip((*_KEYS, "count"), row, strict=True)) | {"workspace_id": workspace_id} for row in found])
    moved = update(Workspace).where(Workspace.id == workspace_id).values(decisions_counted_at=reached or until)
    session.execute(moved.execution_options(synchronize_session=False))
    return reached is not None


def told(counted: Collection[Counted]) -> dict[str, int]:
    """`{matched, acted, held, deferred}`: what was put off is one of the other two as well, once it is released."""
    by_outcome: dict[str, int] = {}
    for one in counted:
        by_outcome[one.outcome] = by_outcome.get(one.outcome, 0) + one.number
    acted, held = by_outcome.get("acted", 0), by_outcome.get("held", 0)
    return {"matched": acted + held, "acted": acted, "held": held, "deferred": by_outcome.get("deferred", 0)}


def _grouped(which: ColumnElement[bool]) -> Any:
    return select(*_COLUMNS, _REASON, func.count()).where(which).group_by(*_COLUMNS, _REASON)


def _add(session: Session, rows: list[Mapping[str, Any]]) -> None:
    kind = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    new = kind.insert(DecisionCount)
    more = {"count": DecisionCount.count + new.excluded.count}
    session.execute(new.on_conflict_do_update(index_elements=_KEYS, set_=more), rows)
