import pytest

from frontdesk.core.clock import MovableClock
from frontdesk.core.runtime import Runtime
from tests.server.conftest import Home
from tests.server.engage.segments.town import Town, open_town


@pytest.fixture
def town(runtime: Runtime, clock: MovableClock, workspace: Home) -> Town:
    return open_town(runtime, clock, workspace)
