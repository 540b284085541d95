"""kill -9 while parcels leave: whatever was committed arrives after the restart, each time under its one key.

    python -m tests.chaos.outbox --rounds 20 --database postgresql

A rule answers each event with a webhook and a letter. Events are sent until the server is killed at a random moment; it
starts again, what had no answer is sent again, and then each event that was acknowledged must have made one webhook
and one letter: at least once, and never under two keys. Both receivers are real servers on loopback.
"""

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import orjson
import requests

from tests.chaos.kill import DATABASES
from tests.postgres import cluster, create
from tests.running import Installed, started
from tests.server.channels.receivers import MailServer, Receiver

RULE = """
rule: told
trigger: {{event: Bell Rung}}
do:
  - webhook: {{url: '{url}', include: [event.number]}}
  - email: {{class: transactional, subject: {{en: Ding}}, text: {{en: Dong}}}}
repeat: {{every: 0s}}
"""
# of a slow machine; what the killed process was sending waits for its lease
ARRIVES_WITHIN_S = 90.0
MOST_EVENTS = 400


@dataclass
class Stand:
    """A server that is killed, and those who are to hear of everything that was acknowledged."""

    server: Installed
    receiver: Receiver
    mail: MailServer
    acknowledged: set[int] = field(default_factory=set)
    number: int = 0

    def webhooks(self) -> dict[int, set[str]]:
        """The keys that came for each event."""
        came: dict[int, set[str]] = {}
        for got in list(self.receiver.got):
            number = orjson.loads(got.body)["fields"]["event.number"]
            came.setdefault(number, set()).add(got.headers["Idempotency-Key"])
        return came

    def letters(self) -> set[str]:
        return {letter.message["Message-ID"] for letter in list(self.mail.letters)}

    def ring_first(self) -> None:
        """Until the rule answers, for it is in force within a second of being saved."""
        deadline = time.monotonic() + ARRIVES_WITHIN_S
        for attempt in count():
            self.ring(0, f"first-{attempt}")
            if self.server.api("GET", "/decisions").json()["data"]:
                return
            assert time.monotonic() < deadline, "the rule is not in force"

    def ring(self, number: int, message_id: str | None = None) -> None:
        """One event; acknowledged once it is stored."""
        message_id = message_id or f"ring-{number}"
        event = {"type": "track", "event": "Bell Rung", "userId": "u-1", "messageId": message_id}
        body = {"batch": [event | {"properties": {"number": number}}]}
        auth = (self.server.said["api_key"], "")
        answer = requests.post(f"{self.server.url}/v1/batch", json=body, auth=auth, timeout=10)
        assert answer.status_code == 200, answer.text
        self.acknowledged.add(number)

    def missing(self) -> set[int]:
        return self.acknowledged - self.webhooks().keys()


@contextmanager
def stand(database: str, folder: Path) -> Iterator[Stand]:
    """A server on this database, with a rule and one contact."""
    with ExitStack() as held:
        receiver, mail = held.enter_context(Receiver()), held.enter_context(MailServer())
        environment = {
            "FRONTDESK_PRIVATE_HOSTS": "127.0.0.1",
            "FRONTDESK_SMTP_URL": f"smtp://127.0.0.1:{mail.port}?tls=no",
            "FRONTDESK_MAIL_FROM": "Bellshop <hello@bellshop.example>",
        }
        if database == "postgresql":
            environment["FRONTDESK_DATABASE_URL"] = create(held.enter_context(cluster()), "outbox")
        server = held.enter_context(started(Installed(folder, environment=environment)))
        auth, who = (server.said["api_key"], ""), {"userId": "u-1", "traits": {"email": "li@example.com"}}
        assert requests.post(f"{server.url}/v1/identify", json=who, auth=auth, timeout=30).ok
        answer = server.api("POST", "/rules", json={"yaml": RULE.format(url=receiver.url), "state": "live"})
        assert answer.ok, answer.text
        place = Stand(server, receiver, mail)
        place.ring_first()
        yield place


def play(place: Stand, chance: random.Random) -> None:
    """Ring until some of it has left, kill in the middle of it, start again, ring again what had no answer."""
    heard, goal = len(place.receiver.got), chance.randint(5, 40)
    while len(place.receiver.got) - heard < goal and place.number % MOST_EVENTS < MOST_EVENTS - 1:
        place.number += 1
        place.ring(place.number)
    for _ in range(chance.randint(1, 10)):  # some that have not left yet
        place.number += 1
        place.ring(place.number)
    place.server.kill()
    place.server.start()
    place.ring(place.number)


def check(place: Stand) -> None:
    """Everything arrives, and nothing under two keys."""
    deadline = time.monotonic() + ARRIVES_WITHIN_S
    while place.missing() or len(place.letters()) < len(place.acknowledged):
        assert time.monotonic() < deadline, (sorted(place.missing()), len(place.letters()), len(place.acknowledged))
        time.sleep(0.1)
    assert {number for number, keys in place.webhooks().items() if len(keys) > 1} == set()
    assert len(place.letters()) == len(place.acknowledged)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--rounds", type=int, default=20)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--database", choices=DATABASES, default="sqlite")
    chosen = options.parse_args()
    chance = random.Random(chosen.seed)
    with tempfile.TemporaryDirectory() as folder, stand(chosen.database, Path(folder)) as place:
        for number in range(chosen.rounds):
            play(place, chance)
            check(place)
            came = f"{len(place.receiver.got)} webhooks, {len(place.mail.letters)} letters"
            sys.stdout.write(f"round {number + 1}: {len(place.acknowledged)} events, {came}\n")
            sys.stdout.flush()
    sys.stdout.write(f"{chosen.rounds} rounds on {chosen.database}: nothing lost, nothing under two keys\n")


if __name__ == "__main__":
    main()
