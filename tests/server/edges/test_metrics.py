"""Who may read /metrics."""

from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from frontdesk.app import compose
from frontdesk.core.config import load_settings
from frontdesk.core.runtime import Runtime
from tests.server.conftest import Home

STRANGER = {"REMOTE_ADDR": "8.8.8.8"}
BEHIND_A_PROXY = {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "8.8.8.8"}


def asking(runtime: Runtime, **settings: object) -> FlaskClient:
    return compose(replace(runtime, settings=replace(runtime.settings, **settings))).app.test_client()


def status(client: FlaskClient, environ: dict[str, str] | None = None, bearer: str | None = None) -> int:
    headers = {"Authorization": f"Bearer {bearer}"} if bearer else {}
    return client.get("/metrics", headers=headers, environ_base=environ or {"REMOTE_ADDR": "127.0.0.1"}).status_code


def test_a_scraper_beside_the_server_reads_what_it_counts(client: FlaskClient) -> None:
    answer = client.get("/metrics", environ_base={"REMOTE_ADDR": "10.0.0.9"})
    assert answer.status_code == 200
    assert answer.content_type.startswith("text/plain; version=")
    assert answer.headers["Cache-Control"] == "no-store"
    for name in ("process_resident_memory_bytes", "frontdesk_info", "frontdesk_group_jobs_bucket"):
        assert f"\n{name}" in answer.text


def test_every_route_s_answers_are_counted(client: FlaskClient) -> None:
    client.get("/healthz")
    client.get("/api/v1/sites/sit_1")
    client.post("/v1/batch", data=b"{")
    told = client.get("/metrics").text
    for method, route, code in (
        ("GET", "/healthz", 200),
        ("GET", "/api/v1/sites/<site_id>", 401),
        ("POST", "/v1/batch", 400),
    ):
        assert f'frontdesk_http_requests_total{{method="{method}",route="{route}",status="{code}"}}' in told


@pytest.mark.parametrize("environ", [STRANGER, BEHIND_A_PROXY])
def test_strangers_are_refused(client: FlaskClient, workspace: Home, environ: dict[str, str]) -> None:
    refused = client.get("/metrics", environ_base=environ)
    assert (refused.status_code, refused.get_json()["code"]) == (401, "unauthenticated")
    assert status(client, environ, workspace.site_key) == 401
    assert status(client, environ, "sk_nobody") == 401
    assert status(client, environ, workspace.api_key) == 200


def test_a_token_is_asked_for_from_everywhere(runtime: Runtime, workspace: Home) -> None:
    client = asking(runtime, metrics_token="a token of the scraper")
    assert status(client) == 401
    assert status(client, bearer="another token") == 401
    assert status(client, bearer="a token of the scraper") == 200
    assert status(client, STRANGER, "a token of the scraper") == 200
    assert status(client, STRANGER, workspace.api_key) == 200


@pytest.mark.parametrize(("short", "expected"), [("olivia", 200), ("sam", 403)])
def test_an_admin_who_is_signed_in_may_look(client: FlaskClient, workspace: Home, short: str, expected: int) -> None:
    said = {"email": f"{short}@bellshop.example", "password": f"{short}-password"}
    client.post("/api/v1/session", json=said, environ_base=STRANGER)
    assert status(client, STRANGER) == expected


def test_the_token_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    assert load_settings(tmp_path).metrics_token is None
    monkeypatch.setenv("FRONTDESK_METRICS_TOKEN", "")
    assert load_settings(tmp_path).metrics_token is None
    monkeypatch.setenv("FRONTDESK_METRICS_TOKEN", "t")
    assert load_settings(tmp_path).metrics_token == "t"
