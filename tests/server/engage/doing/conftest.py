from datetime import datetime

import pytest

from frontdesk.core.db import Database
from tests.server.conftest import Home
from tests.server.engage.doing.stage import Stage


@pytest.fixture
def stage(db: Database, workspace: Home, now: datetime) -> Stage:
    return Stage.built(db, workspace, now)
