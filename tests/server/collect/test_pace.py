"""How often one sender may ask: the 429, whom it holds up and whom not."""

import pickle
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import gevent
import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from frontdesk.accounts.workspaces import new_api_key
from frontdesk.app import compose
from frontdesk.collect.counts import COUNTS
from frontdesk.collect.door.draft import Received
from frontdesk.collect.door.parse import Parsed
from frontdesk.collect.door.pipeline import parse_items
from frontdesk.collect.endpoint import Collect
from frontdesk.core.clock import MovableClock
from frontdesk.core.config import Limits
from frontdesk.core.db import Database
from frontdesk.core.runtime import Runtime
from tests.server.collect.conftest import Post
from tests.server.collect.test_what_sites_take import counted
from tests.server.conftest import Home

Ask = Callable[..., TestResponse]
FAR = "203.0.113.9"


@pytest.fixture
def strict(runtime: Runtime) -> FlaskClient:
    """Two requests a minute from an address, three of a backend."""
    return limited(runtime, Limits(address=2, api_key=3))


def limited(runtime: Runtime, limits: Limits) -> FlaskClient:
    return compose(replace(runtime, settings=replace(runtime.settings, limits=limits))).app.test_client()


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


@pytest.fixture
def calm(runtime: Runtime) -> FlaskClient:
    """Two requests a minute of a visitor, five from an address, any number of a backend."""
    return limited(runtime, Limits(address=5, visitor=2, api_key=0))


@pytest.fixture
def say(calm: FlaskClient, workspace: Home) -> Ask:
    """One call of its own; a `path` other than that of a track call takes the whole body."""
    numbers = iter(range(100))

    def call(who: dict[str, Any], path: str = "track", address: str = FAR, key: str = workspace.site_key) -> Any:
        event = {"type": "track", "event": "Bell Rung", "messageId": f"m{next(numbers)}"}
        own = {"batch": [event | who], "token": who.get("token")} if path == "batch" else event | who
        return calm.post(f"/v1/{path}", json={"writeKey": key, **own}, environ_base={"REMOTE_ADDR": address})

    return call


ANNA, BERT = {"anonymousId": "anna"}, {"anonymousId": "bert"}


@pytest.mark.parametrize("path", ["track", "batch"])
def test_a_visitor_is_told_when_to_come_again_and_no_other_at_its_address_is_held_up(
    say: Ask, workspace: Home, db: Database, clock: MovableClock, path: str
) -> None:
    COUNTS._waiting.clear()
    assert [say(ANNA, path).status_code for _ in range(3)] == [200, 200, 429]
    for _ in range(5):
        refused = say(ANNA, path)
        told = refused.json["code"], refused.json["field"], refused.headers["Retry-After"]
        assert told == ("too_many", "anonymousId", "30")
    assert [say(BERT, path).status_code for _ in range(3)] == [200, 200, 429]
    assert counted(db, workspace, clock())["pace", "too_many_of_visitor"] == 7
    clock.advance(timedelta(seconds=30))
    assert [say(ANNA, path).status_code for _ in range(2)] == [200, 429]


def test_a_token_is_one_visitor_wherever_it_comes_from_and_whatever_it_says(say: Ask) -> None:
    token = say(ANNA).json["visitor_token"]
    holder = {"token": token, "page": {"url": "https://shop.example/"}}
    assert say(holder, "presence").status_code == 200
    assert say(BERT | holder, "batch", "203.0.113.10").status_code == 200
    refused = say(ANNA | holder, address="203.0.113.11")
    assert (refused.status_code, refused.json["field"]) == (429, "token")
    assert say(ANNA).status_code == 200


def test_whoever_knows_an_anonymous_id_does_not_use_up_its_share(say: Ask) -> None:
    assert [say(ANNA, address="203.0.113.66").status_code for _ in range(3)] == [200, 200, 429]
    assert say(ANNA).status_code == 200


@pytest.mark.parametrize("field", ["token", "anonymousId"])
def test_of_the_name_of_a_visitor_little_is_kept_however_long_it_is(
    collect: Collect, post: Post, workspace: Home, field: str
) -> None:
    for number in range(3):
        post("track", {"writeKey": workspace.site_key, "event": "Bell Rung", field: f"{number}" + "x" * 30_000})
    visitors = collect._pace._visitors
    assert len(visitors._used_up_to) == 3
    assert len(pickle.dumps(visitors)) < 1_000


def test_who_makes_up_visitors_has_the_share_of_its_address_all_the_same(say: Ask) -> None:
    assert [say({"anonymousId": f"a{n}"}).status_code for n in range(6)] == [200] * 5 + [429]


def test_a_backend_and_who_asks_from_this_machine_are_no_visitors(say: Ask, workspace: Home) -> None:
    assert {say(ANNA, key=workspace.api_key).status_code for _ in range(5)} == {200}
    assert {say(ANNA, address="127.0.0.1").status_code for _ in range(5)} == {200}


def test_what_names_no_visitor_is_refused_for_what_it_is(say: Ask) -> None:
    assert {say({"anonymousId": wrong}, "batch").json["rejected"][0]["code"] for wrong in (None, [])} == {
        "missing",
        "invalid",
    }


def test_while_a_long_batch_is_read_others_have_their_turn(clock: MovableClock) -> None:
    turns: list[int] = []

    def other() -> None:
        while True:
            turns.append(1)
            gevent.sleep(0)

    running = gevent.spawn(other)
    received = Received(clock(), None, None, None, backend=False)
    read = parse_items([b'{"type":"page","messageId":"m%d","anonymousId":"a"}' % n for n in range(1_001)], received)
    running.kill()
    assert [one.message_id for one in read if isinstance(one, Parsed)] == [f"m{n}" for n in range(1_001)]
    assert len(turns) >= 4
