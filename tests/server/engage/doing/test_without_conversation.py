"""A rule that assigns where nobody is talking does nothing, says why, and may act yet when somebody is."""

import pytest

from frontdesk.core.runtime import Runtime
from tests.server.conftest import Home
from tests.server.engage.timers.desk import Desk

ALONE = "rule: alone\ntrigger: {event: Asked}\ndo: [{assign: {team: sales}}]\n"
BESIDE = "rule: beside\ntrigger: {event: Told}\ndo: [{close: {}}, {tag: told}]\n"


@pytest.fixture
def desk(runtime: Runtime, workspace: Home) -> Desk:
    return Desk(runtime, workspace)


def test_alone_it_is_held_and_its_repeat_is_not_spent(desk: Desk) -> None:
    desk.save(ALONE)
    desk.do("Asked")
    desk.do("Asked", who="ben")
    desk.do("Asked")
    assert set(desk.outcomes()) == {"no_conversation"}
    assert {row.outcome for row in desk.decisions()} == {"held"}


def test_beside_something_else_it_is_noted_as_left_undone(desk: Desk) -> None:
    desk.save(BESIDE)
    desk.do("Told")
    (decision,) = desk.decisions()
    assert (decision.outcome, decision.reason) == ("acted", "no_conversation")
    assert decision.detail["left_undone"] == [{"action": "close", "reason": "no_conversation"}]
