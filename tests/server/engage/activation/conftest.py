import pytest

from frontdesk.core.runtime import Runtime
from tests.server.conftest import Home
from tests.server.engage.activation.town import Town


@pytest.fixture
def town(runtime: Runtime, workspace: Home) -> Town:
    return Town(runtime, workspace)
