"""Timers are set once and cancelled under any id of their person; what came too late is noted."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from frontdesk.core.db import Database
from frontdesk.engage.models import TimerRow
from frontdesk.engage.timers.armings import Armings
from frontdesk.engage.timers.cancelling import cancel_all
from frontdesk_rules import Arming, Cancel, Timer

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def set_(anchor: str, at: datetime = NOW, kind: Any = "absence", rule: str = "rul_1") -> Arming:
    return Arming(set=(Timer(rule, "ignored", anchor, at, at + DAY, kind=kind, properties={"plan": "free"}),))


def cancel(anchor: str | None = None, at: datetime = NOW + timedelta(hours=1)) -> Arming:
    return Arming(cancel=(Cancel("rul_1", "ignored", anchor, at),))


@pytest.fixture
def arm(db: Database) -> Callable[..., list[tuple[str, str]]]:
    """Each group of (arming, ids) in a transaction of its own; the person and anchor of what is pending at the end."""

    def armed(*groups: list[tuple[Arming, tuple[str, ...]]]) -> list[tuple[str, str]]:
        for group in groups:

            def job(session: Session, group: list[tuple[Arming, tuple[str, ...]]] = group) -> None:
                armings = Armings(session)
                for arming, ids in group:
                    armings.add("wsp_1", 50, arming, ids)
                armings.store()

            db.write(job)
        query = select(TimerRow.person_id, TimerRow.anchor).order_by(TimerRow.person_id, TimerRow.anchor)
        return [(row[0], row[1]) for row in db.read(lambda session: session.execute(query).all())]

    return armed


Arm = Callable[..., list[tuple[str, str]]]
VIS, CON = ("vis_1",), ("vis_1", "con_2")


def test_it_is_armed_once(arm: Arm) -> None:
    assert arm([(set_("evt_1"), VIS), (set_("evt_1"), VIS)], [(set_("evt_1"), VIS)]) == [("vis_1", "evt_1")]


def test_it_is_kept_under_the_id_first_seen_with_all_it_needs(arm: Arm, db: Database) -> None:
    assert arm([(set_("evt_1"), CON)]) == [("vis_1", "evt_1")]
    row = db.read(lambda session: session.scalars(select(TimerRow)).one())
    assert (row.kind, row.priority, row.workspace_id, row.state) == ("absence", 50, "wsp_1", "pending")
    assert (row.anchor_at, row.due_at, row.fires_at, row.payload) == (
        NOW,
        NOW + DAY,
        NOW + DAY,
        {"properties": {"plan": "free"}},
    )


@pytest.mark.parametrize("anchor", [None, "evt_1"])
def test_it_is_cancelled_in_the_same_group_and_in_a_later_one(arm: Arm, anchor: str | None) -> None:
    assert arm([(set_("evt_1"), VIS), (cancel(anchor), VIS)]) == []
    assert arm([(set_("evt_1"), VIS)], [(cancel(anchor), VIS)]) == []


def test_order_matters(arm: Arm) -> None:
    assert arm([(cancel(), VIS), (set_("evt_1"), VIS)]) == [("vis_1", "evt_1")]


def test_what_was_cancelled_may_be_set_again(arm: Arm) -> None:
    assert arm([(set_("evt_1"), VIS)], [(cancel(), VIS), (set_("evt_1"), VIS)]) == [("vis_1", "evt_1")]


@pytest.mark.parametrize("anchor", [None, "evt_1"])
def test_set_under_one_id_it_is_cancelled_under_another(arm: Arm, anchor: str | None) -> None:
    assert arm([(set_("evt_1"), VIS)], [(cancel(anchor), ("con_2", "vis_1"))]) == []
    assert arm([(set_("evt_1"), VIS), (cancel(anchor), ("con_2", "vis_1"))]) == []


def test_set_under_one_id_it_is_not_set_again_under_another(arm: Arm) -> None:
    assert arm([(set_("evt_1"), VIS)], [(set_("evt_1"), ("con_0", "vis_1"))]) == [("vis_1", "evt_1")]


def test_only_what_it_concerns_is_cancelled(arm: Arm) -> None:
    before, after = cancel(at=NOW - timedelta(hours=1)), cancel(at=NOW + DAY + timedelta(seconds=1))
    other_rule, other_anchor = set_("evt_1", rule="rul_2"), cancel("evt_2")
    assert arm([(set_("evt_1"), VIS)], [(before, VIS), (after, VIS), (other_anchor, VIS), (cancel(), ("vis_9",))]) == [
        ("vis_1", "evt_1")
    ]
    assert arm([(other_rule, VIS)], [(cancel(), VIS)]) == [("vis_1", "evt_1")]


def test_what_was_put_off_is_not_cancelled(arm: Arm) -> None:
    assert arm([(set_("deferred:dec_1", kind="deferred"), VIS)], [(cancel(), VIS)]) == [("vis_1", "deferred:dec_1")]


def test_all_that_waits_for_a_rule_is_cancelled(arm: Arm, db: Database) -> None:
    arm([(set_("evt_1"), VIS), (set_("evt_2"), ("vis_2",)), (set_("evt_1", rule="rul_2"), VIS)])
    assert db.write(lambda session: cancel_all(session, "rul_1")) == 2
    assert arm() == [("vis_1", "evt_1")]
