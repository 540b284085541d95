import pytest

from frontdesk.core.runtime import Runtime
from tests.server.conftest import Home
from tests.server.engage.timers.desk import Desk


@pytest.fixture
def desk(runtime: Runtime, workspace: Home) -> Desk:
    return Desk(runtime, workspace)
