"""Times in imported files: as spreadsheets write them, in UTC where they name no zone, and never guessed at."""

from datetime import UTC, datetime, timedelta

import pytest

from frontdesk.collect.imports.times import AHEAD, moment, past

TEN = datetime(2026, 11, 2, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "at"),
    [
        ("2026-11-02 10:00", TEN),
        ("2026-11-02T10:00", TEN),
        ("2026-11-02T10:00:00.000Z", TEN),
        ("2026-11-02T10:00:00.0000000Z", TEN),
        ("2026-11-02 12:00 +0200", TEN),
        ("2026-11-02 10:00:00 UTC", TEN),
        ("2026/11/02 10:00", TEN),
        ("2026/11/2 10:00:00", TEN),
        (" 2026-11-02T10:00:00.5Z ", TEN + timedelta(milliseconds=500)),
        ("2026/11/02", TEN.replace(hour=0)),
        ("2026-11-02", TEN.replace(hour=0)),
        ("2026/1/2 9:05", datetime(2026, 1, 2, 9, 5, tzinfo=UTC)),
        ("1793613600", TEN),
        (1793613600000, TEN),
    ],
)
def test_the_year_first_is_read(written: str | int, at: datetime) -> None:
    assert moment(written) == at


@pytest.mark.parametrize("written", ["01.11.2026", "11/02/2026", "2/11/26 10:00", "02-11-2026"])
def test_what_could_be_a_day_or_a_month_is_refused_with_what_would_do(written: str) -> None:
    with pytest.raises(ValueError, match="which is the day and which the month: write it as 2026-11-02") as refused:
        moment(written)
    assert f"“{written}”" in str(refused.value)


@pytest.mark.parametrize(
    "written",
    ["yesterday", "2026-02-30", "2026/13/01", "2026-11-02 25:00", "45678", "0001-01-01T00:00+10:00", True, []],
)
def test_what_is_no_time_is_refused(written: object) -> None:
    with pytest.raises(ValueError, match="is no time"):
        moment(written)


def test_an_import_takes_what_has_happened() -> None:
    assert past("2026-11-02T10:00:00Z", TEN) == "2026-11-02T10:00:00+00:00"
    assert past("2026-11-02T10:04:59Z", TEN)
    with pytest.raises(ValueError, match="has not happened yet"):
        past((TEN + AHEAD).isoformat(), TEN)
