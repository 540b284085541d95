"""Of whom a rule cannot be asked, the others do not wait, and somebody is told who it was."""

from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from sqlalchemy import text

from frontdesk.engage.activation.batches import PEOPLE
from frontdesk.engage.activation.steps import MOST_SET_ASIDE
from tests.server.engage.activation.town import SECOND, STORY_A, Town, many

BEYOND_TIME = 10**17
"""Milliseconds: an instant that no calendar knows, and no reader of the row."""


@pytest.fixture(autouse=True)
def logged() -> Iterator[list[Any]]:
    """What is logged, and not written: a trace takes longer than all else here."""
    with structlog.testing.capture_logs() as lines:
        yield lines


def settle(town: Town, count: int, *, culprits: tuple[int, ...] = ()) -> None:
    """So many who have been there for two years; nothing can be read of the culprits."""
    told = {"attributes": {"plan": "free"}, "tags": []}
    town.runtime.db.write(lambda session: many(session, town.home.id, count, town.clock(), **told))
    spoilt = text("UPDATE contact SET registered_at = :at WHERE id = :id")
    rows = [{"at": BEYOND_TIME, "id": f"con_{number:06}"} for number in culprits]
    town.runtime.db.write(lambda session: session.execute(spoilt, rows) if rows else None)


def told(town: Town, rule_id: str) -> Any:
    """How far the activation of its only version is, as on the wire."""
    headers = {"Authorization": f"Bearer {town.home.api_key}"}
    (version,) = (town.client.get(f"/api/v1/rules/{rule_id}/versions", headers=headers).json or {})["data"]
    return version["activation"]


@pytest.mark.parametrize("culprit", [0, 13, 29])
def test_who_cannot_be_asked_is_set_aside_and_the_others_are_met(town: Town, culprit: int) -> None:
    settle(town, 30, culprits=(culprit,))
    rule_id = town.rule(STORY_A)
    town.tick(4)
    said = told(town, rule_id)
    assert (said["state"], said["asked"], said["armed"]) == ("done", 29, 29)
    assert said["set_aside"] == [
        {"person": f"con_{culprit:06}", "error": said["set_aside"][0]["error"], "at": "2026-03-02T10:00:02.000Z"}
    ]
    assert said["set_aside"][0]["error"] in {"OverflowError", "ValueError"}
    assert {row.person_id for row in town.timers()} == {f"con_{n:06}" for n in range(30) if n != culprit}


def test_each_culprit_is_told_of(town: Town, logged: list[Any]) -> None:
    settle(town, 40, culprits=(3, 4, 20, 39))
    rule_id = town.rule(STORY_A)
    town.tick(4)
    said = told(town, rule_id)
    assert (said["state"], said["armed"]) == ("done", 36)
    culprits = ["con_000003", "con_000004", "con_000020", "con_000039"]
    assert [one["person"] for one in said["set_aside"]] == culprits
    assert [line["person"] for line in logged if line["event"] == "activation_set_aside"] == culprits


def test_after_a_restart_it_goes_on_at_its_cursor(town: Town) -> None:
    settle(town, 2 * PEOPLE, culprits=(3, PEOPLE + 7))
    rule_id = town.rule(STORY_A)
    town.clock.advance(2 * SECOND)
    town.step()
    half = told(town, rule_id)
    assert (half["state"], half["asked"], len(half["set_aside"])) == ("running", PEOPLE - 1, 1)
    restarted = Town(town.restart().runtime, town.home)
    restarted.run("activation")
    said = told(restarted, rule_id)
    assert (said["state"], said["asked"], len(said["set_aside"])) == ("done", 2 * PEOPLE - 2, 2)
    assert len(town.timers()) == 2 * PEOPLE - 2


def test_where_hardly_anybody_can_be_asked_it_has_failed(town: Town) -> None:
    settle(town, 2 * MOST_SET_ASIDE, culprits=tuple(range(2 * MOST_SET_ASIDE)))
    rule_id = town.rule(STORY_A)
    town.tick(4)
    said = told(town, rule_id)
    assert (said["state"], len(said["set_aside"])) == ("failed", MOST_SET_ASIDE)


def test_who_was_set_aside_is_met_when_it_begins_again(town: Town) -> None:
    settle(town, 30, culprits=(13,))
    rule_id = town.rule(STORY_A)
    town.tick(4)
    town.pause(rule_id)
    settled = text("UPDATE contact SET registered_at = 0 WHERE id = 'con_000013'")
    town.runtime.db.write(lambda session: session.execute(settled))
    town.resume(rule_id)
    town.tick(4)
    said = told(town, rule_id)
    assert (said["state"], said["set_aside"], len(town.timers())) == ("done", [], 30)


def test_a_rule_that_no_clock_brings_has_no_activation(town: Town) -> None:
    assert told(town, town.rule("rule: a\ntrigger: page\ndo: [{tag: a}]\n")) is None
