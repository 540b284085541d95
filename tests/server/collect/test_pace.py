"""How often one sender may ask: the 429, whom it holds up and whom not."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from frontdesk.accounts.workspaces import new_api_key
from frontdesk.app import compose
from frontdesk.core.clock import MovableClock
from frontdesk.core.config import Limits
from frontdesk.core.db import Database
from frontdesk.core.runtime import Runtime
from tests.server.conftest import Home

Ask = Callable[..., TestResponse]
FAR = "203.0.113.9"


@pytest.fixture
def strict(runtime: Runtime) -> FlaskClient:
    """Two requests a minute from an address, three of a backend."""
    settings = replace(runtime.settings, limits=Limits(address=2, api_key=3))
    return compose(replace(runtime, settings=settings)).app.test_client()


@pytest.fixture
def ask(strict: FlaskClient, workspace: Home) -> Ask:
    numbers = iter(range(100))

    def call(address: str = FAR, key: str = workspace.site_key, **headers: Any) -> TestResponse:
        event = {"type": "track", "event": "Bell Rung", "anonymousId": "anna", "messageId": f"m{next(numbers)}"}
        body = {"writeKey": key, "batch": [event]}
        return strict.post("/v1/batch", json=body, environ_base={"REMOTE_ADDR": address}, headers=headers)

    return call


def test_beyond_its_share_a_sender_is_told_when_to_come_again(ask: Ask, clock: MovableClock) -> None:
    assert [ask().status_code for _ in range(3)] == [200, 200, 429]
    refused = ask()
    assert (refused.json["code"], refused.headers["Retry-After"]) == ("too_many", "30")
    assert refused.mimetype == "application/problem+json"
    clock.advance(timedelta(seconds=30))
    assert [ask().status_code for _ in range(2)] == [200, 429]


def test_others_are_not_held_up(ask: Ask) -> None:
    assert [ask().status_code for _ in range(3)] == [200, 200, 429]
    assert ask("203.0.113.10").status_code == 200


def test_a_network_of_ipv6_is_one_sender(ask: Ask) -> None:
    assert [ask(f"2001:db8:0:1::{n}").status_code for n in (1, 2, 3)] == [200, 200, 429]
    assert ask("2001:db8:0:2::1").status_code == 200


def test_each_api_key_has_a_share_of_its_own(ask: Ask, db: Database, workspace: Home, clock: MovableClock) -> None:
    other = db.write(lambda session: new_api_key(session, workspace.id, "importer", clock()))
    assert [ask(key=workspace.api_key).status_code for _ in range(4)] == [200, 200, 200, 429]
    assert [ask(key=other).status_code for _ in range(4)] == [200, 200, 200, 429]
    assert ask().status_code == 200


def test_who_asks_from_this_machine_is_not_counted(ask: Ask) -> None:
    assert {ask("127.0.0.1").status_code for _ in range(5)} == {200}


def test_a_proxy_that_nobody_told_us_of_is_a_sender_as_any(ask: Ask) -> None:
    assert [ask("127.0.0.1", **{"X-Forwarded-For": FAR}).status_code for _ in range(3)] == [200, 200, 429]
