"""What happens to a conversation, decided purely."""

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from frontdesk.inbox.policy import CLOSED, MOVES, OPEN, Move, first_reply_ms, page_seen, reply_time, waiting

T0 = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
LATER = T0 + timedelta(minutes=5)


def test_every_move_is_answered_in_every_state() -> None:
    assert set(MOVES) == set(product((OPEN, CLOSED), Move))


@pytest.mark.parametrize(
    ("before", "move", "after"),
    [
        (OPEN, Move.CLOSE, CLOSED),
        (CLOSED, Move.CLOSE, CLOSED),
        (CLOSED, Move.REOPEN, OPEN),
        (CLOSED, Move.VISITOR_WROTE, OPEN),
        (CLOSED, Move.TEAMMATE_WROTE, CLOSED),
        (OPEN, Move.VISITOR_WROTE, OPEN),
    ],
)
def test_the_state_follows_the_move(before: str, move: Move, after: str) -> None:
    assert MOVES[before, move] == after


@pytest.mark.parametrize(
    ("since", "move", "then"),
    [
        (None, Move.VISITOR_WROTE, LATER),
        (T0, Move.VISITOR_WROTE, T0),
        (T0, Move.TEAMMATE_WROTE, None),
        (T0, Move.CLOSE, None),
        (T0, Move.REOPEN, T0),
        (None, Move.TEAMMATE_WROTE, None),
    ],
)
def test_a_visitor_waits_since_the_first_word_that_nobody_answered(
    since: datetime | None, move: Move, then: datetime | None
) -> None:
    assert waiting(since, move, LATER) == then


@pytest.mark.parametrize(
    ("known", "since", "ms"), [(None, T0, 300_000), (7, T0, 7), (None, None, None)], ids=["first", "later", "unasked"]
)
def test_the_first_reply_is_measured_once(known: int | None, since: datetime | None, ms: int | None) -> None:
    assert first_reply_ms(known, since, LATER) == ms


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [([], None), ([1, 2, 6000], "minutes"), ([59], "minutes"), ([60], "hours"), ([1439], "hours"), ([1440], "day")],
)
def test_the_reply_time_is_the_median_in_words(minutes: list[int], expected: str | None) -> None:
    assert reply_time([each * 60_000 for each in minutes]) == expected


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "//evil.example/", "https://", "http://[", "", "ftp://a/b"]
)
def test_only_a_web_address_is_kept_as_the_page(url: str) -> None:
    assert page_seen(url, None, 0) is None


def test_a_page_has_its_path_and_a_believable_dwell() -> None:
    assert page_seen("https://shop.example/pricing?plan=a#b", "Pricing", 10**12) == {
        "url": "https://shop.example/pricing?plan=a#b",
        "path": "/pricing",
        "title": "Pricing",
        "dwell_ms": 86_400_000,
    }
