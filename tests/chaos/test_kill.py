"""Acknowledged means durable: shown by kill -9."""

import json
import random
from pathlib import Path

import pytest

from tests.chaos import kill
from tests.chaos.kill import DATABASES, HEALTHY_WITHIN_S, Round, check, measure, play, sentence, victim
from tests.chaos.load import Acknowledged


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


@pytest.mark.parametrize(("away", "within"), [([0.4, HEALTHY_WITHIN_S], True), ([HEALTHY_WITHIN_S + 0.01, 0.4], False)])
def test_what_is_told_of_the_rounds_goes_by_the_slowest(away: list[float], within: bool) -> None:  # noqa: FBT001  by name
    measured = measure("sqlite", [Round(Acknowledged("Kill Test"), seconds, 2) for seconds in away])
    assert (measured["healthy_after_s"], measured["within_bar"]) == (round(max(away), 2), within)
    assert (measured["rounds"], measured["sent_again"]) == (2, 4)
    assert ("within" if within else "beyond") in sentence(measured)


def test_it_ends_badly_where_the_server_was_away_for_too_long(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(kill, "HEALTHY_WITHIN_S", 0.0)
    assert kill.main(["--rounds", "1", "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert (told["bar_s"], told["within_bar"], told["rounds"]) == (0.0, False, 1)


@pytest.mark.parametrize("database", DATABASES)
def test_what_was_acknowledged_is_there_once_after_kill_9(database: str, tmp_path: Path) -> None:
    rounds(database, tmp_path, 1)


@pytest.mark.long
@pytest.mark.parametrize("database", DATABASES)
def test_also_after_many_kills(database: str, tmp_path: Path) -> None:
    rounds(database, tmp_path, 20)
