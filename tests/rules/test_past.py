"""Windows, aggregates and sequences over what a person did before; and what is unknown of somebody new."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from frontdesk_rules import KnownFacts, PastEvent, RememberedHistory, View
from frontdesk_rules.engine.compile import compiled
from frontdesk_rules.engine.generate import generated
from frontdesk_rules.facts.known import MISSING
from frontdesk_rules.findings import Place
from frontdesk_rules.language.aggregates import Aggregate, Floor
from frontdesk_rules.language.conditions import evaluate
from frontdesk_rules.reading.conditions import read_condition
from tests.rules.building import NOON, page

LONG_AGO = NOON - timedelta(days=1_000)


def past(*events: tuple[str, timedelta, dict[str, object]], known: datetime | None = LONG_AGO) -> RememberedHistory:
    """Events by name, how long before noon, and properties."""
    history = RememberedHistory(known)
    for name, ago, properties in events:
        history.add(name, PastEvent(NOON - ago, properties))
    return history


def days(count: float) -> timedelta:
    return timedelta(days=count)


def verdict(tree: dict[str, Any], history: RememberedHistory, facts: dict[str, object] | None = None) -> bool | None:
    place = Place()
    condition = read_condition(tree, place)
    assert condition is not None, place.found
    view = View(page(), KnownFacts(facts or {}, history))
    answer = evaluate(condition, view)
    assert compiled(condition)(view) is answer
    assert generated(condition)(view) is answer
    return answer


def measured(tree: dict[str, Any], history: RememberedHistory, facts: dict[str, object] | None = None) -> object:
    condition = read_condition({**tree, "exists": True}, Place())
    aggregate = condition.field  # type: ignore[union-attr]  # a comparison
    assert isinstance(aggregate, Aggregate)
    return View(page(), KnownFacts(facts or {}, history))[aggregate]


ORDERS = past(
    ("Paid", days(40), {"total": 10, "plan": "pro"}),
    ("Paid", days(20), {"total": 30, "plan": "free"}),
    ("Paid", days(20) - timedelta(hours=1), {"total": 50, "plan": "pro"}),
    ("Paid", days(1), {"plan": "pro"}),
    ("Seen", days(2), {}),
)


@pytest.mark.parametrize(
    ("tree", "value"),
    [
        ({"count": "Paid"}, 4),
        ({"count": {"event": "Paid", "within": "30d"}}, 3),
        ({"count": {"event": "Paid", "where": {"event.plan": "pro"}}}, 3),
        ({"count": {"event": "Paid", "where": {"event.total": {"gt": 10}}}}, 2),
        ({"count": "Nothing"}, 0),
        ({"sum": {"event": "Paid", "property": "total"}}, 90),
        ({"sum": {"event": "Nothing", "property": "total"}}, 0),
        ({"avg": {"event": "Paid", "property": "total"}}, 30),
        ({"avg": {"event": "Nothing", "property": "total"}}, MISSING),
        ({"min": {"event": "Paid", "property": "total", "within": "30d"}}, 30),
        ({"max": {"event": "Paid", "property": "total"}}, 50),
        ({"first": {"event": "Paid", "property": "total"}}, 10),
        ({"last": {"event": "Paid", "property": "plan"}}, "pro"),
        ({"last": {"event": "Paid", "property": "total"}}, MISSING),
        ({"first": "Paid"}, NOON - days(40)),
        ({"last": "Seen"}, NOON - days(2)),
        ({"time_since_first": "Paid"}, 40 * 86_400_000),
        ({"time_since_last": "Paid"}, 86_400_000),
        ({"time_since_last": "Nothing"}, MISSING),
        ({"distinct": {"event": "Paid", "property": "plan"}}, 2),
        ({"distinct_days": "Paid"}, 3),
        ({"sequence": {"first": "Seen", "then": "Paid", "within": "1d"}}, True),
        ({"sequence": {"first": "Seen", "then": "Paid", "within": "23h"}}, False),
        ({"sequence": {"first": "Paid", "then": "Seen", "within": "30d"}}, True),
        ({"sequence": {"first": "Seen", "then": "Seen", "within": "30d"}}, False),
    ],
)
def test_an_aggregate_comes_to_its_value(tree: dict[str, Any], value: object) -> None:
    assert measured(tree, ORDERS) == value


@pytest.mark.parametrize(
    ("ago", "counted"),
    [(timedelta(0), 1), (timedelta(hours=1) - timedelta(milliseconds=1), 1), (timedelta(hours=1), 0)],
)
def test_windows_are_half_open(ago: timedelta, counted: int) -> None:
    assert measured({"count": {"event": "A", "within": "1h"}}, past(("A", ago, {}))) == counted


def test_what_lies_in_the_future_is_not_yet_counted() -> None:
    assert measured({"count": "A"}, past(("A", timedelta(seconds=-1), {}))) == 0


@pytest.mark.parametrize(
    ("calendar", "zone", "at", "counted"),
    [
        ("today", "UTC", "2026-03-02T00:00:00+00:00", 1),
        ("today", "UTC", "2026-03-01T23:59:59.999+00:00", 0),
        ("yesterday", "UTC", "2026-03-01T23:59:59.999+00:00", 1),
        ("yesterday", "UTC", "2026-03-02T00:00:00+00:00", 0),
        ("today", "Asia/Shanghai", "2026-03-01T16:00:00+00:00", 1),
        ("today", "Asia/Shanghai", "2026-03-01T15:59:59.999+00:00", 0),
        ("this_week", "UTC", "2026-03-02T00:00:00+00:00", 1),
        ("this_week", "UTC", "2026-03-01T23:00:00+00:00", 0),
        ("last_week", "UTC", "2026-02-23T00:00:00+00:00", 1),
        ("this_month", "UTC", "2026-03-01T00:00:00+00:00", 1),
        ("last_month", "UTC", "2026-02-01T00:00:00+00:00", 1),
        ("last_month", "UTC", "2026-03-01T00:00:00+00:00", 0),
        ("this_year", "UTC", "2026-01-01T00:00:00+00:00", 1),
        ("last_year", "UTC", "2025-12-31T23:59:59+00:00", 1),
    ],
)
def test_a_calendar_window_begins_with_the_first_instant_of_its_day(
    calendar: str, zone: str, at: str, counted: int
) -> None:
    history = past(("A", NOON - datetime.fromisoformat(at), {}))
    assert measured({"count": {"event": "A", "calendar": calendar, "zone": zone}}, history) == counted


def test_a_calendar_window_goes_by_the_zone_of_the_person_unless_told_otherwise() -> None:
    history = past(("A", NOON - datetime(2026, 3, 1, 16, tzinfo=UTC), {}))
    tree = {"count": {"event": "A", "calendar": "today"}}
    assert measured(tree, history, {"visitor.timezone": "Asia/Shanghai"}) == 1
    assert measured(tree, history, {"visitor.timezone": "Asia/Shanghai", "contact.timezone": "UTC"}) == 0
    assert measured(tree, history, {"workspace.timezone": "Asia/Shanghai"}) == 1
    assert measured(tree, history, {"visitor.timezone": "no such zone"}) == 0


def test_a_window_may_begin_with_a_date_or_with_what_a_field_says() -> None:
    history = past(("A", days(10), {}), ("A", days(5), {}))
    since = {"count": {"event": "A", "since": "contact.registered_at"}}
    assert measured(since, history, {"contact.registered_at": NOON - days(5)}) == 1
    assert measured(since, history, {"contact.registered_at": NOON - days(4)}) == 0
    assert measured(since, history) is MISSING
    assert measured({"count": {"event": "A", "since": "2026-02-20T12:00Z"}}, history) == 2
    assert measured({"count": {"event": "A", "since": "2026-02-20T12:00:01Z"}}, history) == 1


NEW = NOON - days(3)


@pytest.mark.parametrize(
    ("tree", "answer"),
    [
        ({"count": {"event": "A", "within": "7d"}, "eq": 0}, None),
        ({"count": {"event": "A", "within": "3d"}, "eq": 0}, True),
        ({"count": {"event": "A", "within": "7d", "assume_complete": True}, "eq": 0}, True),
        ({"count": {"event": "B", "within": "7d"}, "eq": 0}, False),
        ({"count": {"event": "B", "within": "7d"}, "gte": 2}, True),
        ({"count": {"event": "B", "within": "7d"}, "gte": 3}, None),
        ({"count": {"event": "B", "within": "7d"}, "lt": 2}, False),
        ({"count": {"event": "B", "within": "7d"}, "lte": 1}, False),
        ({"count": {"event": "B", "within": "7d"}, "lte": 2}, None),
        ({"count": {"event": "B", "within": "7d"}, "between": [0, 1]}, False),
        ({"count": {"event": "B", "within": "7d"}, "in": [1, 5]}, None),
        ({"count": {"event": "B", "within": "7d"}, "neq": 1}, True),
        ({"count": {"event": "B", "within": "7d"}, "neq": 2}, None),
        ({"count": {"event": "A"}, "eq": 0}, True),
        ({"not": {"count": {"event": "A", "within": "7d"}, "gte": 1}}, None),
        ({"time_since_last": {"event": "B", "within": "7d"}, "gt": "1h"}, True),
        ({"last": {"event": "A", "within": "7d"}, "missing": True}, None),
        ({"last": {"event": "A", "within": "7d"}, "exists": False}, None),
        ({"last": {"event": "A", "within": "3d"}, "missing": True}, True),
        ({"last": {"event": "A", "within": "7d", "assume_complete": True}, "missing": True}, True),
        ({"last": {"event": "B", "within": "7d"}, "missing": True}, False),
        ({"time_since_last": {"event": "A", "within": "7d"}, "missing": True}, None),
        ({"sum": {"event": "A", "property": "n", "within": "7d"}, "missing": True}, False),
        ({"min": {"event": "A", "property": "n", "within": "7d"}, "missing": True}, None),
        ({"min": {"event": "B", "property": "n", "within": "7d"}, "exists": True}, True),
        ({"sum": {"event": "B", "property": "n", "within": "7d"}, "gte": 1}, None),
        ({"sequence": {"first": "B", "then": "B", "within": "2d", "calendar": "this_year"}}, True),
        ({"sequence": {"first": "B", "then": "A", "within": "2d", "calendar": "this_year"}}, None),
    ],
)
def test_what_was_not_done_is_unknown_of_a_person_known_for_a_shorter_time(
    tree: dict[str, Any],
    *,
    answer: bool | None,
) -> None:
    history = past(("B", days(1), {"n": 1}), ("B", days(2), {"n": 1}), known=NEW)
    assert verdict(tree, history) is answer


def test_what_eq_calls_the_same_is_counted_once() -> None:
    said = (1, 1.0, True, "1", [1], [1.0], {"a": 1}, {"a": 1.0}, {"a": True})
    history = past(*(("A", days(1 + n), {"n": value}) for n, value in enumerate(said)))
    assert measured({"distinct": {"event": "A", "property": "n"}}, history) == 6


def test_a_count_of_somebody_new_is_a_lower_bound() -> None:
    assert measured({"count": {"event": "B", "within": "7d"}}, past(("B", days(1), {}), known=NEW)) == Floor(1)


def test_where_nobody_keeps_a_history_everything_about_it_is_unknown() -> None:
    view = View(page(), KnownFacts({}))
    for tree in ({"count": "A", "gte": 0}, {"sequence": {"first": "A", "then": "B", "within": "1h"}}):
        condition = read_condition(tree, Place())
        assert condition is not None
        assert evaluate(condition, view) is None


def test_one_question_about_the_past_is_asked_once_at_a_moment_however_many_rules_ask_it() -> None:
    class Counting(RememberedHistory):
        asked = 0

        def count(self, *args: Any) -> int:
            Counting.asked += 1
            return super().count(*args)

    view = View(page(), KnownFacts({}, Counting(LONG_AGO)))
    for least in range(5):
        condition = read_condition({"count": {"event": "A", "within": "30d"}, "gte": least}, Place())
        assert condition is not None
        compiled(condition)(view)
    assert Counting.asked == 1


def test_the_past_is_asked_only_when_cheaper_conditions_leave_it_open() -> None:
    tree = {"all": [{"count": {"event": "A", "within": "30d"}, "gte": 1}, {"contact.plan": "pro"}]}
    condition = read_condition(tree, Place())
    assert condition is not None
    for test in (compiled(condition), generated(condition)):
        view = View(page(), KnownFacts({"contact.plan": "free"}, past()))
        assert test(view) is False
        assert not [asked for asked in view if isinstance(asked, Aggregate)]


def test_events_that_come_in_any_order_make_the_same_history() -> None:
    shuffled = RememberedHistory(LONG_AGO)
    for event in reversed(ORDERS.by_name["Paid"]):
        shuffled.add("Paid", event)
    assert shuffled.by_name["Paid"] == ORDERS.by_name["Paid"]
