"""Ids: what they name, when they were made, and in which order."""

from datetime import UTC, datetime, timedelta

from frontdesk.core.ids import new_id

_NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def test_ids_of_one_instant_sort_as_they_were_made() -> None:
    made = [new_id("evt", _NOW) for _ in range(1000)]
    assert made == sorted(set(made))


def test_the_ids_of_an_instant_go_on_after_those_of_another() -> None:
    first = new_id("dec", _NOW)
    new_id("dec", _NOW - timedelta(seconds=1))
    assert first < new_id("dec", _NOW) < new_id("dec", _NOW + timedelta(milliseconds=1))


def test_an_id_is_a_prefix_and_26_characters() -> None:
    prefix, _, rest = new_id("con", _NOW).partition("_")
    assert (prefix, len(rest)) == ("con", 26)
