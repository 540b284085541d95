"""The one instant at which a condition may come out otherwise though nothing happens."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings

from frontdesk_rules import History, KnownFacts, Moment, PastEvent, RememberedHistory, View, flips_at
from frontdesk_rules.findings import Place
from frontdesk_rules.language.conditions import Condition, evaluate
from frontdesk_rules.reading.conditions import read_condition
from tests.rules.building import NOON
from tests.rules.strategies import FACTS, conditions, histories


def condition_of(tree: object) -> Condition:
    read = read_condition(tree, Place())
    assert read is not None
    return read


def seen_at(at: datetime, facts: dict[str, object], history: History) -> View:
    """The same person at another time: `page.dwell` and the like do not change by themselves."""
    return View(Moment(kind="page", at=at), KnownFacts(facts, history), "vis_1")


PAST = RememberedHistory(
    NOON - timedelta(days=5),
    {"A": [PastEvent(NOON - timedelta(days=2)), PastEvent(NOON - timedelta(days=1))]},
)


@pytest.mark.parametrize(
    ("tree", "flips"),
    [
        ({"contact.plan": "pro"}, None),
        ({"contact.registered_at": {"older_than": "365d"}}, NOON + timedelta(days=355)),
        ({"contact.registered_at": {"within_last": "30d"}}, NOON + timedelta(days=20)),
        ({"contact.registered_at": {"within_last": "3d"}}, None),
        ({"time.now": {"after": "2026-03-03", "zone": "Asia/Shanghai"}}, datetime(2026, 3, 2, 16, tzinfo=UTC)),
        ({"time.now": {"on_weekday": ["Tue"]}}, datetime(2026, 3, 3, tzinfo=UTC)),
        ({"time.now": {"time_between": ["09:00", "18:00"]}}, datetime(2026, 3, 2, 18, tzinfo=UTC)),
        ({"count": {"event": "A", "within": "3d"}, "gte": 2}, NOON + timedelta(days=1)),
        ({"count": {"event": "A", "within": "7d"}, "eq": 0}, NOON + timedelta(days=2)),
        ({"count": {"event": "A", "calendar": "today"}, "gte": 1}, datetime(2026, 3, 3, tzinfo=UTC)),
        ({"count": "A", "gte": 5}, None),
        ({"time_since_last": "A", "gt": "3d"}, NOON + timedelta(days=2)),
        ({"any": [{"contact.registered_at": {"older_than": "11d"}}, {"time_since_last": "A", "gte": "2d"}]},
         NOON + timedelta(days=1)),
    ],
)  # fmt: skip
def test_it_is_known_when_time_alone_may_change_a_verdict(tree: object, flips: datetime | None) -> None:
    facts: dict[str, object] = {"contact.registered_at": NOON - timedelta(days=10)}
    assert flips_at(condition_of(tree), seen_at(NOON, facts, PAST)) == flips


@settings(max_examples=300, deadline=None)
@given(conditions(), FACTS, histories())
def test_until_then_no_verdict_changes(tree: dict[str, Any], facts: dict[str, object], history: History) -> None:
    condition = condition_of(tree)
    if any(name.startswith("time.") for name in facts) or not isinstance(history, RememberedHistory):
        return
    for events in history.by_name.values():
        events[:] = [event for event in events if event.at <= NOON]
    verdict = evaluate(condition, seen_at(NOON, facts, history))
    flips = flips_at(condition, seen_at(NOON, facts, history))
    end = flips or NOON + timedelta(days=400)
    for part in (0.001, 0.3, 0.9, 0.999):
        at = NOON + (end - NOON) * part
        assert evaluate(condition, seen_at(at, facts, history)) is verdict
