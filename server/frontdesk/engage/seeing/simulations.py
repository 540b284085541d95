"""Simulations that were asked for: a queue of rows, one of a workspace at a time.

Whoever carries one out holds it under a lease. Where the lease runs out (the server was killed) it is taken up again,
once; then it has failed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import delete, func, or_, select, tuple_, update
from sqlalchemy.orm import Session

from frontdesk.accounts.models import Workspace
from frontdesk.core.clock import iso, to_ms
from frontdesk.core.errors import Conflict, NotFound
from frontdesk.core.ids import new_id
from frontdesk.core.paging import paged, read_cursor
from frontdesk.engage.models import SimulationRow

MOST_QUEUED: Final = 10
MOST_TRIES: Final = 2
LEASE: Final = timedelta(seconds=30)
KEPT: Final = timedelta(days=7)  # it names people: a question to be asked again, no record
WAITING: Final = ("queued", "running")
_INTERRUPTED: Final = "The server stopped while it ran, twice."


class TooMany(Conflict):
    """More wait already than a workspace may have waiting."""

    code = "too_many_simulations"


@dataclass(frozen=True, slots=True)
class Claimed:
    id: str
    workspace_id: str
    question: dict[str, Any]


def ask(session: Session, workspace_id: str, question: dict[str, Any], by: str | None, now: datetime) -> SimulationRow:
    """Queue one; TooMany where ten wait."""
    _lock(session, workspace_id)
    waiting = select(func.count()).where(SimulationRow.workspace_id == workspace_id, SimulationRow.state.in_(WAITING))
    if (session.scalar(waiting) or 0) >= MOST_QUEUED:
        raise TooMany("Ten simulations wait already: wait for one, or cancel one.")
    row = SimulationRow(
        id=new_id("sim", now),
        workspace_id=workspace_id,
        question=question,
        state="queued",
        progress=0,
        created_by=by,
        created_at=now,
        tries=0,
    )
    session.add(row)
    session.flush()
    return row


def simulation(session: Session, workspace_id: str, simulation_id: str, *, lock: bool = False) -> SimulationRow:
    """NotFound outside the workspace."""
    row = session.get(SimulationRow, simulation_id, with_for_update=lock or None)
    if row is None or row.workspace_id != workspace_id:
        raise NotFound("There is no such simulation.")
    return row


def simulations(
    session: Session, workspace_id: str, limit: int, cursor: str | None
) -> tuple[Sequence[SimulationRow], str | None]:
    """Newest first."""
    query = select(SimulationRow).where(SimulationRow.workspace_id == workspace_id)
    if cursor:
        at, row_id = read_cursor(cursor)
        query = query.where(tuple_(SimulationRow.created_at, SimulationRow.id) < tuple_(to_ms(at), row_id))
    newest = query.order_by(SimulationRow.created_at.desc(), SimulationRow.id.desc()).limit(limit + 1)
    return paged(session.scalars(newest).all(), limit, lambda row: (row.created_at, row.id))


def cancel(session: Session, workspace_id: str, simulation_id: str, now: datetime) -> SimulationRow:
    """End one that waits or runs; one that has ended stays as it is."""
    row = simulation(session, workspace_id, simulation_id, lock=True)
    if row.state in WAITING:
        row.state, row.finished_at, row.runner = "cancelled", now, None
    return row


def any_waits(session: Session) -> bool:
    """Asked each second, and mostly answered no."""
    return session.scalar(select(SimulationRow.id).where(SimulationRow.state.in_(WAITING)).limit(1)) is not None


def claim(session: Session, runner: str, now: datetime) -> Claimed | None:
    """The one that has waited longest, of a workspace in which none runs; held by `runner` from now on."""
    lost = (SimulationRow.state == "running") & (SimulationRow.lease_until < now)
    busy = select(SimulationRow.workspace_id).where(SimulationRow.state == "running", SimulationRow.lease_until >= now)
    free = (SimulationRow.state == "queued") & SimulationRow.workspace_id.not_in(busy)
    query = select(SimulationRow).where(SimulationRow.state.in_(WAITING), or_(lost, free))
    first = query.order_by(SimulationRow.created_at, SimulationRow.id).limit(1)
    row = session.scalars(first.with_for_update(skip_locked=True)).first()
    if row is None:
        return None
    if row.tries >= MOST_TRIES:
        row.state, row.error, row.finished_at, row.runner = "failed", _INTERRUPTED, now, None
        return None
    row.state, row.runner, row.lease_until, row.tries = "running", runner, now + LEASE, row.tries + 1
    session.flush()
    return Claimed(row.id, row.workspace_id, row.question)


def go_on(session: Session, simulation_id: str, runner: str, progress: float, now: datetime) -> bool:
    """Note how far it is; False where it is no longer the runner's: it was cancelled."""
    return _ours(session, simulation_id, runner, {"progress": progress, "lease_until": now + LEASE})


def finish(session: Session, simulation_id: str, runner: str, result: dict[str, Any], now: datetime) -> bool:
    ended = {"state": "done", "progress": 1, "result": result, "finished_at": now, "runner": None}
    return _ours(session, simulation_id, runner, ended)


def fail(session: Session, simulation_id: str, runner: str, error: str, now: datetime) -> bool:
    ended = {"state": "failed", "error": error, "finished_at": now, "runner": None}
    return _ours(session, simulation_id, runner, ended)


def put_back(session: Session, simulation_id: str, runner: str) -> bool:
    """Our server stops: it is no fault of the simulation's, so it does not count as a try."""
    waits = {"state": "queued", "progress": 0, "lease_until": None, "tries": SimulationRow.tries - 1, "runner": None}
    return _ours(session, simulation_id, runner, waits)


def forget(session: Session, now: datetime) -> None:
    """Those that ended long ago."""
    session.execute(delete(SimulationRow).where(SimulationRow.finished_at < now - KEPT))


def dump(row: SimulationRow, *, whole: bool = False) -> dict[str, Any]:
    """Simulation, as on the wire; `whole` with its result."""
    return {
        "id": row.id,
        "state": row.state,
        "progress": row.progress,
        "question": {key: value for key, value in row.question.items() if key != "yaml"},
        "error": row.error,
        "created_by": row.created_by,
        "created_at": iso(row.created_at),
        "finished_at": row.finished_at and iso(row.finished_at),
        **({"yaml": row.question.get("yaml"), "result": row.result} if whole else {}),
    }


def _ours(session: Session, simulation_id: str, runner: str, values: dict[str, Any]) -> bool:
    held = update(SimulationRow).where(
        SimulationRow.id == simulation_id, SimulationRow.runner == runner, SimulationRow.state == "running"
    )
    return session.scalar(held.values(values).returning(SimulationRow.id)) is not None


def _lock(session: Session, workspace_id: str) -> None:
    """Two that ask at once count one after the other."""
    session.execute(select(Workspace.id).where(Workspace.id == workspace_id).with_for_update(key_share=True))
