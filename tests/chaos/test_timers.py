"""Timers fire once: whatever is killed, and however many servers drain them."""

import os
import random
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pytest

from frontdesk.engage.timers.claims import LEASE
from tests.chaos.kill import DATABASES, victim
from tests.chaos.timers import PEOPLE, Wave, begin, check, database_of, play, tell
from tests.postgres import cluster, create
from tests.running import Installed, started, until

PATIENCE = 60.0
_numbers = count(1)


@pytest.mark.long
@pytest.mark.parametrize("database", DATABASES)
def test_ten_thousand_timers_fire_once_each_though_the_server_is_killed(database: str, tmp_path: Path) -> None:
    chance = random.Random(7)
    with victim(database, tmp_path) as server:
        waves = [play(server, number, chance, people) for number, people in enumerate((PEOPLE, 1_000))]
        assert all(wave.kills for wave in waves)
        for wave in waves:
            check(server, wave)


@contextmanager
def two(folder: Path) -> Iterator[tuple[Installed, Installed]]:
    """Two servers on one PostgreSQL."""
    with cluster() as url:
        environment = {"FRONTDESK_DATABASE_URL": create(url, "two")}
        servers = [Installed(folder / name, environment=environment) for name in ("one", "other")]
        for server in servers:
            server.folder.mkdir()
        with started(servers[0]) as one:
            servers[1].said = dict(one.said)
            with started(servers[1]) as other:
                yield one, other


def drained(server: Installed, wave: Wave) -> bool:
    with database_of(server) as db:
        return bool(until(lambda: wave.left(db) == 0, within=PATIENCE, every=0.2))


def arms(server: Installed, wave: Wave) -> bool:
    """Whether this server has heard of the rule: somebody new registers there."""
    newcomer = f"newcomer-{next(_numbers)}"
    with database_of(server) as db:
        before = wave.left(db)
        tell(server, wave.registered, [newcomer])
        armed = wave.left(db) > before
    if armed:
        wave.people.append(newcomer)
    return armed


@pytest.mark.long
def test_two_servers_offer_a_guide_once_to_each_who_built_nothing(tmp_path: Path) -> None:
    with two(tmp_path) as (one, other):
        wave = begin(one, "first", 300, within="15s")
        assert until(lambda: arms(other, wave))
        builders, others = [f"builder-{n}" for n in range(100)], [f"other-{n}" for n in range(100)]
        tell(one, wave.registered, builders)
        tell(other, "Project Created", builders)
        tell(other, wave.registered, others)
        wave.people += others
        assert drained(one, wave)
        check(one, wave)


@pytest.mark.long
def test_one_that_stops_is_stood_in_for_and_doubles_nothing_when_it_wakes(tmp_path: Path) -> None:
    with two(tmp_path) as (one, other):
        wave = begin(other, "first", 2_000, within="2s")
        with database_of(other) as db:
            assert until(lambda: wave.left(db) < len(wave.people), within=PATIENCE)
        os.killpg(one.pid, signal.SIGSTOP)
        try:
            assert drained(other, wave)
            check(other, wave)
        finally:
            os.killpg(one.pid, signal.SIGCONT)
        again = begin(other, "second", 100, within="1s")
        assert drained(other, again)
        for each in (wave, again):
            check(other, each)


@pytest.mark.long
def test_one_that_is_killed_is_stood_in_for(tmp_path: Path) -> None:
    with two(tmp_path) as (one, other):
        wave = begin(other, "first", 2_000, within="2s")
        with database_of(other) as db:
            assert until(lambda: wave.left(db) < len(wave.people), within=PATIENCE)
            one.kill()
            assert until(lambda: wave.left(db) == 0, within=PATIENCE + LEASE.total_seconds())
        check(other, wave)
