"""What becomes of timers that are due: paused, overdue, orphaned, put off, or many at once."""

from datetime import UTC, datetime, timedelta

import pytest

from frontdesk.engage.timers.drain import BATCH
from frontdesk.engage.timers.forgetting import KEPT, clean
from tests.server.engage.timers.desk import DAY, GRACE, STORY_B, Desk

DUE = DAY + GRACE


def test_a_paused_rule_is_suppressed_and_says_so(desk: Desk) -> None:
    rule_id = desk.save(STORY_B)
    desk.do("Registered")
    desk.pause(rule_id)
    assert desk.wait(DUE) == 1
    assert (desk.outcomes(), desk.told()) == (["paused"], [])


def test_while_a_rule_is_paused_absences_begin_and_what_comes_cancels(desk: Desk) -> None:
    rule_id = desk.save(STORY_B)
    desk.do("Registered")
    desk.pause(rule_id)
    desk.do("Registered", who="ben")
    assert len(desk.pending()) == 2
    desk.do("Project Created")
    assert len(desk.pending()) == 1
    desk.do("Project Created", who="ben")
    assert desk.pending() == []


def test_who_began_while_a_rule_was_paused_is_told_when_it_goes_on_in_time_and_else_held(desk: Desk) -> None:
    rule_id = desk.save(STORY_B)
    desk.pause(rule_id)
    desk.do("Registered", who="ben")
    desk.wait(DAY - timedelta(hours=1))
    desk.do("Registered", who="cleo")
    desk.wait(timedelta(hours=2))
    assert desk.outcomes() == ["paused"]
    desk.resume(rule_id)
    desk.wait(DUE)
    assert (desk.outcomes(), desk.told("ben"), len(desk.told("cleo"))) == (["paused", "acted"], [], 1)


def test_nothing_waits_for_an_archived_rule(desk: Desk) -> None:
    rule_id = desk.save(STORY_B)
    desk.do("Registered")
    desk.archive(rule_id)
    desk.wait(DUE)
    assert (desk.timers(), desk.decisions()) == ([], [])


@pytest.mark.parametrize(
    ("late_by", "rule", "expected"),
    [
        (DAY - timedelta(minutes=1), STORY_B, "acted"),
        (DAY + timedelta(minutes=1), STORY_B, "expired"),
        (timedelta(hours=3), STORY_B + "max_lateness: 2h\n", "expired"),
        (3 * DAY, STORY_B + "max_lateness: 4d\n", "acted"),
    ],
)
def test_what_is_overdue_for_too_long_is_held_as_expired(
    desk: Desk, late_by: timedelta, rule: str, expected: str
) -> None:
    desk.save(rule)
    desk.do("Registered")
    desk.restart().wait(DAY + late_by)
    assert desk.outcomes() == [expected]


def test_after_a_downtime_the_most_important_come_first_and_no_more_than_a_tick_may_take(desk: Desk) -> None:
    for key, priority, within in (("low", 10, "1h"), ("high", 90, "3h"), ("middle", 50, "2h")):
        desk.save(
            f"rule: {key}\npriority: {priority}\ntrigger: {{absence: {{of: Done, after: Begun, within: {within}}}}}\n"
            "do: [{tag: waited}]\n"
        )
    for who in ("anna", "ben"):
        desk.do("Begun", who=who)
    desk.clock.advance(timedelta(hours=5))
    keys = desk.keys()
    assert _each_tick(desk, most=2) == [2, 2, 2, 0]
    assert [keys[row.rule_id] for row in desk.decisions()] == ["high", "high", "middle", "middle", "low", "low"]


def test_of_one_priority_what_is_due_for_longest_comes_first(desk: Desk) -> None:
    desk.save(STORY_B)
    for who in ("anna", "ben", "chen"):
        desk.do("Registered", who=who)
        desk.clock.advance(timedelta(minutes=1))
    desk.clock.advance(DUE)
    assert _each_tick(desk, most=1) == [1, 1, 1, 0]
    assert [row.occurred_at for row in desk.decisions()] == sorted(row.due_at for row in desk.timers())


def _each_tick(desk: Desk, most: int) -> list[int]:
    """How many fired in each of four seconds."""
    fired = []
    for _ in range(4):
        fired.append(desk.drain(most=most))
        desk.clock.advance(timedelta(seconds=1))
    return fired


def test_more_than_one_transaction_takes_are_fired_each_once(desk: Desk) -> None:
    desk.save(STORY_B)
    people = [f"person-{n}" for n in range(BATCH + 10)]
    for who in people:
        desk.do("Registered", who=who)
    assert desk.wait(DUE) == len(people)
    assert (desk.drain(), desk.deliveries(), len(desk.decisions())) == (0, len(people), len(people))


def test_a_rule_that_another_process_has_just_saved_is_waited_for(desk: Desk) -> None:
    unaware = desk.restart()
    unaware.do("Opened")  # so that it knows the rules that there are
    desk.save(STORY_B)
    desk.do("Registered")
    desk.clock.advance(DUE)
    unaware.drain()
    assert desk.decisions() == []
    assert desk.wait(timedelta(seconds=2)) == 1
    assert desk.outcomes() == ["acted"]


def test_whose_person_is_gone_is_deleted(desk: Desk) -> None:
    desk.save(STORY_B)
    desk.do("Registered")
    desk.erase_everybody()
    assert desk.wait(DUE) == 1
    assert (desk.timers(), desk.decisions()) == ([], [])


QUIET = """
rule: guide
trigger: {absence: {of: Project Created, after: Registered, within: 24h}}
quiet: {allow: "12:00-18:00", zone: UTC, otherwise: defer, at_most: 12h}
do:
  - message: {class: onboarding, text: {en: Shall we build your first project together?}}
  - tag: waited
"""


def test_what_is_put_off_is_shown_when_the_quiet_hours_are_over(desk: Desk) -> None:
    desk.save(QUIET)
    desk.do("Registered")  # at ten in the morning
    assert desk.wait(DUE) == 1
    assert (desk.outcomes(), desk.told()) == (["quiet"], [])
    assert desk.pending() == [datetime(2026, 3, 3, 12, 0, tzinfo=UTC)]
    assert desk.wait(timedelta(hours=2) - GRACE) == 1
    assert desk.told() == ["Shall we build your first project together?"]
    first, second = desk.decisions()
    assert (first.outcome, second.outcome, second.detail["released"]) == ("acted", "acted", first.id)
    assert desk.wait(DAY) == 0


def test_what_is_put_off_survives_a_restart(desk: Desk) -> None:
    desk.save(QUIET)
    desk.do("Registered")
    desk.wait(DUE)
    restarted = desk.restart()
    assert restarted.wait(timedelta(hours=2)) == 1
    assert desk.deliveries() == 1


def test_what_was_put_off_and_is_overdue_for_too_long_expires(desk: Desk) -> None:
    desk.save(QUIET)
    desk.do("Registered")
    desk.wait(DUE)
    desk.wait(timedelta(hours=27))
    assert desk.outcomes() == ["quiet", "expired"]
    assert desk.deliveries() == 0


def test_what_has_fired_is_forgotten_after_a_month_and_what_waits_is_not(desk: Desk) -> None:
    desk.save(STORY_B)
    desk.do("Registered")
    desk.wait(DUE)
    desk.clock.advance(KEPT)
    desk.do("Registered", who="ben")
    assert clean(desk.runtime.db, desk.clock()) == 0
    desk.clock.advance(timedelta(milliseconds=1))
    assert clean(desk.runtime.db, desk.clock()) == 1
    assert [row.state for row in desk.timers()] == ["pending"]
