"""A real server as a user would start it: `frontdesk demo` in a process of its own, on a free port, in a new folder."""

import contextlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests

START_WITHIN = 60.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class Server:
    """A running demo: what it said of itself at its start, and its process."""

    folder: Path
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[str] | None = None
    said: dict[str, Any] = field(default_factory=dict)
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        assert self.process is not None
        return self.process.pid

    def start(self) -> None:
        """Start and wait until it answers; raises with the server's own words if it does not."""
        command = [str(Path(sys.executable).with_name("frontdesk")), "demo", "--json", "--no-history"]
        with (self.folder / "server.log").open("a") as log:
            self.process = subprocess.Popen(
                [*command, "--port", str(self.port), "--data", str(self.folder / "data")],
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                start_new_session=True,
                env={**os.environ, **self.environment},
            )
        self.said = json.loads(self._first_line())

    def kill(self) -> None:
        """kill -9, the server and its workers: no goodbye."""
        os.killpg(self.pid, signal.SIGKILL)
        self._ended()

    def stop(self) -> None:
        """Ask it to end, and see that it does."""
        if self.process is None or self.process.poll() is not None:
            return
        os.killpg(self.pid, signal.SIGTERM)
        try:
            self._ended(timeout=20)
        except subprocess.TimeoutExpired:
            self.kill()
            raise

    def api(self, method: str, path: str, **more: Any) -> requests.Response:
        """A call of the public API with the workspace's API key."""
        headers = {"Authorization": f"Bearer {self.said['api_key']}"}
        return requests.request(method, f"{self.url}/api/v1{path}", headers=headers, timeout=30, **more)

    def _ended(self, timeout: float | None = None) -> None:
        assert self.process is not None
        assert self.process.stdout is not None
        self.process.wait(timeout)
        self.process.stdout.close()

    def _first_line(self) -> str:
        assert self.process is not None
        assert self.process.stdout is not None
        ready, _, _ = select.select([self.process.stdout], [], [], START_WITHIN)
        line = self.process.stdout.readline() if ready else ""
        if not line:
            self.kill()
            raise AssertionError((self.folder / "server.log").read_text()[-4000:] or "the server said nothing")
        return line


@contextlib.contextmanager
def running(folder: Path, **environment: str) -> Iterator[Server]:
    """A server that is stopped at the end, whatever happens."""
    server = Server(folder, environment=environment)
    server.start()
    try:
        yield server
    finally:
        server.stop()


def until(check: Any, *, within: float = 15.0, every: float = 0.05) -> Any:
    """The first truthy value of `check()`; the last one when time is up, for the assertion to show."""
    deadline = time.monotonic() + within
    while not (value := check()) and time.monotonic() < deadline:
        time.sleep(every)
    return value
