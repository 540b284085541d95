"""A time of a company is waited for by everybody who belongs to it: those who are there, and those who join."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import structlog
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from frontdesk.core.clock import iso
from frontdesk.engage.deciding.fellows import KIND
from frontdesk.engage.deciding.walks import FEW
from frontdesk.engage.models import TimerRow
from frontdesk.people.models import Company, CompanyMember, Contact
from tests.server.engage.timers.desk import DAY, Desk

PLAYBOOK = Path(__file__).parents[4] / "rules/playbooks/renewal-due.yaml"
RENEWAL = PLAYBOOK.read_text("utf-8")
BEFORE = 30 * DAY
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
SHARED = ("li", "bo", "eva")


def renews(desk: Desk, user_id: str, after: timedelta, group_id: str = "acme", **more: Any) -> datetime:
    """The contract ends so long after now, says a backend when it speaks of this user; when it is to be spoken of."""
    ends_at = desk.clock() + after
    desk.belongs(user_id, group_id, renews_at=iso(ends_at), **more)
    return ends_at - BEFORE


def team(desk: Desk, *user_ids: str, group_id: str = "acme") -> None:
    for user_id in user_ids:
        desk.belongs(user_id, group_id)


def crew(desk: Desk, count: int) -> list[str]:
    """So many members of a company that is there; their ids in order."""
    ids = [f"con_0{number:05}" for number in range(count)]
    told = {"workspace_id": desk.home.id, "attributes": {}, "tags": [], "created_at": desk.clock()}

    def job(session: Session) -> None:
        company = session.scalars(select(Company.id).where(Company.group_id == "acme")).one()
        session.add_all(Contact(id=one, user_id=one, seen_at=desk.clock(), **told) for one in ids)
        session.flush()
        session.add_all(CompanyMember(company_id=company, contact_id=one, verified=True) for one in ids)

    desk.runtime.db.write(job)
    return ids


def waiting(desk: Desk) -> dict[str, list[datetime]]:
    """Contact id → the times that it waits for."""
    found: dict[str, list[datetime]] = {}
    for row in desk.timers():
        if row.state == "pending" and row.kind == "reaches":
            found.setdefault(row.person_id, []).append(row.due_at)
    return found


def users(desk: Desk) -> dict[str, str]:
    """Contact id → user id."""
    rows = desk.runtime.db.read(lambda session: session.execute(select(Contact.id, Contact.user_id)).all())
    return dict(map(tuple, rows))


def by_user(desk: Desk) -> dict[str, list[datetime]]:
    known = users(desk)
    return {known[person_id]: times for person_id, times in waiting(desk).items()}


def walks(desk: Desk) -> list[TimerRow]:
    return [row for row in desk.timers() if row.kind == KIND]


@pytest.fixture
def acme(desk: Desk) -> Desk:
    """A company of three, before a live rule."""
    team(desk, *SHARED)
    desk.save(RENEWAL)
    desk.drain()
    return desk


def test_everybody_who_is_there_waits_and_is_met(acme: Desk) -> None:
    due = renews(acme, "li", 40 * DAY)
    acme.drain()
    assert by_user(acme) == {user: [due] for user in SHARED}
    assert walks(acme) == []
    acme.clock.advance(10 * DAY)
    acme.drain()
    acted = {users(acme)[row.person_id] for row in acme.decisions() if row.outcome == "acted"}
    assert acted == set(SHARED)


def test_whoever_speaks_of_the_company_need_not_belong_to_it(acme: Desk) -> None:
    ends_at = acme.clock() + 40 * DAY
    acme.says("group", anonymousId="nobody", groupId="acme", traits={"renews_at": iso(ends_at)})
    acme.drain()
    assert by_user(acme) == {user: [ends_at - BEFORE] for user in SHARED}


def test_who_joins_later_waits_too(acme: Desk) -> None:
    due = renews(acme, "li", 40 * DAY)
    acme.drain()
    team(acme, "new")
    assert by_user(acme)["new"] == [due]


def test_who_is_recognised_as_one_of_them_waits_once(acme: Desk) -> None:
    due = renews(acme, "li", 40 * DAY)
    acme.drain()
    acme.do("Seen", who="phone")
    acme.identify("bo", who="phone")
    assert by_user(acme) == {user: [due] for user in SHARED}


def test_all_of_them_move_with_the_contract(acme: Desk) -> None:
    renews(acme, "li", 40 * DAY)
    acme.drain()
    due = renews(acme, "bo", 400 * DAY)
    acme.drain()
    assert by_user(acme) == {user: [due] for user in SHARED}


def test_nobody_waits_for_a_time_that_was_taken_away(acme: Desk) -> None:
    renews(acme, "li", 40 * DAY)
    acme.drain()
    acme.belongs("bo", "acme", renews_at=None)
    acme.drain()
    assert waiting(acme) == {}


def test_a_time_that_comes_again_is_waited_for_again(acme: Desk) -> None:
    due = renews(acme, "li", 40 * DAY)
    for after in (50 * DAY, 40 * DAY):
        acme.drain()
        renews(acme, "li", after)
    acme.drain()
    assert by_user(acme) == {user: [due] for user in SHARED}


def test_who_does_not_belong_to_it_waits_for_nothing(acme: Desk) -> None:
    team(acme, "stranger", group_id="other")
    renews(acme, "li", 40 * DAY)
    acme.drain()
    assert "stranger" not in by_user(acme)


def test_what_no_rule_waits_for_leaves_nothing_to_do(acme: Desk) -> None:
    acme.belongs("li", "acme", plan="pro")
    assert acme.timers() == []


def test_while_a_rule_is_paused_nothing_new_is_waited_for_and_what_is_over_is_not(acme: Desk) -> None:
    (rule_id,) = acme.keys()
    renews(acme, "li", 40 * DAY)
    acme.drain()
    acme.pause(rule_id)
    renews(acme, "li", 50 * DAY)
    acme.drain()
    assert waiting(acme) == {}


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
    renews(acme, "li", 30 * DAY + MINUTE, ago=timedelta(0))
    other = acme.restart()
    acme.drain(most=1)
    other.drain(most=1)
    acme.drain()
    acme.clock.advance(MINUTE)
    for process in (acme, other, acme):
        process.drain()
    assert acme.outcomes() == ["acted"] * (FEW + 23)


def test_what_a_rule_says_of_a_company_is_said_of_all_its_members(acme: Desk) -> None:
    acme.save("rule: signed\ntrigger: {event: Signed}\ndo: [{set: {company.renews_at: '2026-06-01T00:00:00Z'}}]\n")
    acme.as_backend("Signed", user_id="li")
    acme.drain()
    assert {len(times) for times in by_user(acme).values()} == {1}
    assert set(by_user(acme)) == set(SHARED)


def test_who_belongs_to_two_companies_waits_for_each_and_is_met_for_the_one_seen_last(acme: Desk) -> None:
    of_acme = renews(acme, "li", 40 * DAY)
    acme.clock.advance(MINUTE)
    of_bell = renews(acme, "li", 45 * DAY, group_id="bell")
    acme.drain()
    assert by_user(acme)["li"] == [of_acme, of_bell]
    acme.clock.advance(MINUTE)
    team(acme, "bo")
    for due in (of_acme, of_bell):
        acme.clock.advance(due - acme.clock())
        acme.drain()
    known = users(acme)
    of_li = [(row.reason or row.outcome) for row in acme.decisions() if known[row.person_id] == "li"]
    assert of_li == ["acted", "overtaken"]


def test_a_change_that_is_heard_of_too_late_is_noted_for_all_of_them(acme: Desk) -> None:
    due = renews(acme, "li", 40 * DAY)
    acme.drain()
    acme.clock.advance(due - acme.clock())
    acme.drain()
    acme.clock.advance(5 * MINUTE)
    renews(acme, "bo", 400 * DAY, ago=6 * MINUTE)
    acme.drain()
    acted = [row for row in acme.decisions() if row.outcome == "acted"]
    assert [row.contradicted_at for row in acted] == [due - MINUTE] * 3


def test_what_was_reached_before_is_due_at_once_and_once(acme: Desk) -> None:
    renews(acme, "li", 20 * DAY)
    for _ in range(3):
        acme.drain()
        acme.clock.advance(SECOND)
        team(acme, *SHARED)
    assert acme.outcomes() == ["acted"] * 3


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
