"""A PostgreSQL that hangs: who sends is told so soon, and what was not acknowledged is there once in the end.

How soon is a figure, told by what a request waits for; here a generous limit tells an answer from none.
"""

from pathlib import Path
from typing import Any

import requests

from tests.chaos.hung import hung
from tests.chaos.kill import victim
from tests.running import Server

LONG_S = 5.0


def said(server: Server, number: int) -> requests.Response:
    event = {"type": "track", "event": "Bell Rung", "anonymousId": f"ana-{number}", "messageId": f"m{number}"}
    body: dict[str, Any] = {"writeKey": server.said["site_key"], "batch": [event]}
    return requests.post(f"{server.url}/v1/batch", json=body, timeout=LONG_S)


def test_while_postgresql_hangs_senders_are_told_so_and_afterwards_nothing_is_missing(tmp_path: Path) -> None:
    with victim("postgresql", tmp_path) as server:
        assert said(server, 0).status_code == 200
        with hung(server.database_url):
            answers = [said(server, number) for number in range(1, 6)]
            ready = requests.get(f"{server.url}/readyz", timeout=LONG_S)
        assert [(answer.status_code, answer.headers["Retry-After"]) for answer in answers] == [(503, "2")] * 5
        assert ready.status_code == 503
        for number in range(1, 6):
            while said(server, number).status_code != 200:
                pass
        stored = server.api("GET", "/events", params={"name": "Bell Rung"}).json()["data"]
        assert sorted(event["message_id"] for event in stored) == [f"m{number}" for number in range(6)]
