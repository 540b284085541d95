"""The collect journey once more: through our Python SDK, and through an unmodified Segment library."""

from collections.abc import Iterator
from typing import Any

import segment.analytics as segment
from playwright.sync_api import expect

from frontdesk_sdk import Client
from tests.journeys.people import Teammate
from tests.running import Server, until


def events_of(server: Server, name: str, count: int) -> list[dict[str, Any]]:
    """All events of a name, page by page, once there are `count` of them."""

    def enough() -> list[dict[str, Any]]:
        found = list(pages(server, name))
        return found if len(found) >= count else []

    return until(enough) or []


def pages(server: Server, name: str) -> Iterator[dict[str, Any]]:
    cursor: str | None = None
    while True:
        asked = {"name": name, "limit": 100, "cursor": cursor}
        answer = server.api("GET", "/events", params={key: value for key, value in asked.items() if value})
        assert answer.ok, answer.text
        listed = answer.json()
        yield from listed["data"]
        cursor = listed["next_cursor"]
        if cursor is None:
            return


def person(server: Server, q: str) -> dict[str, Any]:
    found: list[dict[str, Any]] = server.api("GET", "/people", params={"q": q}).json()["data"]
    assert len(found) == 1, found
    return found[0]


def test_the_python_sdk_delivers_everything_once(server: Server, sam: Teammate) -> None:
    with Client(server.said["api_key"], server.url) as client:
        client.identify("sdk-1", traits={"name": "Sandra Demo", "email": "sandra@example.com", "plan": "team"})
        for number in range(250):
            client.track("sdk-1", "Bell Rung", {"number": number})
        client.page("sdk-1", name="Docs", properties={"url": "https://app.example/docs"})
        client.group("sdk-1", "acme-sdk", traits={"name": "Acme SDK"})
        client.flush(20)
    found = events_of(server, "Bell Rung", 250)
    assert sorted(event["properties"]["number"] for event in found) == list(range(250))
    assert len({event["id"] for event in found}) == 250
    assert all(event["verified"] for event in found)
    sandra = person(server, "sandra@example.com")
    assert (sandra["user_id"], sandra["attributes"]["plan"]) == ("sdk-1", "team")
    assert [company["name"] for company in sandra["companies"]] == ["Acme SDK"]
    sam.page.goto(f"/people/{sandra['id']}")
    expect(sam.page.get_by_text("Sandra Demo").first).to_be_visible()
    expect(sam.page.get_by_text("Bell Rung").first).to_be_visible()


def test_an_unmodified_segment_library_delivers_everything_once(server: Server) -> None:
    client = segment.Client(server.said["api_key"], host=server.url, max_retries=3, on_error=None)
    client.identify("seg-1", {"name": "Sergio Demo", "email": "sergio@example.com"})
    for number in range(120):
        client.track("seg-1", "Segment Rung", {"number": number})
    client.page("seg-1", "Docs", "Install", {"url": "https://app.example/docs"})
    client.group("seg-1", "acme-seg", {"name": "Acme Segment"})
    client.flush()
    client.join()
    found = events_of(server, "Segment Rung", 120)
    assert sorted(event["properties"]["number"] for event in found) == list(range(120))
    assert person(server, "sergio@example.com")["user_id"] == "seg-1"
