"""How fast a simulation goes through what was stored: `python -m tests.benchmarks.simulate --json`.

Events a second of one core: of the engine alone over events in memory, and of the whole, with the events, sessions and
people read from SQLite or PostgreSQL. A rule that shows something, among twenty live ones that do, each on a page of
its own; a third of the page views are of those pages. PostgreSQL does its part in processes of its own: by the clock on
the wall that counts, too.

    --quick       a tenth of the events
    --profile     print where the time goes, on SQLite
"""

import argparse
import cProfile
import json
import pstats
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from frontdesk.accounts import workspaces
from frontdesk.collect.keeping.partitions import Month, make
from frontdesk.collect.models import Event
from frontdesk.collect.models import Session as Run
from frontdesk.core.db import Database, open_database
from frontdesk.core.ids import new_id
from frontdesk.core.signals import Bus
from frontdesk.engage.rules import saving
from frontdesk.engage.seeing.asked import Asked, among
from frontdesk.engage.seeing.beforehand import People
from frontdesk.engage.seeing.recorded import Recording
from frontdesk.engage.seeing.simulating import Window, rarely_collecting, simulated
from frontdesk.engage.seeing.wanted import Times, wanted_of
from frontdesk.migrations.upgrade import upgrade
from frontdesk.people.models import Visitor
from frontdesk_rules import LiveRule, Question, parse_rules, simulate
from tests.benchmarks.bars import Bar
from tests.postgres import cluster, create

NOW = datetime(2026, 3, 31, 12, tzinfo=UTC)
SPAN = timedelta(days=30)
EVENTS = 100_000
A_SESSION = 8  # events
A_PERSON = 2  # sessions
BAR = 20_000
PAGES = ("/", "/pricing", *(f"/page-{n}" for n in range(58)))
ASKED = """
rule: asked
priority: 90
trigger: {page: /pricing}
when: {all: [{session.page_views: {gte: 2}}, {count: {event: Order Completed, within: 30d}, op: gte, value: 1}]}
do: [{message: {text: {en: Hello}}}]
repeat: {every: 1d}
"""
LIVE = """
rule: live-{n}
trigger: {{page: {page}}}
when: {{all: [{{session.page_views: {{gte: {views}}}}}, {{visitor.country: [DE, CN]}}]}}
do: [{{message: {{text: {{en: Hello}}}}}}]
repeat: {{every: 1d}}
"""


def fill(session: Session, workspace_id: str, events: int) -> None:
    """People who come twice, look at some pages, and do something now and then."""
    chance = random.Random(7)
    people: list[tuple[Any, ...]] = []
    runs: list[tuple[Any, ...]] = []
    rows: list[tuple[Any, ...]] = []
    while len(rows) < events:
        first = NOW - SPAN * chance.random()
        person = new_id("vis", first)
        people.append((person, workspace_id, person, "Firefox", "en", "DE", "Europe/Berlin", {}, [], first, first))
        for number in range(1, A_PERSON + 1):
            begun = first + timedelta(hours=26 * (number - 1))
            run = new_id("ses", begun)
            runs.append((run, workspace_id, person, number, {"channel": "direct"}, "/", begun, begun))
            rows += _visit(chance, (workspace_id, person, run), begun)
    for model, columns, values in ((Visitor, _VISITOR, people), (Run, _RUN, runs), (Event, _EVENT, rows)):
        session.execute(insert(model), [dict(zip(columns, row, strict=True)) for row in values])


def _visit(chance: random.Random, whose: tuple[str, str, str], begun: datetime) -> Iterator[tuple[Any, ...]]:
    workspace_id, person, run = whose
    for n in range(A_SESSION):
        at = begun + timedelta(seconds=40 * n)
        event_id, path = new_id("evt", at), chance.choice(PAGES)
        done = ("track", "Order Completed", {"revenue": 49.0, "currency": "EUR"}) if chance.random() < 0.05 else None
        kind, name, properties = done or ("page", None, {})
        url = f"https://shop.example{path}?utm_source=news"
        yield (event_id, workspace_id, person, run, kind, name, properties, url, path, True, event_id, at, at)


_VISITOR = (
    "id", "workspace_id", "anonymous_id", "browser", "language", "country", "timezone", "attributes", "tags",
    "first_seen_at", "seen_at",
)  # fmt: skip
_RUN = ("id", "workspace_id", "person_id", "number", "touch", "landing_path", "started_at", "last_at")
_EVENT = (
    "id", "workspace_id", "person_id", "session_id", "type", "name", "properties", "url", "path", "verified",
    "message_id", "occurred_at", "received_at",
)  # fmt: skip


