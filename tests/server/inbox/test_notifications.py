"""What a teammate is told is theirs alone: listed newest first, read once, pushed to their own consoles."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from frontdesk.core.db import Database
from frontdesk.core.runtime import Runtime
from frontdesk.inbox import notifications
from frontdesk.inbox.notifications import Notice
from frontdesk.realtime import broadcast
from frontdesk.realtime.rooms import Push
from tests.server.conftest import Home


def tell(db: Database, home: Home, key: str, names: list[str], now: datetime) -> None:
    notice = Notice(home.id, key, {"en": key, "zh": "看"}, "con_1", None, "rul_1")
    ids = [home.teammates[name] for name in names]
    db.write(lambda session: notifications.tell(session, notice, ids, now))


@pytest.fixture
def told(db: Database, workspace: Home, now: datetime) -> None:
    tell(db, workspace, "first", ["sam", "li"], now)
    tell(db, workspace, "second", ["sam"], now + timedelta(seconds=1))
    tell(db, workspace, "second", ["sam"], now + timedelta(seconds=2))


class Me:
    def __init__(self, client: FlaskClient, name: str) -> None:
        login = {"email": f"{name}@bellshop.example", "password": f"{name}-password"}
        self._client = client
        assert self.ask("POST", "/session", json=login).status_code == 200

    def ask(self, method: str, path: str, **more: Any) -> TestResponse:
        return self._client.open(f"/api/v1{path}", method=method, headers={"Sec-Fetch-Site": "same-origin"}, **more)

    def told(self, **query: Any) -> list[str]:
        return [row["text"]["en"] for row in self.ask("GET", "/notifications", query_string=query).json["data"]]


def test_each_sees_their_own_newest_first_and_each_once(client: FlaskClient, workspace: Home, told: None) -> None:
    assert Me(client, "sam").told() == ["second", "first"]
    assert Me(client, "li").told() == ["first"]
    assert Me(client, "emma").told() == []


def test_what_was_read_is_read_for_this_teammate_alone(client: FlaskClient, workspace: Home, told: None) -> None:
    sam = Me(client, "sam")
    first = sam.ask("GET", "/notifications").json["data"][1]
    assert (first["person"], first["rule"], first["read_at"]) == ("con_1", "rul_1", None)
    for _ in range(2):
        assert sam.ask("POST", f"/notifications/{first['id']}/read").status_code == 204
    assert sam.told(unread="true") == ["second"]
    assert sam.ask("POST", "/notifications/read").status_code == 204
    assert (sam.told(unread="true"), sam.told()) == ([], ["second", "first"])
    assert Me(client, "li").told(unread="true") == ["first"]


def test_what_another_was_told_does_not_exist(client: FlaskClient, workspace: Home, told: None) -> None:
    [mine] = Me(client, "li").ask("GET", "/notifications").json["data"]
    assert Me(client, "sam").ask("POST", f"/notifications/{mine['id']}/read").status_code == 404


def test_an_api_key_is_told_nothing(client: FlaskClient, workspace: Home, told: None) -> None:
    answer = client.get("/api/v1/notifications", headers={"Authorization": f"Bearer {workspace.api_key}"})
    assert answer.json["data"] == []


def test_it_is_pushed_to_the_consoles_of_the_teammate(
    runtime: Runtime, db: Database, workspace: Home, now: datetime
) -> None:
    pushes: list[Push] = []
    broadcast.subscribe(runtime, pushes.append, lambda _room: True)
    tell(db, workspace, "look", ["sam"], now)
    [push] = pushes
    assert (push.namespace, push.room, push.event) == (
        "/console", f"teammate:{workspace.teammates['sam']}", "notification",
    )  # fmt: skip
    assert push.payload["text"] == {"en": "look", "zh": "看"}
