"""A site's settings over the API, and how they reach those who judge by them."""

from datetime import timedelta
from functools import partial

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.orm import Session

from frontdesk.accounts import queries, sites, workspaces
from frontdesk.accounts.queries import SenderKey
from frontdesk.accounts.signals import SiteChanged
from frontdesk.accounts.site_rules import SettingsRefused, SiteRules
from frontdesk.core.clock import MovableClock
from frontdesk.core.db import Database
from frontdesk.core.signals import Bus
from tests.server.conftest import Home

SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}
ALL = {
    "origins": ["https://shop.example", "*.shop.example"],
    "ignore_ips": ["203.0.113.0/24"],
    "ignore_paths": ["/admin/**"],
    "staff": ["@shop.example"],
    "consent": "opt_in",
    "bots": "keep",
}


def sign_in(client: FlaskClient, short: str) -> None:
    said = {"email": f"{short}@bellshop.example", "password": f"{short}-password"}
    assert client.post("/api/v1/session", json=said).status_code == 200


def site_id(db: Database, home: Home) -> str:
    return db.read(lambda session: queries.first_site(session, home.id).id)


def judged_by(db: Database, key: str) -> SiteRules:
    found = db.read(partial(queries.sender, key=key))
    assert found is not None
    return found.rules


def test_a_new_site_takes_everything_but_bots(client: FlaskClient, workspace: Home, db: Database) -> None:
    sign_in(client, "sam")
    listed = client.get("/api/v1/sites").get_json()
    assert listed["next_cursor"] is None
    (site,) = listed["data"]
    assert (site["id"], site["key"], site["name"]) == (site_id(db, workspace), workspace.site_key, "Bellshop")
    rules = {"origins": [], "ignore_ips": [], "ignore_paths": [], "staff": [], "consent": "granted", "bots": "drop"}
    assert {name: site[name] for name in rules} == rules
    assert judged_by(db, workspace.site_key) == SiteRules()
    assert client.get(f"/api/v1/sites/{site['id']}").get_json() == site


def test_an_owner_changes_what_is_named_and_the_rest_stays(client: FlaskClient, workspace: Home, db: Database) -> None:
    sign_in(client, "olivia")
    path = f"/api/v1/sites/{site_id(db, workspace)}"
    changed = client.patch(path, json=ALL, headers=SAME_ORIGIN)
    assert changed.status_code == 200
    assert {name: changed.get_json()[name] for name in ALL} == ALL
    again = client.patch(path, json={"origins": []}, headers=SAME_ORIGIN).get_json()
    assert {name: again[name] for name in ALL} == ALL | {"origins": []}
    assert client.get(path).get_json() == again


def test_a_page_and_a_server_are_judged_by_what_was_set(workspace: Home, db: Database) -> None:
    db.write(partial(sites.change, workspace_id=workspace.id, site_id=site_id(db, workspace), settings=ALL))
    listed = (tuple(ALL["ignore_ips"]), tuple(ALL["ignore_paths"]), tuple(ALL["staff"]))
    assert judged_by(db, workspace.site_key) == SiteRules(tuple(ALL["origins"]), *listed, "opt_in", "keep")
    assert judged_by(db, workspace.api_key) == SiteRules((), *listed, "granted", "keep")


def test_a_server_is_judged_by_its_workspace_s_first_site(
    workspace: Home, other_workspace: Home, db: Database, clock: MovableClock
) -> None:
    clock.advance(timedelta(seconds=1))

    def add(session: Session) -> str:
        home = queries.workspace(session, workspace.id)
        second = workspaces.add_site(session, home, "Second", clock())
        sites.change(session, workspace.id, second.id, {"staff": ["second"]})
        sites.change(session, workspace.id, queries.first_site(session, workspace.id).id, {"staff": ["first"]})
        return second.key

    second_key = db.write(add)
    assert judged_by(db, workspace.api_key).staff == ("first",)
    assert judged_by(db, other_workspace.api_key).staff == ()
    assert (judged_by(db, workspace.site_key).staff, judged_by(db, second_key).staff) == (("first",), ("second",))
    assert db.read(partial(queries.sender, key="sk_nobody")) is None
    assert db.read(partial(queries.sender, key="pk_nobody")) is None


def test_a_key_says_whose_it_is(workspace: Home, db: Database) -> None:
    page, server = (db.read(partial(queries.sender, key=key)) for key in (workspace.site_key, workspace.api_key))
    assert page == SenderKey(workspace.id, verified=False, site_id=site_id(db, workspace), rules=SiteRules())
    (key,) = db.read(partial(queries.api_keys, workspace_id=workspace.id))
    assert server == SenderKey(workspace.id, verified=True, site_id=None, rules=SiteRules(bots="keep"), key_id=key.id)


