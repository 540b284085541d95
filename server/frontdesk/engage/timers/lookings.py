"""Something is to be looked at again, soon and for certain: a timer that is no rule's, due at once.

It is set in the transaction of its cause, and deleted in that of what came of it: a crash between loses nothing.
Each cause has a row of its own. What is looked at is as it was after the last of them, for its row was there before.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy.orm import Session

from frontdesk.core.db import bulk
from frontdesk.core.ids import new_id
from frontdesk.engage.timers.armings import COLUMNS
from frontdesk.engage.timers.keys import TABLE

_PRIORITY: Final = 50


@dataclass(frozen=True, slots=True)
class Looking:
    """What is to be looked at (`of`), for itself or about one person, because of what happened `at` an instant."""

    workspace_id: str
    of: str
    at: datetime
    person_id: str = ""
    payload: Mapping[str, Any] = field(default_factory=dict)


def look_again(session: Session, kind: str, at: Sequence[Looking], now: datetime) -> None:
    """Set a timer of this kind for each."""
    rows = [
        (
            one.of, one.person_id or one.of, new_id("loo", now), one.workspace_id, kind, _PRIORITY, one.at, now, now,
            dict(one.payload), "pending",
        )
        for one in at
    ]  # fmt: skip
    bulk.insert(session, TABLE, COLUMNS, rows)
