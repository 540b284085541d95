"""Tasks: something for a teammate or a team to do about a person. open → done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, cast

from sqlalchemy import BigInteger, Table, func, select, tuple_, type_coerce
from sqlalchemy.orm import Session

from frontdesk.core.clock import iso, to_ms
from frontdesk.core.db import bulk
from frontdesk.core.errors import NotFound
from frontdesk.core.ids import new_id
from frontdesk.core.paging import paged, read_cursor
from frontdesk.success.models import Task

_NEVER: Final = datetime(2999, 1, 1, tzinfo=UTC)
STATES: Final = ("open", "done")
_COLUMNS: Final = (
    "id", "workspace_id", "key", "title", "person_id", "teammate_id", "team_id", "rule_id", "state", "due_at",
    "created_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class NewTask:
    """What to do for whom; `title` by locale. With neither teammate nor team it is anybody's. Once under a `key`."""

    workspace_id: str
    key: str
    title: Mapping[str, str]
    person_id: str | None
    teammate_id: str | None = None
    team_id: str | None = None
    rule_id: str | None = None
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Which:
    """Of a workspace: in one state, of a teammate, a team or a person."""

    workspace_id: str
    state: str | None = None
    teammate: str | None = None
    team: str | None = None
    person: str | None = None


def make(session: Session, new: NewTask, now: datetime) -> str | None:
    """Its id, or None where the workspace has a task with this key."""
    row = (
        new_id("tsk", now), new.workspace_id, new.key, dict(new.title), new.person_id, new.teammate_id, new.team_id,
        new.rule_id, "open", new.due_at, now,
    )  # fmt: skip
    made = bulk.insert_new(session, cast(Table, Task.__table__), _COLUMNS, [row], ("id",))
    return str(made[0][0]) if made else None


def task(session: Session, workspace_id: str, task_id: str) -> Task:
    """The task, locked, or NotFound where it is not of this workspace."""
    row = session.get(Task, task_id, with_for_update=True)
    if row is None or row.workspace_id != workspace_id:
        raise NotFound("There is no such task.")
    return row


def finish(session: Session, row: Task, now: datetime) -> None:
    """It is done; saying so again changes nothing."""
    if row.state != "done":
        row.state, row.done_at = "done", now
        session.flush()


def reopen(session: Session, row: Task) -> None:
    """It is not done after all."""
    row.state, row.done_at = "open", None
    session.flush()


def tasks(session: Session, which: Which, limit: int, cursor: str | None) -> tuple[Sequence[Task], str | None]:
    """What is due first comes first; what is due at no time comes last, as it was made."""
    due = func.coalesce(type_coerce(Task.due_at, BigInteger), to_ms(_NEVER))
    query = select(Task).where(Task.workspace_id == which.workspace_id)
    for column, wanted in (
        (Task.state, which.state),
        (Task.teammate_id, which.teammate),
        (Task.team_id, which.team),
        (Task.person_id, which.person),
    ):
        if wanted is not None:
            query = query.where(column == wanted)
    if cursor:
        at, row_id = read_cursor(cursor)
        query = query.where(tuple_(due, Task.id) > tuple_(to_ms(at), row_id))
    rows = session.scalars(query.order_by(due, Task.id).limit(limit + 1)).all()
    return paged(rows, limit, lambda row: (row.due_at or _NEVER, row.id))


def dump(row: Task) -> dict[str, Any]:
    """Task, as on the wire."""
    return {
        "id": row.id,
        "title": row.title,
        "person": row.person_id,
        "teammate": row.teammate_id,
        "team": row.team_id,
        "rule": row.rule_id,
        "state": row.state,
        "due_at": iso(row.due_at) if row.due_at else None,
        "created_at": iso(row.created_at),
        "done_at": iso(row.done_at) if row.done_at else None,
    }
