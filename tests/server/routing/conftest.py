"""A workspace with two teams, and a way to let a rule route a visitor's new conversation."""

from datetime import datetime
from functools import partial

import pytest

from frontdesk.core.clock import MovableClock
from frontdesk.core.db import Database
from tests.server.inbox.desk import build_workspace
from tests.server.routing.floor import Floor


@pytest.fixture
def floor(db: Database, now: datetime, clock: MovableClock) -> Floor:
    for key in ("1", "2"):
        db.write(partial(build_workspace, key=key, now=now))
    return Floor(db, clock)
