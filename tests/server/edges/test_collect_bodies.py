"""Hostile bodies for collect: each is declined or refused, and no other sender notices.

How long each takes is measured by `python -m tests.benchmarks.bodies`.
"""

import json
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from frontdesk.collect.door.wire import TYPES
from tests.benchmarks.load import Plan, request, send
from tests.chaos.kill import DATABASES, victim
from tests.server.conftest import Home
from tests.server.edges.collect_bodies import GOOD, ITEMS, KEY, WHOLE, Body, batch, of_each_type


def sent(client: FlaskClient, home: Home, body: Body, path: str = "/v1/batch") -> TestResponse:
    data = body.with_key(home.site_key)
    return client.post(path, data=data, headers=body.headers, content_type="application/json")


@pytest.mark.parametrize("name", WHOLE)
def test_a_request_that_nobody_can_read_is_declined(client: FlaskClient, workspace: Home, name: str) -> None:
    body = WHOLE[name]
    answer = sent(client, workspace, body)
    assert (answer.status_code, answer.mimetype) == (body.status, "application/problem+json")
    assert answer.json["code"] == {400: "malformed", 401: "missing_key", 413: "too_large"}[body.status]
    for call in (*TYPES, "presence"):
        single = sent(client, workspace, body, f"/v1/{call}")
        assert (single.status_code < 500, single.json.get("accepted", 0)) == (True, 0)


@pytest.mark.parametrize("name", ITEMS)
def test_an_item_that_cannot_be_kept_is_refused_alone(client: FlaskClient, workspace: Home, name: str) -> None:
    body = ITEMS[name]
    good = json.dumps(GOOD | {"messageId": "good"}).encode()
    between = Body(body.raw.replace(b'"batch":[', b'"batch":[' + good + b",", 1), 200)
    answer = sent(client, workspace, between)
    assert (answer.status_code, [one["code"] for one in answer.json["rejected"]]) == (200, list(body.refused))
    assert answer.json["accepted"] == 2 - len(body.refused)


def test_a_field_of_a_wrong_type_is_refused_or_overlooked_and_its_neighbours_are_kept(
    client: FlaskClient, workspace: Home
) -> None:
    good = json.dumps(GOOD)
    ours = {}
    for name, odd in of_each_type().items():
        answer = sent(client, workspace, Body(batch(f"{good},{odd},{good}"), 200))
        if answer.status_code != 200 or answer.json["accepted"] < 2 or came_of(answer.json) != 3:
            ours[name] = answer.text
    assert ours == {}


def came_of(answer: dict[str, Any]) -> int:
    """How many items an answer accounts for."""
    dropped: int = sum(answer.get("dropped", {}).values())
    return dropped + len(answer["rejected"]) + int(answer["accepted"])


@pytest.mark.parametrize("database", DATABASES)
def test_one_bad_visitor_never_fails_another_s_request(database: str, tmp_path: Path) -> None:
    """All at once, so that they meet in the groups that are stored together."""
    bad = [*WHOLE.values(), *ITEMS.values(), *(Body(batch(odd), 200) for odd in of_each_type().values())]
    with victim(database, tmp_path) as server:
        key = server.said["site_key"]
        mixed = []
        for number, body in enumerate(bad):
            mixed.append(request("/v1/batch", body.with_key(key), body.headers))
            good = GOOD | {"event": "Still Here", "messageId": f"good-{number}", "anonymousId": f"ana-{number}"}
            mixed.append(request("/v1/batch", batch(json.dumps(good)).replace(KEY.encode(), key.encode())))
        answered = send(Plan(server.port, 120, connections=32, keep=True), mixed)
        assert [n for n, status in sorted(answered.statuses.items()) if n % 2 and status != 200] == []
        assert [n for n, status in sorted(answered.statuses.items()) if status >= 500] == []
        assert all(b'"accepted":1,"rejected":[]' in answered.bodies[n] for n in range(1, len(mixed), 2))
        stored = server.api("GET", "/events", params={"name": "Still Here", "limit": 200}).json()["data"]
        assert len(stored) == min(200, len(bad))
