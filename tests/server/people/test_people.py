"""Who is here and whom we know, as the console asks for it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from frontdesk.core.clock import MovableClock
from tests.server.conftest import Home

Get = Callable[..., Any]


@pytest.fixture
def get(client: FlaskClient, workspace: Home) -> Get:
    def call(path: str, key: str | None = None, **query: Any) -> Any:
        headers = {"Authorization": f"Bearer {key or workspace.api_key}"}
        return client.get(f"/api/v1{path}", headers=headers, query_string=query)

    return call


@pytest.fixture
def send(client: FlaskClient, workspace: Home) -> Callable[..., Any]:
    def call(*items: dict[str, Any], key: str | None = None) -> Any:
        return client.post("/v1/batch", json={"writeKey": key or workspace.site_key, "batch": list(items)}).json

    return call


def page(message_id: str, anonymous_id: str = "ana", url: str = "https://shop.example/pricing") -> dict[str, Any]:
    context = {"page": {"url": url, "title": "Prices"}, "locale": "en"}
    return {"type": "page", "messageId": message_id, "anonymousId": anonymous_id, "context": context}


def test_who_is_here_now_is_listed_with_the_page_until_they_leave(
    get: Get, send: Callable[..., Any], clock: MovableClock
) -> None:
    send(page("m1"))
    (person,) = get("/people", online="true").json["data"]
    assert (person["kind"], person["online"], person["page_now"]["path"]) == ("visitor", True, "/pricing")
    left = {"type": "track", "event": "Page Left", "messageId": "m2", "anonymousId": "ana"}
    send(left)
    clock.advance(timedelta(seconds=6))
    assert get("/people", online="true").json["data"] == []
    gone = get(f"/people/{person['id']}").json
    assert (gone["online"], gone["page_now"]) == (False, None)


def test_a_visitor_has_a_stable_friendly_alias(get: Get, send: Callable[..., Any]) -> None:
    send(page("m1"))
    (first,) = get("/people", online="true").json["data"]
    send(page("m2"))
    (again,) = get("/people", online="true").json["data"]
    assert first["label"] == again["label"]
    assert first["name"] is None


def test_contacts_are_found_by_name_and_email_and_come_in_pages(
    get: Get, send: Callable[..., Any], workspace: Home
) -> None:
    names = ("Ada", "Bo", "Cy")
    for number, name in enumerate(names):
        traits = {"name": name, "email": f"{name.lower()}@example.com"}
        item = {"type": "identify", "userId": name, "messageId": f"i{number}", "traits": traits}
        send(item, key=workspace.api_key)
    assert [row["label"] for row in get("/people", q="BO").json["data"]] == ["Bo"]
    seen, cursor = [], None
    while True:
        page_of = get("/people", limit=1, **({"cursor": cursor} if cursor else {})).json
        seen += [row["label"] for row in page_of["data"]]
        cursor = page_of["next_cursor"]
        if not cursor:
            break
    assert sorted(seen) == sorted(names)
    refused = get("/people", cursor="nonsense")
    assert (refused.status_code, refused.json["field"]) == (422, "cursor")


def test_a_contact_s_events_are_those_of_all_its_browsers_and_servers(
    get: Get, send: Callable[..., Any], workspace: Home
) -> None:
    send(page("m1", "laptop"), page("m2", "phone"))
    for number, browser in enumerate(("laptop", "phone")):
        send({"type": "identify", "userId": "u1", "anonymousId": browser, "messageId": f"i{number}"})
    send({"type": "track", "event": "Paid", "userId": "u1", "messageId": "m3"}, key=workspace.api_key)
    (contact,) = get("/people").json["data"]
    events = get("/events", person=contact["id"]).json["data"]
    assert sorted(event["message_id"] for event in events) == ["i0", "i1", "m1", "m2", "m3"]
    assert [event["name"] for event in get("/events", name="Paid").json["data"]] == ["Paid"]


def test_another_workspace_sees_none_of_it(get: Get, send: Callable[..., Any], other_workspace: Home) -> None:
    send(page("m1"))
    (person,) = get("/people", online="true").json["data"]
    assert get(f"/people/{person['id']}", key=other_workspace.api_key).status_code == 404
    assert get("/events", key=other_workspace.api_key, person=person["id"]).status_code == 404
    assert get("/people", key=other_workspace.api_key, online="true").json["data"] == []
    assert get("/events", key=other_workspace.api_key).json["data"] == []
