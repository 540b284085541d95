"""Segment's own libraries, unmodified, against a real server: a thousand mixed calls arrive once, and rightly."""

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import segment.analytics as segment

from tests.postgres import cluster, create
from tests.running import Installed, started
from tests.senders.plan import CALLS, Call, Someone, kinds, plan

Send = Callable[[Installed, list[dict[str, Any]]], None]


def by_python(server: Installed, messages: list[dict[str, Any]]) -> None:
    """segment-analytics-python with a server's key, packed with gzip."""
    failed: list[Exception] = []
    key, url = server.said["api_key"], server.url
    client = segment.Client(key, host=url, gzip=True, max_retries=3, on_error=lambda error, _: failed.append(error))
    for message in messages:
        said = {_PYTHON.get(name, name): value for name, value in message.items() if name != "kind"}
        said["timestamp"] = datetime.fromisoformat(said["timestamp"])
        getattr(client, message["kind"])(**said)
    client.flush()
    client.join()
    assert failed == []


def by_node(server: Installed, messages: list[dict[str, Any]]) -> None:
    """@segment/analytics-node with a site's key."""
    told = json.dumps({"host": server.url, "key": server.said["site_key"], "calls": messages})
    script = Path(__file__).with_name("segment_node.mjs")
    done = subprocess.run([NODE, script], input=told, capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, done.stderr) == (0, "")


_PYTHON = {"userId": "user_id", "anonymousId": "anonymous_id", "groupId": "group_id", "previousId": "previous_id"}
NODE = Path(sys.executable).with_name("node")
LIBRARIES: dict[str, Send] = {"python": by_python, "node": by_node}


@pytest.fixture(params=["sqlite", "postgresql"])
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Installed]:
    with ExitStack() as open_ones:
        on = {}
        if request.param == "postgresql":
            url = open_ones.enter_context(cluster(durable=False))
            on = {"FRONTDESK_DATABASE_URL": create(url, "frontdesk")}
        yield open_ones.enter_context(started(Installed(tmp_path, environment=on)))


@pytest.mark.parametrize("library", LIBRARIES)
def test_a_thousand_calls_arrive_once_with_their_people_sessions_and_channels(server: Installed, library: str) -> None:
    calls = plan(library)
    now = datetime.now(UTC)  # noqa: TID251  the libraries have clocks of their own
    LIBRARIES[library](server, [call.message(now) for call in calls])
    stored = listed(server, "/events")
    assert Counter(event["type"] for event in stored) == kinds(calls)
    assert len({event["message_id"] for event in stored}) == CALLS
    assert {event["verified"] for event in stored} == {library == "python"}
    assert tracked(stored) == Counter(
        json.dumps(call.said["properties"], sort_keys=True) for call in calls if call.kind == "track"
    )
    contacts = {one["user_id"]: one["id"] for one in listed(server, "/people")}
    browsers = {event["properties"]["person"]: event["person"] for event in stored if event["type"] == "track"}
    for who in {call.someone for call in calls}:
        person = server.api("GET", f"/people/{contacts[who.user_id] if who.user_id else browsers[who.number]}").json()
        check(server, person, who, [call for call in calls if call.someone == who])


def check(server: Installed, person: dict[str, Any], who: Someone, calls: list[Call]) -> None:
    """This is who it should be, with all of its calls, in two visits by the right channel."""
    events = listed(server, "/events", person=person["id"])
    visits = Counter(event["session_id"] for event in events if event["type"] == "page")
    assert person["user_id"] == who.user_id
    assert Counter(event["type"] for event in events) == kinds(calls)
    assert (person["sessions"], person["page_views"], sorted(visits.values())) == (2, 3, [1, 2])
    assert person["first_touch"]["channel"] == who.channel
    assert person["last_touch"]["channel"] == who.channel  # coming back directly takes nothing away
    assert [one["name"] for one in person["companies"]] == ([who.company.title()] if who.user_id else [])
    assert person["attributes"].get("seats") == (who.number if who.user_id else None)


def tracked(stored: list[dict[str, Any]]) -> Counter[str]:
    """What was tracked, by its properties, types kept."""
    return Counter(json.dumps(event["properties"], sort_keys=True) for event in stored if event["type"] == "track")


def listed(server: Installed, path: str, **asked: str) -> list[dict[str, Any]]:
    """All pages of a list."""
    found: list[dict[str, Any]] = []
    cursor = ""
    while cursor is not None:
        page = server.api("GET", path, params={**asked, "limit": 100, **({"cursor": cursor} if cursor else {})}).json()
        found += page["data"]
        cursor = page["next_cursor"]
    return found
