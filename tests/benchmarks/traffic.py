"""What the sender sends: a shop's visitors, prepared before the clock runs.

Each of `PEOPLE` browsers holds its token, as the probe does; half of the events are page views, half are tracked. All
have been greeted by a rule. Every tenth of them leaves the message open, and so is given it again with each answer.
"""

import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from typing import Any

import orjson

from tests.benchmarks.load import Plan, request, send

PATH = "/v1/batch"
PEOPLE = 1000
A_BATCH = 20
PAGES = 1000
HELLO = "/hello"
_CAMPAIGNS = 25


@dataclass
class Traffic:
    """Requests to one server; no `messageId` is used twice, in this run or another.

    `tokens` by the number of the browser.
    """

    port: int
    site_key: str
    api_key: str
    tokens: dict[int, str] = field(default_factory=dict)
    run: str = field(default_factory=lambda: secrets.token_hex(3))
    _numbers: Any = field(default_factory=count)

    def meet(self) -> None:
        """Let every browser call for the first time, and keep its token; nothing where that was done already."""
        if self.tokens:
            return
        hello = [self._request(number, [self._page(number, HELLO)]) for number in range(PEOPLE)]
        met = send(Plan(self.port, 120, keep=True, holds=b'"visitor_token"'), hello)
        assert not met.failed, met.failed[0]
        self.tokens = {number: orjson.loads(body)["visitor_token"] for number, body in met.bodies.items()}

    def be_greeted(self) -> None:
        """Let a rule say hello to every browser, and all but every tenth close what it said."""
        hello = [self._request(number, [self._page(number, HELLO)]) for number in range(PEOPLE)]
        met = send(Plan(self.port, 120, keep=True, holds=b"Hello there"), hello)
        assert not met.failed, met.failed[0]
        said = {number: orjson.loads(body)["deliveries"][0]["id"] for number, body in met.bodies.items()}
        close = [self._close(number, said[number]) for number in range(PEOPLE) if number % 10]
        closed = send(Plan(self.port, 120), close)
        assert not closed.failed, closed.failed[0]

    def singles(self, many: int) -> list[bytes]:
        """One event a request."""
        return [self._request(number % PEOPLE, [self._item(number % PEOPLE)]) for number in self._some(many)]

    def batches(self, many: int) -> list[bytes]:
        """`A_BATCH` events of one browser a request."""
        return [
            self._request(number % PEOPLE, [self._item(number % PEOPLE) for _ in range(A_BATCH)])
            for number in self._some(many)
        ]

    def backends(self, many: int) -> list[bytes]:
        """`A_BATCH` events of as many contacts a request, with the API key."""
        return [self._of_backend(number) for number in self._some(many)]

    def newcomers(self, many: int) -> list[bytes]:
        """Each a browser never seen before, that opens the page with the auto-message."""
        return [self._request(PEOPLE + number, [self._page(PEOPLE + number, HELLO)]) for number in self._some(many)]

    def _some(self, many: int) -> list[int]:
        return [next(self._numbers) for _ in range(many)]

    def _of_backend(self, number: int) -> bytes:
        people = [(number * A_BATCH + step) % PEOPLE for step in range(A_BATCH)]
        items = [
            self._item(person)
            | {"anonymousId": None, "userId": f"user-{person}", "type": "track", "event": "Bell Rung"}
            for person in people
        ]
        return request(PATH, orjson.dumps({"writeKey": self.api_key, "sentAt": _now(), "batch": items}))

    def _request(self, person: int, items: list[dict[str, Any]]) -> bytes:
        body = {"writeKey": self.site_key, "sentAt": _now(), "batch": items}
        if person in self.tokens:
            body["token"] = self.tokens[person]
        return request(PATH, orjson.dumps(body))

    def _close(self, person: int, delivery_id: str) -> bytes:
        token = {"Authorization": f"Bearer {self.tokens[person]}"}
        return request(f"/messenger/v1/deliveries/{delivery_id}/dismissed", b"", token)

    def _item(self, person: int) -> dict[str, Any]:
        number = next(self._numbers)
        path = f"/p/{number % PAGES}"
        if number % 2:
            return self._page(person, path)
        said = {"plan": f"plan-{number % 9}", "seats": number % 50, "price": 49.5, "currency": "EUR"}
        return self._page(person, path) | {"type": "track", "event": "Bell Rung", "properties": said}

    def _page(self, person: int, path: str) -> dict[str, Any]:
        number = next(self._numbers)
        query = f"?utm_source=news&utm_medium=email&utm_campaign=c{person % _CAMPAIGNS}" if person % 10 == 0 else ""
        page = {
            "url": f"https://shop.example{path}{query}",
            "path": path,
            "title": "Bells and whistles",
            "referrer": "",
        }
        return {
            "type": "page",
            "messageId": f"{self.run}-{number}",
            "anonymousId": f"visitor-{person}",
            "timestamp": _now(),
            "context": {"page": page, "locale": "en-GB", "timezone": "Europe/Berlin"},
        }


def _now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251  the sender has a clock of its own
