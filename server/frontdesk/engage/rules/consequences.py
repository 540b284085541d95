"""What follows for timers and for those who match already, when other versions of a rule run than before."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from frontdesk.engage.activation.beginning import ASKING, begin
from frontdesk.engage.rules.states import RUNNING
from frontdesk.engage.rules.versions import Edit, Places
from frontdesk.engage.rules.waited import waited
from frontdesk.engage.timers.cancelling import cancel_all
from frontdesk.engage.timers.deferred import drop_deferred
from frontdesk.engage.timers.lasting import wait_for
from frontdesk_rules import timer_id


class Run(NamedTuple):
    """A running version: its state, and what it says."""

    state: str
    tree: dict[str, Any]

    @property
    def shadow(self) -> bool:
        return self.state == "shadow"


def running(places: Places) -> dict[int, Run]:
    """The versions of a rule that are compiled."""
    return {row.version: Run(row.state, row.tree) for row in places.values() if row.state in RUNNING}


def follow(session: Session, edit: Edit, rule_id: str, was: Mapping[int, Run], now: Mapping[int, Run]) -> None:
    """Cancel what waits for something that no version waits for any more; ask about everybody what went live.

    A shadow waits for itself. What is absent is waited for until the time that is said now. What was put off is said in
    the words of the version that decided it, while any runs. A version that is resumed is asked about everybody, too:
    while it was paused, no change of a fact armed it.
    """
    of_now = {run.shadow: run for run in now.values()}  # one of each, as they stand in different places
    over = {run.shadow for run in was.values() if not _waits_on(session, rule_id, run, of_now.get(run.shadow))}
    for shadow in over:
        cancel_all(session, timer_id(rule_id, shadow=shadow))
    if all(run.shadow for run in now.values()):
        drop_deferred(session, rule_id, edit.now)
    for version, run in now.items():
        before = was[version].state if version in was else None
        if run.state in ASKING and (run.shadow in over or run.state != before):
            begin(session, edit.workspace_id, rule_id, version, edit.now, resumed=before == "paused")


def _waits_on(session: Session, rule_id: str, was: Run, now: Run | None) -> bool:
    """Whether what waited goes on waiting; for as long as the rule says now."""
    if now is None:
        return False
    if was.tree.get("trigger") == now.tree.get("trigger"):
        return True
    before, after = waited(was.tree), waited(now.tree)
    if before == after:
        return True
    if after.lasts is None or not after.only_lasts_otherwise(before):
        return False
    wait_for(session, timer_id(rule_id, shadow=now.shadow), after.lasts)
    return True
