"""A time of a company is waited for by everybody who belongs to it: those who are there, and those who join."""

from collections import Counter

from frontdesk.core.clock import iso
from tests.server.engage.timers.companies import (
    BEFORE,
    MINUTE,
    PLAYBOOK,
    SECOND,
    SHARED,
    by_user,
    renews,
    team,
    users,
    waiting,
    walks,
)
from tests.server.engage.timers.desk import DAY, Desk


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


def test_everybody_hears_of_a_renewal_and_its_owner_has_one_thing_to_do_each_year(acme: Desk) -> None:
    for name in ("renewal-task", "renewal-done"):
        acme.save(PLAYBOOK.with_stem(name).read_text("utf-8"))
    for _year in range(2):
        renews(acme, "li", 40 * DAY)
        acme.drain()
        acme.clock.advance(10 * DAY)
        acme.drain()
        acme.clock.advance(300 * DAY)
    keys = acme.keys()
    acted = Counter(keys[row.rule_id] for row in acme.decisions() if row.outcome == "acted")
    assert acted == {"renewal-due": 6, "renewal-task": 2, "renewal-done": 1}
