"""Schedules in the zone of each person, who may be elsewhere when the clock brings the rule."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from frontdesk_rules import LiveRule, Question, Recorded, run_tests, simulate
from tests.rules.building import NOON, rule

DAILY: dict[str, Any] = {
    "trigger": {"schedule": {"cron": "0 9 * * *", "zone": "person"}},
    "repeat": {"every": "1h"},
}
TOKYO, BERLIN, NEW_YORK = "Asia/Tokyo", "Europe/Berlin", "America/New_York"
ZONES = (TOKYO, BERLIN, NEW_YORK, "UTC", "Pacific/Apia", "Asia/Kathmandu", "Pacific/Honolulu")
HOUR = timedelta(hours=1)
MINUTES = 20 * 24 * 60


@pytest.mark.parametrize(
    ("travels", "times"),
    [
        ({0: TOKYO}, ["15h", "39h"]),
        ({0: TOKYO, 1: BERLIN}, ["23h", "47h"]),
        # to New York before it is nine in Berlin
        ({0: TOKYO, 1: BERLIN, 20: NEW_YORK}, ["29h", "53h"]),
        # where it is past nine already when it would have been due at home
        ({0: NEW_YORK, 20: BERLIN}, ["5h", "47h"]),
    ],
)
def test_who_travels_is_asked_when_the_clocks_there_show_it(travels: dict[int, str], times: list[str]) -> None:
    """Tried from nine in the morning of a Monday in UTC."""
    happened = [{"at": f"{at}h", "page": "/", "facts": {"visitor.timezone": zone}} for at, zone in travels.items()]
    tests = [{"name": "a test", "given": happened, "expect": [{"at": at, "tag": "seen"} for at in times]}]
    (result,) = run_tests(rule(tests=tests, **DAILY))
    assert result.passed, result.actual


def acts(travels: list[tuple[int, str]], *others: LiveRule, **tree: Any) -> list[datetime]:
    """When a rule acts for who is in other zones from so many minutes on."""
    events = [
        Recorded(NOON + timedelta(minutes=at), "vis_1", "page", path="/", facts={"visitor.timezone": zone})
        for at, zone in travels
    ]
    asked = LiveRule("rul_asked", 2, rule(**{**DAILY, **tree}))
    until = NOON + timedelta(minutes=MINUTES) + 4 * 24 * HOUR
    return [act.at for act in simulate(Question(asked, others, until=until), events).acts]


def test_so_it_is_where_a_version_is_compared_with_the_one_that_is_live() -> None:
    travels = [(0, TOKYO), (60, BERLIN)]
    before = LiveRule("rul_asked", 1, rule(**DAILY))
    assert [at.hour for at in acts(travels, before)[:2]] == [8, 8]


@given(st.lists(st.tuples(st.integers(1, MINUTES), st.sampled_from(ZONES)), max_size=8))
def test_a_schedule_of_a_person_comes_when_the_clocks_show_it_wherever_they_are(travels: list[tuple[int, str]]) -> None:
    steps = [(0, "UTC"), *sorted(travels, key=lambda one: one[0])]
    found = acts(steps)
    for at in found:
        # who arrives at that very minute is asked where they come from
        zone = [zone for minute, zone in steps if NOON + timedelta(minutes=minute) < at][-1]
        assert f"{at.astimezone(ZoneInfo(zone)):%H:%M}" == "09:00"
    assert len(found) >= 3
