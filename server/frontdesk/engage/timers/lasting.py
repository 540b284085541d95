"""How long is waited for, when another version of a rule says another time: timers that wait are due by the new one."""

from datetime import timedelta
from typing import Final

from sqlalchemy import BigInteger, type_coerce, update
from sqlalchemy.orm import Session

from frontdesk.engage.models import TimerRow
from frontdesk.engage.timers.cancelling import PENDING
from frontdesk_rules.language.timed import AbsenceTrigger

_MS: Final = timedelta(milliseconds=1)


def wait_for(session: Session, waiting_id: str, lasts: timedelta) -> int:
    """Let every absence that waits for a `timer_id` last so long from where it began; how many there are.

    What should have been due already is due at once, late as it is. Whoever holds one to fire it loses it.
    """
    row = TimerRow
    anchor, due, fires = (type_coerce(at, BigInteger) for at in (row.anchor_at, row.due_at, row.fires_at))
    due_now = anchor + lasts // _MS
    moved = (
        update(row)
        .where(row.rule_id == waiting_id, row.state == PENDING, row.kind == AbsenceTrigger.kind)
        .values(due_at=due_now, fires_at=due_now + (fires - due), lease=None, lease_until=None)
        .execution_options(synchronize_session=False)
    )
    return session.execute(moved).rowcount  # type: ignore[attr-defined,no-any-return]  # of an UPDATE it is there
