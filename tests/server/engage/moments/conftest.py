import pytest

from frontdesk.core.runtime import Runtime
from tests.server.conftest import Home
from tests.server.engage.moments.site import Site


@pytest.fixture
def site(runtime: Runtime, workspace: Home) -> Site:
    return Site(runtime, workspace)
