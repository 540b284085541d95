"""How many events went which way: counted in memory, kept by the hour, shown to the console and to Prometheus."""

import threading
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, text

from frontdesk.app import compose
from frontdesk.collect import counts
from frontdesk.collect.counts import COUNTS, KEPT, STEPS, Counts, count
from frontdesk.collect.door.pipeline import DOOR
from frontdesk.collect.models import CollectCount
from frontdesk.collect.refusals import Dropped, Rejected
from frontdesk.collect.store import GROUP
from frontdesk.core.clock import iso
from frontdesk.core.db import Database
from frontdesk.core.metrics import METRICS
from frontdesk.core.runtime import Runtime
from tests.server.conftest import Home

Row = tuple[datetime, str, str, int]


pytestmark = pytest.mark.usefixtures("counted_anew")


def kept(db: Database, workspace_id: str) -> list[Row]:
    query = select(CollectCount).where(CollectCount.workspace_id == workspace_id)
    rows = db.read(lambda session: session.scalars(query).all())
    return sorted((row.hour, row.step, row.reason, row.count) for row in rows)


def test_counts_of_an_hour_add_up(db: Database, workspace: Home, now: datetime) -> None:
    count(workspace.id, "store", "stored", 20)
    count(workspace.id, "bot", Dropped.BOT)
    COUNTS.flush(db, now)
    count(workspace.id, "store", "stored", 3)
    COUNTS.flush(db, now + timedelta(minutes=59))
    count(workspace.id, "store", "stored")
    COUNTS.flush(db, now + timedelta(minutes=60))
    COUNTS.flush(db, now + timedelta(minutes=61))
    later = now + timedelta(hours=1)
    assert kept(db, workspace.id) == [
        (now, "bot", "bot", 1), (now, "store", "stored", 23), (later, "store", "stored", 1)
    ]  # fmt: skip


def test_workspaces_are_counted_apart(db: Database, workspace: Home, other_workspace: Home, now: datetime) -> None:
    count(workspace.id, "store", "stored", 2)
    count(other_workspace.id, "store", "stored", 5)
    COUNTS.flush(db, now)
    assert [row[3] for row in kept(db, workspace.id)] == [2]
    assert [row[3] for row in kept(db, other_workspace.id)] == [5]


def test_without_a_workspace_only_the_process_counts(db: Database, workspace: Home, now: datetime) -> None:
    before = shown("key", "unknown_key")
    count(None, "key", "unknown_key", 4)
    COUNTS.flush(db, now)
    assert shown("key", "unknown_key") == before + 4
    assert db.read(lambda session: session.scalars(select(CollectCount)).all()) == []


def shown(step: str, reason: str) -> float:
    body = METRICS.exposed("")[0].decode()
    prefix = f'frontdesk_collect_events_total{{reason="{reason}",step="{step}"}} '
    prefix = prefix if prefix in body else f'frontdesk_collect_events_total{{step="{step}",reason="{reason}"}} '
    return next((float(line.removeprefix(prefix)) for line in body.splitlines() if line.startswith(prefix)), 0.0)


def test_prometheus_sees_what_was_counted(workspace: Home) -> None:
    before = shown("consent", "no_consent")
    count(workspace.id, "consent", Dropped.NO_CONSENT, 7)
    assert shown("consent", "no_consent") == before + 7


def test_what_cannot_be_written_is_written_later(db: Database, workspace: Home, now: datetime) -> None:
    some = Counts()
    some.add((workspace.id, "store", "stored"), 2)
    db.write(lambda session: session.execute(text("ALTER TABLE collect_count RENAME TO away")))
    some.flush(db, now)
    some.add((workspace.id, "store", "stored"), 1)
    some.flush(db, now)
    db.write(lambda session: session.execute(text("ALTER TABLE away RENAME TO collect_count")))
    some.flush(db, now)
    some.flush(db, now)
    assert kept(db, workspace.id) == [(now, "store", "stored", 3)]


def test_a_flush_that_is_run_again_counts_once(db: Database, workspace: Home, now: datetime) -> None:
    """As when a group that it is in is rolled back and halved."""

    class Twice:
        def write(self, job: Any) -> None:
            with pytest.raises(ZeroDivisionError):
                db.write(lambda session: (job(session), 1 / 0))
            some.add((workspace.id, "store", "stored"), 10)
            db.write(job)

    some = Counts()
    some.add((workspace.id, "store", "stored"), 1)
    some.flush(Twice(), now)  # type: ignore[arg-type]  # all of a database that is asked for
    assert kept(db, workspace.id) == [(now, "store", "stored", 11)]


