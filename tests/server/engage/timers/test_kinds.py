"""Schedules in the person's zone, times that are reached, waits by key; and when a browser should ask again."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from frontdesk.core.clock import iso
from frontdesk.engage.timers.armings import Armings
from frontdesk.engage.timers.soon import SOON, due_soon
from frontdesk.people.models import Visitor
from frontdesk_rules import Arming, Timer
from tests.server.engage.timers.desk import DAY, GRACE, STORY_B, Desk

NIGHTLY = """
rule: nightly
trigger: {schedule: {cron: "30 2 * * *", zone: person}}
repeat: {every: 1h}
do: [{tag: seen-at-night}]
"""


def person(desk: Desk, who: str = "anna") -> str:
    query = select(Visitor.id).where(Visitor.anonymous_id == who)
    found: str = desk.runtime.db.read(lambda session: session.scalars(query).one())
    return found


def in_berlin(desk: Desk, rule: str, due: datetime) -> str:
    """Anna, in Berlin, whose first time is this."""
    desk.do("Opened", context={"timezone": "Europe/Berlin"})
    rule_id = desk.save(rule)

    def job(session: Session) -> None:
        armings = Armings(session)
        timer = Timer(rule_id, "", due.isoformat(), due, due, kind="schedule")
        armings.add(desk.home.id, 50, Arming(set=(timer,)), (person(desk),))
        armings.store()

    desk.runtime.db.write(job)
    return rule_id


def test_a_schedule_sets_its_next_time_and_a_gap_is_the_next_minute_there_is(desk: Desk) -> None:
    in_berlin(desk, NIGHTLY, datetime(2026, 3, 28, 1, 30, tzinfo=UTC))
    times = []
    for _ in range(4):
        (due,) = desk.pending()
        times.append(iso(due))
        assert desk.wait(due - desk.clock()) == 1
    assert times == [
        "2026-03-28T01:30:00.000Z",
        "2026-03-29T01:00:00.000Z",  # there is no 02:30 on this day
        "2026-03-30T00:30:00.000Z",
        "2026-03-31T00:30:00.000Z",
    ]
    assert desk.outcomes() == ["acted"] * 4


def test_times_missed_in_a_downtime_are_not_made_up_for(desk: Desk) -> None:
    first = datetime(2026, 3, 28, 1, 30, tzinfo=UTC)
    in_berlin(desk, NIGHTLY, first)
    assert desk.restart().wait(first - desk.clock() + 10 * DAY) == 1
    assert desk.outcomes() == ["expired"]
    (following,) = desk.pending()
    assert desk.clock() < following <= desk.clock() + DAY


def test_a_schedule_goes_on_while_its_rule_is_paused(desk: Desk) -> None:
    first = datetime(2026, 3, 28, 1, 30, tzinfo=UTC)
    rule_id = in_berlin(desk, NIGHTLY, first)
    desk.pause(rule_id)
    assert desk.wait(first - desk.clock()) == 1
    assert desk.outcomes() == ["paused"]
    assert len(desk.pending()) == 1


def test_who_has_travelled_is_asked_when_the_clocks_there_show_it(desk: Desk) -> None:
    desk.save(NIGHTLY.replace("30 2", "0 9"))
    desk.do("Opened", context={"timezone": "Asia/Tokyo"})
    (in_tokyo,) = desk.pending()
    assert in_tokyo.hour == 0
    desk.do("Opened", context={"timezone": "Europe/Berlin"})
    desk.wait(in_tokyo - desk.clock())
    assert desk.outcomes() == []
    assert desk.pending() == [in_tokyo + timedelta(hours=8)]
    assert desk.wait(timedelta(hours=8)) == 1
    assert desk.outcomes() == ["acted"]
    assert desk.pending() == [in_tokyo + timedelta(hours=8) + DAY]


YEAR = """
rule: anniversary
trigger: {reaches: {field: contact.registered_at, plus: 365d}}
do: [{tag: a-year-with-us}]
"""


def test_a_year_after_registration(desk: Desk) -> None:
    desk.save(YEAR)
    desk.do("Opened")
    desk.identify("user-1", createdAt=iso(desk.clock() - 300 * DAY))
    assert desk.wait(65 * DAY - timedelta(milliseconds=1)) == 0
    assert desk.wait(timedelta(milliseconds=1)) == 1
    assert desk.outcomes() == ["acted"]


def test_a_date_that_moves_takes_its_timer_along(desk: Desk) -> None:
    desk.save(YEAR.replace("registered_at", "renews_at").replace("plus: 365d", "minus: 30d"))
    desk.do("Opened")
    desk.identify("user-1", renews_at=iso(desk.clock() + 40 * DAY))
    desk.identify("user-1", renews_at=iso(desk.clock() + 50 * DAY))
    assert desk.pending() == [desk.clock() + 20 * DAY]
    desk.wait(10 * DAY)
    assert desk.outcomes() == []
    desk.wait(10 * DAY)
    assert desk.outcomes() == ["acted"]


@pytest.mark.parametrize(("repeat", "reminders"), [("", 2), ("repeat: {per: person}", 1)])
def test_of_each_order_somebody_is_reminded_once_also_where_two_are_due_at_once(
    desk: Desk, repeat: str, reminders: int
) -> None:
    desk.save(PAID.replace("repeat: {every: 1s}", repeat))
    for order in (7, 8):
        desk.do("Ordered", properties={"order": order})
    desk.wait(timedelta(hours=1) + GRACE)
    assert desk.outcomes().count("acted") == reminders
    desk.do("Ordered", properties={"order": "7"})
    desk.wait(timedelta(hours=1) + GRACE)
    assert desk.outcomes().count("acted") == reminders


PAID = """
rule: unpaid
trigger: {absence: {of: Paid, after: Ordered, within: 1h, key: order}}
repeat: {every: 1s}
do: [{tag: reminded}]
"""


def test_what_is_waited_for_by_key_is_that_of_the_same_order(desk: Desk) -> None:
    desk.save(PAID)
    for order in ("7", "8"):
        desk.do("Ordered", properties={"order": order})
        desk.clock.advance(timedelta(minutes=1))
    desk.do("Paid", properties={"order": "7"})
    assert [row.anchor for row in desk.timers()] == ["8"]
    assert desk.wait(timedelta(hours=1) + GRACE) == 1
    assert desk.outcomes() == ["acted"]


MINUTE, LATE = timedelta(minutes=1), timedelta(minutes=2)


@pytest.mark.parametrize("order", [(30, 20, 10), (10, 20, 30), (20, 30, 10)])
def test_of_what_began_again_by_one_key_the_first_beginning_counts_whichever_is_heard_of_first(
    desk: Desk, order: tuple[int, ...]
) -> None:
    desk.save(PAID)
    for ago in order:
        desk.do("Ordered", ago=ago * MINUTE, properties={"order": "7"})
    assert desk.pending() == [desk.clock() + 30 * MINUTE + LATE]
    assert desk.wait(30 * MINUTE + LATE) == 1
    assert desk.outcomes() == ["acted"]


@pytest.mark.parametrize("order", ["first paid again", "again paid first", "paid again first", "again first paid"])
def test_what_began_again_after_it_was_paid_is_waited_for_in_whatever_order_that_is_heard_of(
    desk: Desk, order: str
) -> None:
    desk.save(PAID)
    happened = {"first": ("Ordered", 30), "paid": ("Paid", 20), "again": ("Ordered", 10)}
    for name, ago in map(happened.__getitem__, order.split()):
        desk.do(name, ago=ago * MINUTE, properties={"order": "7"})
    assert [row.anchor_at for row in desk.timers()] == [desk.clock() - 10 * MINUTE]
    desk.wait(50 * MINUTE + LATE)
    assert desk.outcomes() == ["acted"]


def test_what_began_again_after_its_wait_was_over_is_waited_for_anew_and_reminded_of_again(desk: Desk) -> None:
    desk.save(PAID.replace("tag: reminded", "message: {kind: banner, class: support, text: {en: Unpaid}}"))
    desk.do("Ordered", properties={"order": "7"})
    desk.wait(61 * MINUTE)
    desk.do("Ordered", properties={"order": "7"})
    assert len(desk.pending()) == 1
    desk.wait(61 * MINUTE)
    assert (desk.outcomes(), desk.deliveries()) == (["acted", "acted"], 2)


def test_what_began_again_while_the_clock_was_behind_is_waited_for_when_the_first_has_fired(desk: Desk) -> None:
    desk.save(PAID)
    desk.do("Ordered", properties={"order": "7"})
    desk.clock.advance(70 * MINUTE)
    desk.do("Ordered", properties={"order": "7"})
    assert desk.drain() == 1
    assert desk.wait(61 * MINUTE) == 1
    assert desk.outcomes() == ["acted", "acted"]


@pytest.mark.parametrize("again", [10, 70])
def test_of_what_began_in_two_browsers_that_became_one_person_the_first_beginning_counts(
    desk: Desk, again: int
) -> None:
    desk.save(PAID)
    desk.do("Ordered", who="laptop", properties={"order": "7"})
    desk.clock.advance(again * MINUTE)
    desk.do("Ordered", who="phone", properties={"order": "7"})
    for who in ("phone", "laptop"):
        desk.identify("user-1", who=who)
    desk.drain()
    desk.wait(3 * 60 * MINUTE)
    assert desk.outcomes() == (["acted"] if again < 60 else ["acted", "acted"])


@pytest.mark.parametrize("left", [SOON, timedelta(seconds=3), -DAY])
def test_a_browser_can_be_told_when_its_next_timer_is_due(desk: Desk, left: timedelta) -> None:
    desk.save(STORY_B)
    for who in ("anna", "ben"):
        desk.do("Registered", who=who)
    (due, _) = desk.pending()
    now, anna = due - left, person(desk)
    assert desk.runtime.db.read(lambda session: due_soon(session, [anna, "vis_unknown"], now)) == {anna: due}


def test_what_is_due_later_is_none_of_its_business(desk: Desk) -> None:
    desk.save(STORY_B)
    desk.do("Registered")
    (due,) = desk.pending()
    now = due - SOON - timedelta(milliseconds=1)
    assert desk.runtime.db.read(lambda session: due_soon(session, [person(desk)], now)) == {}


def test_what_has_fired_is_not_due_soon(desk: Desk) -> None:
    desk.save(STORY_B)
    desk.do("Registered")
    desk.wait(DAY + GRACE)
    assert desk.runtime.db.read(lambda session: due_soon(session, [person(desk)], desk.clock())) == {}
