"""Rows of one table that a group of requests needs: found in one query, made where missing, written where changed."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from functools import cached_property
from operator import attrgetter
from typing import Any, Generic, TypeVar, cast

from sqlalchemy import Table, delete
from sqlalchemy.orm import Session

from frontdesk.core.db import bulk
from frontdesk.core.db.bulk import Row
from frontdesk.core.db.texts import Columns

R = TypeVar("R")
Key = tuple[str, str]
"""(workspace id, the sender's own id)."""


@dataclass(frozen=True)
class Kind(Generic[R]):
    """How rows of a table are made and written.

    `own` names the column of the sender's own id. Columns of one of `facets` are written together; what another
    process wrote to the rest of the row stays. A row in which only moments of `slack` moved, by less than theirs, is
    not worth a write. The moments of `born` are those of its making.
    """

    row: type[R]
    table: Table
    prefix: str
    own: str
    facets: tuple[Columns, ...]
    slack: dict[str, timedelta] = field(default_factory=dict)
    born: Columns = ("created_at", "seen_at")

    @cached_property
    def columns(self) -> Columns:
        return tuple(one.name for one in fields(self.row))  # type: ignore[arg-type]  # all of them are dataclasses

    @cached_property
    def values(self) -> Callable[[R], tuple[Any, ...]]:
        return attrgetter(*self.columns)

    @cached_property
    def first(self) -> Columns:
        """The columns that a new row needs; the others are null until something is known."""
        return tuple(one.name for one in fields(self.row) if one.default is not None)  # type: ignore[arg-type]  # all of them are dataclasses

    @cached_property
    def bits(self) -> list[int]:
        """For each column the bit of its facet; none for one that is never written again."""
        facet_of = {name: number for number, names in enumerate(self.facets) for name in names}
        return [1 << facet_of[name] if name in facet_of else _UNWRITTEN for name in self.columns]

    @cached_property
    def slack_of(self) -> dict[int, timedelta]:
        return {self.columns.index(name): most for name, most in self.slack.items()}

    def written(self, facets: int) -> Columns:
        """The columns of these facets."""
        if facets & _UNWRITTEN:
            raise LookupError(f"{self.table.name}: a column was changed that is in no facet")
        return tuple(name for number, names in enumerate(self.facets) if facets >> number & 1 for name in names)


_UNWRITTEN = 1 << 63


class Shelf(Generic[R]):
    """The rows of a kind that were asked for so far; each is one object, however often it is found.

    `made` takes the ids of those that did not exist before.
    """

    def __init__(self, session: Session, kind: Kind[R], made: set[str]) -> None:
        self._session = session
        self._kind = kind
        self._before: dict[str, Row] = {}
        self._made = made
        self.rows: dict[str, R] = {}

    def find(self, by: Columns, keys: Iterable[Row]) -> list[R]:
        """The rows whose columns `by` have one of these values."""
        kind, rows, before = self._kind, self.rows, self._before
        make = cast("Callable[..., R]", kind.row)
        found = []
        # locked, for what they become is made of what they are: their attributes, and how their sessions are cut
        for values in bulk.find_locked(self._session, kind.table, kind.columns, {by: sorted(set(keys), key=tuple)}):
            row_id = values[0]
            row = rows.get(row_id)
            if row is None:
                row = rows[row_id] = make(*values)
                before[row_id] = values
            found.append(row)
        return found

    def have(self, keys: Iterable[Key], new_id: Callable[[str], str], now: datetime) -> dict[Key, R]:
        """The rows with these keys, those made now that did not exist. Several processes may do so at once."""
        wanted = set(keys)
        found = self._keyed(wanted)
        missing = sorted(wanted - found.keys())
        if missing:
            made = self._make([(new_id(self._kind.prefix), *key) for key in missing], now)
            found |= made | self._keyed(key for key in missing if key not in made)
        return found

    def take_back(self, ids: Collection[str]) -> None:
        """Delete rows that were made, and are not needed after all."""
        for row_id in ids:
            del self.rows[row_id], self._before[row_id]
            self._made.discard(row_id)
        self._session.execute(delete(self._kind.table).where(self._kind.table.c.id.in_(sorted(ids))))

    def store(self) -> None:
        """Write what changed since it was found: one statement for all rows in which the same facets did."""
        kind = self._kind
        for facets, rows in sorted(self._changed().items()):
            columns = kind.written(facets)
            written = attrgetter("id", *columns)
            # in one order in every process, so that two that write the same rows wait, and do not block each other
            ordered = sorted(map(written, rows), key=_first)
            bulk.update(self._session, kind.table, ("id",), columns, ordered)

    def _keyed(self, keys: Iterable[Key]) -> dict[Key, R]:
        own: Callable[[R], Key] = attrgetter("workspace_id", self._kind.own)
        return {own(row): row for row in self.find(("workspace_id", self._kind.own), keys)}

    def _make(self, ids: Sequence[tuple[str, str, str]], now: datetime) -> dict[Key, R]:
        """Insert these (id, workspace id, own id); gives back those that nobody else had inserted meanwhile."""
        kind, make = self._kind, cast("Callable[..., R]", self._kind.row)
        rows = [make(*one, **dict.fromkeys(kind.born, now)) for one in ids]
        values = list(map(attrgetter(*kind.first), rows))
        inserted = {row_id for (row_id,) in bulk.insert_new(self._session, kind.table, kind.first, values, ("id",))}
        new = {one[1:]: row for one, row in zip(ids, rows, strict=True) if one[0] in inserted}
        self._made |= inserted
        self.rows |= {one[0]: new[one[1:]] for one in ids if one[0] in inserted}
        self._before |= {row_id: kind.values(self.rows[row_id]) for row_id in inserted}
        return new

    def _changed(self) -> dict[int, list[R]]:
        """The rows that changed, by the facets that did."""
        kind, bits, values_of, found = self._kind, self._kind.bits, self._kind.values, dict[int, list[R]]()
        few = len(kind.slack)
        for row_id, row in self.rows.items():
            before, values = self._before[row_id], values_of(row)
            # whoever replaces a map meant it: {"a": 1} equals {"a": True}, and is not the same
            places = [
                place
                for place, (was, now) in enumerate(zip(before, values, strict=True))
                if was is not now and (was != now or type(now) is dict)
            ]
            if not places or (len(places) <= few and self._slight(places, before, values)):
                continue
            self._before[row_id] = values
            facets = 0
            for place in places:
                facets |= bits[place]
            found.setdefault(facets, []).append(row)
        return found

    def _slight(self, places: Sequence[int], before: Row, values: Row) -> bool:
        slack = self._kind.slack_of
        return all(
            place in slack and before[place] and values[place] and abs(values[place] - before[place]) < slack[place]
            for place in places
        )


def _first(row: Sequence[Any]) -> Any:
    return row[0]
