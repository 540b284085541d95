"""kill -9 in mid-load: what was acknowledged is there exactly once after the restart, and `seq` has no gap.

    python -m tests.chaos.kill --rounds 100 --database postgresql

Each round loads one `frontdesk serve` with events and messages from several threads, kills it at a random moment,
starts it again, sends once more what had no answer, and compares what it holds with what it had acknowledged. On
PostgreSQL the server is killed and the database is not. Everything stays on loopback.
"""

import argparse
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.chaos.load import Acknowledged, Senders
from tests.postgres import cluster, create
from tests.running import Installed, Server, started

SENDERS = 4
MOST_SECONDS_OF_LOAD = 30.0
HEALTHY_WITHIN_S = 6.0  # the bar, told by `main`: how fast a machine is fails no test
DATABASES = ("sqlite", "postgresql")


@dataclass
class Round:
    """One kill: what was acknowledged, before it or on the second try, and how long until the server was healthy."""

    acknowledged: Acknowledged
    back_after: float
    sent_again: int


@contextmanager
def victim(database: str, folder: Path) -> Iterator[Installed]:
    """A running server on this database."""
    if database == "sqlite":
        with started(Installed(folder)) as server:
            yield server
        return
    with (
        cluster() as url,
        started(Installed(folder, environment={"FRONTDESK_DATABASE_URL": create(url, "victim")})) as server,
    ):
        yield server


def play(server: Server, number: int, chance: random.Random) -> Round:
    """Load the server, kill it, start it again, send again what it died over."""
    done = Acknowledged(f"Kill Test {number}")
    senders = Senders(server, done, [f"r{number}s{sender}" for sender in range(SENDERS)])
    senders.start()
    _wait_for_load(done, chance.randint(50, 200))
    server.kill()
    senders.stop()
    server.start()
    done.send_again(server)
    return Round(done, server.started_in, len(done.unanswered))


def _wait_for_load(done: Acknowledged, events: int) -> None:
    deadline = time.monotonic() + MOST_SECONDS_OF_LOAD
    while len(done.events) < events and time.monotonic() < deadline:
        time.sleep(0.005)


def check(server: Server, done: Round) -> None:
    """Every acknowledged event and message exactly once; parts numbered without gaps."""
    stored = Counter(event["message_id"] for event in _all(server, "/events", {"name": done.acknowledged.event}))
    assert [key for key in done.acknowledged.events if stored[key] != 1] == []
    assert [key for key, times in stored.items() if times > 1] == []
    for conversation, sent in done.acknowledged.messages.items():
        parts = server.api("GET", f"/conversations/{conversation}/parts").json()["data"]
        assert [part["seq"] for part in parts] == list(range(1, len(parts) + 1))
        bodies = Counter(part["body"] for part in parts)
        assert [body for body in sent if bodies[body] != 1] == []


def _all(server: Server, path: str, asked: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    cursor = None
    while True:
        page = server.api("GET", path, params={**asked, "limit": 200, "cursor": cursor}).json()
        found += page["data"]
        cursor = page["next_cursor"]
        if cursor is None:
            return found


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--rounds", type=int, default=20)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--database", choices=DATABASES, default="sqlite")
    chosen = options.parse_args()
    chance = random.Random(chosen.seed)
    rounds: list[Round] = []
    with tempfile.TemporaryDirectory() as folder, victim(chosen.database, Path(folder)) as server:
        for number in range(chosen.rounds):
            done = play(server, number, chance)
            check(server, done)
            rounds.append(done)
            sys.stdout.write(f"round {number + 1}: {_told(done)}\n")
            sys.stdout.flush()
        for done in rounds:  # no later kill may have taken or doubled anything of an earlier round
            check(server, done)
    slowest = max(done.back_after for done in rounds)
    sys.stdout.write(f"{len(rounds)} rounds on {chosen.database}: nothing lost, nothing twice; ")
    verdict = "within" if slowest <= HEALTHY_WITHIN_S else "beyond"
    sys.stdout.write(f"healthy again after at most {slowest:.1f} s, {verdict} the bar of {HEALTHY_WITHIN_S:.0f} s\n")


def _told(done: Round) -> str:
    talks = done.acknowledged.messages.values()
    counts = f"{len(done.acknowledged.events)} events and {sum(map(len, talks))} messages acknowledged"
    return f"{counts}, {done.sent_again} calls sent again, all there once; back after {done.back_after:.1f} s"


if __name__ == "__main__":
    main()
