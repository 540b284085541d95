from datetime import datetime

import pytest
from flask.testing import FlaskClient

from frontdesk.core.clock import MovableClock
from frontdesk.core.db import Database
from tests.server.conftest import Home
from tests.server.engage.facts.site import Site
from tests.server.engage.facts.world import World


@pytest.fixture
def site(client: FlaskClient, db: Database, clock: MovableClock, workspace: Home) -> Site:
    return Site(client, db, clock, workspace)


@pytest.fixture
def world(db: Database, now: datetime, workspace: Home) -> World:
    return World(db, workspace.id, now)
