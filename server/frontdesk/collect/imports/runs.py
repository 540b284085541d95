"""What is known of an imported file: how far it is, and each line that was refused."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, func, select
from sqlalchemy.orm import Session as Db

from frontdesk.collect.door.parse import Parsed
from frontdesk.collect.imports.calls import Line
from frontdesk.collect.models import ImportRefusal, ImportRun
from frontdesk.collect.refusals import Refusal
from frontdesk.collect.requests import Answer
from frontdesk.core.db import bulk
from frontdesk.core.errors import Conflict
from frontdesk.core.ids import new_id

_REFUSAL = ("run_id", "line", "message_id", "code", "field", "detail")
_PAGE = 1_000


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a file's records so far; `dropped` and `refused` by reason and code."""

    run_id: str
    records: int
    taken: int
    duplicates: int
    dropped: dict[str, int]
    refused: dict[str, int]
    finished_at: datetime | None


def begin(session: Db, workspace_id: str, kind: str, file: tuple[str, str], now: datetime) -> str:
    """The run of this file (its hash, its name) in this workspace: the one that there was, else a new one; its id."""
    file_hash, name = file
    known = session.scalar(
        select(ImportRun.id).where(
            ImportRun.workspace_id == workspace_id, ImportRun.kind == kind, ImportRun.file_hash == file_hash
        )
    )
    if known:
        return known
    row = ImportRun(
        id=new_id("imp", now), workspace_id=workspace_id, kind=kind, file_hash=file_hash, name=name[:300],
        records=0, taken=0, duplicates=0, dropped={}, started_at=now,
    )  # fmt: skip
    session.add(row)
    return row.id


def imported(session: Db, run_id: str) -> Imported:
    row = session.get_one(ImportRun, run_id)
    codes = select(ImportRefusal.code, func.count()).where(ImportRefusal.run_id == run_id).group_by(ImportRefusal.code)
    refused = {row[0]: row[1] for row in session.execute(codes)}
    return Imported(row.id, row.records, row.taken, row.duplicates, row.dropped, refused, row.finished_at)


def note(session: Db, run_id: str, before: int, lines: Sequence[Line], answer: Answer) -> None:
    """Count a group in the transaction that stores it. Conflict when somebody else went on with the file meanwhile."""
    row = session.get_one(ImportRun, run_id, with_for_update=True)
    if row.records != before:
        raise Conflict("Another process is importing this very file just now.")
    row.records += len(lines)
    row.taken += answer.stored
    row.duplicates += answer.duplicates
    row.dropped = Counter(row.dropped) + Counter(drop.reason.value for drop in answer.dropped)
    lines_by_body = {line.read.body: line.number for line in lines if isinstance(line.read, Parsed)}
    refused = [(line.number, line.read) for line in lines if isinstance(line.read, Refusal)]
    refused += [(lines_by_body[refusal.body], refusal) for refusal in answer.refused]
    rows = [(run_id, number, no.message_id, no.code.value, no.field, no.detail) for number, no in refused]
    bulk.insert(session, cast(Table, ImportRefusal.__table__), _REFUSAL, rows)


def finish(session: Db, run_id: str, now: datetime) -> None:
    session.get_one(ImportRun, run_id).finished_at = now


def refusals(session: Db, run_id: str) -> Iterator[dict[str, Any]]:
    """Every refused line, in order."""
    after = 0
    while page := session.scalars(
        select(ImportRefusal)
        .where(ImportRefusal.run_id == run_id, ImportRefusal.line > after)
        .order_by(ImportRefusal.line)
        .limit(_PAGE)
    ).all():
        for row in page:
            yield {
                "line": row.line,
                "messageId": row.message_id,
                "code": row.code,
                "field": row.field,
                "detail": row.detail,
            }
        after = page[-1].line
        session.expunge_all()
