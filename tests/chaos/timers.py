"""kill -9 while timers drain: every one has its effects, once, however often the server dies over it.

    python -m tests.chaos.timers --rounds 100 --database postgresql

Each round ten thousand people register and build nothing; when their timers are due the server is killed again and
again, each time after some more have fired, and started again, until none is left. Then decisions, deliveries and tags
are counted. On PostgreSQL the server is killed and the database is not. Everything stays on loopback.
"""

import argparse
import contextlib
import random
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import requests
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from frontdesk.core.clock import iso, system_clock
from frontdesk.core.db import Database, open_database
from frontdesk.core.signals import Bus
from frontdesk.engage.models import DecisionRow, Delivery, TimerRow
from frontdesk.people.models import Visitor
from tests.chaos.kill import DATABASES, victim
from tests.running import Installed, until

PEOPLE = 10_000
A_BATCH = 100
SOME_FIRE_WITHIN = 60.0
KILLS = 8  # of a round, or so
RULE = """
rule: {key}
trigger: {{absence: {{of: Project Created, after: Registered {key}, within: {within}}}}}
do:
  - message: {{class: transactional, text: {{en: Shall we build your first project together?}}}}
  - tag: {key}
"""


@dataclass
class Wave:
    """People who registered, and the rule that waits for their projects."""

    key: str
    rule_id: str
    people: list[str]
    kills: int = 0

    @property
    def registered(self) -> str:
        """The name of their event, which no other rule waits after."""
        return f"Registered {self.key}"

    def left(self, db: Database) -> int:
        """How many timers have not fired yet."""
        asked = select(func.count()).where(TimerRow.rule_id == self.rule_id, TimerRow.state == "pending")
        return db.read(lambda session: session.scalar(asked)) or 0


@contextlib.contextmanager
def database_of(server: Installed) -> Iterator[Database]:
    """The server's database, beside it."""
    with contextlib.closing(open_database(server.database_url, Bus())) as db:
        yield db


def begin(server: Installed, key: str, count: int, within: str = "5s") -> Wave:
    """A rule of its own, live, and so many people who register; their timers are armed when this is back."""
    answer = server.api("POST", "/rules", json={"yaml": RULE.format(key=key, within=within), "state": "live"})
    assert answer.ok, answer.text
    wave = Wave(key, answer.json()["data"][0]["id"], [f"{key}-{n}" for n in range(count)])
    tell(server, wave.registered, wave.people)
    return wave


def tell(server: Installed, event: str, people: list[str]) -> None:
    """They did this just now, as a backend tells it."""
    for start in range(0, len(people), A_BATCH):
        at = iso(system_clock())
        items = [
            {"type": "track", "event": event, "messageId": f"{who}-{event}", "anonymousId": who, "timestamp": at}
            for who in people[start : start + A_BATCH]
        ]
        body = {"writeKey": server.said["api_key"], "batch": items, "sentAt": at}
        answer = requests.post(f"{server.url}/v1/batch", json=body, timeout=30)
        assert answer.status_code == 200, answer.text
        assert answer.json()["rejected"] == []


def drain(server: Installed, wave: Wave, chance: random.Random) -> None:
    """Kill the server after some have fired, and again, until none is left."""
    most = max(2 * len(wave.people) // KILLS, 1)
    with database_of(server) as db:
        left = wave.left(db)
        while left:
            left = _fewer(db, wave, max(left - chance.randint(1, most), 0))
            if left:
                server.kill()
                wave.kills += 1
                server.start()


def _fewer(db: Database, wave: Wave, goal: int) -> int:
    """Wait until no more than so many are left; how many those are."""
    while (left := wave.left(db)) > goal:
        assert until(partial(_some_fired, db, wave, left), within=SOME_FIRE_WITHIN, every=0.05)
    return left


def _some_fired(db: Database, wave: Wave, before: int) -> bool:
    return wave.left(db) < before


def check(server: Installed, wave: Wave) -> None:
    """Everybody was decided about once, has one message, and the tag."""
    with database_of(server) as db:
        found = db.read(lambda session: _found(session, wave))
    many = len(wave.people)
    expected = dict.fromkeys(("timers", "decisions", "decided", "deliveries", "reached", "tagged"), many)
    assert found == expected


def _found(session: Session, wave: Wave) -> dict[str, int]:
    row, sent, timer = DecisionRow, Delivery, TimerRow
    tags = session.execute(select(Visitor.anonymous_id, Visitor.tags).where(Visitor.anonymous_id.in_(wave.people)))
    counted = {
        "timers": select(func.count()).where(timer.rule_id == wave.rule_id, timer.state == "fired"),
        "decisions": select(func.count()).where(row.rule_id == wave.rule_id, row.outcome == "acted"),
        "decided": select(func.count(row.person_id.distinct())).where(row.rule_id == wave.rule_id),
        "deliveries": select(func.count()).where(sent.rule_id == wave.rule_id),
        "reached": select(func.count(sent.visitor_id.distinct())).where(sent.rule_id == wave.rule_id),
    }
    found = {name: session.scalar(asked) or 0 for name, asked in counted.items()}
    return found | {"tagged": sum(wave.key in tagged for _, tagged in tags)}


def play(server: Installed, number: int, chance: random.Random, people: int = PEOPLE) -> Wave:
    """One round, checked."""
    wave = begin(server, f"wave-{number}", people)
    drain(server, wave, chance)
    check(server, wave)
    return wave


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--people", type=int, default=PEOPLE)
    options.add_argument("--database", choices=DATABASES, default="sqlite")
    chosen = options.parse_args()
    chance = random.Random(chosen.seed)
    waves: list[Wave] = []
    with tempfile.TemporaryDirectory() as folder, victim(chosen.database, Path(folder)) as server:
        for number in range(chosen.rounds):
            waves.append(play(server, number, chance, chosen.people))
            sys.stdout.write(f"round {number + 1}: {chosen.people} timers, {waves[-1].kills} kills, each fired once\n")
            sys.stdout.flush()
        for wave in waves:  # no later kill may have taken or doubled anything of an earlier round
            check(server, wave)
    kills = sum(wave.kills for wave in waves)
    sys.stdout.write(f"{len(waves)} rounds, {kills} kills on {chosen.database}: nothing lost, nothing twice\n")


if __name__ == "__main__":
    main()
