"""When quiet hours end on the days on which clocks change: counted out, five minutes at a time."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from frontdesk_rules.language.gates import Hours, Quiet
from tests.rules.test_clock_changes import BERLIN, DAY, MINUTE, local


@pytest.mark.parametrize(
    ("allow", "now", "opens"),
    [
        ("02:00-03:00", "2026-03-28T03:00", "2026-03-30T02:00"),  # skipped on the day of the change
        ("Sun 02:00-03:00", "2026-03-22T03:00", "2026-04-05T02:00"),  # and for a week
        ("01:30-02:30", "2026-10-25T02:30+02:00", "2026-10-25T02:00+01:00"),  # shown again, its begin is not
        ("Sat 22:00-02:30", "2026-10-25T02:45+02:00", "2026-10-25T02:00+01:00"),
    ],
)
def test_quiet_hours_end_neither_when_clocks_skip_it_nor_later_than_they_show_it_again(
    allow: str, now: str, opens: str
) -> None:
    assert Quiet((allow,)).opens(local(now), BERLIN) == local(opens)


@pytest.mark.parametrize(
    ("zone", "eve"),
    [
        ("Europe/Berlin", "2026-03-28"),
        ("Europe/Berlin", "2026-10-24"),
        ("America/Havana", "2026-10-31"),  # the hour after midnight comes twice
        ("America/Sao_Paulo", "2018-11-03"),  # there is no midnight
        ("Africa/Cairo", "2026-10-29"),  # the hour before midnight comes twice
        ("Australia/Lord_Howe", "2026-04-04"),  # by half an hour
        ("Australia/Lord_Howe", "2026-10-03"),
        ("Pacific/Apia", "2011-12-29"),  # a day that was left out
    ],
)
def test_quiet_hours_end_at_the_first_minute_at_which_something_may_be_shown(zone: str, eve: str) -> None:
    clocks = ZoneInfo(zone)
    begin = datetime.fromisoformat(f"{eve}T00:00Z")
    asked, step = 3 * DAY, 5 * MINUTE
    every = {(at := begin + n * step): at.astimezone(clocks) for n in range((asked + 9 * DAY) // step)}
    for allow in (
        "09:00-18:00",
        "22:00-06:00",
        "02:00-03:00",
        "01:30-02:30",
        "00:00-00:30",
        "23:00-00:00",
        "02:30-02:45",
        "Sat 22:00-02:30",
        "Sun 00:00-01:00",
    ):
        hours, first, expected = Hours.read(allow), None, dict[datetime, datetime | None]()
        for at, shown in reversed(every.items()):
            first = at if hours.hold(shown) else first
            expected[at] = first
        found = {at: Quiet((allow,)).opens(at, clocks) for at in every if at < begin + asked}
        assert found.items() <= expected.items(), allow
