"""Local time on the days on which clocks are changed, and the times of cron."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from frontdesk_rules.facts.cron import CronRefused, cron_of
from frontdesk_rules.facts.zones import first_zone, instant, period
from frontdesk_rules.language.gates import Hours, Quiet

BERLIN, NEW_YORK, SHANGHAI, APIA = (
    ZoneInfo(name) for name in ("Europe/Berlin", "America/New_York", "Asia/Shanghai", "Pacific/Apia")
)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("local", "zone", "expected"),
    [
        ("2026-03-29T01:59", BERLIN, "2026-03-29T00:59"),
        ("2026-03-29T02:00", BERLIN, "2026-03-29T01:00"),
        ("2026-03-29T02:59", BERLIN, "2026-03-29T01:00"),
        ("2026-03-29T03:00", BERLIN, "2026-03-29T01:00"),
        ("2026-10-25T02:30", BERLIN, "2026-10-25T00:30"),
        ("2026-03-08T02:30", NEW_YORK, "2026-03-08T07:00"),
        ("2026-03-02T09:00", SHANGHAI, "2026-03-02T01:00"),
        ("2011-12-30T12:00", APIA, "2011-12-30T10:00"),
    ],
)
def test_a_time_in_a_gap_is_the_next_minute_there_is(local: str, zone: ZoneInfo, expected: str) -> None:
    assert instant(datetime.fromisoformat(local), zone) == utc(expected)


def test_a_day_may_be_23_or_25_hours_long() -> None:
    lengths = []
    for now in ("2026-03-29T12:00", "2026-10-25T12:00", "2026-06-01T12:00"):
        start, end = period("today", utc(now), BERLIN)
        lengths.append((end - start).total_seconds() / 3600)
    assert lengths == [23, 25, 24]


def test_the_first_name_that_is_a_zone_counts() -> None:
    assert first_zone([None, "Mars/Base", 7, "Asia/Shanghai", "UTC"]) == "Asia/Shanghai"
    assert first_zone(["../etc/passwd", ""]) == "UTC"


@pytest.mark.parametrize(
    ("cron", "after", "zone", "following"),
    [
        ("0 9 * * *", "2026-03-02T08:00", SHANGHAI, "2026-03-03T01:00"),
        ("0 9 * * *", "2026-03-02T01:00", SHANGHAI, "2026-03-03T01:00"),
        ("*/15 * * * *", "2026-03-02T08:01", SHANGHAI, "2026-03-02T08:15"),
        ("0 9 * * mon-fri", "2026-03-06T12:00", BERLIN, "2026-03-09T08:00"),
        ("0 0 1 * *", "2026-03-02T00:00", SHANGHAI, "2026-03-31T16:00"),
        ("30 2 * * *", "2026-03-28T12:00", BERLIN, "2026-03-29T01:00"),
        ("30 2 * * *", "2026-10-24T12:00", BERLIN, "2026-10-25T00:30"),
        ("30 2 * * *", "2026-10-25T00:30", BERLIN, "2026-10-26T01:30"),
        ("*/30 * * * *", "2026-10-25T00:30", BERLIN, "2026-10-25T01:00"),  # 02:00 comes again
        ("*/30 * * * *", "2026-10-25T01:00", BERLIN, "2026-10-25T01:30"),
        ("*/30 * * * *", "2026-10-25T01:30", BERLIN, "2026-10-25T02:00"),
        ("*/30 * * * *", "2026-03-29T00:30", BERLIN, "2026-03-29T01:00"),  # 02:00 is skipped
        ("*/30 * * * *", "2026-03-29T01:00", BERLIN, "2026-03-29T01:30"),
        ("15 * * * *", "2026-10-25T00:15", BERLIN, "2026-10-25T01:15"),
        ("0 0 29 2 *", "2026-03-01T00:00", SHANGHAI, "2028-02-28T16:00"),
        ("0 0 13 * fri", "2026-03-01T00:00", SHANGHAI, "2026-03-05T16:00"),
        ("0 12 * jan,jul 0", "2026-03-01T00:00", SHANGHAI, "2026-07-05T04:00"),
        ("0 12 * * 7", "2026-03-02T00:00", SHANGHAI, "2026-03-08T04:00"),
    ],
)
def test_a_schedule_comes_next_at(cron: str, after: str, zone: ZoneInfo, following: str) -> None:
    assert cron_of(cron).following(utc(after), zone) == utc(following)


def test_a_day_that_never_comes_is_waited_for_in_vain_and_not_for_ever() -> None:
    assert cron_of("0 0 30 2 *").following(utc("2026-01-01T00:00"), SHANGHAI) is None


@pytest.mark.parametrize(
    "text", ["", "* * * *", "60 * * * *", "a * * * *", "5-1 * * * *", "*/0 * * * *", "1,, * * * *"]
)
def test_what_is_no_cron_expression_is_refused(text: str) -> None:
    with pytest.raises(CronRefused):
        cron_of(text)


@pytest.mark.parametrize(
    ("hours", "local", "inside"),
    [
        ("09:00-18:00", "2026-03-02T09:00", True),
        ("09:00-18:00", "2026-03-02T18:00", False),
        ("Mon-Fri 09:00-18:00", "2026-03-06T17:59", True),
        ("Mon-Fri 09:00-18:00", "2026-03-07T12:00", False),
        ("Fri 22:00-06:00", "2026-03-07T05:59", True),
        ("Fri 22:00-06:00", "2026-03-06T05:00", False),
        ("Sat-Mon 10:00-12:00", "2026-03-02T11:00", True),
        ("Sat-Mon 10:00-12:00", "2026-03-03T11:00", False),
        ("18:00-24:00", "2026-03-02T23:59", True),
    ],
)
def test_hours_are_from_a_minute_to_before_another(hours: str, local: str, *, inside: bool) -> None:
    assert Hours.read(hours).hold(datetime.fromisoformat(local)) is inside


@pytest.mark.parametrize(
    ("allow", "now", "opens"),
    [
        ("09:00-21:00", "2026-03-02T12:00", "2026-03-02T12:00"),
        ("09:00-21:00", "2026-03-02T20:30", "2026-03-03T08:00"),
        ("09:00-21:00", "2026-03-02T06:00", "2026-03-02T08:00"),
        ("Mon-Fri 09:00-18:00", "2026-03-06T20:00", "2026-03-09T08:00"),
        ("02:00-04:00", "2026-03-28T12:00", "2026-03-29T01:00"),
        ("Mon 09:00-09:30", "2026-03-02T09:00", "2026-03-09T08:00"),
    ],
)
def test_quiet_hours_end_at(allow: str, now: str, opens: str) -> None:
    assert Quiet((allow,)).opens(utc(now), BERLIN) == utc(opens)
