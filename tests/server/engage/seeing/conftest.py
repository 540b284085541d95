import pytest

from frontdesk.core.runtime import Runtime
from tests.server.conftest import Home
from tests.server.engage.seeing.street import Street


@pytest.fixture
def street(runtime: Runtime, workspace: Home) -> Street:
    return Street(runtime, workspace)
