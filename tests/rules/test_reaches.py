"""Times that are reached, or near, and days on which the clocks are changed."""

from datetime import UTC, datetime, timedelta

import pytest

from frontdesk_rules import KnownFacts, Moment, View
from frontdesk_rules.engine.timers import armed
from frontdesk_rules.facts.known import MISSING
from tests.rules.building import NOON, Remembered, decided, later, live, outcome, page, rule
from tests.rules.waiting import WHOM, arming, due

YEAR = {"reaches": {"field": "contact.registered_at", "plus": "365d"}}


def test_a_time_that_is_reached_arms_one_timer_and_moves_with_its_field() -> None:
    moved = Moment(kind="change", at=NOON, name="contact.registered_at", before=MISSING, after=NOON)
    ((timer,), cancelled) = arming(YEAR, moved)
    assert (timer.due, timer.fires_at, cancelled) == (later(days=365), later(days=365), 1)
    gone = Moment(kind="change", at=NOON, name="contact.registered_at", before=NOON, after=None)
    assert arming(YEAR, gone) == ([], 1)


@pytest.mark.parametrize(
    ("offset", "value", "due_in"),
    [
        ({"plus": "365d"}, NOON, timedelta(days=365)),
        ({"minus": "30d"}, NOON, timedelta(0)),
        ({"minus": "30d"}, NOON + timedelta(days=10), timedelta(0)),
        ({"minus": "30d"}, NOON - timedelta(seconds=1), None),
        ({"minus": "30d"}, NOON - timedelta(days=2_000), None),
        ({"plus": "30d"}, NOON - timedelta(days=2_000), timedelta(0)),
        ({"minus": "30d"}, NOON + timedelta(days=31), timedelta(days=1)),
        ({}, "2026-03-02T13:00:00Z", timedelta(hours=1)),
        ({"plus": "1d"}, "soon", None),
        ({"plus": "1d"}, None, None),
    ],
)
def test_activation_arms_everybody_as_they_are(offset: dict[str, str], value: object, due_in: timedelta | None) -> None:
    (one,) = live(rule(trigger={"reaches": {"field": "contact.renews_at", **offset}})).rules
    timer = armed(one.live, View(page(), KnownFacts({"contact.renews_at": value})), WHOM)
    assert (timer and timer.due) == (NOON + due_in if due_in is not None else None)


def test_what_was_to_be_said_before_a_time_is_not_said_after_it() -> None:
    before = {"reaches": {"field": "contact.renews_at", "minus": "30d"}}
    ended = Moment(kind="change", at=NOON, name="contact.renews_at", before=MISSING, after="2020-05-01T00:00Z")
    assert arming(before, ended) == ([], 1)
    over = NOON - timedelta(hours=1)
    assert due(before, over, {"contact.renews_at": over}) == "held: overtaken"
    assert due(before, NOON, {"contact.renews_at": NOON}) == "acted"
    assert due(YEAR, over, {"contact.registered_at": over}) == "acted"


@pytest.mark.parametrize("beyond", ["9999-12-31T23:59:59Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59-23:59"])
def test_a_time_at_the_end_of_the_calendar_arms_nothing_that_cannot_be_stored(beyond: str) -> None:
    for offset in ({"plus": "1d"}, {"minus": "0s"}):
        (one,) = live(rule(trigger={"reaches": {"field": "contact.renews_at", **offset}})).rules
        timer = armed(one.live, View(page(), KnownFacts({"contact.renews_at": beyond})), WHOM)
        assert timer is None or timer.due.astimezone(UTC) >= NOON


def test_a_time_that_was_moved_meanwhile_is_not_reached() -> None:
    assert due(YEAR, NOON, {"contact.registered_at": NOON}) == "acted"
    assert due(YEAR, NOON, {"contact.registered_at": later(days=1)}) == "held: overtaken"
    assert due(YEAR, NOON, {}) == "held: unknown"


BERLIN = {"contact.timezone": "Europe/Berlin"}


@pytest.mark.parametrize(
    ("cron", "acted_at", "due_at", "expected"),
    [
        ("0 9 * * *", "2026-03-28T08:00Z", "2026-03-29T07:00Z", "acted"),  # a day of 23 hours
        ("0 9 * * *", "2026-03-29T07:00Z", "2026-03-30T07:00Z", "acted"),
        ("0 9 * * *", "2026-10-24T07:00Z", "2026-10-25T08:00Z", "acted"),  # and one of 25
        ("30 2 * * *", "2026-03-28T01:30Z", "2026-03-29T01:00Z", "acted"),  # 02:30 is skipped: 03:00
        ("30 2 * * *", "2026-03-29T01:00Z", "2026-03-30T00:30Z", "acted"),
        ("0 * * * *", "2026-03-02T08:00Z", "2026-03-03T07:00Z", "held: repeated"),
        ("0 9 * * *", "2026-03-29T07:00Z", "2026-03-29T07:00Z", "held: repeated"),
    ],
)
def test_a_rule_that_repeats_daily_loses_no_day_when_the_clocks_change(
    cron: str, acted_at: str, due_at: str, expected: str
) -> None:
    daily = rule(trigger={"schedule": {"cron": cron, "zone": "person"}}, repeat={"every": "1d"})
    memory = Remembered(done={("rul_a-rule", "vis_1"): datetime.fromisoformat(acted_at)})
    moment = Moment(kind="schedule", at=datetime.fromisoformat(due_at), rule="rul_a-rule")
    (decision,) = decided(live(daily), moment, BERLIN, memory)
    assert outcome(decision) == expected


@pytest.mark.parametrize("offset", ["minus", "plus"])
def test_a_time_that_no_clock_in_utc_shows_sets_no_timer(offset: str) -> None:
    trigger = {"reaches": {"field": "contact.trial_ends", offset: "3d"}}
    for beyond in ("9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+14:00"):
        moved = Moment(kind="change", at=NOON, name="contact.trial_ends", before=MISSING, after=beyond)
        assert arming(trigger, moved, **{"contact.trial_ends": beyond}) == ([], 1)
