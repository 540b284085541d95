"""However many belong to a company, whoever changes it waits for none of them, and in the end all are asked."""

import structlog
from sqlalchemy import text

from frontdesk.engage.deciding.walks import FEW
from tests.server.engage.timers.companies import (
    MINUTE,
    SECOND,
    SHARED,
    by_user,
    crew,
    renews,
    team,
    users,
    waiting,
    walks,
)
from tests.server.engage.timers.desk import DAY, Desk


def test_nothing_is_lost_with_the_process_that_heard_of_it(acme: Desk) -> None:
    due = renews(acme, "li", 40 * DAY)
    assert by_user(acme) == {"li": [due]}
    restarted = acme.restart()
    restarted.drain()
    assert by_user(restarted) == {user: [due] for user in SHARED}


def test_whoever_changes_a_large_company_arms_one_and_leaves_a_row(acme: Desk) -> None:
    crew(acme, 3 * FEW)
    renews(acme, "li", 40 * DAY)
    assert (len(waiting(acme)), len(walks(acme))) == (1, 1)


def test_of_a_large_company_each_process_takes_some_until_all_wait(acme: Desk) -> None:
    ids = crew(acme, 3 * FEW)
    due = renews(acme, "li", 40 * DAY)
    acme.drain(most=1)
    assert set(waiting(acme)) - set(users(acme)) == set()
    assert len(set(waiting(acme)) & set(ids)) == FEW
    restarted = acme.restart()
    restarted.drain()
    assert (set(waiting(restarted)), walks(restarted)) == (set(users(acme)), [])
    assert set(map(tuple, waiting(restarted).values())) == {(due,)}


def test_of_several_no_more_are_asked_at_once_than_of_one(acme: Desk) -> None:
    team(acme, "zoe", group_id="bell")
    crew(acme, FEW - 20)
    crew(acme, FEW - 20, group_id="bell")
    for user_id, group_id in (("li", "acme"), ("zoe", "bell")):
        renews(acme, user_id, 40 * DAY, group_id=group_id)
    asked = []
    while walks(acme):
        before = len(waiting(acme))
        acme.drain(most=1)
        asked.append(len(waiting(acme)) - before)
    assert (len(waiting(acme)), max(asked) <= FEW) == (2 * FEW - 36, True)


def test_what_changes_while_they_are_walked_through_reaches_all_of_them(acme: Desk) -> None:
    crew(acme, 3 * FEW)
    renews(acme, "li", 40 * DAY)
    acme.drain(most=2)
    for after in (50 * DAY, 60 * DAY, 70 * DAY):
        due = renews(acme, "bo", after)
    acme.drain(most=1)
    assert len(walks(acme)) == 2, "one that goes on, and one for all that changed meanwhile"
    acme.drain()
    assert set(map(tuple, waiting(acme).values())) == {(due,)}
    assert (len(waiting(acme)), walks(acme)) == (3 * FEW + 3, [])


def test_two_who_fire_at_once_meet_everybody_once(acme: Desk) -> None:
    crew(acme, FEW + 20)
    renews(acme, "li", 30 * DAY + MINUTE)
    other = acme.restart()
    acme.drain(most=1)
    other.drain(most=1)
    acme.drain()
    acme.clock.advance(MINUTE)
    for process in (acme, other, acme):
        process.drain()
    assert acme.outcomes() == ["acted"] * (FEW + 23)


def test_of_whom_nothing_can_be_read_the_others_do_not_wait_for_ever(acme: Desk) -> None:
    ids = crew(acme, 2 * FEW)
    culprit = ids[FEW // 2]
    acme.do("Seen", who="phone")
    spoilt = text("UPDATE visitor SET contact_id = :id, seen_at = 100000000000000000 WHERE anonymous_id = 'phone'")
    acme.runtime.db.write(lambda session: session.execute(spoilt, {"id": culprit}))
    renews(acme, "li", 400 * DAY)
    with structlog.testing.capture_logs() as logged:
        for _ in range(30):
            acme.wait(20 * SECOND)
    left_out = [line["person"] for line in logged if line["event"] == "company_member_left_out"]
    assert left_out == [culprit]
    assert (set(users(acme)) - set(waiting(acme)), walks(acme)) == ({culprit}, [])
