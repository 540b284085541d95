"""Sessions: where one ends and the next begins, in time and late."""

from datetime import datetime, timedelta

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from frontdesk.accounts.models import Site
from frontdesk.collect.models import Event, Touchpoint
from frontdesk.collect.models import Session as Run
from frontdesk.collect.sessions.policy import MOST_SESSIONS
from frontdesk.core.clock import MovableClock, iso
from frontdesk.core.db import Database
from frontdesk.people.models import Visitor
from tests.server.collect.conftest import Post, Rules
from tests.server.collect.senders import PRICING, batch, page, rows, track
from tests.server.conftest import Home


def test_dwell_grows_within_a_session_and_reaches_the_rules(post: Post, workspace: Home, rules: Rules) -> None:
    post("batch", batch(workspace, page("m1")))
    dwell = track("m2", event="Page Dwell", properties={"dwell_ms": 61_000})
    post("batch", batch(workspace, dwell | {"context": {"page": {"url": PRICING}}}))
    post("batch", batch(workspace, page("m3")))
    assert [arrival.page.dwell_ms for arrival in rules.arrivals if arrival.page] == [0, 61_000, 61_000]
    assert [arrival.events[0].dwell_before_ms for arrival in rules.arrivals] == [0, 0, 61_000]


def test_a_session_ends_after_thirty_idle_minutes_or_with_a_new_campaign(
    post: Post, db: Database, workspace: Home, clock: MovableClock
) -> None:
    post("batch", batch(workspace, page("m1")))
    clock.advance(timedelta(minutes=29))
    post("batch", batch(workspace, page("m2", url="https://shop.example/docs")))
    assert len(rows(db, Run)) == 1
    clock.advance(timedelta(minutes=31))
    post("batch", batch(workspace, page("m3", url="https://shop.example/docs")))
    assert len(rows(db, Run)) == 2
    clock.advance(timedelta(seconds=1))
    post("batch", batch(workspace, page("m4", url="https://shop.example/?gclid=abc")))
    assert [run.touch["channel"] for run in rows(db, Run)] == ["email", "direct", "paid_search"]
    (visitor,) = rows(db, Visitor)
    assert (visitor.first_touch["channel"], visitor.last_touch["channel"]) == ("email", "paid_search")
    assert len(rows(db, Touchpoint)) == 3


def test_an_event_that_comes_late_makes_the_sessions_it_would_have_made_in_time(
    post: Post, db: Database, workspace: Home, now: datetime
) -> None:
    post("batch", batch(workspace, page("m1")))
    (before,) = rows(db, Run)
    hours_ago = {"timestamp": iso(now - timedelta(hours=3))}
    landed = page("m2", url="https://shop.example/?gclid=abc", properties={"dwell_ms": 9_000}, **hours_ago)
    assert post("batch", batch(workspace, landed, page("m3", url=PRICING, **hours_ago))).body["accepted"] == 2
    runs = sorted(rows(db, Run), key=lambda run: run.number)
    assert [(run.touch["channel"], run.page_views) for run in runs] == [("paid_search", 1), ("email", 1), ("email", 1)]
    assert (runs[2].id, runs[2].dwell, runs[2].last_at) == (before.id, before.dwell, before.last_at)
    stored = {event.message_id: event.session_id for event in rows(db, Event)}
    assert stored == {"m1": runs[2].id, "m2": runs[0].id, "m3": runs[1].id}
    (visitor,) = rows(db, Visitor)
    assert (visitor.sessions, visitor.page_views) == (3, 3)
    assert (visitor.first_touch["channel"], visitor.last_touch["channel"]) == ("paid_search", "email")


def test_events_of_one_offline_run_are_a_session_of_their_own_before_the_present_one(
    post: Post, db: Database, workspace: Home, now: datetime
) -> None:
    hours_ago = [page(f"m{n}", timestamp=iso(now - timedelta(hours=3) + timedelta(minutes=n))) for n in range(3)]
    post("batch", batch(workspace, *hours_ago, page("m9")))
    assert [(run.number, run.page_views) for run in rows(db, Run)] == [(1, 3), (2, 1)]


