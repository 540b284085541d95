"""What is measured: servers as a user would start them, one empty and one with a million events, on one database."""

import contextlib
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import make_url

from tests.benchmarks.cost import Weight, weight
from tests.benchmarks.live_rules import live_rules
from tests.benchmarks.load import Plan, send
from tests.benchmarks.seed import multiply
from tests.benchmarks.traffic import Traffic
from tests.postgres import cluster, create
from tests.running import Installed, started, until

A_SAMPLE = 10_000
DATABASES = ("sqlite", "postgresql")


@dataclass(frozen=True, slots=True)
class Stand:
    """A running server with a thousand rules live, its traffic, and what its start cost before any request."""

    name: str
    server: Installed
    traffic: Traffic
    start_s: float
    weight: Weight

    @property
    def processes(self) -> list[int]:
        """Those that work for it: its own, and PostgreSQL's."""
        database = make_url(self.server.database_url)
        if "host" not in database.query:
            return [self.server.pid]
        postmaster = (Path(str(database.query["host"])) / "postmaster.pid").read_text().split()[0]
        return [self.server.pid, int(postmaster)]


@dataclass(frozen=True, slots=True)
class Fresh:
    """The very first start, in an empty folder, on an empty database."""

    start_s: float
    weight: Weight


class Ground:
    """Where servers of one kind of database are set up; folders and databases go with it."""

    def __init__(self, database: str, folder: Path, postgres: str | None) -> None:
        self.database = database
        self._folder = folder
        self._postgres = postgres

    def install(self) -> tuple[Installed, Fresh]:
        """A new installation, set up and stopped."""
        server = self._server("empty")
        if self._postgres:
            create(self._postgres, "empty")
        with started(server):
            return server, Fresh(server.started_in, weight(server.pid))

    def filled(self, empty: Installed, events: int) -> Installed:
        """A copy of an installation that is stopped, with so many events in it."""
        server = self._server("million")
        shutil.copytree(empty.folder, server.folder, dirs_exist_ok=True)
        if self._postgres:
            create(self._postgres, "million", "empty")
        server.said = dict(empty.said)
        with started(server):
            traffic = Traffic(server.port, **server.said)
            traffic.meet()
            server.said["tokens"] = traffic.tokens
            for requests in (traffic.singles(A_SAMPLE // 2), traffic.batches(A_SAMPLE // 40)):
                sent = send(Plan(server.port, 120, holds=b'"rejected":[]'), requests)
                assert not sent.failed, sent.failed[0]
        assert multiply(server, events // A_SAMPLE) >= events
        return server

    def _server(self, name: str) -> Installed:
        folder = self._folder / name
        folder.mkdir()
        url = {"FRONTDESK_DATABASE_URL": self._postgres.format(name)} if self._postgres else {}
        return Installed(folder, environment=url)


@contextlib.contextmanager
def ground(database: str, folder: Path) -> Iterator[Ground]:
    """The place for servers on `database`; PostgreSQL commits as durably as by default."""
    home = folder / database
    home.mkdir()
    if database == "sqlite":
        yield Ground(database, home, None)
        return
    with cluster() as url:
        yield Ground(database, home, url)


@contextlib.contextmanager
def stand(name: str, server: Installed) -> Iterator[Stand]:
    """Start it, weigh it, make the rules live beside it, and let every browser call and be greeted."""
    with started(server):
        start = server.started_in
        heavy = weight(server.pid)
        rules = server.folder / "rules.yaml"
        rules.write_text(live_rules(), encoding="utf-8")
        server.run("rules", "apply", str(rules))
        traffic = Traffic(server.port, **server.said)
        assert until(lambda: _greeted(traffic)), "the rules did not become live"
        traffic.meet()
        traffic.be_greeted()
        yield Stand(name, server, traffic, start, heavy)


def _greeted(traffic: Traffic) -> bool:
    return not send(Plan(traffic.port, 5, connections=1, holds=b"Hello there"), traffic.newcomers(1)).failed
