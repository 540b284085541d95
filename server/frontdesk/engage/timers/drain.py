"""The loop that fires timers: a job each second, in every process; what is claimed by one is left by the others."""

from datetime import datetime, timedelta
from functools import partial
from typing import Final

import structlog
from sqlalchemy.orm import Session

from frontdesk.core.clock import Clock
from frontdesk.core.db import Database
from frontdesk.core.errors import Unavailable
from frontdesk.engage.timers import claims
from frontdesk.engage.timers.claims import MOST_TRIES, Claim
from frontdesk.engage.timers.firing import Firing

log = structlog.get_logger(__name__)

BATCH: Final = 20  # timers of a transaction: tens of ms of a writer on which requests wait
# after a downtime the most important come first, and today's visitors are served in between
MOST_A_TICK: Final = 1_000
BUSY: Final = timedelta(milliseconds=700)
FIRST_WAIT: Final = timedelta(seconds=10)


def tick(db: Database, firing: Firing, clock: Clock, most: int = MOST_A_TICK) -> int:
    """Fire what is due, by priority; how many fired. What is beyond `most`, or takes too long, is left for the next."""
    fired, enough = 0, clock() + BUSY
    try:
        if not db.read(lambda session: claims.due_priorities(session, clock())):
            return 0
        taken = 0
        while taken < most and clock() < enough:
            claimed = db.write(partial(_claim, clock=clock, most=min(BATCH, most - taken)))
            if not claimed.keys:
                break
            taken += len(claimed.keys)
            fired += _fire(db, firing, claimed, clock)
    except Unavailable:
        log.warning("timers_put_off", fired=fired)  # what was claimed is free again when its lease is over
    return fired


def _claim(session: Session, clock: Clock, most: int) -> Claim:
    return claims.claim(session, clock(), most)


def _fire(db: Database, firing: Firing, claimed: Claim, clock: Clock) -> int:
    """In one transaction; if that fails, in halves, until the culprit stands alone and is put off."""
    try:
        return db.write(lambda session: firing.fire(session, claimed, clock()))
    except Unavailable:
        raise
    except Exception:  # a guest must not sink the ship
        if len(claimed.keys) == 1:
            log.exception("timer_failed", timer=claimed.keys[0])
            db.write(lambda session: _put_off(session, claimed, clock()))
            return 0
    return sum(_fire(db, firing, half, clock) for half in claimed.halves())


def _put_off(session: Session, claimed: Claim, now: datetime) -> None:
    """Try it again after longer and longer waits, and at last no more."""
    for due in claims.held(session, claimed):
        if due.tries + 1 < MOST_TRIES:
            claims.leave_for(session, [due], now + FIRST_WAIT * 2**due.tries, failed=True)
        else:
            claims.give_up(session, due, now)
            log.error("timer_given_up", rule=due.rule_id, person=due.person_id, anchor=due.anchor)
