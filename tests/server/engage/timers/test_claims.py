"""One timer, one holder: whoever stops loses what it held, and fires nothing of it when it wakes."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from frontdesk.engage.deciding.cases import Case
from frontdesk.engage.timers import claims
from frontdesk.engage.timers.armings import Armings
from frontdesk.engage.timers.claims import Claim, Due
from frontdesk.engage.timers.drain import BATCH, FIRST_WAIT, MOST_TRIES, tick
from frontdesk.engage.timers.firing import Firing
from frontdesk_rules import Arming, Timer
from tests.server.engage.timers.desk import DAY, GRACE, STORY_B, Desk

DUE = DAY + GRACE


def claim(desk: Desk, most: int = BATCH) -> Claim:
    claimed: Claim = desk.runtime.db.write(lambda session: claims.claim(session, desk.clock(), most))
    return claimed


def fire(desk: Desk, claimed: Claim) -> int:
    fired: int = desk.runtime.db.write(lambda session: desk.firing.fire(session, claimed, desk.clock()))
    return fired


@pytest.fixture
def due(desk: Desk) -> Desk:
    """One timer is due."""
    desk.save(STORY_B)
    desk.do("Registered")
    desk.clock.advance(DUE)
    return desk


def test_what_one_has_claimed_another_does_not_get(due: Desk) -> None:
    assert len(claim(due).keys) == 1
    assert claim(due).keys == ()
    assert due.restart().drain() == 0


def test_a_holder_that_stopped_loses_its_claim_and_fires_nothing_when_it_wakes(due: Desk) -> None:
    stopped = claim(due)
    assert due.restart().wait(claims.LEASE - timedelta(milliseconds=1)) == 0
    assert due.restart().wait(timedelta(milliseconds=1)) == 1
    assert fire(due, stopped) == 0
    assert due.deliveries() == 1


def test_a_holder_that_wakes_before_anybody_came_fires_what_it_held(due: Desk) -> None:
    slow = claim(due)
    due.clock.advance(timedelta(minutes=1))
    assert fire(due, slow) == 1
    assert (due.drain(), due.deliveries()) == (0, 1)


def test_while_another_holds_it_a_stopped_holder_fires_nothing_either(due: Desk) -> None:
    stopped = claim(due)
    due.clock.advance(claims.LEASE)
    taken = claim(due)
    assert (fire(due, stopped), due.deliveries()) == (0, 0)
    assert (fire(due, taken), due.deliveries()) == (1, 1)


def test_what_was_fired_is_not_fired_again(due: Desk) -> None:
    claimed = claim(due)
    assert (fire(due, claimed), fire(due, claimed), due.deliveries()) == (1, 0, 1)


def test_what_is_cancelled_between_claim_and_firing_does_not_fire(desk: Desk) -> None:
    desk.save(STORY_B)
    desk.do("Registered")
    desk.clock.advance(DUE)
    claimed = claim(desk)
    desk.do("Project Created", ago=timedelta(hours=1))
    assert (fire(desk, claimed), desk.decisions()) == (0, [])


def _refuse(_session: Session, _timers: Sequence[Due], _now: datetime) -> Sequence[Case]:
    raise RuntimeError("this one cannot be fired")


def poisoned(desk: Desk, count: int) -> Callable[..., int]:
    """So many timers are due that cannot be fired; a drain that meets them."""
    made = [
        Timer("seg_1", "vis_1", f"bad-{n}", desk.clock(), desk.clock() - DAY, kind="poison")  # type: ignore[arg-type]  # a kind that there is not
        for n in range(count)
    ]

    def job(session: Session) -> None:
        armings = Armings(session)
        armings.add(desk.home.id, 99, Arming(set=tuple(made)), ("vis_1",))
        armings.store()

    desk.runtime.db.write(job)
    firing = Firing(desk.firing.engine, {"poison": _refuse})
    return lambda: tick(desk.runtime.db, firing, desk.clock)


@pytest.mark.parametrize("bad", [1, 7])
def test_a_timer_that_cannot_be_fired_fails_alone(desk: Desk, bad: int) -> None:
    desk.save(STORY_B)
    for who in ("anna", "ben", "chen"):
        desk.do("Registered", who=who)
    desk.clock.advance(DUE)
    drain = poisoned(desk, bad)
    assert drain() == 3
    assert desk.deliveries() == 3
    assert [row.tries for row in desk.timers() if row.kind == "poison"] == [1] * bad


def test_it_is_tried_again_after_longer_and_longer_and_given_up_at_last(desk: Desk) -> None:
    drain = poisoned(desk, 1)
    drain()
    for waits in range(MOST_TRIES - 1):
        wait = FIRST_WAIT * 2**waits
        desk.clock.advance(wait - timedelta(milliseconds=1))
        drain()
        assert [(row.state, row.tries) for row in desk.timers()] == [("pending", waits + 1)]
        desk.clock.advance(timedelta(milliseconds=1))
        drain()
    assert [(row.state, row.tries) for row in desk.timers()] == [("failed", MOST_TRIES)]
    desk.clock.advance(30 * DAY)
    drain()
    assert [row.tries for row in desk.timers()] == [MOST_TRIES]
