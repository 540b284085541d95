"""The sessions of a group are loaded and written together, however many people it is of."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import orjson
import pytest

from frontdesk.collect.door.draft import Received
from frontdesk.collect.door.parse import Parsed
from frontdesk.collect.door.pipeline import parse_item
from frontdesk.collect.ports import Verdict
from frontdesk.collect.requests import Request, Sender
from frontdesk.collect.store import Store
from frontdesk.core.clock import iso
from frontdesk.core.db import Database, open_database
from frontdesk.core.signals import Bus
from tests.server.conftest import Home, seed

Send = Callable[[int, timedelta], int]


@pytest.fixture
def sqlite(sqlite_url: str, bus: Bus) -> Iterator[Database]:
    database = open_database(sqlite_url, bus)
    yield database
    database.close()


@pytest.fixture
def send(sqlite: Database, now: datetime) -> Send:
    """`send(64, ago)` stores a page view of each of so many people, so long ago; how many statements it took."""
    store = Store(lambda _session, arrivals, _now: [Verdict() for _ in arrivals], "a secret of the tests")
    home: Home = sqlite.write(lambda session: seed(session, now))

    def told(people: int, ago: timedelta) -> int:
        seen: list[str] = []
        items = [_page(f"{people}-{number}", now - ago, now) for number in range(people)]
        requests = [Request(Sender(home.id, verified=True), now, items=(item,)) for item in items]

        def job(session: Any) -> None:
            connection = session.connection().connection.dbapi_connection
            connection.set_trace_callback(seen.append)
            store(session, requests)
            connection.set_trace_callback(None)

        sqlite.write(job)
        return len(seen)

    return told


def _page(who: str, at: datetime, now: datetime) -> Parsed:
    page = {"type": "page", "anonymousId": who, "messageId": f"{who} {iso(at)}", "timestamp": iso(at)}
    context = {"page": {"url": "https://shop.example/?utm_source=letter"}}
    item = parse_item(orjson.dumps(page | {"context": context}), Received(now, None, None, None, backend=True))
    assert isinstance(item, Parsed)
    return item


MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    "ago",
    [
        (5 * MINUTE, MINUTE),  # they go on
        (50 * MINUTE, MINUTE),  # they come back
        (5 * MINUTE, 50 * MINUTE),  # something comes late
        (50 * MINUTE, 10 * MINUTE, 30 * MINUTE),  # it joins two sessions
    ],
)
def test_many_people_take_as_many_statements_as_two(send: Send, ago: tuple[timedelta, ...]) -> None:
    few, many = ([send(people, one) for one in ago] for people in (2, 64))
    assert few == many
