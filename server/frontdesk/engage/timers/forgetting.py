"""Timers that have fired stay for a while: late events are told that they come too late. Then they go."""

from datetime import datetime, timedelta
from functools import partial
from typing import Final

import structlog
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from frontdesk.core.db import Database
from frontdesk.core.errors import Unavailable
from frontdesk.engage.models import TimerRow
from frontdesk.engage.timers.cancelling import delete_timers
from frontdesk.engage.timers.keys import Key

KEPT: Final = timedelta(days=30)  # what is heard of is at most seven days late
BATCH: Final = 500
log = structlog.get_logger(__name__)


def clean(db: Database, now: datetime) -> int:
    """Delete timers that fired, or were given up, long ago; how many. Whoever is interrupted goes on the next time."""
    gone = 0
    try:
        while keys := db.read(partial(_over, before=now - KEPT)):
            db.write(partial(delete_timers, keys=keys))
            gone += len(keys)
    except Unavailable:
        log.warning("timers_over_put_off", deleted=gone)
    return gone


def _over(session: Session, before: datetime) -> list[Key]:
    row = TimerRow
    # in the words of the index, or it is not used
    over = select(row.rule_id, row.person_id, row.anchor).where(
        text("state <> 'pending' AND kind <> 'reaches'"), row.fired_at < before
    )
    return [Key(*found) for found in session.execute(over.limit(BATCH))]
