"""What was heard of too late to act on: kept, and looked back at from then on. What was imported is not: nobody could
have acted on it, and what rules would have done with it is what somebody asks who has brought their past along."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import BigInteger, ColumnElement, case, or_, select, type_coerce
from sqlalchemy.orm import Session

from frontdesk.collect.door.times import LATE, LIVE
from frontdesk.collect.models import Event, ImportRun
from frontdesk.core.clock import from_ms, to_ms

_MS: Final = timedelta(milliseconds=1)
_RECEIVED: Final[ColumnElement[int]] = type_coerce(Event.received_at, BigInteger)
_AGE: Final[ColumnElement[int]] = _RECEIVED - type_coerce(Event.occurred_at, BigInteger)
# Older than the door takes is only what was imported.
_TOO_LATE: Final = or_(Event.clock.is_not(None), _AGE.between(LIVE // _MS, LATE // _MS))
LATE_MS: Final[ColumnElement[int]] = case((_TOO_LATE, _RECEIVED))
"""When an event was heard of, in milliseconds, if that was too late; it may have been imported all the same."""


@dataclass(frozen=True, slots=True)
class Imports:
    """When files were imported, in milliseconds."""

    spans: Sequence[tuple[int, int]]

    @classmethod
    def of(cls, session: Session, workspace_id: str, now: datetime) -> "Imports":
        row = ImportRun
        found = session.execute(select(row.started_at, row.finished_at).where(row.workspace_id == workspace_id))
        return cls([(to_ms(begun), to_ms(finished or now)) for begun, finished in found])

    def brought(self, received: int) -> bool:
        """Whether what was heard of then came with an import."""
        return any(begun <= received <= finished for begun, finished in self.spans)

    def heard(self, row: Event) -> datetime:
        """When an event was heard of; of what was imported, when it happened."""
        return row.occurred_at if self.brought(to_ms(row.received_at)) else row.received_at

    def late(self, row: Event) -> datetime | None:
        """When an event was heard of, if it did not come by an import, and too late."""
        received, age = to_ms(row.received_at), row.received_at - row.occurred_at
        too_late = row.clock is not None or LIVE <= age <= LATE
        return from_ms(received) if too_late and not self.brought(received) else None


NO_IMPORTS: Final = Imports(())
