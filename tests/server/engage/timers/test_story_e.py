"""Story E: an account goes quiet, and its owner hears of it once; not while anybody there is at work."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from frontdesk.collect.models import Event
from frontdesk.engage.models import DecisionRow
from tests.server.engage.timers.desk import DAY, Desk

PLAYBOOK = Path(__file__).parents[4] / "rules/playbooks/going-quiet.yaml"
QUIET = PLAYBOOK.read_text("utf-8")
TEAM = ("ann", "ben", "cho", "dee")


@pytest.fixture
def account(desk: Desk) -> Desk:
    """Four users of one paying account, and one of another."""
    desk.save(QUIET)
    for user_id in TEAM:
        desk.belongs(user_id, "acme", plan="team")
    desk.belongs("zoe", "other", plan="team")
    return desk


def used(desk: Desk, *user_ids: str) -> None:
    for user_id in user_ids:
        desk.as_backend("Feature Used", user_id)


def passes(desk: Desk, days: int, *user_ids: str) -> None:
    """Day by day, on each of which these use something."""
    for _ in range(days):
        desk.wait(DAY)
        used(desk, *user_ids)


def acted(desk: Desk) -> list[DecisionRow]:
    return [row for row in desk.decisions() if row.outcome == "acted"]


def test_three_silent_users_are_no_silent_account(account: Desk) -> None:
    used(account, *TEAM)
    passes(account, 20, "dee")
    assert acted(account) == []


def test_a_silent_account_is_one_notice_and_one_task(account: Desk) -> None:
    used(account, *TEAM)
    passes(account, 3, "ben")
    last = account.clock()
    passes(account, 20, "zoe")
    (row,) = acted(account)
    assert row.occurred_at == last + 14 * DAY
    assert [next(iter(action)) for action in row.detail["actions"]] == ["notify", "task"]


def test_two_who_were_last_at_the_same_instant_are_one_account(account: Desk) -> None:
    used(account, *TEAM)  # the clock stands still meanwhile
    instants = select(Event.occurred_at).where(Event.name == "Feature Used")
    assert len(set(account.runtime.db.read(lambda session: session.scalars(instants).all()))) == 1
    passes(account, 20)
    assert len(acted(account)) == 1


def test_what_a_browser_of_theirs_did_is_a_use_of_the_account(account: Desk) -> None:
    used(account, *TEAM)
    account.wait(5 * DAY)
    account.says("identify", userId="ann", anonymousId="ann-phone")
    account.says("track", event="Feature Used", anonymousId="ann-phone")
    account.wait(10 * DAY)
    assert acted(account) == []


def test_who_belongs_to_no_account_makes_none_silent(desk: Desk) -> None:
    desk.save(QUIET.replace("when: {field: company.plan, op: in, value: [team, business]}\n", ""))
    desk.as_backend("Feature Used", "solo")
    desk.wait(timedelta(days=15))
    assert desk.outcomes() == ["unknown"]


def test_an_account_that_was_at_work_again_goes_quiet_again(account: Desk) -> None:
    used(account, "ann")
    account.wait(15 * DAY)
    used(account, "cho")
    again = account.clock()
    account.wait(15 * DAY)
    assert [row.occurred_at for row in acted(account)][1:] == [again + 14 * DAY]
