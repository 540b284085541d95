"""Times as senders write them in attributes: which are read, in whose zone, and what waits for them."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from frontdesk_rules import KnownFacts, Moment, View, flips_at
from frontdesk_rules.engine.timers import armed
from frontdesk_rules.facts.times import time_in
from frontdesk_rules.findings import Place
from frontdesk_rules.language.conditions import evaluate
from frontdesk_rules.reading.conditions import read_condition
from tests.rules.building import decided, live, outcome, page, rule
from tests.rules.waiting import WHOM

SHANGHAI = ZoneInfo("Asia/Shanghai")
EIGHT = datetime(2026, 3, 2, 20, tzinfo=SHANGHAI)
MIDNIGHT = datetime(2026, 3, 2, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("value", "at"),
    [
        ("2026-03-02", MIDNIGHT),
        ("20260302", MIDNIGHT),
        ("2026/03/02", MIDNIGHT),
        ("2026/3/2", MIDNIGHT),
        ("2026.3.2", MIDNIGHT),
        ("2026年3月2日", MIDNIGHT),
        ("2026 年 3 月 2 日", MIDNIGHT),
        ("2026-03-02T20:00", EIGHT),
        ("2026-03-02 20:00", EIGHT),
        ("2026/03/02 20:00", EIGHT),
        ("2026/3/2 20:00:00", EIGHT),
        ("2026-3-2 20:00", EIGHT),
        ("2026年3月2日 20:00", EIGHT),
        ("2026年3月2日20时00分", EIGHT),
        ("2026年3月2日 20点00分00秒", EIGHT),
        (" 2026-03-02T12:00Z ", EIGHT),
        ("2026/03/02 20:00 +08:00", EIGHT),
        ("2026-03-02T20:00:00.000+0800", EIGHT),
        (int(EIGHT.timestamp()), EIGHT),
        (float(EIGHT.timestamp()), EIGHT),
        (int(EIGHT.timestamp()) * 1_000, EIGHT),
        (str(int(EIGHT.timestamp())), EIGHT),
        (str(int(EIGHT.timestamp()) * 1_000), EIGHT),
        (EIGHT, EIGHT),
        ("02/03/2026", None),  # the second of March, or the third of February
        ("2.3.2026", None),
        ("2026-02-30", None),
        ("2026/13/01", None),
        ("2026/03/02 25:00", None),
        ("next week", None),
        ("2026", None),
        ("13812345678", None),  # a telephone number
        (365, None),
        (True, None),
        (float("nan"), None),
        (float("inf"), None),
        (datetime(2026, 3, 2), None),  # noqa: DTZ001 - facts are aware, or say nothing
        (["2026-03-02"], None),
    ],
    ids=str,
)
def test_a_time_is_read_as_it_is_written_and_without_a_zone_in_the_person_s(value: object, at: datetime | None) -> None:
    assert time_in(value, SHANGHAI) == at
    condition = read_condition({"contact.trial_ends": {"after": "0001-01-01"}}, Place())
    assert condition is not None
    facts = KnownFacts({"contact.trial_ends": value, "contact.timezone": "Asia/Shanghai"})
    assert evaluate(condition, View(page(), facts)) is (None if at is None else True)


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "America/New_York", "Pacific/Kiritimati"])
def test_a_date_of_an_attribute_is_the_same_day_as_that_date_in_a_rule(zone: str) -> None:
    facts = KnownFacts({"contact.trial_ends": "2026-03-02", "contact.timezone": zone})
    for tree, expected in (
        ({"after": "2026-03-02"}, True),
        ({"before": "2026-03-02"}, False),
        ({"before": "2026-03-03"}, True),
        ({"on_weekday": ["Mon"]}, True),
        ({"time_between": ["00:00", "00:01"]}, True),
    ):
        condition = read_condition({"contact.trial_ends": tree}, Place())
        assert condition is not None
        assert evaluate(condition, View(page(), facts)) is expected


ENDS = {"reaches": {"field": "contact.trial_ends", "minus": "1d"}}


@pytest.mark.parametrize("value", ["2026-03-05", "2026/3/5", "2026年3月5日", 1_772_640_000, "1772640000000"])
def test_such_a_time_is_waited_for(value: object) -> None:
    (one,) = live(rule(trigger=ENDS)).rules
    facts = {"contact.trial_ends": value, "contact.timezone": "Asia/Shanghai"}
    timer = armed(one.live, View(page(), KnownFacts(facts)), WHOM)
    assert timer is not None
    assert timer.due == datetime(2026, 3, 3, 16, tzinfo=UTC)
    condition = read_condition({"contact.trial_ends": {"older_than": "1d"}}, Place())
    assert condition is not None
    assert flips_at(condition, View(page(), KnownFacts(facts))) == datetime(2026, 3, 4, 16, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "expected"),
    [("2026-03-05", "acted"), ("2026-03-07", "held: overtaken"), ("2026-03-05T00:00+01:00", "held: overtaken")],
)
def test_who_travels_meanwhile_is_waited_for_all_the_same(value: str, expected: str) -> None:
    """The day was one in Shanghai when it was waited for, and is one in Berlin when it comes."""
    anchor_at = datetime(2026, 3, 5, tzinfo=SHANGHAI)
    due = anchor_at - timedelta(days=1)
    moment = Moment(kind="reaches", at=due, rule="rul_a-rule", anchor_at=anchor_at)
    facts = {"contact.trial_ends": value, "contact.timezone": "Europe/Berlin"}
    (decision,) = decided(live(rule(trigger=ENDS)), moment, facts)
    assert outcome(decision) == expected
