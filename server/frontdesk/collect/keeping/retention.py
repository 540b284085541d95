"""How long things are kept, by class, and the deleting of what is older: a little at a time, beside the work.

A batch is looked for by a reader and deleted by its ids, with its age asked again; so the writer is held for no longer
than a batch takes. Months of events that are over go whole, where events lie by month.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, cast

import structlog
from sqlalchemy import ColumnElement, CursorResult, Table, delete, exists, select, tuple_
from sqlalchemy.orm import Session as Db

from frontdesk.accounts.models import Workspace
from frontdesk.collect.keeping import partitions
from frontdesk.collect.models import DeadLetter, Event, MessageSeen, Session, Touchpoint
from frontdesk.collect.refusals import Rejected
from frontdesk.core.clock import to_ms
from frontdesk.core.config import Retention
from frontdesk.core.db import Base, Database
from frontdesk.core.errors import Unavailable
from frontdesk.people.models import Consent, SegmentMember, Visitor, VisitorCompany

BATCH = 500  # rows of a transaction: some 20 ms of a writer on which requests wait
log = structlog.get_logger(__name__)
Place = tuple[datetime, str]


@dataclass(frozen=True, slots=True)
class Kept:
    """A class of rows: for how many days by which setting, and by which column of the table their age is told.

    `only` are conditions of those of the table's rows that belong to it.
    """

    days: str
    model: type[Base]
    key: str
    age: str
    only: tuple[ColumnElement[bool], ...] = ()

    @property
    def table(self) -> Table:
        return cast(Table, self.model.__table__)

    def older(self, workspace_id: str, before: datetime) -> tuple[Any, ...]:
        return *self.of(workspace_id), self.table.c[self.age] < before

    def of(self, workspace_id: str) -> tuple[Any, ...]:
        return self.table.c.workspace_id == workspace_id, *self.only


# what is said of a person and keeps nobody: it goes with whom it is said of
_GOES_ALONG = tuple(cast(Table, model.__table__) for model in (SegmentMember, Consent, VisitorCompany))
LETTERS = Kept("dead_letters", DeadLetter, "id", "received_at")
# anybody may have a page's things refused, and is not to push out what a server sent, or what failed by a fault of ours
OF_PAGES = replace(LETTERS, only=(DeadLetter.verified.is_(False), DeadLetter.code != Rejected.FAILED.value))
MOST_OF_PAGES = 100_000  # of a workspace; nobody looks at more
EVENTS = Kept("events", Event, "id", "occurred_at")
CLASSES = (
    EVENTS,
    Kept("message_ids", MessageSeen, "message_id", "seen_at"),
    LETTERS,
    Kept("sessions", Session, "id", "last_at"),
    Kept("sessions", Touchpoint, "id", "at"),
)


def clean(db: Database, now: datetime, kept: Retention) -> dict[str, int]:
    """Delete what is older than `kept` says; how many rows went, by table. Months that went whole count as one.

    Takes as many transactions as it needs; whoever is interrupted, or finds the database busy, goes on the next time.
    """
    workspaces = db.read(lambda session: list(session.scalars(select(Workspace.id))))
    gone: dict[str, int] = {}
    steps: list[tuple[str, Callable[[], int]]] = [("event_month", partial(_drop_months, db, _before(now, kept.events)))]
    for workspace_id in workspaces:
        for one in CLASSES:
            before = _before(now, getattr(kept, one.days))
            steps.append((one.table.name, partial(_delete_older, db, one, workspace_id, before)))
        steps.append((LETTERS.table.name, partial(_delete_beyond, db, OF_PAGES, workspace_id, MOST_OF_PAGES)))
        steps.append(("visitor", partial(_delete_visitors, db, workspace_id, _before(now, kept.visitors))))
    for name, step in steps:
        try:
            gone[name] = gone.get(name, 0) + step()
        except Unavailable:
            log.warning("retention_put_off", table=name)
    if any(gone.values()):
        log.info("retention", deleted=gone)
    return gone


def _before(now: datetime, days: int) -> datetime:
    return now - timedelta(days=days)


def _drop_months(db: Database, before: datetime) -> int:
    return len(db.write(partial(partitions.drop_before, moment=before)))


def _delete_older(db: Database, one: Kept, workspace_id: str, before: datetime) -> int:
    key, older = one.table.c[one.key], one.older(workspace_id, before)
    gone = 0
    while keys := db.read(lambda session: list(session.scalars(select(key).where(*older).limit(BATCH)))):
        gone += _deleted(db, one.table, (*older, key.in_(keys)))
    return gone


def _delete_beyond(db: Database, one: Kept, workspace_id: str, most: int) -> int:
    """Delete the oldest where there are more than `most`."""
    age = one.table.c[one.age]
    newest = select(age).where(*one.of(workspace_id)).order_by(age.desc())
    oldest_kept = db.read(lambda session: session.scalar(newest.offset(most - 1).limit(1)))
    return _delete_older(db, one, workspace_id, oldest_kept) if oldest_kept else 0


def _delete_visitors(db: Database, workspace_id: str, before: datetime) -> int:
    """Browsers that were never recognised and never talked, unseen since; nothing that is kept is of them."""
    visitor = cast(Table, Visitor.__table__)
    unseen = (visitor.c.workspace_id == workspace_id, visitor.c.seen_at < before, visitor.c.contact_id.is_(None))
    alone = tuple(~exists().where(column == visitor.c.id) for column in _columns_of_visitors())
    gone = 0
    place: Place | None = None
    while page := db.read(partial(_page, conditions=unseen, after=place)):
        ids = [row_id for _, row_id in page]
        gone += _deleted(db, visitor, (*unseen, visitor.c.id.in_(ids), *alone))
        for table in _GOES_ALONG:
            _deleted(db, table, (table.c.person_id.in_(ids), ~exists().where(visitor.c.id == table.c.person_id)))
        place = page[-1]
    return gone


def _page(session: Db, conditions: tuple[Any, ...], after: Place | None) -> Sequence[Place]:
    """The next of those who may go: read in order of time, since those who stay must not be looked at again."""
    asked = select(Visitor.seen_at, Visitor.id).where(*conditions).order_by(Visitor.seen_at, Visitor.id).limit(BATCH)
    if after:
        asked = asked.where(tuple_(Visitor.seen_at, Visitor.id) > tuple_(to_ms(after[0]), after[1]))
    return [(at, row_id) for at, row_id in session.execute(asked)]


def _columns_of_visitors() -> tuple[Any, ...]:
    """Every column, of any room's table, that a visitor is pointed at by; and whose rows are of somebody."""
    visitor = Visitor.__table__
    pointing = {
        key.parent
        for table in Base.metadata.tables.values()
        for key in table.foreign_keys
        if key.column.table is visitor
    }
    own = {model.__table__.c.person_id for model in (Event, Session, Touchpoint)}
    return tuple(sorted(pointing | own, key=str))


def _deleted(db: Database, table: Table, conditions: tuple[Any, ...]) -> int:
    def job(session: Db) -> int:
        return cast("CursorResult[Any]", session.execute(delete(table).where(*conditions))).rowcount

    return db.write(job)
