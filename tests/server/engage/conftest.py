from pathlib import Path

import pytest

from frontdesk.core.clock import MovableClock
from frontdesk.core.db import Database
from frontdesk.core.signals import Bus
from tests.server.conftest import Home
from tests.server.engage.shop import Shop, open_shop
from tests.server.engage.web import Web


@pytest.fixture
def shop(db: Database, bus: Bus, clock: MovableClock, workspace: Home) -> Shop:
    return open_shop(db, bus, clock, workspace.id)


@pytest.fixture
def web(shop: Shop, bus: Bus, tmp_path: Path) -> Web:
    return Web(shop, bus, tmp_path / "data")
