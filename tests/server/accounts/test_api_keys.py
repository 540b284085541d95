"""API keys: who makes them, who may not, and how soon one that was ended opens nothing any more."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from frontdesk.accounts import api_keys, queries, workspaces
from frontdesk.accounts.models import ApiKey
from frontdesk.core.clock import MovableClock
from frontdesk.core.db import Database
from frontdesk.core.errors import Conflict, NotFound
from tests.server.conftest import Home

SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}
PATH = "/api/v1/api_keys"


def sign_in(client: FlaskClient, short: str) -> None:
    said = {"email": f"{short}@bellshop.example", "password": f"{short}-password"}
    assert client.post("/api/v1/session", json=said).status_code == 200


def made(client: FlaskClient, name: str = "Shop") -> dict[str, str]:
    answer = client.post(PATH, json={"name": name}, headers=SAME_ORIGIN)
    assert answer.status_code == 201, answer.text
    found: dict[str, str] = answer.get_json()
    return found


def bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


def sends(client: FlaskClient, key: str) -> int:
    """The status of an event sent with this key."""
    said = {"writeKey": key, "batch": [{"type": "track", "userId": "vera", "event": "Asked"}]}
    return client.post("/v1/batch", json=said).status_code


@pytest.fixture
def stranger(client: FlaskClient) -> FlaskClient:
    """A server: it brings no cookie."""
    return client.application.test_client()


def test_a_key_is_shown_once_and_kept_as_its_fingerprint(
    client: FlaskClient, stranger: FlaskClient, workspace: Home, db: Database, clock: MovableClock
) -> None:
    sign_in(client, "olivia")
    clock.advance(timedelta(seconds=1))
    new = made(client, "  Shop\x00 ")
    assert new["key"].startswith("sk_")
    assert (new["name"], new["id"][:4]) == ("Shop", "key_")
    listed = client.get(PATH)
    told = {name: new[name] for name in ("id", "name", "created_at")}
    assert listed.get_json()["data"][0] == told
    assert [row["name"] for row in listed.get_json()["data"]] == ["Shop", "tests"]
    assert listed.headers["Cache-Control"] == "no-store"
    kept = db.read(lambda session: session.execute(select(ApiKey.__table__)).all())
    assert new["key"] not in str(kept)
    assert stranger.get("/api/v1/teammates", headers=bearer(new["key"])).status_code == 200
    assert sends(stranger, new["key"]) == 200


def test_an_ended_key_opens_nothing_here_at_once_and_nothing_in_collect_after_five_seconds(
    client: FlaskClient, stranger: FlaskClient, workspace: Home, clock: MovableClock
) -> None:
    sign_in(client, "olivia")
    new = made(client)
    assert sends(stranger, new["key"]) == 200
    assert client.delete(f"{PATH}/{new['id']}", headers=SAME_ORIGIN).status_code == 204
    assert stranger.get("/api/v1/teammates", headers=bearer(new["key"])).status_code == 401
    clock.advance(timedelta(seconds=5, milliseconds=1))
    assert sends(stranger, new["key"]) == 401
    assert sends(stranger, workspace.api_key) == 200
    assert client.delete(f"{PATH}/{new['id']}", headers=SAME_ORIGIN).status_code == 404


def test_an_api_key_neither_makes_nor_ends_keys(stranger: FlaskClient, workspace: Home, db: Database) -> None:
    own = db.read(lambda session: queries.api_keys(session, workspace.id)[0].id)
    by_key = bearer(workspace.api_key)
    for refused in (
        stranger.post(PATH, json={"name": "Another"}, headers=by_key),
        stranger.delete(f"{PATH}/{own}", headers=by_key),
    ):
        assert (refused.status_code, refused.get_json()["code"]) == (403, "api_key_refused")
    assert [row["id"] for row in stranger.get(PATH, headers=by_key).get_json()["data"]] == [own]


@pytest.mark.parametrize("role", ["member", "viewer"])
def test_who_is_no_admin_neither_sees_nor_makes_nor_ends_keys(
    client: FlaskClient, workspace: Home, db: Database, clock: MovableClock, role: str
) -> None:
    new = workspaces.NewTeammate("Vera", "vera@bellshop.example", "vera-password", role=role)
    db.write(lambda session: workspaces.add_teammate(session, workspace.id, new, clock()))
    own = db.read(lambda session: queries.api_keys(session, workspace.id)[0].id)
    sign_in(client, "vera")
    calls: list[Callable[[], Any]] = [
        lambda: client.get(PATH),
        lambda: client.post(PATH, json={"name": "Mine"}, headers=SAME_ORIGIN),
        lambda: client.delete(f"{PATH}/{own}", headers=SAME_ORIGIN),
    ]
    assert [call().status_code for call in calls] == [403, 403, 403]
    assert db.read(lambda session: [row.name for row in queries.api_keys(session, workspace.id)]) == ["tests"]


def test_nobody_sees_keys_without_signing_in(client: FlaskClient, workspace: Home) -> None:
    assert client.get(PATH).status_code == 401
    assert client.post(PATH, json={"name": "Mine"}).status_code == 401


def test_another_workspace_s_key_does_not_exist(
    client: FlaskClient, workspace: Home, other_workspace: Home, db: Database
) -> None:
    theirs = db.read(lambda session: queries.api_keys(session, other_workspace.id)[0].id)
    sign_in(client, "olivia")
    assert client.delete(f"{PATH}/{theirs}", headers=SAME_ORIGIN).status_code == 404
    assert theirs not in client.get(PATH).text
    assert sends(client, other_workspace.api_key) == 200


@pytest.mark.parametrize("name", ["", "  ", "\x00", "x" * 121])
def test_a_key_has_a_name(client: FlaskClient, workspace: Home, name: str) -> None:
    sign_in(client, "olivia")
    refused = client.post(PATH, json={"name": name}, headers=SAME_ORIGIN)
    assert (refused.status_code, refused.get_json()["field"]) == (422, "name")


def test_a_key_is_found_by_its_id_or_by_a_name_that_it_alone_has(
    workspace: Home, db: Database, clock: MovableClock
) -> None:
    make = partial(api_keys.make, workspace_id=workspace.id, now=clock())
    one, _, _ = (db.write(partial(make, name=name)).row for name in ("shop", "twin", "twin"))
    called = partial(queries.api_key_called, workspace_id=workspace.id)
    assert db.read(partial(called, called="shop")).id == one.id
    assert db.read(partial(called, called=one.id)).id == one.id
    with pytest.raises(Conflict, match="Several API keys are named “twin”"):
        db.read(partial(called, called="twin"))
    with pytest.raises(NotFound, match="no API key “nobody”"):
        db.read(partial(called, called="nobody"))
