"""Acknowledged means durable: shown by kill -9."""

import random
from pathlib import Path

import pytest

from tests.chaos.kill import DATABASES, check, play, victim


def rounds(database: str, folder: Path, count: int) -> None:
    chance = random.Random(7)
    with victim(database, folder) as server:
        kills = []
        for number in range(count):
            kills.append(play(server, number, chance))
            assert kills[-1].acknowledged.events
            assert kills[-1].acknowledged.messages
            check(server, kills[-1])
        for earlier in kills[:-1]:
            check(server, earlier)


@pytest.mark.parametrize("database", DATABASES)
def test_what_was_acknowledged_is_there_once_after_kill_9(database: str, tmp_path: Path) -> None:
    rounds(database, tmp_path, 1)


@pytest.mark.long
@pytest.mark.parametrize("database", DATABASES)
def test_also_after_many_kills(database: str, tmp_path: Path) -> None:
    rounds(database, tmp_path, 20)
