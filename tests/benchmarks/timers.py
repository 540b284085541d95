"""What timers cost with a million of them pending: `python -m tests.benchmarks.timers --json`.

On each database: people register at a server, and a million timers of others are written beside theirs. Then, in
this process and on that database: what it costs to arm and to cancel (in groups, the commit included), what a tick
costs when nothing is due, and how fast a crowd drains that is due all at once, each decided, tagged and sent a message.
At last, on the running server, how late timers fire that become due one after the other.
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random
from statistics import median
from time import perf_counter
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from frontdesk.accounts.models import Workspace
from frontdesk.app import compose
from frontdesk.core.clock import MovableClock, system_clock
from frontdesk.core.config import load_settings
from frontdesk.core.db import Database
from frontdesk.core.runtime import Runtime
from frontdesk.core.signals import Bus
from frontdesk.engage.models import TimerRow
from frontdesk.engage.timers.armings import Armings
from frontdesk_rules import Arming, Cancel, Timer
from tests.benchmarks.bars import Bar
from tests.benchmarks.filling import fill, someone
from tests.chaos.kill import DATABASES, victim
from tests.chaos.timers import Wave, begin, check, database_of, tell
from tests.running import Installed, until

MOST = {"arm_us": 150.0, "idle_tick_ms": 1.0, "lateness_s": 2.0}
GROUP = 50  # people whose events are stored together, as under load
APART_S = 0.05
Figures = dict[str, float]


@dataclass(frozen=True, slots=True)
class Size:
    pending: int = 1_000_000
    groups: int = 60
    ticks: int = 300
    crowd: int = 3_000
    one_by_one: int = 200


QUICK = Size(pending=20_000, groups=5, ticks=50, crowd=300, one_by_one=40)


def measure(database: str, size: Size) -> Figures:
    """On a database of this kind; its server runs at the beginning and at the end."""
    with tempfile.TemporaryDirectory(prefix="fd-bench-") as folder, victim(database, Path(folder)) as server:
        crowd = begin(server, "crowd", size.crowd, within="1h")
        server.stop()
        with database_of(server) as db:
            workspace_id = db.read(lambda session: session.scalars(select(Workspace.id)).one())
            fill(server, workspace_id, size.pending)
            figures = _arming(db, workspace_id, size) | _draining(db, server, crowd, size)
        server.start()
        return figures | _lateness(server, size)


def _arming(db: Database, workspace_id: str, size: Size) -> Figures:
    """µs for each, of a group that one transaction sets or cancels: people of whom others wait already."""
    chance, now = Random(2), system_clock()
    set_us, cancel_us = [], []
    for group in range(size.groups):
        people = [someone(n) for n in chance.sample(range(size.pending), GROUP)]
        timers = [Timer("rul_bench", "", f"evt_{group}_{n}", now, now + timedelta(days=9)) for n in range(GROUP)]
        cancel = Arming(cancel=(Cancel("rul_bench", "", None, now),))
        sets = [(Arming(set=(timer,)), who) for timer, who in zip(timers, people, strict=True)]
        set_us.append(_each_us(lambda sets=sets: db.write(partial(_arm, workspace_id=workspace_id, armings=sets))))
        cancels = [(cancel, who) for who in people]
        cancel_us.append(
            _each_us(lambda cancels=cancels: db.write(partial(_arm, workspace_id=workspace_id, armings=cancels)))
        )
    return {"arm_us": median(set_us), "arm_best_us": min(set_us), "cancel_us": median(cancel_us)}


def _arm(session: Session, workspace_id: str, armings: Sequence[tuple[Arming, str]]) -> None:
    kept = Armings(session)
    for arming, person_id in armings:
        kept.add(workspace_id, 50, arming, (person_id,))
    kept.store()


def _each_us(work: Callable[[], object]) -> float:
    return _took(work) / GROUP * 1e6


def _took(work: Callable[[], object]) -> float:
    began = perf_counter()
    work()
    return perf_counter() - began


def _draining(db: Database, server: Installed, crowd: Wave, size: Size) -> Figures:
    """A tick before anything is due, and the ticks that it takes when everything is."""
    clock = MovableClock(system_clock())
    tick = _ticking(Runtime(db, clock, Bus(), load_settings(server.data)))
    idle = sorted(_took(tick) * 1000 for _ in range(size.ticks))
    clock.advance(timedelta(hours=1, minutes=1))
    took = 0.0
    while left := crowd.left(db):
        took += _took(tick)
        assert crowd.left(db) < left
    check(server, crowd)
    return {
        "idle_tick_ms": median(idle),
        "idle_tick_p99_ms": idle[len(idle) * 99 // 100],
        "drained_per_s": size.crowd / took,
    }


def _ticking(runtime: Runtime) -> Callable[[], object]:
    """What a server does each second."""
    (job,) = [job for job in compose(runtime).jobs if job.name == "timers"]
    return job.run


def _lateness(server: Installed, size: Size) -> Figures:
    """Seconds from due + grace until it fires, on a server that runs."""
    wave = begin(server, "late", 0, within="2s")
    people = [f"late-{n}" for n in range(size.one_by_one)]
    for who in people:
        tell(server, wave.registered, [who])
        time.sleep(APART_S)
    with database_of(server) as db:
        assert until(lambda: wave.left(db) == 0, within=30)
        late = sorted((fired - due).total_seconds() for due, fired in db.read(partial(_fired, rule_id=wave.rule_id)))
    assert len(late) == len(people)
    return {"lateness_median_s": median(late), "lateness_s": late[-1]}


def _fired(session: Session, rule_id: str) -> list[tuple[datetime, datetime]]:
    rows = session.execute(select(TimerRow.fires_at, TimerRow.fired_at).where(TimerRow.rule_id == rule_id))
    return [(due, fired) for due, fired in rows if fired is not None]


def bars(found: dict[str, Figures]) -> list[dict[str, Any]]:
    """One line for each bar on each database."""
    return [
        asdict(Bar(f"{database} {name}", figures[name], most, figures[name] <= most))
        for database, figures in found.items()
        for name, most in MOST.items()
    ]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--json", action="store_true")
    options.add_argument("--quick", action="store_true")
    options.add_argument("--database", choices=DATABASES)
    asked = options.parse_args()
    size = QUICK if asked.quick else Size()
    found = {
        database: {name: round(value, 3) for name, value in measure(database, size).items()}
        for database in ([asked.database] if asked.database else DATABASES)
    }
    report = {"benchmark": "timers", "pending": size.pending, **found, "bars": bars(found)}
    sys.stdout.write(json.dumps(report, indent=None if asked.json else 2) + "\n")


if __name__ == "__main__":
    main()
