"""Collect as a sender sees it: bytes in, JSON out, on a real database."""

import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson
import pytest
from sqlalchemy.orm import Session

from frontdesk.collect.counts import COUNTS
from frontdesk.collect.endpoint import Collect
from frontdesk.collect.ports import Arrival, Verdict
from frontdesk.collect.store import Store
from frontdesk.core.clock import MovableClock
from frontdesk.core.config import Settings
from frontdesk.core.db import Database
from frontdesk.core.runtime import Runtime
from frontdesk.core.signals import Bus

CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"


@dataclass
class Answered:
    status: int
    headers: dict[str, str]
    body: dict[str, Any]


class Rules:
    """The rooms above: remembers what collect told them; counts what a test tells it to as unread."""

    def __init__(self) -> None:
        self.arrivals: list[Arrival] = []
        self.unread: Callable[[Arrival], int] = lambda _arrival: 0

    def __call__(self, _session: Session, arrivals: Sequence[Arrival], _now: datetime) -> list[Verdict]:
        self.arrivals.extend(arrivals)
        return [Verdict(unread=self.unread(arrival)) for arrival in arrivals]


@pytest.fixture
def rules() -> Rules:
    return Rules()


@pytest.fixture
def collect(db: Database, clock: MovableClock, bus: Bus, rules: Rules, tmp_path: Path) -> Collect:
    settings = Settings(tmp_path, "", None, None, 0, None, "secret")
    return Collect(
        Runtime(db, clock, bus, settings), Store(rules, "a secret of the tests"), lambda _e, _s: [b"elsewhere"]
    )


@pytest.fixture
def counted_anew() -> Iterator[None]:
    """What other tests counted in this process is none of this one's."""
    COUNTS._waiting.clear()
    yield
    COUNTS._waiting.clear()


Post = Callable[..., Answered]


@pytest.fixture
def post(collect: Collect) -> Post:
    """`post("batch", {...}, **environ)`; a body of bytes goes as it is."""

    def call(name: str, body: Any, **environ: Any) -> Answered:
        raw = body if isinstance(body, bytes) else orjson.dumps(body)
        said: dict[str, Any] = {}

        def start(status: str, headers: Iterable[tuple[str, str]]) -> None:
            said.update(status=int(status[:3]), headers=dict(headers))

        chunks = collect(
            {
                "REQUEST_METHOD": "POST",
                "PATH_INFO": f"/v1/{name}",
                "CONTENT_LENGTH": str(len(raw)),
                "wsgi.input": io.BytesIO(raw),
                "REMOTE_ADDR": "8.8.8.8",
                "HTTP_USER_AGENT": CHROME,
                **environ,
            },
            start,
        )
        joined = b"".join(chunks)
        return Answered(said["status"], said["headers"], orjson.loads(joined) if joined else {})

    return call
