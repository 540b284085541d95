"""What only met another transaction is done again from its beginning: no action is left out, and none done twice."""

from dataclasses import replace
from typing import Any

from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from frontdesk.engage.ports import ActionContext
from frontdesk.engage.timers.drain import tick
from frontdesk.engage.timers.firing import Firing
from tests.server.engage.timers.desk import DAY, GRACE, Desk

RULE = """
rule: waited
trigger: {absence: {of: Project Created, after: Registered, within: 24h}}
do: [{message: {class: support, text: {en: Hello}}}, {tag: waited}]
"""


class Deadlock(Exception):  # noqa: N818  as the driver names it
    sqlstate = "40P01"


def test_an_action_that_met_a_deadlock_is_done_with_the_others(desk: Desk) -> None:
    desk.save(RULE)
    desk.do("Registered")
    desk.clock.advance(DAY + GRACE)
    asked: list[str] = []

    def tag(_session: Session, context: ActionContext, _action: Any) -> None:
        asked.append(context.decision_id)
        if len(asked) == 1:
            raise OperationalError("UPDATE visitor", {}, Deadlock())

    engine = desk.firing.engine
    engine = replace(engine, ports=replace(engine.ports, actions={**engine.ports.actions, "tag": tag}))
    assert tick(desk.runtime.db, Firing(engine), desk.clock) == 1
    (decision,) = desk.decisions()
    assert (len(asked), asked[-1], decision.detail.get("failed")) == (2, decision.id, None)
    assert desk.deliveries() == 1
