"""The one instant at which a condition may come out otherwise though nothing happens."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from frontdesk_rules import History, KnownFacts, Moment, PastEvent, RememberedHistory, View, flips_at
from frontdesk_rules.findings import Place
from frontdesk_rules.language.conditions import Condition, evaluate
from frontdesk_rules.reading.conditions import read_condition
from tests.rules.building import NOON
from tests.rules.strategies import FACTS, aggregates, comparisons, conditions, grouped, histories


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
        ({"time_since_last": "A", "between": ["1d", "2d"]}, NOON + timedelta(milliseconds=1)),
        ({"time_since_last": "A", "between": ["36h", "2d"]}, NOON + timedelta(hours=12)),
        ({"time_since_first": "A", "in": ["3d", "4d"]}, NOON + timedelta(days=1)),
        ({"time_since_first": "A", "not_in": ["1d", "4d"]}, NOON + timedelta(days=2)),
        ({"contact.rfm.recency": {"gt": "20d"}}, None),  # nobody says that it grows
        ({"any": [{"contact.registered_at": {"older_than": "11d"}}, {"time_since_last": "A", "gte": "2d"}]},
         NOON + timedelta(days=1)),
    ],
)  # fmt: skip
def test_it_is_known_when_time_alone_may_change_a_verdict(tree: object, flips: datetime | None) -> None:
    facts: dict[str, object] = {"contact.registered_at": NOON - timedelta(days=10)}
    assert flips_at(condition_of(tree), seen_at(NOON, facts, PAST)) == flips


YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Reckoned:
    """What somebody bought, and what is reckoned of it at an instant: the facts that change by themselves."""

    bought: list[datetime]
    at: datetime
    history: History

    def get(self, name: str, /) -> object:
        counted = [at for at in self.bought if self.at - YEAR < at <= self.at]
        if name == "contact.rfm.frequency":
            return len(counted)
        if name == "contact.rfm.class" and counted:
            return "lost" if self.at - max(counted) > timedelta(days=20) else "loyal"
        return (
            (self.at - max(counted)) // timedelta(milliseconds=1) if name == "contact.rfm.recency" and counted else None
        )

    def changes_at(self, name: str, now: datetime, /) -> datetime | None:
        counted = [at for at in self.bought if now - YEAR < at <= now]
        changes = [at + YEAR for at in counted] if name.startswith("contact.rfm.") else []
        if name == "contact.rfm.class" and counted:
            changes.append(max(counted) + timedelta(days=20, milliseconds=1))
        return min((at for at in changes if at > now), default=None)


def grown(tree: dict[str, Any]) -> bool:
    return "contact.rfm" in str(tree) or "time_since" in str(tree)


RECKONED = st.sampled_from(("contact.rfm.recency", "contact.rfm.recency", "contact.rfm.frequency", "contact.rfm.class"))
GROWING = comparisons(RECKONED) | aggregates().filter(grown)
AGO = st.sampled_from((0, 1, 14, 20, 351, 364, 365)) | st.integers(0, 400)


@settings(max_examples=400, deadline=None)
@given(st.recursive(GROWING, grouped, max_leaves=3), st.lists(AGO, max_size=4), histories())
def test_until_then_nothing_changes_that_is_reckoned_or_grows(
    tree: dict[str, Any], days: list[int], history: History
) -> None:
    condition = condition_of(tree)
    bought = [NOON - timedelta(days=one) for one in days]
    if isinstance(history, RememberedHistory):
        for events in history.by_name.values():
            events[:] = [event for event in events if event.at <= NOON]

    def view(at: datetime) -> View:
        return View(Moment(kind="page", at=at), Reckoned(bought, at, history), "vis_1")

    verdict = evaluate(condition, view(NOON))
    flips = flips_at(condition, view(NOON))
    end = flips or NOON + timedelta(days=800)
    for at in (*(NOON + (end - NOON) * part for part in (0.001, 0.3, 0.9)), end - timedelta(milliseconds=1)):
        assert evaluate(condition, view(max(NOON, at))) is verdict


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
