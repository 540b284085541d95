from pathlib import Path

import pytest

from frontdesk.core.signals import Bus
from tests.server.conftest import Home
from tests.server.engage.rules.author import Author
from tests.server.engage.shop import Shop
from tests.server.engage.web import Web


@pytest.fixture
def author(shop: Shop, bus: Bus, workspace: Home, tmp_path: Path) -> Author:
    return Author(Web(shop, bus, tmp_path / "data").app, workspace.api_key)
