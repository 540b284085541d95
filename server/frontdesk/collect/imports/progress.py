"""What is known of an imported file: how far it is, each line that was refused, each value that was left out."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, delete, func, select
from sqlalchemy.orm import Session as Db

from frontdesk.collect.door.parse import Parsed
from frontdesk.collect.imports.calls import Line
from frontdesk.collect.imports.left_out import Note
from frontdesk.collect.models import ImportRefusal, ImportRun
from frontdesk.collect.refusals import Reduced, Refusal
from frontdesk.collect.requests import Answer
from frontdesk.core.db import bulk
from frontdesk.core.errors import Conflict
from frontdesk.core.ids import new_id

_REFUSAL = ("run_id", "line", "message_id", "code", "field", "detail")
_PAGE = 1_000
LEFT_OUT = "left_out"
"""The code of a line that is taken without some of its values; all other codes are of refusals."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a file's records so far; `dropped` and `refused` by reason and code.

    `noted` are taken, all but some of their values.
    """

    run_id: str
    records: int
    taken: int
    duplicates: int
    dropped: dict[str, int]
    refused: dict[str, int]
    noted: int
    started_at: datetime
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
    noted = refused.pop(LEFT_OUT, 0)
    return Imported(
        row.id, row.records, row.taken, row.duplicates, row.dropped, refused, noted, row.started_at, row.finished_at
    )  # fmt: skip


def begin_again(session: Db, run_id: str, now: datetime) -> None:
    """Forget what became of the file. Its events that are there are known again."""
    row = session.get_one(ImportRun, run_id, with_for_update=True)
    session.execute(delete(ImportRefusal).where(ImportRefusal.run_id == run_id))
    row.records = row.taken = row.duplicates = 0
    row.dropped, row.started_at, row.finished_at = {}, now, None


def note(session: Db, run_id: str, before: int, lines: Sequence[Line], answer: Answer) -> None:
    """Count a group in the transaction that stores it. Conflict when somebody else went on with the file meanwhile."""
    row = session.get_one(ImportRun, run_id, with_for_update=True)
    if row.records != before:
        raise Conflict("Another process is importing this very file just now.")
    row.records += len(lines)
    row.taken += answer.stored
    row.duplicates += answer.duplicates
    row.dropped = Counter(row.dropped) + Counter(drop.reason.value for drop in answer.dropped)
    told = [(line.number, line.read) for line in lines if isinstance(line.read, Refusal)]
    told += _refused_by_store(lines, answer)
    rows = [(run_id, number, no.message_id, no.code.value, no.field, no.detail) for number, no in told]
    refused = {number for number, _ in told}
    rows += _left_out(run_id, [line for line in _noted(lines, answer) if line.number not in refused])
    bulk.insert(session, cast(Table, ImportRefusal.__table__), _REFUSAL, rows)


def _refused_by_store(lines: Sequence[Line], answer: Answer) -> Iterator[tuple[int, Refusal]]:
    """Each with its line: the one whose very bytes it brings back, for another may read alike once it is mended."""
    numbers = {id(line.read.body): line.number for line in lines if isinstance(line.read, Parsed)}
    for refusal in answer.refused:
        yield numbers[id(refusal.body)], refusal


def _noted(lines: Sequence[Line], answer: Answer) -> Iterator[Line]:
    """The lines, with what else was left out of them: of what is of a wrong kind they tell themselves, in its words."""
    left_out: dict[str, list[Note]] = {}
    for one in answer.left_out:
        if one.code is not Reduced.WRONG_KIND:
            left_out.setdefault(one.message_id, []).append((one.fields[0], one.detail))
    for line in lines:
        notes = left_out.pop(line.read.message_id, ()) if isinstance(line.read, Parsed) else ()
        yield replace(line, notes=(*line.notes, *notes)) if notes else line


def _left_out(run_id: str, lines: Sequence[Line]) -> Iterator[tuple[Any, ...]]:
    """One row for each line that is taken without some of its values."""
    for line in lines:
        if line.notes and isinstance(line.read, Parsed):
            fields, sentences = zip(*line.notes, strict=True)
            yield run_id, line.number, line.read.message_id, LEFT_OUT, ", ".join(fields), " ".join(sentences)


def finish(session: Db, run_id: str, now: datetime) -> None:
    session.get_one(ImportRun, run_id).finished_at = now


def refusals(session: Db, run_id: str) -> Iterator[dict[str, Any]]:
    """Every line of which there is something to tell, in order: refused, or with values `left_out`."""
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
