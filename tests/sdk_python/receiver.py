"""The other end of the wire in these tests: a real HTTP server that remembers what it was sent."""

import gzip
import json
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

DEADLINE = 20.0  # seconds a test waits for what must happen; reached only by a failing test


@dataclass(frozen=True)
class Request:
    path: str
    headers: Message
    size: int
    body: dict[str, Any]

    @property
    def events(self) -> list[dict[str, Any]]:
        return self.body["batch"]

    @property
    def ids(self) -> list[str]:
        return [event["messageId"] for event in self.events]


@dataclass(frozen=True)
class Answer:
    """`status` 0 hangs up without a word."""

    status: int = 200
    body: dict[str, Any] = field(default_factory=lambda: {"success": True, "rejected": []})
    headers: dict[str, str] = field(default_factory=dict)


class Receiver:
    """Answers 200 unless told otherwise: `script` holds the next answers, `rule` decides when it is empty."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.script: list[Answer] = []
        self.rule: Callable[[Request], Answer] = lambda _: Answer()
        self.connections = 0
        self.open = threading.Event()  # closed, answers are held back
        self.open.set()
        self._changed = threading.Condition()

    def take(self, request: Request) -> Answer:
        with self._changed:
            self.requests.append(request)
            answer = self.script.pop(0) if self.script else self.rule(request)
            self._changed.notify_all()
        self.open.wait(DEADLINE)
        return answer

    def connected(self) -> None:
        with self._changed:
            self.connections += 1

    @property
    def events(self) -> list[dict[str, Any]]:
        with self._changed:
            return [event for request in self.requests for event in request.events]

    def wait_for(self, count: int, of: str = "events") -> list[Any]:
        """The first `count` events (or requests), waiting for them if need be."""
        with self._changed:
            assert self._changed.wait_for(lambda: len(getattr(self, of)) >= count, DEADLINE), (
                f"{len(getattr(self, of))} of {count} {of} came"
            )
            return list(getattr(self, of))

    @contextmanager
    def serving(self, port: int = 0) -> Iterator[str]:
        """Listen on 127.0.0.1 and yield the address."""
        server = _Server(("127.0.0.1", port), _Handler)
        server.receiver = self
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            self.open.set()
            server.shutdown()
            server.server_close()
            thread.join()


class _Server(ThreadingHTTPServer):
    receiver: Receiver
    daemon_threads = True
    block_on_close = False
    allow_reuse_address = True

    def handle_error(self, *_: object) -> None:
        """A client that hung up is part of some tests; anything else is a fault of this file."""
        if not isinstance(sys.exception(), ConnectionError):
            raise


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def setup(self) -> None:
        super().setup()
        self.server.receiver.connected()

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers["Content-Length"]))
        plain = gzip.decompress(raw) if self.headers.get("Content-Encoding") == "gzip" else raw
        answer = self.server.receiver.take(Request(self.path, self.headers, len(plain), json.loads(plain)))
        if answer.status == 0:
            self.close_connection = True
            return
        body = json.dumps(answer.body).encode()
        self.send_response(answer.status)
        for name, value in {**answer.headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing on the terminal."""
