"""kill -9 in mid-load: what was acknowledged is there exactly once after the restart, and `seq` has no gap.

    python -m tests.chaos.kill --rounds 100 --database postgresql

Each round loads one `frontdesk serve` with events and messages from several threads, kills it at a random moment,
starts it again, sends once more what had no answer, and compares what it holds with what it had acknowledged. On
PostgreSQL the server is killed and the database is not. Everything stays on loopback. It ends with 1 where the server
was away for longer than the bar.
"""

import argparse
import json
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from tests.chaos.load import Acknowledged, Senders
from tests.postgres import cluster, create
from tests.running import Installed, Server, started

SENDERS = 4
MOST_SECONDS_OF_LOAD = 30.0
HEALTHY_WITHIN_S = 6.0  # the bar, by which `main` ends well or not: how fast a machine is fails no test
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


def main(arguments: Sequence[str] | None = None) -> int:
    """What the rounds showed, on the standard output; the exit code: 1 where the server was ever away for too long."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--rounds", type=int, default=20)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--database", choices=DATABASES, default="sqlite")
    options.add_argument("--json", action="store_true", help="print one JSON object, and each round on standard error")
    chosen = options.parse_args(arguments)
    rounds = played(chosen.database, chosen.rounds, chosen.seed, sys.stderr if chosen.json else sys.stdout)
    measured = measure(chosen.database, rounds)
    sys.stdout.write((json.dumps(measured) if chosen.json else sentence(measured)) + "\n")
    return 0 if measured["within_bar"] else 1


def played(database: str, count: int, seed: int, out: TextIO) -> list[Round]:
    """That many kills of one server, each told on `out`. Raises AssertionError where anything is lost or doubled."""
    chance = random.Random(seed)
    rounds: list[Round] = []
    with tempfile.TemporaryDirectory() as folder, victim(database, Path(folder)) as server:
        for number in range(count):
            done = play(server, number, chance)
            check(server, done)
            rounds.append(done)
            out.write(f"round {number + 1}: {_told(done)}\n")
            out.flush()
        for done in rounds:  # no later kill may have taken or doubled anything of an earlier round
            check(server, done)
    return rounds


def measure(database: str, rounds: Sequence[Round]) -> dict[str, Any]:
    """What these rounds showed: all that was acknowledged is there once, or they would not have come to their end."""
    slowest = max(done.back_after for done in rounds)
    return {
        "database": database,
        "rounds": len(rounds),
        "events": sum(len(done.acknowledged.events) for done in rounds),
        "messages": sum(len(sent) for done in rounds for sent in done.acknowledged.messages.values()),
        "sent_again": sum(done.sent_again for done in rounds),
        "healthy_after_s": round(slowest, 2),
        "bar_s": HEALTHY_WITHIN_S,
        "within_bar": slowest <= HEALTHY_WITHIN_S,
    }


def sentence(measured: dict[str, Any]) -> str:
    verdict = "within" if measured["within_bar"] else "beyond"
    return (
        f"{measured['rounds']} rounds on {measured['database']}: nothing lost, nothing twice; healthy again after "
        f"at most {measured['healthy_after_s']:.1f} s, {verdict} the bar of {measured['bar_s']:.0f} s"
    )


def _told(done: Round) -> str:
    talks = done.acknowledged.messages.values()
    counts = f"{len(done.acknowledged.events)} events and {sum(map(len, talks))} messages acknowledged"
    return f"{counts}, {done.sent_again} calls sent again, all there once; back after {done.back_after:.1f} s"


if __name__ == "__main__":
    sys.exit(main())