def test_bad_entries_change_nothing_and_are_all_named(client: FlaskClient, workspace: Home, db: Database) -> None:
    sign_in(client, "olivia")
    path = f"/api/v1/sites/{site_id(db, workspace)}"
    bad = {"staff": ["li"], "origins": ["https://shop.example", "shop.example"], "ignore_ips": ["10.0.0.0/99"]}
    refused = client.patch(path, json=bad, headers=SAME_ORIGIN)
    body = refused.get_json()
    assert (refused.status_code, refused.content_type) == (422, "application/problem+json")
    assert (body["code"], body["field"]) == ("invalid", "origins.1")
    assert [error["path"] for error in body["errors"]] == ["origins.1", "ignore_ips.0"]
    assert body["detail"].startswith("origins.1: An origin is written")
    assert judged_by(db, workspace.site_key) == SiteRules()


def test_all_that_is_wrong_is_named_of_whatever_kind(client: FlaskClient, workspace: Home, db: Database) -> None:
    sign_in(client, "olivia")
    bad = {
        "consent": "maybe",
        "bots": 7,
        "origins": ["ftp://x"],
        "staff": ["li", 1],
        "ignore_ips": "all",
        "key": "pk_1",
    }
    refused = client.patch(f"/api/v1/sites/{site_id(db, workspace)}", json=bad, headers=SAME_ORIGIN)
    body = refused.get_json()
    assert (refused.status_code, refused.content_type) == (422, "application/problem+json")
    paths = {error["path"] for error in body["errors"]}
    assert paths == {"consent", "bots", "origins.0", "staff.1", "ignore_ips", "key"}
    assert all(error["reason"] in body["detail"] for error in body["errors"])
    assert judged_by(db, workspace.site_key) == SiteRules()


def test_a_body_that_is_no_object_is_refused(client: FlaskClient, workspace: Home, db: Database) -> None:
    sign_in(client, "olivia")
    refused = client.patch(f"/api/v1/sites/{site_id(db, workspace)}", json=[1], headers=SAME_ORIGIN)
    assert (refused.status_code, "field" in refused.get_json()) == (422, False)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"consent": "maybe"}, "consent"),
        ({"bots": "eat"}, "bots"),
        ({"origins": "https://shop.example"}, "origins"),
        ({"origins": [1]}, "origins.0"),
        ({"key": "pk_mine"}, "key"),
    ],
)
def test_a_setting_of_another_kind_is_named(
    client: FlaskClient, workspace: Home, db: Database, change: dict, field: str
) -> None:
    sign_in(client, "olivia")
    refused = client.patch(f"/api/v1/sites/{site_id(db, workspace)}", json=change, headers=SAME_ORIGIN)
    assert (refused.status_code, refused.get_json()["field"]) == (422, field)


def test_members_read_and_do_not_change(client: FlaskClient, workspace: Home, db: Database) -> None:
    sign_in(client, "sam")
    path = f"/api/v1/sites/{site_id(db, workspace)}"
    assert client.get(path).status_code == 200
    refused = client.patch(path, json={"bots": "keep"}, headers=SAME_ORIGIN)
    assert (refused.status_code, refused.get_json()["code"]) == (403, "forbidden")
    assert judged_by(db, workspace.site_key) == SiteRules()


def test_another_workspace_s_site_does_not_exist(
    client: FlaskClient, workspace: Home, other_workspace: Home, db: Database
) -> None:
    sign_in(client, "olivia")
    path = f"/api/v1/sites/{site_id(db, other_workspace)}"
    assert client.get(path).status_code == 404
    assert client.patch(path, json={"bots": "keep"}, headers=SAME_ORIGIN).status_code == 404
    assert [site["key"] for site in client.get("/api/v1/sites").get_json()["data"]] == [workspace.site_key]
    assert judged_by(db, other_workspace.site_key) == SiteRules()


def test_nobody_reads_sites_without_signing_in(client: FlaskClient, workspace: Home, db: Database) -> None:
    assert client.get("/api/v1/sites").status_code == 401
    by_key = {"Authorization": f"Bearer {workspace.api_key}"}
    assert client.get("/api/v1/sites", headers=by_key).status_code == 200


def test_a_change_is_announced_and_a_refused_one_is_not(workspace: Home, db: Database, bus: Bus) -> None:
    heard: list[SiteChanged] = []
    bus.subscribe(SiteChanged, heard.append)
    at = site_id(db, workspace)
    db.write(partial(sites.change, workspace_id=workspace.id, site_id=at, settings={"bots": "keep"}))
    with pytest.raises(SettingsRefused):
        db.write(partial(sites.change, workspace_id=workspace.id, site_id=at, settings={"staff": ["@"]}))
    assert heard == [SiteChanged(workspace.id, at)]


def test_a_site_that_an_older_version_adds_has_the_settings_of_a_new_one(workspace: Home, db: Database) -> None:
    """Its processes may run on beside the upgrade."""
    columns = "id, workspace_id, name, key, color, corner, created_at"
    values = f"'sit_1', '{workspace.id}', 'Old', 'pk_old', '#0E7C6B', 'right', 0"
    db.write(lambda session: session.execute(text(f"INSERT INTO site ({columns}) VALUES ({values})")))
    assert judged_by(db, "pk_old") == SiteRules()
