"""The outbox: a parcel is there with its cause, claimed under a lease, sent at least once, and given up in the end."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from frontdesk.channels import outbox
from frontdesk.channels.models import OutboxRow
from frontdesk.channels.outbox import LEASE, Claimed, NotSent, Parcel
from frontdesk.channels.policy import TRIES, WAITS, wait_after
from frontdesk.core.db import Database
from tests.server.conftest import Home

HOOKS = "https://hooks.example:443"


@pytest.fixture
def box(db: Database, workspace: Home, now: datetime) -> "Box":
    return Box(db, workspace.id, now)


class Box:
    def __init__(self, db: Database, workspace_id: str, now: datetime) -> None:
        self.db, self.workspace_id, self.now = db, workspace_id, now

    def put(self, key: str, endpoint: str = HOOKS, **payload: Any) -> str | None:
        parcel = Parcel(self.workspace_id, "webhook", endpoint, key, payload)
        return self.db.write(lambda session: outbox.put(session, parcel, self.now))

    def claim(self, most: int = 10, endpoint: str = HOOKS) -> list[Claimed]:
        return self.db.write(lambda session: outbox.claim(session, endpoint, most, self.now))

    def done(self, one: Claimed) -> bool:
        return self.db.write(lambda session: outbox.done(session, one, self.now))

    def failed(self, one: Claimed, *, final: bool = False, chance: float = 0.5) -> bool:
        return self.db.write(lambda session: outbox.failed(session, one, NotSent("no", final), chance, self.now))

    def due(self) -> list[str]:
        return self.db.read(lambda session: outbox.endpoints_due(session, self.now))

    def rows(self) -> list[OutboxRow]:
        return self.db.read(lambda session: list(session.scalars(select(OutboxRow).order_by(OutboxRow.key))))


def test_the_same_key_is_put_once(box: Box) -> None:
    assert box.put("a", to="first") is not None
    assert box.put("a", to="second") is None
    assert [row.payload for row in box.rows()] == [{"to": "first"}]


def test_two_workspaces_may_use_the_same_key(box: Box, other_workspace: Home) -> None:
    box.put("a")
    assert Box(box.db, other_workspace.id, box.now).put("a") is not None


def test_a_parcel_goes_back_with_its_cause(box: Box) -> None:
    def job(session: Session) -> None:
        outbox.put(session, Parcel(box.workspace_id, "webhook", HOOKS, "a", {}), box.now)
        raise LookupError("the cause failed")

    with pytest.raises(LookupError):
        box.db.write(job)
    assert box.rows() == []


def test_what_is_claimed_is_nobody_else_s_until_the_lease_ends(box: Box) -> None:
    box.put("a", to="Li")
    [mine] = box.claim()
    assert (mine.parcel.payload, mine.tries) == ({"to": "Li"}, 1)
    assert (box.claim(), box.due()) == ([], [])
    box.now += LEASE
    assert box.due() == [HOOKS]
    [theirs] = box.claim()
    assert (theirs.id, theirs.tries) == (mine.id, 1)  # of the first nothing is known


def test_who_is_still_at_it_keeps_it_and_who_lost_it_does_not_get_it_back(box: Box) -> None:
    box.put("a")
    [mine] = box.claim()
    for _ in range(3):
        box.now += LEASE * 0.9
        box.db.write(lambda session: outbox.renew(session, [mine.lease], box.now))
        assert box.claim() == []
    box.now += LEASE
    [theirs] = box.claim()
    box.db.write(lambda session: outbox.renew(session, [mine.lease], box.now))
    assert (box.done(mine), box.done(theirs)) == (False, True)


def test_who_lost_the_lease_has_no_say_any_more(box: Box) -> None:
    box.put("a")
    [mine] = box.claim()
    box.now += LEASE
    [theirs] = box.claim()
    assert (box.failed(mine, final=True), box.done(mine)) == (False, False)
    assert box.done(theirs)
    assert [row.state for row in box.rows()] == ["done"]


def test_of_what_is_done_only_the_key_stays(box: Box) -> None:
    box.put("a", to="li@example.com")
    [mine] = box.claim()
    assert box.done(mine)
    [row] = box.rows()
    assert (row.state, row.payload, row.done_at) == ("done", {}, box.now)
    assert (box.put("a"), box.claim(), box.due()) == (None, [], [])


def test_what_failed_waits_longer_each_time_and_is_given_up_after_eight_tries(box: Box) -> None:
    box.put("a")
    waited = []
    for _ in range(TRIES - 1):
        [one] = box.claim()
        assert not box.failed(one)
        assert box.claim() == []
        [row] = box.rows()
        waited.append(row.next_at - box.now)
        box.now = row.next_at
    assert waited == list(WAITS)
    [last] = box.claim()
    assert box.failed(last)
    box.now += timedelta(days=1)
    assert (box.claim(), box.due()) == ([], [])
    assert [(row.state, row.tries, row.error) for row in box.rows()] == [("dead", 8, "no")]


def test_what_another_try_would_not_mend_is_given_up_at_once(box: Box) -> None:
    box.put("a")
    assert box.failed(box.claim()[0], final=True)
    assert box.rows()[0].state == "dead"


def test_what_is_never_heard_of_again_is_given_up_too(box: Box) -> None:
    box.put("a")
    waited = []
    for _ in range(TRIES):
        [one] = box.claim()
        assert (one.tries, one.lost) == (1, False)
        [row] = box.rows()
        waited.append(row.next_at - box.now)
        box.now = max(row.next_at, box.now + LEASE)
    assert waited == [*WAITS, WAITS[-1]]
    [lost] = box.claim()
    assert lost.lost
    assert box.failed(lost, final=True)
    assert [(row.state, row.lease, row.tries) for row in box.rows()] == [("dead", None, 1)]


def test_a_word_of_any_kind_ends_the_count_of_those_without(box: Box) -> None:
    box.put("a")
    for _ in range(TRIES - 1):
        box.claim()
        box.now += timedelta(days=1)
    [one] = box.claim()
    assert not box.failed(one)
    box.now += timedelta(days=1)
    [again] = box.claim()
    assert (again.tries, again.lost) == (2, False)
    assert [row.unheard for row in box.rows()] == [1]


def test_what_was_never_heard_of_comes_again_alone_so_that_others_do_not_die_with_it(box: Box) -> None:
    for key in ("a", "b", "c"):
        box.put(key)
    assert len(box.claim(most=2)) == 2
    box.now += LEASE
    sizes = []
    while claimed := box.claim():
        sizes.append(len(claimed))
        for one in claimed:
            box.done(one)
    assert sizes == [1, 1, 1]


def test_those_that_waited_longest_come_first_and_no_more_than_asked(box: Box) -> None:
    for key in ("b", "c", "a"):
        box.put(key)
        box.now += timedelta(seconds=1)
    assert [one.parcel.key for one in box.claim(most=2)] == ["b", "c"]
    assert [one.parcel.key for one in box.claim(most=2)] == ["a"]


def test_each_endpoint_is_due_by_itself(box: Box) -> None:
    for number in range(3):
        box.put(f"a{number}", "https://a.example:443")
        box.put(f"b{number}", "https://b.example:443")
    assert sorted(box.due()) == ["https://a.example:443", "https://b.example:443"]
    for one in box.claim(endpoint="https://a.example:443"):
        box.failed(one)
    assert box.due() == ["https://b.example:443"]


def test_what_was_given_up_is_sent_again_with_all_its_tries(box: Box) -> None:
    box.put("a", to="Li")
    box.failed(box.claim()[0], final=True)

    def replay(session: Session) -> None:
        row = session.scalars(select(OutboxRow)).one()
        outbox.replay(session, row, box.now)
        outbox.replay(session, row, box.now)

    box.db.write(replay)
    [again] = box.claim()
    assert (again.tries, again.parcel.payload) == (1, {"to": "Li"})


def test_what_is_long_over_is_forgotten_and_what_waits_is_not(box: Box) -> None:
    for key in ("done", "dead", "waits"):
        box.put(key)
    claimed = {one.parcel.key: one for one in box.claim()}
    box.done(claimed["done"])
    box.failed(claimed["dead"], final=True)
    assert box.db.write(lambda session: outbox.forget(session, box.now + timedelta(days=30))) == 0
    assert box.db.write(lambda session: outbox.forget(session, box.now + timedelta(days=30, seconds=1))) == 2
    assert [row.key for row in box.rows()] == ["waits"]


def test_two_processes_never_claim_the_same_parcel(box: Box) -> None:
    if box.db.engines.sqlite:
        pytest.skip("on SQLite there is one process")
    for number in range(4):
        box.put(str(number))
    with Session(box.db.engines.writer) as one, Session(box.db.engines.writer) as other:
        first = outbox.claim(one, HOOKS, 2, box.now)
        second = outbox.claim(other, HOOKS, 4, box.now)  # does not wait for the first, which has not committed yet
    assert len({each.id for each in (*first, *second)}) == len(first) + len(second) == 4


@pytest.mark.parametrize("tries", range(1, TRIES))
def test_chance_spreads_a_wait_by_a_fifth(tries: int) -> None:
    usual = WAITS[tries - 1]
    assert wait_after(tries, 0) == usual * 0.8
    assert usual < (wait_after(tries, 0.999) or usual) < usual * 1.2
