"""Who may come in: through the composed app, on both databases."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from frontdesk.accounts import sessions, workspaces
from frontdesk.core.clock import MovableClock
from frontdesk.core.db import Database
from frontdesk.core.runtime import Runtime
from tests.server.conftest import Home

SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}


def sign_in(client: FlaskClient, email: str = "sam@bellshop.example", password: str = "sam-password"):
    return client.post("/api/v1/session", json={"email": email, "password": password})


def test_a_teammate_signs_in_and_out(client: FlaskClient, workspace: Home) -> None:
    answer = sign_in(client)
    assert answer.status_code == 200
    assert answer.json["teammate"]["id"] == workspace.teammates["sam"]
    assert answer.json["site"]["key"] == workspace.site_key
    assert "HttpOnly" in answer.headers["Set-Cookie"]
    assert "SameSite=Lax" in answer.headers["Set-Cookie"]
    assert client.get("/api/v1/session").json["workspace"]["name"] == "Bellshop"
    assert client.delete("/api/v1/session", headers=SAME_ORIGIN).status_code == 204
    assert client.get("/api/v1/session").status_code == 401


@pytest.mark.parametrize(
    ("email", "password"), [("sam@bellshop.example", "wrong"), ("nobody@bellshop.example", "sam-password")]
)
def test_a_wrong_password_and_an_unknown_email_get_the_same_answer(
    client: FlaskClient, workspace: Home, email: str, password: str
) -> None:
    answer = sign_in(client, email, password)
    assert (answer.status_code, answer.json["code"]) == (401, "wrong_credentials")


def test_a_missing_field_is_named(client: FlaskClient, workspace: Home) -> None:
    answer = client.post("/api/v1/session", json={"email": "sam@bellshop.example"})
    assert (answer.status_code, answer.json["code"], answer.json["field"]) == (422, "invalid", "password")
    assert answer.content_type == "application/problem+json"


def test_a_session_ends_by_itself(client: FlaskClient, workspace: Home, clock: MovableClock) -> None:
    sign_in(client)
    clock.advance(timedelta(days=31))
    assert client.get("/api/v1/session").status_code == 401


def test_another_site_cannot_write_with_the_cookie(client: FlaskClient, workspace: Home) -> None:
    sign_in(client)
    refused = client.patch("/api/v1/session", json={"online": False}, headers={"Sec-Fetch-Site": "cross-site"})
    assert (refused.status_code, refused.json["code"]) == (403, "cross_site")
    by_origin = client.patch("/api/v1/session", json={"online": False}, headers={"Origin": "https://evil.example"})
    assert by_origin.status_code == 403
    assert client.patch("/api/v1/session", json={"online": False}, headers=SAME_ORIGIN).status_code == 200


FOREIGN = [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://evil.example"},
           {"Origin": "null"}]  # fmt: skip


@pytest.mark.parametrize("headers", FOREIGN)
def test_another_site_can_neither_sign_anybody_in_nor_set_up(
    client: FlaskClient, db: Database, workspace: Home, runtime: Runtime, headers: dict[str, str]
) -> None:
    login = {"email": "sam@bellshop.example", "password": "sam-password"}
    refused = client.post("/api/v1/session", json=login, headers=headers)
    assert (refused.status_code, refused.json["code"]) == (403, "cross_site")
    assert "Set-Cookie" not in refused.headers
    said = {"token": "su_1", "workspace": "Acme", "name": "Eve", **login}
    refused = client.post("/api/v1/setup", json=said, headers=headers)
    assert (refused.status_code, refused.json["code"]) == (403, "cross_site")


@pytest.mark.parametrize("headers", [{}, SAME_ORIGIN, {"Origin": "http://localhost"}])
def test_our_own_console_signs_in(client: FlaskClient, workspace: Home, headers: dict[str, str]) -> None:
    login = {"email": "sam@bellshop.example", "password": "sam-password"}
    assert client.post("/api/v1/session", json=login, headers=headers).status_code == 200


@pytest.mark.parametrize("path", ["/api/v1/teammates", "/api/v1/people", "/api/v1/rules"])
def test_an_api_key_in_a_page_is_refused(client: FlaskClient, workspace: Home, path: str) -> None:
    headers = {"Authorization": f"Bearer {workspace.api_key}"}
    refused = client.get(path, headers=headers | {"Origin": "https://shop.example"})
    assert (refused.status_code, refused.json["code"]) == (403, "api_key_in_browser")
    assert client.get(path, headers=headers).status_code == 200


def test_availability_and_language_are_kept(client: FlaskClient, workspace: Home) -> None:
    sign_in(client)
    changed = client.patch("/api/v1/session", json={"online": False, "language": "zh"}, headers=SAME_ORIGIN)
    assert (changed.json["teammate"]["available"], changed.json["language"]) == (False, "zh")


def test_an_api_key_reads_but_is_not_a_teammate(client: FlaskClient, workspace: Home) -> None:
    headers = {"Authorization": f"Bearer {workspace.api_key}"}
    names = [row["name"] for row in client.get("/api/v1/teammates", headers=headers).json["data"]]
    assert names == ["Emma", "Li", "Olivia", "Sam"]
    assert client.get("/api/v1/session", headers=headers).status_code == 401
    assert client.get("/api/v1/teammates", headers={"Authorization": "Bearer sk_nobody"}).status_code == 401


def test_teams_name_their_members_of_this_workspace_only(
    client: FlaskClient, workspace: Home, other_workspace: Home
) -> None:
    sign_in(client)
    teams = {row["key"]: row for row in client.get("/api/v1/teams").json["data"]}
    assert set(teams["sales"]["member_ids"]) == {workspace.teammates["sam"], workspace.teammates["li"]}
    assert teams["sales"]["id"] == workspace.teams["sales"]


def test_a_viewer_reads_and_cannot_write(client: FlaskClient, db: Database, workspace: Home, runtime: Runtime) -> None:
    new = workspaces.NewTeammate("Vera", "vera@bellshop.example", "vera-password", role="viewer")
    db.write(lambda session: workspaces.add_teammate(session, workspace.id, new, runtime.clock()))
    sign_in(client, "vera@bellshop.example", "vera-password")
    assert client.get("/api/v1/teammates").status_code == 200
    refused = client.post("/api/v1/rules", json={"yaml": ""}, headers=SAME_ORIGIN)
    assert (refused.status_code, refused.json["code"]) == (403, "forbidden")
    assert client.patch("/api/v1/session", json={"language": "zh"}, headers=SAME_ORIGIN).status_code == 200
    assert client.delete("/api/v1/session", headers=SAME_ORIGIN).status_code == 204


def test_the_setup_link_creates_the_owner_once(client: FlaskClient, db: Database, runtime: Runtime) -> None:
    token = db.write(lambda session: sessions.setup_link(session, runtime.clock()))
    assert client.get(f"/api/v1/setup?token={token}").json == {"valid": True}
    owner = {"name": "Olga", "email": "Olga@acme.example", "password": "a long password"}
    said = {"token": token, "workspace": "Acme", **owner}
    short = client.post("/api/v1/setup", json=said | {"password": "short"})
    assert (short.status_code, short.json["field"]) == (422, "password")
    made = client.post("/api/v1/setup", json=said)
    assert (made.status_code, made.json["teammate"]["role"]) == (200, "owner")
    assert client.get("/api/v1/session").json["workspace"]["name"] == "Acme"
    again = client.post("/api/v1/setup", json=said)
    assert (again.status_code, again.json["code"]) == (404, "setup_link_invalid")
    assert db.write(lambda session: sessions.setup_link(session, runtime.clock())) is None


def test_a_setup_link_expires(client: FlaskClient, db: Database, runtime: Runtime, clock: MovableClock) -> None:
    token = db.write(lambda session: sessions.setup_link(session, clock()))
    clock.advance(timedelta(days=8))
    assert client.get(f"/api/v1/setup?token={token}").json == {"valid": False}
