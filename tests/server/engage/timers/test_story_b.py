"""Registered, and no project for a day: a guide is offered, once, when the day and its grace are over."""

from datetime import timedelta

import pytest

from tests.server.engage.timers.desk import DAY, GRACE, STORY_B, Desk

MS = timedelta(milliseconds=1)
GUIDE = ["Shall we build your first project together?"]


def test_who_built_nothing_for_a_day_is_offered_a_guide(desk: Desk) -> None:
    desk.save(STORY_B)
    desk.do("Registered")
    assert desk.wait(DAY + GRACE - MS) == 0
    assert desk.told() == []
    assert desk.wait(MS) == 1
    assert desk.told() == GUIDE
    assert desk.outcomes() == ["acted"]
    assert desk.wait(DAY) == 0


@pytest.mark.parametrize(
    "after", [timedelta(0), timedelta(hours=1), DAY], ids=["at once", "later", "at the last moment"]
)
def test_who_built_one_is_not(desk: Desk, after: timedelta) -> None:
    desk.save(STORY_B)
    desk.do("Registered")
    desk.clock.advance(after)
    desk.do("Project Created")
    assert desk.pending() == []
    assert desk.wait(2 * DAY) == 0
    assert (desk.told(), desk.decisions()) == ([], [])


def test_nor_who_built_one_in_the_same_request(desk: Desk) -> None:
    desk.save(STORY_B)
    desk.do("Registered", "Project Created")
    assert (desk.pending(), desk.wait(2 * DAY)) == ([], 0)


def test_nor_whose_project_is_heard_of_within_the_grace(desk: Desk) -> None:
    desk.save(STORY_B)
    desk.do("Registered")
    desk.clock.advance(DAY + GRACE - MS)
    desk.do("Project Created", ago=GRACE)
    assert desk.wait(MS) == 0
    assert desk.told() == []


def test_nor_whose_project_was_heard_of_before_the_registration(desk: Desk) -> None:
    desk.save(STORY_B)
    desk.do("Project Created")
    desk.do("Registered", ago=timedelta(minutes=5))
    assert desk.wait(DAY) == 1
    assert (desk.outcomes(), desk.told()) == (["overtaken"], [])


def test_after_the_day_the_rule_acts_and_a_project_made_since_is_reason_enough_to_show_nothing(desk: Desk) -> None:
    desk.save(STORY_B)
    desk.do("Registered")
    desk.clock.advance(DAY + MS)
    desk.do("Project Created")
    assert desk.wait(GRACE) == 1
    assert desk.told() == []
    (decision,) = desk.decisions()
    assert (decision.outcome, decision.reason) == ("acted", "overtaken")


def test_what_was_not_received_live_is_given_two_minutes(desk: Desk) -> None:
    desk.save(STORY_B)
    desk.do("Registered", ago=timedelta(hours=1))
    assert desk.wait(DAY - timedelta(hours=1) + timedelta(minutes=2) - MS) == 0
    assert desk.wait(MS) == 1
    desk.do("Page Seen")
    assert desk.told() == GUIDE


def test_a_project_heard_of_after_the_guide_is_noted_and_nothing_is_undone(desk: Desk) -> None:
    desk.save(STORY_B)
    desk.do("Registered")
    desk.wait(DAY + GRACE)
    assert desk.told() == GUIDE
    created_at = desk.clock() - timedelta(hours=2)
    desk.do("Project Created", ago=timedelta(hours=2))
    (decision,) = desk.decisions()
    assert (decision.outcome, decision.contradicted_at) == ("acted", created_at)
    assert desk.deliveries() == 1


def test_a_project_that_came_in_time_for_nothing_contradicts_nothing(desk: Desk) -> None:
    desk.save(STORY_B)
    desk.do("Registered")
    desk.wait(DAY + GRACE)
    desk.do("Project Created")
    (decision,) = desk.decisions()
    assert decision.contradicted_at is None


def test_it_is_offered_after_a_restart(desk: Desk) -> None:
    desk.save(STORY_B)
    desk.do("Registered")
    restarted = desk.restart()
    assert restarted.wait(DAY + GRACE) == 1
    assert restarted.deliveries() == 1
    desk.do("Seen")
    assert desk.told() == GUIDE


def test_each_person_has_a_timer_of_its_own(desk: Desk) -> None:
    desk.save(STORY_B)
    for who in ("anna", "ben", "chen"):
        desk.do("Registered", who=who)
    desk.do("Project Created", who="ben")
    assert desk.wait(DAY + GRACE) == 2
    assert [desk.told(who) for who in ("anna", "ben", "chen")] == [GUIDE, [], GUIDE]


def test_registered_in_the_browser_built_in_the_backend(desk: Desk) -> None:
    """Armed under the browser's id, cancelled under the contact's."""
    desk.save(STORY_B)
    desk.do("Registered")
    desk.identify("user-1")
    desk.as_backend("Project Created", user_id="user-1")
    assert desk.pending() == []
    assert desk.wait(2 * DAY) == 0


def test_registered_in_the_backend_built_in_the_browser(desk: Desk) -> None:
    desk.save(STORY_B)
    desk.as_backend("Registered", user_id="user-1")
    desk.do("Opened")
    desk.identify("user-1")
    desk.do("Project Created")
    assert desk.pending() == []
    assert desk.wait(2 * DAY) == 0


@pytest.mark.parametrize("recheck", ["", ", recheck: true"])
@pytest.mark.parametrize(("event", "ends", "told"), [("Seen", "acted", GUIDE), ("Project Created", "overtaken", [])])
def test_a_project_made_while_the_guide_waits_for_the_morning_makes_it_needless(
    desk: Desk,
    recheck: str,
    event: str,
    ends: str,
    told: list[str],
) -> None:
    desk.save(STORY_B + f'quiet: {{allow: "09:00-21:00", zone: UTC{recheck}}}\n')
    desk.clock.advance(timedelta(hours=12))
    desk.do("Registered")
    desk.wait(DAY + GRACE)
    assert (desk.outcomes(), desk.decisions()[-1].outcome) == (["quiet"], "deferred")
    desk.wait(timedelta(hours=1))
    desk.do(event)
    desk.wait(timedelta(hours=10))
    assert desk.outcomes() == ["quiet", ends]
    assert desk.told() == told
