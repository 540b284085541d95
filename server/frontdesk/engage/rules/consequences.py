"""What follows for timers and for those who match already, when other versions of a rule run than before."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from frontdesk.engage.activation.beginning import ASKING, begin
from frontdesk.engage.rules.states import RUNNING
from frontdesk.engage.rules.versions import Edit, Places
from frontdesk.engage.timers.cancelling import cancel_all


class Run(NamedTuple):
    """A running version: its state, and what it waits for."""

    state: str
    trigger: Any


def running(places: Places) -> dict[int, Run]:
    """The versions of a rule that are compiled."""
    return {row.version: Run(row.state, row.tree.get("trigger")) for row in places.values() if row.state in RUNNING}


def follow(session: Session, edit: Edit, rule_id: str, was: Mapping[int, Run], now: Mapping[int, Run]) -> None:
    """Cancel what waits for something that no version waits for any more; ask about everybody what went live.

    A version that is resumed is asked about everybody, too: while it was paused, no moment armed it.
    """
    waits = [run.trigger for run in now.values()]
    others = any(run.trigger not in waits for run in was.values())
    if others:
        cancel_all(session, rule_id)
    for version, run in now.items():
        before = was[version].state if version in was else None
        if run.state in ASKING and (others or run.state != before):
            begin(session, edit.workspace_id, rule_id, version, edit.now, resumed=before == "paused")
