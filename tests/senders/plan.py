"""A thousand calls of forty people, as a shop's pages and servers would make them; and what must come of them.

Everybody comes twice, more than half an hour apart: first by a channel, then directly. How we get to know them differs.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

PEOPLE = 40
CALLS = 1000
FIRST_VISIT = timedelta(hours=-3)
SECOND_VISIT = timedelta(hours=-2)

# how the first visit comes about → what its landing page's context adds, and the channel that this makes
ARRIVALS: dict[str, dict[str, Any]] = {
    "email": {"campaign": {"source": "news", "medium": "email", "name": "autumn"}},
    "paid_search": {"page": {"search": "?gclid=EAIaIQ", "referrer": "https://www.google.com/"}},
    "organic_search": {"page": {"referrer": "https://www.google.com/"}},
    "direct": {},
}
WAYS = ("identified", "anonymous", "aliased", "known")


@dataclass(frozen=True)
class Someone:
    """`way`: identified halfway, never, by alias, or known from the first call."""

    number: int
    prefix: str

    @property
    def way(self) -> str:
        return WAYS[self.number % len(WAYS)]

    @property
    def channel(self) -> str:
        return list(ARRIVALS)[self.number // len(WAYS) % len(ARRIVALS)]

    @property
    def anonymous_id(self) -> str:
        return f"{self.prefix}-anon-{self.number}"

    @property
    def user_id(self) -> str | None:
        return None if self.way == "anonymous" else f"{self.prefix}-user-{self.number}"

    @property
    def company(self) -> str:
        return f"{self.prefix}-company-{self.number % 5}"


@dataclass(frozen=True)
class Call:
    """One call, in the words of the Segment spec; `at` is relative to now."""

    kind: str
    someone: Someone
    at: timedelta
    said: dict[str, Any] = field(default_factory=dict)

    def message(self, now: datetime) -> dict[str, Any]:
        return {"kind": self.kind, **self.said, "timestamp": (now + self.at).isoformat()}


def plan(prefix: str) -> list[Call]:
    """All calls in the order of time, so that people take turns."""
    calls = [call for number in range(PEOPLE) for call in _of(Someone(number, prefix))]
    assert len(calls) == CALLS
    return sorted(calls, key=lambda call: call.at)


def kinds(calls: list[Call]) -> Counter[str]:
    return Counter(call.kind for call in calls)


def _of(who: Someone) -> Iterator[Call]:
    """The 25 calls of one person."""
    before: dict[str, Any] = {"anonymousId": who.anonymous_id}
    both = before | ({"userId": who.user_id} if who.way in {"identified", "known"} else {})
    first = both if who.way == "known" else before
    at = _minutes(who, FIRST_VISIT)
    yield Call("page", who, next(at), first | _page("/pricing", ARRIVALS[who.channel]))
    yield Call("page", who, next(at), first | _page("/docs", {}))
    for step in range(6):
        yield Call("track", who, next(at), first | _track(who, step))
    yield from _introduction(who, at, both)
    at = _minutes(who, SECOND_VISIT)
    yield Call("page", who, next(at), both | _page("/account", {}))
    yield Call("screen", who, next(at), both | {"name": "Home", "properties": {"tab": "bells"}})
    for step in range(10, 14):
        yield Call("track", who, next(at), both | _track(who, step))


def _introduction(who: Someone, at: Iterator[timedelta], both: dict[str, Any]) -> Iterator[Call]:
    """How we learn who it is, in 11 calls."""
    user = {"userId": who.user_id}
    traits = {"name": f"Person {who.number}", "plan": "pro", "seats": who.number}
    if who.user_id is None:
        yield from (Call("track", who, next(at), both | _track(who, 30 + step)) for step in range(11))
        return
    if who.way == "aliased":
        yield Call("alias", who, next(at), {"previousId": who.anonymous_id, **user})
        yield Call("identify", who, next(at), user | {"traits": traits})
    else:
        yield Call("identify", who, next(at), both | {"traits": traits})
        yield Call("track", who, next(at), both | _track(who, 29))
    yield Call("group", who, next(at), user | {"groupId": who.company, "traits": {"name": who.company.title()}})
    yield from (Call("track", who, next(at), user | _track(who, 30 + step)) for step in range(8))


def _minutes(who: Someone, visit: timedelta) -> Iterator[timedelta]:
    """A moment every half minute, everybody's a little later than that of the one before."""
    step = 0
    while True:
        yield visit + timedelta(seconds=30 * step, milliseconds=100 * who.number)
        step += 1


def _page(path: str, more: dict[str, Any]) -> dict[str, Any]:
    search = more.get("page", {}).get("search", "")
    page = {"url": f"https://shop.example{path}{search}", "path": path, "title": path.strip("/").title()}
    context = {**more, "page": page | more.get("page", {}), "locale": "en-GB", "timezone": "Europe/Berlin"}
    return {"name": path.strip("/"), "properties": {"section": "shop"}, "context": context}


def _track(who: Someone, step: int) -> dict[str, Any]:
    return {"event": "Bell Rung", "properties": {"person": who.number, "step": step, "price": 49.5}}
