"""The two nights of Berlin in 2026 on which the clocks change, with everything that counts time: 29 March has no hour
from 2 to 3, and 25 October has it twice."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from frontdesk_rules import Decision, Recorded
from frontdesk_rules.facts.cron import cron_of
from frontdesk_rules.language.gates import Quiet
from frontdesk_rules.trying.play import Play
from tests.rules.building import live, rule

BERLIN = ZoneInfo("Europe/Berlin")
SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
Told = tuple[str, datetime]
SAID = [{"message": {"text": {"en": "Hello"}}}]


def local(text: str) -> datetime:
    """`2026-10-25T02:30` is the first of the two, `…+01:00` the second."""
    at = datetime.fromisoformat(text)
    return (at if at.tzinfo else at.replace(tzinfo=BERLIN)).astimezone(UTC)


def told(day: date, **tree: Any) -> list[Told]:
    """What a rule comes to for somebody in Berlin from the noon two days before until the noon two days after it."""
    found: list[Told] = []
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=BERLIN)

    def hear(decision: Decision, _someone: object, _moment: object) -> None:
        found.append((str(decision.reason or decision.outcome), decision.view.now.astimezone(BERLIN)))

    play = Play(live(rule(**tree)), hear)
    play.play([Recorded(noon - 2 * DAY, "vis_1", "facts", facts={"visitor.timezone": "Europe/Berlin"})])
    play.run_until(noon + 2 * DAY)
    return found


def acted(day: date, cron: str, **tree: Any) -> list[str]:
    """What clocks showed each time that a schedule acted."""
    schedule = {"schedule": {"cron": cron, "zone": "person"}}
    found = (
        told(day, trigger=schedule, repeat={"every": "0s"}, **tree)
        if "repeat" not in tree
        else told(day, trigger=schedule, **tree)
    )
    return [f"{at:%d %H:%M}" for outcome, at in found if outcome == "acted"]


def of_day(day: date, shown: list[str]) -> list[str]:
    return [one.partition(" ")[2] for one in shown if one.startswith(f"{day:%d}")]


@pytest.mark.parametrize(("day", "times"), [(SPRING, 46), (AUTUMN, 50)])
def test_every_half_hour_comes_in_each_half_hour_of_the_day_and_in_none_twice(day: date, times: int) -> None:
    shown = acted(day, "*/30 * * * *")
    assert len(of_day(day, shown)) == times
    assert of_day(day, shown).count("02:00") == of_day(day, shown).count("02:30") == (times - 46) // 2
    assert len(of_day(day + DAY, shown)) == len(of_day(day - DAY, shown)) == 48


@pytest.mark.parametrize(("day", "shown"), [(SPRING, "03:00"), (AUTUMN, "02:30")])
@pytest.mark.parametrize("every", ["0s", "20h", "1d"])
def test_half_past_two_comes_once_on_each_day(day: date, shown: str, every: str) -> None:
    times = acted(day, "30 2 * * *", repeat={"every": every})
    assert [one.partition(" ")[2] for one in times] == ["02:30", shown, "02:30", "02:30"]


@pytest.mark.parametrize("day", [SPRING, AUTUMN])
@pytest.mark.parametrize("cron", ["0 0 * * *", "0 3 * * *", "0 9 * * *", "59 23 * * *"])
def test_what_repeats_daily_comes_on_each_day(day: date, cron: str) -> None:
    assert acted(day, cron, repeat={"every": "1d"}) == acted(day, cron, repeat={"every": "0s"})


def test_of_an_hourly_schedule_a_day_is_no_shorter_because_the_clocks_are_put_back() -> None:
    times = acted(AUTUMN, "0 * * * *", repeat={"every": "1d"})
    assert times == ["23 13:00", "24 13:00", "25 12:00", "26 12:00", "27 12:00"]


@pytest.mark.parametrize("day", [SPRING, AUTUMN])
def test_once_for_each_person_is_once(day: date) -> None:
    assert len(acted(day, "*/30 * * * *", repeat={"per": "person"})) == 1


NIGHT = {"allow": "09:00-21:00", "zone": "person"}


@pytest.mark.parametrize("day", [SPRING, AUTUMN])
@pytest.mark.parametrize("at_most", [{}, {"at_most": "12h"}])
def test_what_is_put_off_at_night_is_said_at_nine_once_for_each_time(day: date, at_most: dict[str, str]) -> None:
    for cron in ("0 21 * * *", "30 2 * * *", "59 8 * * *"):
        found = told(
            day,
            trigger={"schedule": {"cron": cron, "zone": "person"}},
            repeat={"every": "1d"},
            do=SAID,
            quiet=NIGHT | at_most,
        )
        said = [f"{at:%H:%M}" for outcome, at in found if outcome == "acted"]
        assert said == ["09:00"] * 4
        assert [outcome for outcome, _ in found].count("quiet") == 4


@pytest.mark.parametrize(
    ("allow", "now", "opens"),
    [
        ("09:00-21:00", "2026-03-28T21:00", "2026-03-29T09:00"),
        ("09:00-21:00", "2026-10-24T21:00", "2026-10-25T09:00"),
        ("09:00-21:00", "2026-10-25T02:10+01:00", "2026-10-25T09:00"),
        ("02:30-03:30", "2026-03-29T01:59", "2026-03-29T03:00"),
        ("02:30-03:30", "2026-10-25T02:10+02:00", "2026-10-25T02:30+02:00"),
        ("02:30-03:30", "2026-10-25T02:40+02:00", "2026-10-25T02:40+02:00"),
        ("02:30-03:30", "2026-10-25T02:10+01:00", "2026-10-25T02:30+01:00"),  # it has opened, closed, and opens again
        ("02:30-03:30", "2026-10-25T02:40+01:00", "2026-10-25T02:40+01:00"),
        ("02:30-03:30", "2026-10-25T03:30", "2026-10-26T02:30"),
    ],
)
def test_quiet_hours_end_when_the_clocks_next_show_it(allow: str, now: str, opens: str) -> None:
    assert Quiet((allow,)).opens(local(now), BERLIN) == local(opens)


@pytest.mark.parametrize(
    ("since", "until", "put_off"),
    [
        ("2026-10-24T21:00", "2026-10-25T09:00", True),  # thirteen hours, which clocks show as twelve
        ("2026-10-24T20:59", "2026-10-25T09:00", False),
        ("2026-03-28T21:00", "2026-03-29T09:00", True),
        ("2026-03-28T20:00", "2026-03-29T09:00", True),  # shown as thirteen, and twelve long
        ("2026-03-28T19:59", "2026-03-29T09:00", False),
    ],
)
def test_a_night_is_no_longer_for_at_most_because_the_clocks_are_put_back(
    since: str, until: str, *, put_off: bool
) -> None:
    quiet = Quiet(("09:00-21:00",), at_most="12h")
    assert quiet.defers(local(since), local(until), BERLIN) is put_off


@pytest.mark.parametrize(("day", "hours"), [(SPRING, 23), (AUTUMN, 25)])
def test_a_cap_and_a_window_of_a_day_are_24_hours_whatever_the_clocks_show(day: date, hours: int) -> None:
    found = told(
        day,
        trigger={"schedule": {"cron": "0 9 * * *", "zone": "person"}},
        repeat={"every": "0s"},
        do=SAID,
        caps=[{"limit": 1, "window": "1d"}],
    )
    capped = [f"{at:%d}" for outcome, at in found if outcome == "capped"]
    assert capped == ([f"{day:%d}"] if hours == 23 else [])


@pytest.mark.parametrize(
    ("zone", "day"),
    [
        ("Europe/Berlin", "2026-03-29"),
        ("Europe/Berlin", "2026-10-25"),
        ("Australia/Lord_Howe", "2026-04-05"),  # by half an hour
        ("Australia/Lord_Howe", "2026-10-04"),
        ("America/Havana", "2026-03-08"),  # there is no midnight
        ("America/Havana", "2026-11-01"),
        ("Asia/Beirut", "2026-10-25"),  # the hour before midnight comes twice
        ("Antarctica/Troll", "2026-03-29"),  # by two hours
        ("Pacific/Apia", "2011-12-30"),  # a day that was left out
    ],
)
def test_a_schedule_comes_at_the_minutes_that_clocks_show_once_for_each_and_after_a_gap(zone: str, day: str) -> None:
    noon = datetime.fromisoformat(f"{day}T12:00Z")
    for cron in (
        "*/30 * * * *",
        "15 * * * *",
        "0 0 * * *",
        "30 23 * * *",
        "30 2 * * *",
        "*/20 0-3 * * *",
        "0 9 * * sun",
    ):
        expected = list(shown_by_clocks(cron, noon - 2 * DAY, noon + DAY, ZoneInfo(zone)))
        at, found = noon - 2 * DAY, list[datetime]()
        while (at := cron_of(cron).following(at, ZoneInfo(zone)) or noon + DAY) < noon + DAY:
            found.append(at)
        assert found == expected


def shown_by_clocks(cron: str, since: datetime, until: datetime, zone: ZoneInfo) -> Iterator[datetime]:
    """The same minute by minute: what clocks show for a second time counts where the hour is `*`; of what they skip,
    all is the next minute there is."""
    _, hours, _, _, weekdays = cron.split()
    asked, before = cron_of(cron), since.astimezone(zone).replace(tzinfo=None, fold=0)

    def meant(shown: datetime) -> bool:
        on_day = weekdays == "*" or shown.isoweekday() == 7
        return on_day and shown.hour in asked.hours and shown.minute in asked.minutes

    for at in (since + number * MINUTE for number in range(1, (until - since) // MINUTE)):
        shown = at.astimezone(zone)
        skipped = max(0, (shown.replace(tzinfo=None, fold=0) - before) // MINUTE - 1)
        here = meant(shown) and (not shown.fold or hours == "*")
        if here or any(meant(before + number * MINUTE) for number in range(1, skipped + 1)):
            yield at
        before = shown.replace(tzinfo=None, fold=0)
