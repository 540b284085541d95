"""kill -9 in mid-load: what was acknowledged is there exactly once after the restart, and `seq` has no gap.

    python -m tests.chaos.kill --rounds 20

Each round loads one server with events and messages from several threads, kills it at a random moment, starts it
again on the same folder and compares what it holds with what it had acknowledged. Everything stays on loopback.
"""

import argparse
import random
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests

from tests.running import Server

SENDERS = 4
MOST_SECONDS_OF_LOAD = 30.0
EVENT = "Kill Test"


@dataclass
class Acknowledged:
    """What the server said it had stored; filled by several threads."""

    events: list[str] = field(default_factory=list)
    messages: dict[str, list[str]] = field(default_factory=dict)


@dataclass
class Round:
    """One kill: what was acknowledged before it, and how long the server took to answer again."""

    acknowledged: Acknowledged
    back_after: float


def play(server: Server, number: int, chance: random.Random) -> Round:
    """Load the server, kill it, start it again."""
    acknowledged = Acknowledged()
    stop = threading.Event()
    threads = [
        threading.Thread(target=_until_dead, args=(work, server, f"r{number}s{sender}", acknowledged, stop))
        for sender in range(SENDERS)
        for work in (_send_events, _send_messages)
    ]
    for thread in threads:
        thread.start()
    _wait_for_load(acknowledged, chance.randint(50, 200))
    server.kill()
    stop.set()
    for thread in threads:
        thread.join()
    began = time.monotonic()
    server.start()
    return Round(acknowledged, time.monotonic() - began)


def _wait_for_load(acknowledged: Acknowledged, events: int) -> None:
    deadline = time.monotonic() + MOST_SECONDS_OF_LOAD
    while len(acknowledged.events) < events and time.monotonic() < deadline:
        time.sleep(0.005)


def check(server: Server, done: Round) -> None:
    """Every acknowledged event and message exactly once; parts numbered without gaps."""
    stored = Counter(event["message_id"] for event in _all(server, "/events", {"name": EVENT}))
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


Work = Callable[[requests.Session, Server, str, Acknowledged, threading.Event], None]


def _until_dead(work: Work, server: Server, name: str, acknowledged: Acknowledged, stop: threading.Event) -> None:
    try:
        with requests.Session() as http:
            work(http, server, name, acknowledged, stop)
    except requests.RequestException:
        return  # the server was killed under this request: it was never acknowledged


def _send_events(
    http: requests.Session, server: Server, name: str, acknowledged: Acknowledged, stop: threading.Event
) -> None:
    number = 0
    while not stop.is_set():
        ids = [f"{name}-{number + step}" for step in range(5)]
        items = [{"type": "track", "event": EVENT, "messageId": key, "anonymousId": name} for key in ids]
        answer = http.post(
            f"{server.url}/v1/batch", json={"writeKey": server.said["site_key"], "batch": items}, timeout=10
        )
        if answer.status_code == 200:
            acknowledged.events += ids
        number += 5


def _send_messages(
    http: requests.Session, server: Server, name: str, acknowledged: Acknowledged, stop: threading.Event
) -> None:
    hello = {"type": "page", "messageId": f"{name}-hello", "anonymousId": f"{name}-chat"}
    batch = {"writeKey": server.said["site_key"], "batch": [hello]}
    token = http.post(f"{server.url}/v1/batch", json=batch, timeout=10).json()["visitor_token"]
    http.headers["Authorization"] = f"Bearer {token}"
    first = {"client_id": f"{name}-0", "body": f"{name} says 0", "locale": "en"}
    started = http.post(f"{server.url}/messenger/v1/conversations", json=first, timeout=10)
    conversation = started.json()["conversation"]["id"]
    sent = acknowledged.messages.setdefault(conversation, [first["body"]])
    number = 1
    while not stop.is_set():
        said = {"client_id": f"{name}-{number}", "body": f"{name} says {number}"}
        answer = http.post(f"{server.url}/messenger/v1/conversations/{conversation}/parts", json=said, timeout=10)
        if answer.status_code == 201:
            sent.append(said["body"])
        number += 1


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--rounds", type=int, default=20)
    options.add_argument("--seed", type=int, default=1)
    chosen = options.parse_args()
    chance = random.Random(chosen.seed)
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder))
        server.start()
        try:
            for number in range(chosen.rounds):
                done = play(server, number, chance)
                check(server, done)
                events, talks = len(done.acknowledged.events), done.acknowledged.messages.values()
                sys.stdout.write(
                    f"round {number + 1}: {events} events and {sum(map(len, talks))} messages acknowledged, "
                    f"all there once; back after {done.back_after:.1f} s\n"
                )
        finally:
            server.stop()


if __name__ == "__main__":
    main()
