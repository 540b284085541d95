"""Two workspaces built alike, and the inbox over HTTP."""

from datetime import datetime
from functools import partial
from pathlib import Path

import pytest

from frontdesk.core.clock import MovableClock
from frontdesk.core.db import Database
from frontdesk.core.signals import Bus
from tests.server.inbox.desk import Desk, build_workspace, open_desk


@pytest.fixture
def seeded(db: Database, now: datetime) -> Database:
    """Workspaces `wsp_1` and `wsp_2`; nothing of the second may ever come into sight from the first."""
    for key in ("1", "2"):
        db.write(partial(build_workspace, key=key, now=now))
    return db


@pytest.fixture
def desk(seeded: Database, clock: MovableClock, bus: Bus, tmp_path: Path) -> Desk:
    return open_desk(seeded, clock, bus, tmp_path)
