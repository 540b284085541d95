"""Committed means sent: shown by kill -9 while webhooks and letters leave."""

import random
from pathlib import Path

import pytest

from tests.chaos.kill import DATABASES
from tests.chaos.outbox import check, play, stand


def rounds(database: str, folder: Path, count: int) -> None:
    chance = random.Random(11)
    with stand(database, folder) as place:
        for _ in range(count):
            play(place, chance)
            assert place.acknowledged
            check(place)


@pytest.mark.parametrize("database", DATABASES)
def test_what_was_committed_is_sent_after_kill_9(database: str, tmp_path: Path) -> None:
    rounds(database, tmp_path, 1)


@pytest.mark.long
@pytest.mark.parametrize("database", DATABASES)
def test_also_after_many_kills(database: str, tmp_path: Path) -> None:
    rounds(database, tmp_path, 10)
