"""A cheap sender, for it runs on the same cores as what it measures: prepared requests, plain sockets, one epoll.

Loopback only. It expects an answer to come with its length and 200, or to be an empty 204.
"""

import select
import socket
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

PATIENCE_S = 30.0
_MOST_READ = 1 << 20
_EMPTY = b"HTTP/1.1 204"


@dataclass(slots=True)
class Load:
    """What came of it: answers a second, how long each took in ms, sorted; statuses and bodies if asked for."""

    seconds: float = 0.0
    took_ms: list[float] = field(default_factory=list)
    failed: list[bytes] = field(default_factory=list)
    statuses: dict[int, int] = field(default_factory=dict)
    bodies: dict[int, bytes] = field(default_factory=dict)

    @property
    def per_second(self) -> float:
        return (len(self.took_ms) - len(self.failed)) / self.seconds

    def percentile(self, share: float) -> float:
        return self.took_ms[min(int(len(self.took_ms) * share), len(self.took_ms) - 1)]


@dataclass(frozen=True, slots=True)
class Plan:
    """How to send. With `rate` requests leave on time, that many a second, and wait from when they were due;
    without it each connection sends its next one when it has its answer. `holds`: what a good answer says.
    """

    port: int
    seconds: float
    connections: int = 32
    rate: float | None = None
    holds: bytes = b""
    keep: bool = False


def request(path: str, body: bytes, headers: Mapping[str, str] = MappingProxyType({})) -> bytes:
    """A whole request, ready to be written."""
    more = "".join(f"\r\n{name}: {value}" for name, value in headers.items())
    head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: {len(body)}"
    return f"{head}{more}\r\n\r\n".encode() + body


def send(plan: Plan, requests: Sequence[bytes]) -> Load:
    """Send `requests`, each once and in order, until they or the seconds are over."""
    sender = _Sender(plan, requests)
    try:
        sender.run()
    finally:
        sender.close()
    sender.load.took_ms.sort()
    return sender.load


class _Sender:
    def __init__(self, plan: Plan, requests: Sequence[bytes]) -> None:
        self._plan = plan
        self._requests = requests
        self._next = 0
        self._epoll = select.epoll()
        self._open = {sock.fileno(): sock for sock in (_connected(plan.port) for _ in range(plan.connections))}
        self._idle = list(self._open)
        self._asked: dict[int, tuple[int, float]] = {}
        self._partly: dict[int, bytes] = {}
        self.load = Load()
        for fileno in self._open:
            self._epoll.register(fileno, select.EPOLLIN)

    def run(self) -> None:
        began = time.perf_counter()
        stop = began + self._plan.seconds
        while self._next < len(self._requests) and time.perf_counter() < stop:
            wait = self._send_due(began)
            self._receive(min(wait, max(stop - time.perf_counter(), 0)))
        give_up = time.perf_counter() + PATIENCE_S
        while self._asked and time.perf_counter() < give_up:
            self._receive(0.1)
        self.load.seconds = time.perf_counter() - began
        assert not self._asked, f"never answered: {[number for number, _ in self._asked.values()]}"

    def close(self) -> None:
        self._epoll.close()
        for sock in self._open.values():
            sock.close()

    def _send_due(self, began: float) -> float:
        """Send what is due on idle connections; how long until the next is."""
        rate = self._plan.rate
        while self._idle and self._next < len(self._requests):
            now = time.perf_counter()
            due = began + self._next / rate if rate else now
            if due > now:
                return due - now
            fileno = self._idle.pop()
            payload = self._requests[self._next]
            self._asked[fileno] = (self._next, due)
            self._next += 1
            if self._open[fileno].send(payload) < len(payload):
                raise BlockingIOError("A request does not fit into the socket's buffer.")
        return PATIENCE_S

    def _receive(self, wait: float) -> None:
        for fileno, _ in self._epoll.poll(wait):
            data = self._open[fileno].recv(_MOST_READ)
            if not data:
                self._closed(fileno)
                continue
            data = self._partly.pop(fileno, b"") + data
            head, _, body = data.partition(b"\r\n\r\n")
            if len(body) < _length(head):
                self._partly[fileno] = data
                continue
            self._note(fileno, head, body)

    def _closed(self, fileno: int) -> None:
        """A server may close a connection that idles, and no other."""
        number, began = self._asked.get(fileno, (None, 0.0))
        if number is not None:
            raise ConnectionResetError(f"Closed over request {number}, {time.perf_counter() - began:.1f} s after it.")
        self._epoll.unregister(fileno)
        self._idle.remove(fileno)

    def _note(self, fileno: int, head: bytes, body: bytes) -> None:
        number, began = self._asked.pop(fileno)
        self.load.took_ms.append((time.perf_counter() - began) * 1000)
        if not head.startswith((b"HTTP/1.1 200", _EMPTY)) or self._plan.holds not in body:
            self.load.failed.append(body)
        if self._plan.keep:
            self.load.statuses[number], self.load.bodies[number] = int(head[9:12]), body
        self._idle.append(fileno)


def _connected(port: int) -> socket.socket:
    sock = socket.create_connection(("127.0.0.1", port))
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    sock.setblocking(False)
    return sock


def _length(head: bytes) -> int:
    """Of the body; more than there can be while the head is not whole."""
    if head.startswith(_EMPTY):
        return 0
    at = head.lower().find(b"content-length:")
    if at < 0:
        return _MOST_READ
    end = head.find(b"\r\n", at)
    return int(head[at + 15 : end if end > 0 else None])
