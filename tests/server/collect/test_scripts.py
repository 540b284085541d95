"""What a page loads from us: for whom, from where, and how long it may be kept."""

from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from frontdesk.accounts import queries, sites
from frontdesk.app import compose
from frontdesk.core.assets import SDK, sdk_manifest
from frontdesk.core.db import Database
from frontdesk.core.runtime import Runtime
from tests.server.conftest import Home

pytestmark = pytest.mark.skipif(not (SDK / "manifest.json").exists(), reason="needs `make build`")


def browser(runtime: Runtime, **settings: object) -> FlaskClient:
    """A browser in front of a server with these settings."""
    changed = replace(runtime, settings=replace(runtime.settings, **settings))
    return compose(changed).app.test_client()


def host(client: FlaskClient, home: Home, **headers: str) -> str:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    answer = client.get("/v1/settings", query_string={"key": home.site_key}, headers=named)
    assert answer.headers["Cache-Control"] == "public, max-age=300"
    assert "Host" in answer.headers["Vary"]
    found: str = answer.get_json()["host"]
    return found


def test_a_site_script_names_the_host_that_it_came_from(client: FlaskClient, workspace: Home) -> None:
    answer = client.get(f"/js/{workspace.site_key}.js", headers={"Host": "chat.example"})
    assert b'"host":"http://chat.example"' in answer.data
    assert "Host" in answer.headers["Vary"]
    assert answer.headers["Cache-Control"] == "public, max-age=300"


@pytest.mark.parametrize("key", ["pk_nobody", "pk_%00", "%00", "pk_%C3%A9", "pk_%ED%A0%80"])
def test_a_key_of_no_site_is_not_found(client: FlaskClient, workspace: Home, key: str) -> None:
    assert client.get(f"/js/{key}.js").status_code == 404


def test_the_public_url_wins_over_what_a_request_says(runtime: Runtime, workspace: Home) -> None:
    client = browser(runtime, public_url="https://desk.example/", trusted_proxies=1)
    assert host(client, workspace, Host="evil.example", X_Forwarded_Proto="http") == "https://desk.example"


@pytest.mark.parametrize(
    ("proxies", "told", "scheme"),
    [(0, "https", "http"), (1, "https", "https"), (1, "http, https", "https"), (1, "javascript", "http")],
)
def test_only_a_trusted_proxy_says_which_scheme_it_was(
    runtime: Runtime, workspace: Home, proxies: int, told: str, scheme: str
) -> None:
    client = browser(runtime, trusted_proxies=proxies)
    assert host(client, workspace, Host="chat.example", X_Forwarded_Proto=told) == f"{scheme}://chat.example"


def test_built_files_are_kept_for_ever_and_their_list_is_not_shown(client: FlaskClient) -> None:
    answer = client.get(f"/sdk/{sdk_manifest()['launcher']}")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "public, max-age=31536000, immutable")
    answer.close()
    for path in ("manifest.json", "./manifest.json", "x/../manifest.json", "%2e/manifest.json", "../app.py"):
        assert client.get(f"/sdk/{path}").status_code == 404, path


@pytest.mark.parametrize(("mode", "at_first"), [("granted", "granted"), ("opt_in", "pending")])
def test_the_probe_waits_where_a_site_asks_first(
    client: FlaskClient, db: Database, workspace: Home, mode: str, at_first: str
) -> None:
    def ask(session: Session) -> None:
        site = queries.first_site(session, workspace.id)
        sites.change(session, workspace.id, site.id, {"consent": mode})

    db.write(ask)
    settings = client.get("/v1/settings", query_string={"key": workspace.site_key}).get_json()
    assert settings["consent"] == at_first
    assert f'"consent":"{at_first}"' in client.get(f"/js/{workspace.site_key}.js").text