def test_the_source_stays_with_an_event_that_names_one(post: Post, db: Database, workspace: Home) -> None:
    post("batch", batch(workspace, page("m1"), page("m2", url="https://shop.example/docs"), track("m3")))
    touches = {event.message_id: event.touch for event in rows(db, Event)}
    assert touches["m1"]["campaign"] == "autumn"
    assert (touches["m2"], touches["m3"]) == (None, None)


def test_time_on_a_page_that_is_told_late_goes_to_the_session_it_was_spent_in(
    post: Post, db: Database, workspace: Home, clock: MovableClock
) -> None:
    before = clock() + timedelta(minutes=5)
    post("batch", batch(workspace, page("m1")))
    clock.advance(timedelta(hours=2))
    post("batch", batch(workspace, page("m2")))
    left = {"event": "Page Left", "context": {"page": {"url": PRICING}}, "timestamp": iso(before)}
    post("batch", batch(workspace, track("m3", properties={"dwell_ms": 9_000}, **left)))
    assert [(run.dwell, run.events) for run in rows(db, Run)] == [({"/pricing": 9_000}, 2), ({}, 1)]


def test_a_link_within_the_site_or_from_another_of_its_origins_is_no_campaign(
    post: Post, db: Database, workspace: Home, now: datetime
) -> None:
    db.write(lambda session: _let(session, workspace, ["https://bell.example", "https://shop.example"]))
    inside = {"url": "https://shop.example/sale?utm_source=banner", "referrer": "https://bell.example/"}
    post("batch", batch(workspace, page("m1")))
    post("batch", batch(workspace, page("m2", context={"page": inside}, timestamp=iso(now + timedelta(seconds=9)))))
    assert [(run.touch["channel"], run.page_views) for run in rows(db, Run)] == [("email", 2)]


def _let(session: Session, workspace: Home, origins: list[str]) -> None:
    session.execute(update(Site).where(Site.workspace_id == workspace.id).values(origins=origins))


def test_a_late_event_of_a_session_whose_events_are_gone_joins_it(
    post: Post, db: Database, workspace: Home, now: datetime
) -> None:
    post("batch", batch(workspace, page("m1"), page("m2", timestamp=iso(now - timedelta(minutes=9)))))
    db.write(lambda session: session.execute(delete(Event)))
    post(
        "batch",
        batch(workspace, page("m3", timestamp=iso(now - timedelta(minutes=5)), url="https://a.example/?gclid=1")),
    )
    (run,) = rows(db, Run)
    assert (run.events, run.page_views, rows(db, Event)[0].session_id) == (3, 3, run.id)


def test_a_late_event_that_joins_two_sessions_leaves_one_and_its_touchpoint(
    post: Post, db: Database, workspace: Home, now: datetime
) -> None:
    for minutes in (80, 40, 0):
        post("batch", batch(workspace, page(f"m{minutes}", timestamp=iso(now - timedelta(minutes=minutes)))))
    first, _, last = rows(db, Run)
    post("batch", batch(workspace, track("late", timestamp=iso(now - timedelta(minutes=60)))))
    assert [(run.id, run.number, run.events) for run in rows(db, Run)] == [(first.id, 1, 3), (last.id, 2, 1)]
    assert {touch.session_id for touch in rows(db, Touchpoint)} == {first.id, last.id}
    assert [visitor.sessions for visitor in rows(db, Visitor)] == [2]


def test_of_whom_has_more_sessions_than_any_person_nothing_is_cut_again(
    post: Post, db: Database, workspace: Home, now: datetime
) -> None:
    post("batch", batch(workspace, page("m1")))
    db.write(lambda session: session.execute(update(Visitor).values(sessions=MOST_SESSIONS + 1)))
    db.write(lambda session: session.execute(update(Run).values(number=MOST_SESSIONS + 1)))
    for minutes in (300, 200, 100):
        post("batch", batch(workspace, page(f"m{minutes}", timestamp=iso(now - timedelta(minutes=minutes)))))
    assert [(run.page_views, run.started_at) for run in rows(db, Run)] == [(4, now)]
