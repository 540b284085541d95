"""How soon a timer of a person is due, so that its browser asks again when there may be something to show."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from frontdesk.engage.models import TimerRow

SOON: Final = timedelta(seconds=30)  # a browser comes back after this in any case


def due_soon(session: Session, person_ids: Collection[str], now: datetime) -> dict[str, datetime]:
    """Person id → when its next timer fires, if that is within `SOON`; one that is overdue fires any moment.

    One look into the index of what waits, whatever else waits. Ask only where a live rule sets timers.
    """
    if not person_ids:
        return {}
    row = TimerRow
    first = (
        select(row.person_id, func.min(row.fires_at))
        .where(text("state = 'pending'"), row.person_id.in_(sorted(person_ids)), row.fires_at <= now + SOON)
        .group_by(row.person_id)
    )
    return {row[0]: row[1] for row in session.execute(first)}
