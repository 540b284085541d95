"""A real server with real sockets, on each database in turn. It is started once for a module: tests share its rows."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import psycopg
import pytest

from frontdesk.core.clock import system_clock
from frontdesk.core.db import Database, open_database
from frontdesk.core.signals import Bus
from tests.server.inbox.desk import build_workspace
from tests.server.realtime.wire import Server

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def server_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of a migrated, empty database that outlives a single test."""
    if request.param == "sqlite":
        path = tmp_path_factory.mktemp("server") / "frontdesk.sqlite3"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        return f"sqlite:///{path}"
    postgres: str = request.getfixturevalue("postgres")
    with psycopg.connect(postgres.format("postgres"), autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS sockets WITH (FORCE)")
        connection.execute("CREATE DATABASE sockets TEMPLATE template_frontdesk")
    return postgres.format("sockets")


@pytest.fixture(scope="module")
def elsewhere(server_url: str) -> Iterator[Database]:
    """The database as another process sees it: changes made here are not announced to the server."""
    database = open_database(server_url, Bus())
    for key in ("1", "2"):
        database.write(partial(build_workspace, key=key, now=system_clock()))
    yield database
    database.close()


@pytest.fixture(scope="module")
def running(elsewhere: Database, server_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folders = os.pathsep.join(str(ROOT / each) for each in ("server", "rules", "."))
    process = subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("serve.py")), server_url, str(tmp_path_factory.mktemp("data"))],
        env=os.environ | {"PYTHONPATH": folders},
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdout
        yield Server(f"http://127.0.0.1:{process.stdout.readline().strip()}", [])
        process.terminate()


@pytest.fixture
def server(running: Server) -> Iterator[Server]:
    yield running
    running.hang_up()
