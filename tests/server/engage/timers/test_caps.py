"""A message that a cap holds at a moment which comes once: put off until the cap lets it through, and asked anew."""

from datetime import timedelta

import pytest

from frontdesk.core.clock import iso
from tests.server.engage.timers.desk import DAY, GRACE, Desk

HOUR = timedelta(hours=1)
NEWS = """
rule: news
trigger: {event: Opened}
repeat: {every: 1s}
do: [{message: {text: {en: News}}}]
"""
YEAR = """
rule: anniversary
trigger: {reaches: {field: contact.registered_at, plus: 365d}}
do: [{message: {text: {en: A year with us}}}]
"""
TRIAL = """
rule: trial
trigger: {absence: {of: Paid, after: Ordered, within: 1h}}
do: [{message: {text: {en: May we help}}}]
"""


def hear_news(desk: Desk, times: int = 2) -> None:
    """Marketing messages, an hour apart: of two a day, which is what the workspace allows."""
    for _ in range(times):
        desk.do("Opened")
        desk.clock.advance(HOUR)


def test_it_is_said_when_the_cap_lets_one_more_through_also_after_a_restart(desk: Desk) -> None:
    desk.save(NEWS)
    desk.save(YEAR)
    began = desk.clock()
    hear_news(desk)
    desk.identify("user-1", createdAt=iso(desk.clock() - 365 * DAY))
    assert desk.drain() == 1
    assert (desk.outcomes()[-1], desk.decisions()[-1].outcome) == ("capped", "deferred")
    assert desk.pending() == [began + DAY]
    assert desk.restart().wait(began + DAY - desk.clock()) == 1
    assert desk.decisions()[-1].outcome == "acted"
    assert "A year with us" in desk.told()
    assert desk.wait(30 * DAY) == 0


@pytest.mark.parametrize(
    ("meanwhile", "ends"), [([], ["capped", "acted"]), (["Paid"], ["capped", "overtaken"])], ids=["waits", "paid"]
)
def test_what_it_waited_for_may_come_meanwhile(desk: Desk, meanwhile: list[str], ends: list[str]) -> None:
    desk.save(NEWS)
    desk.save(TRIAL)
    hear_news(desk)
    desk.do("Ordered")
    desk.wait(HOUR + GRACE)
    desk.clock.advance(HOUR)
    desk.do("Seen", *meanwhile)
    desk.wait(DAY)
    assert desk.outcomes()[2:] == ends


def test_it_is_given_up_when_it_would_be_too_late(desk: Desk) -> None:
    desk.save(NEWS)
    desk.save(TRIAL + "max_lateness: 2h\n")
    hear_news(desk)
    desk.do("Ordered")
    desk.wait(HOUR + GRACE)
    last = desk.decisions()[-1]
    assert (last.outcome, last.reason, desk.pending()) == ("held", "capped", [])
    assert last.detail["until"] == iso(last.occurred_at - 3 * HOUR + DAY) if last.occurred_at else False


def test_another_that_went_first_makes_it_wait_on(desk: Desk) -> None:
    desk.save(NEWS)
    desk.save(TRIAL)
    began = desk.clock()
    hear_news(desk)
    desk.do("Ordered")
    desk.wait(HOUR + GRACE)
    assert desk.pending() == [began + DAY]
    desk.clock.advance(began + DAY - desk.clock())
    desk.do("Opened")  # a moment before the clock is looked at
    assert desk.drain() == 1
    assert desk.pending() == [began + DAY + HOUR]
    assert desk.wait(HOUR) == 1
    assert [row.outcome for row in desk.decisions()[2:]] == ["deferred", "acted", "deferred", "acted"]
