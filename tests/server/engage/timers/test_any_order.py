"""In whatever order, however late and however often a person's events come in: they have the same past, the same waits
for them, and so the same is done, as if each had come once and when it happened."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from frontdesk.core.clock import iso
from frontdesk.engage.models import DecisionRow
from frontdesk.people.models import Visitor
from tests.server.engage.timers.desk import Desk

AGAIN = "repeat: {every: 0s}\ndo: [{tag: met}]"
ASKED = {
    "often": "{count: {event: Paid, within: 30m}, gte: 2}",
    "never": "{count: {event: Paid, within: 20m}, eq: 0}",
    "well": "{sum: {event: Paid, property: total, within: 50m}, gte: 3}",
    "first": "{first: {event: Paid, property: total}, eq: 2}",
    "last": "{last: {event: Paid, property: total}, eq: 2}",
    "lately": "{time_since_last: {event: Placed}, lt: 15m}",
    "kinds": "{distinct: {event: Paid, property: total}, gte: 2}",
    "followed": "{sequence: {first: Placed, then: Paid, within: 10m}}",
}
WAITED = {
    "unpaid": "{of: Paid, after: Placed, within: 1h}",
    "unpaid-order": "{of: Paid, after: Placed, within: 1h, key: order}",
    "unpaid-soon": "{of: Paid, after: Placed, within: 10m, key: order}",
    "order-again": "{of: Placed, after: Placed, within: 10m, key: order}",
    "big-unpaid": "{of: {event: Paid, where: {event.total: 2}}, after: Placed, within: 1h}",
    "not-again": "{of: Placed, after: Placed, within: 1h}",
}
RULES = (
    *(f"rule: {key}\ntrigger: {{event: Asked}}\nwhen: {when}\n{AGAIN}\n" for key, when in ASKED.items()),
    *(f"rule: {key}\ntrigger: {{absence: {of}}}\n{AGAIN}\n" for key, of in WAITED.items()),
)
_people = count(1)

# What happened, so many seconds ago, with which total: nothing at the same instant as something else.
EVENTS = st.lists(
    st.tuples(st.sampled_from(("Placed", "Paid")), st.integers(60, 3_000), st.integers(1, 3)),
    min_size=1,
    max_size=6,
    unique_by=lambda event: event[1],
)


@st.composite
def arrivals(draw: st.DrawFn) -> tuple[list[Any], list[list[int]]]:
    """Events, and the requests in which they come: in any order, some of them more than once."""
    events = draw(EVENTS)
    numbers = range(len(events))
    again = draw(st.lists(st.sampled_from(numbers), max_size=3))
    order = draw(st.permutations([*numbers, *again]))
    cuts = sorted(draw(st.sets(st.integers(1, len(order) - 1), max_size=2))) if len(order) > 1 else []
    return events, [order[start:end] for start, end in zip([0, *cuts], [*cuts, len(order)], strict=True)]


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(arrivals())
def test_the_order_in_which_events_come_in_changes_nothing(
    desk: Desk, arrived: tuple[list[tuple[str, int, int]], list[list[int]]]
) -> None:
    if not desk.keys():
        for rule in RULES:
            desk.save(rule)
    events, requests = arrived
    calm, mixed = (f"{name}-{next(_people)}" for name in ("calm", "mixed"))
    now = desk.clock()
    for number in sorted(range(len(events)), key=lambda number: -events[number][1]):
        desk.send([_item(events, number, calm, now)], calm)
    for request in requests:
        desk.send([_item(events, number, mixed, now) for number in request], mixed)
    for who in (calm, mixed):
        desk.do("Asked", who=who)
    desk.wait(timedelta(hours=2))
    assert _done(desk, mixed) == _done(desk, calm)


def _item(events: Sequence[tuple[str, int, int]], number: int, who: str, now: datetime) -> dict[str, Any]:
    name, ago, total = events[number]
    return {
        "type": "track",
        "event": name,
        "messageId": f"{who}-{number}",
        "anonymousId": who,
        "timestamp": iso(now - timedelta(seconds=ago)),
        "properties": {"total": total, "order": total},
    }


def _done(desk: Desk, who: str) -> list[tuple[str, datetime | None]]:
    """Which rules acted, and about what moment. Where nothing is done it may be for another reason: what was there
    before its wait began is overtaken when that is over, and what comes later has the wait cancelled."""
    keys = desk.keys()
    asked = select(DecisionRow).join(Visitor, Visitor.id == DecisionRow.person_id)
    asked = asked.where(Visitor.anonymous_id == who, DecisionRow.outcome == "acted")
    rows = desk.runtime.db.read(lambda session: list(session.scalars(asked)))
    return sorted((keys[row.rule_id], row.occurred_at) for row in rows)
