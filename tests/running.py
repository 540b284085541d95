"""A real server as a user would start it: in a process of its own, on a free port, in a new folder."""

import contextlib
import json
import os
import re
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import requests

START_WITHIN = 60.0
FRONTDESK = str(Path(sys.executable).with_name("frontdesk"))
OWNER = {"workspace": "Acme", "name": "Olga", "email": "olga@acme.example", "password": "a long password"}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class Server:
    """A running demo: what it said of itself at its start, how long that took, and its process."""

    folder: Path
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[str] | None = None
    said: dict[str, Any] = field(default_factory=dict)
    environment: dict[str, str] = field(default_factory=dict)
    started_in: float = 0.0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        assert self.process is not None
        return self.process.pid

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def start(self) -> None:
        """Start and wait until it answers; raises with the server's own words if it does not."""
        self.said = json.loads(self.spawn("demo", "--json", "--no-history"))

    def spawn(self, *command: str) -> str:
        """Start this command of ours; the first line that it prints."""
        began = time.monotonic()
        with (self.folder / "server.log").open("a") as log:
            self.process = subprocess.Popen(
                [FRONTDESK, *command, "--port", str(self.port), "--data", str(self.data)],
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                start_new_session=True,
                env={**os.environ, **self.environment},
            )
        line = self._first_line()
        self.started_in = time.monotonic() - began
        return line

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


@dataclass
class Installed(Server):
    """A running `frontdesk serve`, set up through the link of its first start; a key for backends beside it.

    On PostgreSQL where `environment` holds FRONTDESK_DATABASE_URL.
    """

    def start(self) -> None:
        """Start and wait until it answers; the first time, create the owner."""
        assert self.url in self.spawn("serve")
        if not self.said:
            self._set_up()

    @property
    def database_url(self) -> str:
        return self.environment.get("FRONTDESK_DATABASE_URL") or f"sqlite:///{self.data / 'frontdesk.sqlite3'}"

    def run(self, *command: str) -> str:
        """A command of ours beside the server, on the same database; what it printed."""
        environment = {**os.environ, **self.environment, "FRONTDESK_DATA": str(self.data)}
        done = subprocess.run([FRONTDESK, *command], env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def _set_up(self) -> None:
        assert self.process is not None
        assert self.process.stdout is not None
        link = re.search(r"setup\?token=(\w+)", self.process.stdout.readline())
        assert link
        answer = requests.post(f"{self.url}/api/v1/setup", json=OWNER | {"token": link[1]}, timeout=30)
        assert answer.ok, answer.text
        me = answer.json()
        self.said = {"site_key": me["site"]["key"], "api_key": self._api_key(me["workspace"]["id"])}

    def _api_key(self, workspace_id: str) -> str:
        from frontdesk.accounts.workspaces import new_api_key
        from frontdesk.core.clock import system_clock
        from frontdesk.core.db import open_database
        from frontdesk.core.signals import Bus

        with contextlib.closing(open_database(self.database_url, Bus())) as db:
            return db.write(lambda session: new_api_key(session, workspace_id, "Tests", system_clock()))


S = TypeVar("S", bound=Server)


@contextlib.contextmanager
def running(folder: Path, **environment: str) -> Iterator[Server]:
    """A demo that is stopped at the end, whatever happens."""
    with started(Server(folder, environment=environment)) as server:
        yield server


@contextlib.contextmanager
def started(server: S) -> Iterator[S]:
    """This server, started; stopped at the end, whatever happens."""
    server.start()
    try:
        yield server
    finally:
        server.stop()


def until(check: Any, *, within: float = 60.0, every: float = 0.05) -> Any:
    """The first truthy value of `check()`; the last one when time is up, for the assertion to show."""
    deadline = time.monotonic() + within
    while not (value := check()) and time.monotonic() < deadline:
        time.sleep(every)
    return value
