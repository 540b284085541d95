"""A browser comes again when a timer of its person is due, and else after half a minute."""

from datetime import timedelta

from tests.server.engage.timers.desk import STORY_B, Desk

SOON = STORY_B.replace("24h", "10s")
PAGE = {"type": "page", "anonymousId": "anna", "context": {"page": {"url": "https://shop.example/"}}}


def next_ms(desk: Desk, number: int) -> int:
    return int(desk.send([{**PAGE, "messageId": f"page-{number}"}])["next_ms"])


def test_it_comes_a_second_after_the_timer(desk: Desk) -> None:
    desk.save(SOON)
    assert next_ms(desk, 1) == 30_000
    desk.do("Registered")
    assert next_ms(desk, 2) == 13_000
    desk.clock.advance(timedelta(seconds=10))
    assert next_ms(desk, 3) == 3_000
    desk.wait(timedelta(seconds=2))
    assert next_ms(desk, 4) == 30_000


def test_what_is_due_later_than_that_makes_no_difference(desk: Desk) -> None:
    desk.save(STORY_B)
    desk.do("Registered")
    assert next_ms(desk, 1) == 30_000


def test_what_is_overdue_may_be_there_any_moment(desk: Desk) -> None:
    desk.save(SOON)
    desk.do("Registered")
    desk.clock.advance(timedelta(minutes=1))
    assert next_ms(desk, 1) == 1_000
