"""What follows for timers and for those who match already, when other versions of a rule run than before."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from frontdesk.engage.activation.beginning import ASKING, begin
from frontdesk.engage.rules.states import RUNNING
from frontdesk.engage.rules.versions import Edit, Places
from frontdesk.engage.timers.cancelling import cancel_all
from frontdesk.engage.timers.deferred import drop_deferred
from frontdesk_rules import timer_id


class Run(NamedTuple):
    """A running version: its state, and what it waits for."""

    state: str
    trigger: Any

    @property
    def shadow(self) -> bool:
        return self.state == "shadow"


def running(places: Places) -> dict[int, Run]:
    """The versions of a rule that are compiled."""
    return {row.version: Run(row.state, row.tree.get("trigger")) for row in places.values() if row.state in RUNNING}


def follow(session: Session, edit: Edit, rule_id: str, was: Mapping[int, Run], now: Mapping[int, Run]) -> None:
    """Cancel what waits for something that no version waits for any more; ask about everybody what went live.

    A shadow waits for itself. What was put off is said in the words of the version that decided it, while any runs.
    A version that is resumed is asked about everybody, too: while it was paused, no moment armed it.
    """
    waits = [(run.shadow, run.trigger) for run in now.values()]
    over = {run.shadow for run in was.values() if (run.shadow, run.trigger) not in waits}
    for shadow in over:
        cancel_all(session, timer_id(rule_id, shadow=shadow))
    if all(run.shadow for run in now.values()):
        drop_deferred(session, rule_id, edit.now)
    for version, run in now.items():
        before = was[version].state if version in was else None
        if run.state in ASKING and (run.shadow in over or run.state != before):
            begin(session, edit.workspace_id, rule_id, version, edit.now, resumed=before == "paused")
