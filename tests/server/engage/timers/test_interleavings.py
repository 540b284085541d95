"""Whatever is set, cancelled, claimed and fired in whatever order, by two drains of which either may sleep: every timer
fires once, when it is due, and none that was cancelled."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from frontdesk.core.db import Database
from frontdesk.engage.models import TimerRow
from frontdesk.engage.timers import claims
from frontdesk.engage.timers.armings import Armings
from frontdesk.engage.timers.claims import Claim
from frontdesk_rules import Arming, Cancel, Timer

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
GRACE = timedelta(seconds=2)
IDS = ("vis_1", "con_2")
anchors = st.sampled_from(["evt_1", "evt_2", "evt_3"])
ids = st.sampled_from([IDS, IDS[::-1]])  # whoever is merged into whom later: all ids are known
holders = st.sampled_from(["one", "other"])
steps = st.one_of(
    st.tuples(st.just("set"), anchors, ids, st.integers(0, 20)),
    st.tuples(st.just("cancel"), st.none() | anchors, ids, st.integers(0, 10)),
    st.tuples(st.just("claim"), holders, st.integers(1, 3)),
    st.tuples(st.just("fire"), holders),
    st.tuples(st.just("wait"), st.sampled_from([1, 3, 10, 15, 60])),
)


@dataclass
class Told:
    """A timer as it should be."""

    timer: Timer
    state: str = "pending"
    holder: Claim | None = None
    held_until: datetime = NOW


@dataclass
class Play:
    """The database, and beside it what should be in it."""

    db: Database
    now: datetime = NOW
    told: dict[str, Told] = field(default_factory=dict)
    held: dict[str, Claim] = field(default_factory=dict)
    fired: list[str] = field(default_factory=list)

    def set(self, anchor: str, known: tuple[str, ...], seconds: int) -> None:
        timer = Timer("rul_1", "", anchor, self.now, self.now + timedelta(seconds=seconds), GRACE)
        self._arm(Arming(set=(timer,)), known)
        self.told.setdefault(anchor, Told(timer))

    def cancel(self, anchor: str | None, known: tuple[str, ...], seconds_ago: int) -> None:
        cancel = Cancel("rul_1", "", anchor, self.now - timedelta(seconds=seconds_ago))
        self._arm(Arming(cancel=(cancel,)), known)
        self.told = {key: one for key, one in self.told.items() if not cancel.concerns(one.timer)}

    def claim(self, holder: str, most: int) -> None:
        claimed: Claim = self.db.write(lambda session: claims.claim(session, self.now, most))
        free = sorted(
            (one.timer.fires_at, key)
            for key, one in self.told.items()
            if one.state == "pending" and one.timer.fires_at <= self.now and one.held_until <= self.now
        )
        assert len(claimed.keys) == min(most, len(free))
        assert {key.anchor for key in claimed.keys} <= {key for _, key in free}
        for key in claimed.keys:
            self.told[key.anchor].holder, self.told[key.anchor].held_until = claimed, self.now + claims.LEASE
        self.held[holder] = claimed

    def fire(self, holder: str) -> None:
        claimed = self.held.get(holder)
        if claimed is None:
            return
        ours = {key for key, one in self.told.items() if one.state == "pending" and one.holder is claimed}
        fired: list[str] = self.db.write(lambda session: self._fire(session, claimed))
        assert set(fired) == ours
        for anchor in fired:
            self.told[anchor].state = "fired"

    def wait(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    def stored(self) -> dict[str, str]:
        query = select(TimerRow.anchor, TimerRow.state)
        return self.db.read(lambda session: {row[0]: row[1] for row in session.execute(query)})

    def _fire(self, session: Session, claimed: Claim) -> list[str]:
        ours = claims.held(session, claimed)
        claims.fired(session, ours, self.now)
        return [due.anchor for due in ours]

    def _arm(self, arming: Arming, known: tuple[str, ...]) -> None:
        def job(session: Session) -> None:
            armings = Armings(session)
            armings.add("wsp_1", 50, arming, known)
            armings.store()

        self.db.write(job)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(played=st.lists(steps, max_size=25))
def test_two_drains_end_as_one_would(db: Database, played: list[tuple[Any, ...]]) -> None:
    db.write(lambda session: session.execute(delete(TimerRow)))
    play = Play(db)
    for name, *more in played:
        getattr(play, name)(*more)
        assert play.stored() == {anchor: one.state for anchor, one in play.told.items()}
    play.wait(60)
    play.claim("last", 100)
    play.fire("last")
    assert set(play.stored().values()) <= {"fired"}
    assert play.stored().keys() == play.told.keys()
