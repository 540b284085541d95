import pytest

from frontdesk.core.runtime import Runtime
from tests.server.conftest import Home
from tests.server.engage.timers.companies import RENEWAL, SHARED, team
from tests.server.engage.timers.desk import Desk


@pytest.fixture
def desk(runtime: Runtime, workspace: Home) -> Desk:
    return Desk(runtime, workspace)


@pytest.fixture
def acme(desk: Desk) -> Desk:
    """A company of three, before a live rule."""
    team(desk, *SHARED)
    desk.save(RENEWAL)
    desk.drain()
    return desk
