"""What is heard of late is kept and decides nothing; timers follow it, as if it had been heard of in time."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from frontdesk.collect.models import Event
from frontdesk.core.clock import iso
from tests.server.engage.moments.site import Site, tags

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
LATE = timedelta(minutes=11)
TRIGGERS = {
    "page": ("page", {}),
    "{event: Ordered}": ("track", {"event": "Ordered"}),
    "{dwell: {seconds: 60}}": ("track", {"event": "Page Dwell", "properties": {"path": "/", "dwell_ms": 61_000}}),
    "{scroll: 50}": ("track", {"event": "Page Scroll", "properties": {"path": "/", "scroll": 60}}),
    "exit_intent": ("track", {"event": "Exit Intent", "properties": {"path": "/"}}),
    "{call: help}": ("track", {"event": "Rule Call", "properties": {"name": "help"}}),
    "{change: contact.plan}": ("identify", {"traits": {"plan": "pro"}}),
}


@pytest.mark.parametrize("trigger", TRIGGERS)
def test_a_late_event_is_kept_and_decides_nothing(site: Site, trigger: str) -> None:
    site.save(tags(trigger, "repeat: {every: 1s}"))
    kind, said = TRIGGERS[trigger]
    site.page(kind, **said)
    site.page(kind, **{**said, "traits": {"plan": "max"}}, ago=LATE)
    assert len(site.decisions()) == 1
    assert site.runtime.db.read(lambda session: session.scalar(select(func.count()).select_from(Event))) == 2


def test_younger_than_ten_minutes_is_live(site: Site) -> None:
    site.save(tags("{event: Ordered}"))
    site.page("track", event="Ordered", ago=10 * MINUTE - timedelta(milliseconds=1))
    assert site.acted() == ["asked"]


@pytest.mark.parametrize("wrong", [-5 * HOUR, 5 * HOUR], ids=["behind", "ahead"])
def test_a_clock_that_is_wrong_is_set_right_by_when_it_was_sent(site: Site, wrong: timedelta) -> None:
    site.save(tags("{event: Ordered}"))
    site.save(ABSENT)
    by_its_clock = site.clock() + wrong
    item = {"type": "track", "event": "Ordered", "messageId": "m", "anonymousId": "anna"}
    batch = [item | {"timestamp": iso(by_its_clock - MINUTE)}]
    body = {"writeKey": site.home.site_key, "batch": batch, "sentAt": iso(by_its_clock)}
    assert site.client.post("/v1/batch", json=body).status_code == 200
    assert [row.occurred_at for row in site.decisions()] == [site.clock() - MINUTE]
    assert site.pending() == [site.clock() - MINUTE + HOUR + timedelta(seconds=2)]


def test_a_clock_that_nobody_can_believe_decides_nothing_and_its_event_waits_from_now(site: Site) -> None:
    site.save(tags("{event: Ordered}"))
    site.save(ABSENT)
    site.page("track", event="Ordered", ago=-timedelta(days=3))
    assert site.decisions() == []
    assert site.pending() == [site.clock() + HOUR + timedelta(seconds=2)]


ABSENT = tags("{absence: {of: Paid, after: Ordered, within: 1h}}", key="unpaid")


def test_a_late_event_sets_a_timer_that_waits_longer_for_its_company(site: Site) -> None:
    site.save(ABSENT)
    site.page("track", event="Ordered", ago=LATE)
    assert site.pending() == [site.clock() - LATE + HOUR + 2 * MINUTE]
    site.wait(HOUR)
    assert site.acted() == ["unpaid"]


def test_a_late_event_cancels_a_timer(site: Site) -> None:
    site.save(ABSENT)
    site.page("track", event="Ordered")
    site.clock.advance(30 * MINUTE)
    site.page("track", event="Paid", ago=LATE)
    assert site.pending() == []


def test_a_late_event_that_contradicts_a_decision_is_noted_with_it_and_undoes_nothing(site: Site) -> None:
    site.save(ABSENT)
    site.page("track", event="Ordered")
    site.wait(2 * HOUR)
    assert site.acted() == ["unpaid"]
    site.page("track", event="Paid", ago=90 * MINUTE)
    assert site.acted() == ["unpaid"]
    assert [row.contradicted_at for row in site.decisions()] == [site.clock() - 90 * MINUTE]


def test_of_what_is_older_than_a_day_when_it_is_due_nothing_comes(site: Site) -> None:
    site.save(ABSENT)
    site.page("track", event="Ordered", ago=timedelta(days=3))
    site.wait(MINUTE)
    assert (site.acted(), site.outcomes()) == ([], ["expired"])
