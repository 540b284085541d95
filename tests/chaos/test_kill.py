"""Acknowledged means durable: shown by kill -9."""

import random
from pathlib import Path

import pytest

from tests.chaos.kill import check, play
from tests.running import running


def rounds(folder: Path, count: int) -> None:
    chance = random.Random(7)
    with running(folder) as server:
        for number in range(count):
            done = play(server, number, chance)
            assert done.acknowledged.events
            assert done.acknowledged.messages
            check(server, done)


def test_what_was_acknowledged_is_there_once_after_kill_9(tmp_path: Path) -> None:
    rounds(tmp_path, 1)


@pytest.mark.long
def test_also_after_twenty_kills(tmp_path: Path) -> None:
    rounds(tmp_path, 20)