@contextmanager
def filled(url: str, events: int) -> Iterator[tuple[Database, str]]:
    """A migrated database with so many events in it, and the id of its workspace."""
    with closing(open_database(url, Bus())) as db:
        upgrade(db.engines.writer)
        months = {Month.of(NOW - timedelta(days=day)) for day in range(0, 62, 10)} | {
            Month.of(NOW + timedelta(days=20))
        }
        db.write(lambda session: make(session, months))
        workspace_id = db.write(lambda session: workspaces.found(session, "Bench", NOW).id)
        rules = "---".join(LIVE.format(n=n, page=PAGES[n], views=1 + n % 5) for n in range(20))
        db.write(lambda session: saving.save(session, workspace_id, rules, NOW))
        db.write(lambda session: fill(session, workspace_id, events))
        with db.engines.writer.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("ANALYZE"))
        yield db, workspace_id


WINDOW = Window(NOW - SPAN, NOW + timedelta(days=3), NOW)


def whole(db: Database, workspace_id: str) -> tuple[float, float]:
    """Events a second of this process's processor, and by the clock on the wall."""
    with closing(Session(db.engines.reader)) as session:
        asked = _asked(session, workspace_id)
        began, spent = time.perf_counter(), time.process_time()
        found = simulated(session, workspace_id, asked, WINDOW)
        spent, took = time.process_time() - spent, time.perf_counter() - began
    if not found.acted:
        raise SystemExit("the rule of this benchmark does not act")
    return found.events / spent, found.events / took


def engine_only(db: Database, workspace_id: str) -> float:
    """Events a second where all of them, and all people, are in memory already."""
    with closing(Session(db.engines.reader)) as session:
        asked: Asked = _asked(session, workspace_id)
        wanted = wanted_of([asked.rule, *asked.live], asked.policy)
        recording = Recording(session, workspace_id, wanted, Times(WINDOW.since, *_ends()))
        events = list(recording)
    people: People = recording.people
    question = Question(asked.rule, asked.live, asked.policy, WINDOW.since, WINDOW.until)
    with rarely_collecting():
        spent = time.process_time()
        simulate(question, events, people.known)
        return len(events) / (time.process_time() - spent)


def _asked(session: Session, workspace_id: str) -> Asked:
    return among(session, workspace_id, LiveRule("rul_asked", 1, parse_rules(ASKED)[0]))


def _ends() -> tuple[datetime, datetime, datetime]:
    return WINDOW.since, WINDOW.until, WINDOW.now


def measure(events: int, rounds: int) -> dict[str, Any]:
    found: dict[str, Any] = {"events": events}
    with tempfile.TemporaryDirectory() as folder, cluster() as postgres:
        urls = {
            "sqlite": f"sqlite:///{Path(folder) / 'frontdesk.sqlite3'}",
            "postgresql": create(postgres, "simulate"),
        }
        for database, url in urls.items():
            with filled(url, events) as (db, workspace_id):
                if database == "sqlite":
                    found["engine_events_s"] = max(engine_only(db, workspace_id) for _ in range(rounds))
                each = [whole(db, workspace_id) for _ in range(rounds)]
            found[f"{database}_events_s"] = max(one[0] for one in each)
            found[f"{database}_events_s_by_the_clock"] = max(one[1] for one in each)
    figures = ("engine_events_s", "sqlite_events_s", "postgresql_events_s")
    found["bars"] = [asdict(Bar(name, found[name], BAR, found[name] >= BAR)) for name in figures]
    return found


def profile(events: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        with filled(f"sqlite:///{Path(folder) / 'frontdesk.sqlite3'}", events) as (db, workspace_id):
            profiler = cProfile.Profile()
            profiler.runcall(whole, db, workspace_id)
        pstats.Stats(profiler, stream=sys.stdout).sort_stats("tottime").print_stats(40)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--profile", action="store_true")
    asked = parser.parse_args()
    events, rounds = (EVENTS // 10, 1) if asked.quick else (EVENTS, 3)
    if asked.profile:
        profile(events)
        return
    found = {key: round(value) if isinstance(value, float) else value for key, value in measure(events, rounds).items()}
    sys.stdout.write(json.dumps(found, indent=None if asked.json else 2) + "\n")


if __name__ == "__main__":
    main()
