"""What people might do: events of several visitors at the moments where sessions are cut, in any order of arrival."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
from hypothesis import strategies as st

from frontdesk.collect.door.draft import Received
from frontdesk.collect.door.parse import Parsed
from frontdesk.collect.door.pipeline import parse_item
from frontdesk.core.clock import iso

SHOP = "https://shop.example"
START = datetime(2026, 3, 1, 22, 0, tzinfo=UTC)
_LATER = START + timedelta(days=9)
_MS = timedelta(milliseconds=1)
_IDLE = timedelta(minutes=30)
GAPS = st.sampled_from([0, 0, 1, 60_000, 300_000, 1_800_000, 1_800_001, 7_200_000]).map(lambda ms: ms * _MS)
PAGES = (
    {"url": f"{SHOP}/"},
    {"url": f"{SHOP}/prices"},
    {"url": f"{SHOP}/?utm_source=letter&utm_medium=email&utm_campaign=spring"},
    {"url": f"{SHOP}/?utm_source=letter&utm_medium=email&utm_campaign=autumn"},
    {"url": f"{SHOP}/sale?utm_source=banner&utm_medium=home", "referrer": f"{SHOP}/"},
    {"url": f"{SHOP}/prices", "referrer": "https://www.google.com/"},
    {"url": f"{SHOP}/prices", "referrer": "https://blog.example/"},
    {"url": f"{SHOP}/?gclid=abc", "referrer": "https://www.google.com/"},
)
_SEEN = st.sampled_from(PAGES).map(lambda page: {"type": "page", "context": {"page": page}})
DOINGS = st.one_of(
    _SEEN,
    _SEEN,
    _SEEN,
    st.tuples(st.sampled_from(PAGES), st.integers(0, 5)).map(
        lambda told: {
            "type": "track", "event": "Page Dwell",
            "context": {"page": told[0]}, "properties": {"dwell_ms": told[1] * 1_000},
        }
    ),
    st.just({"type": "track", "event": "Bell"}),
    st.just({"type": "track", "event": "Opened", "context": {"campaign": {"source": "app", "name": "push"}}}),
    st.just({"type": "page"}),
)  # fmt: skip
EVENTS = st.tuples(GAPS, st.sampled_from("aaab"), DOINGS)
LONG_DAY = st.integers(46, 50).map(
    lambda count: [(_IDLE, "a", {"type": "page", "context": {"page": PAGES[n % 2]}}) for n in range(count)]
)


@dataclass(frozen=True)
class Life:
    """Events as they happened, and the order in which they arrive, at `now`: places in `items`, in groups."""

    now: datetime
    items: tuple[Parsed, ...]
    groups: tuple[tuple[int, ...], ...]


def _parsed(number: int, at: datetime, who: str, doing: dict[str, Any]) -> Parsed:
    # ids that do not sort as the events were made, so that ties are broken by them
    own = {"messageId": f"{number * 7919 % 1000:03}", "anonymousId": who, "timestamp": iso(at)}
    item = parse_item(orjson.dumps({**doing, **own}), Received(_LATER, None, None, None, backend=True, historic=True))
    assert isinstance(item, Parsed)
    return item


@st.composite
def lives(draw: st.DrawFn) -> Life:
    """Some events arrive twice."""
    doings = draw(st.lists(EVENTS, min_size=draw(st.integers(1, 16)), max_size=24))
    for place in draw(st.lists(st.integers(0, len(doings)), max_size=1)):
        doings[place:place] = draw(st.one_of(st.just([]), st.just([]), LONG_DAY))
    at = START
    items = []
    for number, (gap, who, doing) in enumerate(doings):
        at += gap
        items.append(_parsed(number, at, who, doing))
    twice = draw(st.lists(st.integers(0, len(items) - 1), max_size=3))
    order = draw(_orders(len(items))) + twice
    now = draw(st.sampled_from([START + timedelta(hours=hours) for hours in (2, 20, 27, 200)]))
    return Life(now, tuple(items), _grouped(order, draw(st.lists(st.integers(1, 6), min_size=1, max_size=9))))


@st.composite
def _orders(draw: st.DrawFn, count: int) -> list[int]:
    """Any order at all; or, as it mostly is, in time but for some that come later."""
    if draw(st.booleans()):
        return list(draw(st.permutations(range(count))))
    late = draw(st.sets(st.integers(0, count - 1), max_size=4))
    return [place for place in range(count) if place not in late] + sorted(late)


def _grouped(order: Sequence[int], sizes: Sequence[int]) -> tuple[tuple[int, ...], ...]:
    groups, left = [], list(order)
    while left:
        size = sizes[len(groups) % len(sizes)]
        groups.append(tuple(left[:size]))
        left = left[size:]
    return tuple(groups)
