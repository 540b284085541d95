"""Letters sent again, and how a test tells what became of them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from frontdesk.collect.imports.importing import unasked
from frontdesk.collect.keeping.replaying import Replayed, Replaying
from frontdesk.collect.models import DeadLetter
from frontdesk.collect.store import Store
from frontdesk.core.clock import MovableClock, iso
from frontdesk.core.db import Database
from tests.server.collect.senders import rows, track
from tests.server.conftest import Home

STORE = Store(unasked, "a secret of the tests")


def late(now: datetime, message_id: str, **more: Any) -> dict[str, Any]:
    return track(message_id, timestamp=iso(now - timedelta(days=8)), **more)


def ids(db: Database) -> list[str]:
    return [letter.id for letter in rows(db, DeadLetter)]


def replayed(
    db: Database, home: Home, clock: MovableClock, *, store: Store = STORE, groups: Sequence[Sequence[str]] = ()
) -> list[Replayed]:
    sending = Replaying(db, home.id, store, clock, wait=lambda _seconds: None)
    return list(sending.replay(groups or [ids(db)]))


def outcomes(told: list[Replayed]) -> list[tuple[str, str | None]]:
    return [(one.outcome, one.code) for one in told]
