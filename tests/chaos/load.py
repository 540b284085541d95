"""Senders for the kill test: what they had an answer to, and what they were still waiting for when the server died."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import requests

from tests.running import Server


@dataclass(frozen=True)
class Call:
    """A request that can be sent again, as a sender does that had no answer; `note` writes down that it was stored."""

    path: str
    body: dict[str, Any]
    stored: int
    note: Callable[[], None]
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Acknowledged:
    """What the server said it had stored, and the calls that it died over; filled by several threads."""

    event: str
    events: list[str] = field(default_factory=list)
    messages: dict[str, list[str]] = field(default_factory=dict)
    unanswered: list[Call] = field(default_factory=list)

    def send_again(self, server: Server) -> None:
        """To a server that is back: whether it had stored them or not, it takes them now."""
        for call in self.unanswered:
            answer = requests.post(server.url + call.path, json=call.body, headers=call.headers, timeout=30)
            assert answer.status_code == call.stored, answer.text
            call.note()


class Senders:
    """Threads that load a server until it dies or `stop` is called."""

    def __init__(self, server: Server, done: Acknowledged, names: list[str]) -> None:
        self._server = server
        self._done = done
        self._stop = threading.Event()
        self._threads = [
            threading.Thread(target=self._until_dead, args=(work, name))
            for name in names
            for work in (self._send_events, self._send_messages)
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _until_dead(self, work: Callable[[requests.Session, str], None], name: str) -> None:
        try:
            with requests.Session() as http:
                work(http, name)
        except requests.RequestException:
            return  # the server was killed under this request

    def _call(self, http: requests.Session, call: Call) -> requests.Response:
        """Send it; when the server dies over it, keep it to be sent again."""
        try:
            answer = http.post(self._server.url + call.path, json=call.body, headers=call.headers, timeout=10)
        except requests.RequestException:
            self._done.unanswered.append(call)
            raise
        if answer.status_code == call.stored:
            call.note()
        return answer

    def _send_events(self, http: requests.Session, name: str) -> None:
        number = 0
        while not self._stop.is_set():
            ids = [f"{name}-{number + step}" for step in range(5)]
            items = [{"type": "track", "event": self._done.event, "messageId": key, "anonymousId": name} for key in ids]
            body = {"writeKey": self._server.said["site_key"], "batch": items}
            self._call(http, Call("/v1/batch", body, 200, _noting(self._done.events, ids)))
            number += 5

    def _send_messages(self, http: requests.Session, name: str) -> None:
        hello = {"type": "page", "messageId": f"{name}-hello", "anonymousId": f"{name}-chat"}
        batch = {"writeKey": self._server.said["site_key"], "batch": [hello]}
        token = http.post(f"{self._server.url}/v1/batch", json=batch, timeout=10).json()["visitor_token"]
        headers = {"Authorization": f"Bearer {token}"}
        first = {"client_id": f"{name}-0", "body": f"{name} says 0", "locale": "en"}
        path = "/messenger/v1/conversations"
        started = http.post(self._server.url + path, json=first, headers=headers, timeout=10)
        conversation = started.json()["conversation"]["id"]
        sent = self._done.messages.setdefault(conversation, [first["body"]])
        number = 1
        while not self._stop.is_set():
            said = {"client_id": f"{name}-{number}", "body": f"{name} says {number}"}
            self._call(http, Call(f"{path}/{conversation}/parts", said, 201, _noting(sent, [said["body"]]), headers))
            number += 1


def _noting(kept: list[str], new: list[str]) -> Callable[[], None]:
    return lambda: kept.extend(new)
