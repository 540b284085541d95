"""The outbox as teammates see it: what waits, what was given up, and sending it again."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from frontdesk.channels import outbox
from frontdesk.channels.outbox import NotSent, Parcel
from frontdesk.core.db import Database
from tests.server.conftest import Home

HOOKS = "https://hooks.example:443"


@pytest.fixture
def parcels(db: Database, workspace: Home, now: datetime) -> dict[str, str]:
    """One that waits, one that was sent, one that was given up: ids by key."""

    def job(session: Any) -> dict[str, str]:
        ids = {}
        for n, key in enumerate(("sent", "dead", "waits")):
            parcel = Parcel(workspace.id, "webhook", HOOKS, key, {"body": "of a person"})
            ids[key] = outbox.put(session, parcel, now + timedelta(seconds=n)) or ""
        claimed = {one.parcel.key: one for one in outbox.claim(session, HOOKS, 2, now + timedelta(minutes=1))}
        outbox.done(session, claimed["sent"], now)
        outbox.failed(session, claimed["dead"], NotSent("answered 410", final=True), 0.5, now)
        return ids

    return db.write(job)


def ask(client: FlaskClient, home: Home, path: str, method: str = "GET", **query: Any) -> TestResponse:
    headers = {"Authorization": f"Bearer {home.api_key}"}
    return client.open(f"/api/v1{path}", method=method, headers=headers, query_string=query)


def keys(answer: TestResponse) -> list[str]:
    return [row["key"] for row in answer.json["data"]]


def test_what_is_not_done_is_listed_newest_first_without_what_is_in_it(
    client: FlaskClient, workspace: Home, parcels: dict[str, str]
) -> None:
    answer = ask(client, workspace, "/outbox")
    assert keys(answer) == ["waits", "dead"]
    assert "of a person" not in answer.text
    dead = answer.json["data"][1]
    assert (dead["state"], dead["tries"], dead["error"], dead["next_at"]) == ("dead", 1, "answered 410", None)


@pytest.mark.parametrize("state", ["dead", "waits"])
def test_those_of_one_state_or_channel_are_asked_for(
    client: FlaskClient, workspace: Home, parcels: dict[str, str], state: str
) -> None:
    assert keys(ask(client, workspace, "/outbox", state={"waits": "pending"}.get(state, state))) == [state]
    assert keys(ask(client, workspace, "/outbox", channel="email")) == []


def test_pages_follow_each_other(client: FlaskClient, workspace: Home, parcels: dict[str, str]) -> None:
    first = ask(client, workspace, "/outbox", limit=1)
    second = ask(client, workspace, "/outbox", limit=1, cursor=first.json["next_cursor"])
    assert (keys(first), keys(second), second.json["next_cursor"]) == (["waits"], ["dead"], None)


def test_what_was_given_up_is_sent_again(client: FlaskClient, workspace: Home, parcels: dict[str, str]) -> None:
    answer = ask(client, workspace, f"/outbox/{parcels['dead']}/replay", "POST")
    assert (answer.status_code, answer.json["state"], answer.json["tries"]) == (200, "pending", 0)
    assert ask(client, workspace, f"/outbox/{parcels['dead']}/replay", "POST").status_code == 200


def test_what_was_sent_is_not_kept_and_cannot_be_sent_again(
    client: FlaskClient, workspace: Home, parcels: dict[str, str]
) -> None:
    assert ask(client, workspace, f"/outbox/{parcels['sent']}/replay", "POST").status_code == 409


def test_another_workspace_s_parcels_do_not_exist(
    client: FlaskClient, other_workspace: Home, parcels: dict[str, str]
) -> None:
    assert keys(ask(client, other_workspace, "/outbox")) == []
    assert ask(client, other_workspace, f"/outbox/{parcels['dead']}/replay", "POST").status_code == 404


def test_the_secret_of_webhooks_is_told_to_admins_alone(client: FlaskClient, workspace: Home) -> None:
    assert ask(client, workspace, "/outbox/webhook_secret").json["secrets"][0].startswith("whsec_")
    login = {"email": "sam@bellshop.example", "password": "sam-password"}
    client.post("/api/v1/session", json=login, headers={"Sec-Fetch-Site": "same-origin"})
    assert client.get("/api/v1/outbox/webhook_secret").status_code == 403


def test_nobody_is_told_anything_without_a_log_in(client: FlaskClient, parcels: dict[str, str]) -> None:
    for method, path in (("GET", "/outbox"), ("POST", "/outbox/out_1/replay"), ("GET", "/outbox/webhook_secret")):
        answer = client.open(f"/api/v1{path}", method=method, headers={"Sec-Fetch-Site": "same-origin"})
        assert answer.status_code == 401