def test_no_count_is_lost_while_others_count(db: Database, workspace: Home, now: datetime) -> None:
    some = Counts()

    def keep_counting() -> None:
        for _ in range(5_000):
            some.add((workspace.id, "store", "stored"), 1)

    threads = [threading.Thread(target=keep_counting) for _ in range(2)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        some.flush(db, now)
    some.flush(db, now)
    assert kept(db, workspace.id) == [(now, "store", "stored", 10_000)]


def test_what_is_old_is_forgotten(db: Database, workspace: Home, now: datetime) -> None:
    some = Counts()
    for at in (now, now + timedelta(hours=1), now + KEPT + timedelta(minutes=90)):
        some.add((workspace.id, "store", "stored"), 1)
        some.flush(db, at)
    assert [row[0] for row in kept(db, workspace.id)] == [(now + KEPT + timedelta(hours=1))]


def test_the_ticker_flushes_every_five_seconds(runtime: Runtime, db: Database, workspace: Home, now: datetime) -> None:
    (job,) = counts.jobs(runtime)
    count(workspace.id, "store", "stored")
    job.run()
    assert (job.every, kept(db, workspace.id)) == (timedelta(seconds=5), [(now, "store", "stored", 1)])


def test_what_was_counted_last_is_kept_when_the_server_stops(
    runtime: Runtime, db: Database, workspace: Home, now: datetime
) -> None:
    house = compose(runtime)
    count(workspace.id, "store", "stored", 3)
    house.close()
    assert kept(db, workspace.id) == [(now, "store", "stored", 3)]


def test_every_reason_of_collect_has_its_step() -> None:
    reasons = {reason for ends in STEPS.values() for reason in ends}
    assert {*Rejected, *Dropped} <= reasons


def test_every_step_that_may_end_an_event_has_its_reasons() -> None:
    learns = {"page", "device", "place", "person", "session", "decide"}  # these pass on whatever they get
    steps = {name for name, _ in (*DOOR, *GROUP)}
    assert steps - learns <= set(STEPS)


@pytest.fixture
def counted(db: Database, workspace: Home, other_workspace: Home, now: datetime) -> None:
    for hours, step, reason, number in (
        (30, "store", "stored", 100), (2, "store", "stored", 40), (2, "bot", "bot", 3),
        (1, "parse", "invalid", 1), (0, "store", "stored", 2), (0, "bot", "bot", 1),
    ):  # fmt: skip
        count(workspace.id, step, reason, number)
        count(other_workspace.id, step, reason, 1000)
        COUNTS.flush(db, now - timedelta(hours=hours))


def ask(client: FlaskClient, home: Home, **query: str) -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {home.api_key}"}
    answer = client.get("/api/v1/collect/counts", query_string=query, headers=headers)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.get_json()
    return found


@pytest.mark.usefixtures("counted")
def test_the_console_is_told_of_the_last_day(client: FlaskClient, workspace: Home, now: datetime) -> None:
    answer = ask(client, workspace)
    told = [(row["hour"], row["step"], row["reason"], row["count"]) for row in answer["data"]]
    earlier, before = (iso(now - timedelta(hours=hours)) for hours in (2, 1))
    assert told == [
        (earlier, "bot", "bot", 3), (earlier, "store", "stored", 40), (before, "parse", "invalid", 1),
        (iso(now), "bot", "bot", 1), (iso(now), "store", "stored", 2),
    ]  # fmt: skip
    assert answer["totals"] == [
        {"step": "parse", "reason": "invalid", "count": 1},
        {"step": "bot", "reason": "bot", "count": 4},
        {"step": "store", "reason": "stored", "count": 42},
    ]
    assert answer["next_cursor"] is None


@pytest.mark.usefixtures("counted")
def test_a_span_and_a_step_are_asked_for(client: FlaskClient, workspace: Home, now: datetime) -> None:
    span = {"from": iso(now - timedelta(hours=31)), "to": iso(now), "step": "store"}
    assert [row["count"] for row in ask(client, workspace, **span)["data"]] == [100, 40]
    within = {"from": iso(now - timedelta(minutes=90)), "to": iso(now - timedelta(minutes=30))}
    assert [row["count"] for row in ask(client, workspace, **within)["data"]] == [3, 40, 1]
    assert ask(client, workspace, **{"from": iso(now + timedelta(hours=1))})["data"] == []


BAD = [
    ({"since": "2026-03-01T10:00:00Z"}, "since"),
    ({"step": "brew"}, "step"),
    ({"from": "yesterday"}, "from"),
    ({"from": "0001-01-01T00:00:00Z"}, "from"),
    ({"to": "9999-12-31T23:59:59-23:59"}, "to"),
    ({"from": "2026-03-02T10:00:00Z", "to": "2026-03-02T09:00:00Z"}, "from"),
    ({"from": "2025-03-02T10:00:00Z", "to": "2026-03-02T09:00:00Z"}, "from"),
]


@pytest.mark.parametrize(("query", "field"), BAD)
def test_what_makes_no_sense_is_named(client: FlaskClient, workspace: Home, query: dict[str, str], field: str) -> None:
    headers = {"Authorization": f"Bearer {workspace.api_key}"}
    refused = client.get("/api/v1/collect/counts", query_string=query, headers=headers)
    assert (refused.status_code, refused.get_json()["field"]) == (422, field)


def test_strangers_are_told_nothing(client: FlaskClient) -> None:
    assert client.get("/api/v1/collect/counts").status_code == 401
