"""Timers for the instants at which time alone may change who is in a segment: one for each segment and person.

The anchor is the instant: whoever fires one may note that it has fired after the next was set.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Protocol

from sqlalchemy import bindparam, delete
from sqlalchemy.orm import Session

from frontdesk.core.clock import iso
from frontdesk.core.db import bulk
from frontdesk.engage.models import TimerRow
from frontdesk.engage.timers.keys import KEY, TABLE

KIND: Final = "segment"
_PRIORITY: Final = 50
_COLUMNS = (*KEY, "workspace_id", "kind", "priority", "anchor_at", "due_at", "fires_at", "payload", "state")
_OWNER = KEY[:2]
_DELETE = delete(TABLE).where(*(TABLE.c[name] == bindparam(f"of_{name}") for name in _OWNER))


class Flip(Protocol):
    """A timer of ours that is due: of whom which segment is to be asked again."""

    @property
    def workspace_id(self) -> str: ...
    @property
    def rule_id(self) -> str: ...
    @property
    def person_id(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Due:
    """When a person is to be asked again, None for never; `ids` are all of the person, the one seen first in front."""

    workspace_id: str
    segment_id: str
    ids: tuple[str, ...]
    at: datetime | None


def put(session: Session, wanted: Sequence[Due], now: datetime) -> None:
    """In the place of the timers that these people have for these segments, under any of their ids."""
    if not wanted:
        return
    gone = sorted((due.segment_id, person_id) for due in wanted for person_id in due.ids)
    session.connection().execute(_DELETE, [{"of_rule_id": rule, "of_person_id": person} for rule, person in gone])
    rows: list[tuple[Any, ...]] = [
        (due.segment_id, due.ids[0], iso(due.at), due.workspace_id, KIND, _PRIORITY, now, due.at, due.at, {}, "pending")
        for due in sorted(wanted, key=lambda due: (due.segment_id, due.ids))
        if due.at is not None
    ]
    bulk.insert_new(session, TABLE, _COLUMNS, rows, ("anchor",))


def forget(session: Session, segment_id: str) -> None:
    """Nobody is asked again about this segment."""
    session.execute(delete(TimerRow).where(TimerRow.rule_id == segment_id).execution_options(synchronize_session=False))
