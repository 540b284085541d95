"""A step of an activation as it is written: the cursor moves, and with it all that came of the people behind it.

Only if the cursor still stands where it was read, so that of two processes one does it, and after a crash it goes on
exactly where it was.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, cast

from sqlalchemy import CursorResult, func, select, update
from sqlalchemy.orm import Session

from frontdesk.core.db import bulk
from frontdesk.engage.activation.batches import Batch, Wanted
from frontdesk.engage.activation.beginning import ASKING, RUNNING
from frontdesk.engage.activation.models import Activation, SetAside
from frontdesk.engage.models import RuleVersion
from frontdesk.engage.timers.armings import Armings
from frontdesk.engage.timers.cancelling import PENDING, delete_timers
from frontdesk.engage.timers.keys import KEY, TABLE, Key
from frontdesk.inbox.waiting import waiting_since
from frontdesk_rules import Arming, LiveRule, parse_tree

_COLUMNS: Final = (*KEY, "state", "due_at")
DONE, STOPPED, FAILED = "done", "stopped", "failed"
# Where so many cannot be asked, it is hardly their fault.
MOST_SET_ASIDE: Final = 100


@dataclass(frozen=True, slots=True)
class Step:
    """Where an activation stands, and what comes next."""

    rule_id: str
    version: int
    workspace_id: str
    started_at: datetime
    cursor: str
    fresh: bool
    state: str
    tree: dict[str, Any]

    @property
    def live(self) -> LiveRule:
        return LiveRule(self.rule_id, self.version, parse_tree(self.tree), shadow=self.state == "shadow")


@dataclass(frozen=True, slots=True)
class Came:
    """What came of a batch: the timers that are wanted for its people."""

    batch: Batch
    wanted: Sequence[Wanted]


def store(session: Session, step: Step, came: Came, now: datetime) -> bool:
    """Set the timers; whether the step was ours to store."""
    if not _still_asking(session, step):
        return False
    wanted = _still_waiting(session, came.wanted)
    counted = {
        "cursor": came.batch.upto,
        "asked": Activation.asked + len(came.batch.people),
        "armed": Activation.armed + len(wanted),
        "due": Activation.due + sum(one.timer.fires_at <= now for one in wanted),
    }
    if not _move(session, step, counted):
        return False
    if step.fresh:
        _forget_fired(session, wanted)
    armings, priority = Armings(session), step.live.rule.priority
    for one in wanted:
        armings.add(step.workspace_id, priority, Arming(set=(one.timer,)), one.ids)
    armings.store()
    return True


def set_aside(session: Session, step: Step, batch: Batch, error: str, now: datetime) -> bool:
    """Leave out the one person of this batch, and note it; whether the others are to be asked."""
    left_out = select(func.count()).where(SetAside.rule_id == step.rule_id, SetAside.version == step.version)
    if (session.scalar(left_out) or 0) >= MOST_SET_ASIDE:
        end(session, step, FAILED, now)
        return False
    if not _still_asking(session, step) or not _move(session, step, {"cursor": batch.upto}):
        return False
    ((_, person_id),) = batch.people
    of = {"rule_id": step.rule_id, "version": step.version, "person_id": person_id}
    session.merge(SetAside(**of, workspace_id=step.workspace_id, error=error, at=now))
    return True


def end(session: Session, step: Step, state: str, now: datetime) -> bool:
    return _move(session, step, {"state": state, "finished_at": now})


def _still_waiting(session: Session, wanted: Sequence[Wanted]) -> Sequence[Wanted]:
    """Without those who were answered since they were read; nobody else is until we commit."""
    talks = {one.timer.anchor for one in wanted if one.timer.kind == "conversation"}
    since = waiting_since(session, talks, hold=True) if talks else {}
    return [
        one for one in wanted if one.timer.anchor not in talks or since.get(one.timer.anchor) == one.timer.anchor_at
    ]


def _forget_fired(session: Session, wanted: Sequence[Wanted]) -> None:
    """What has fired for another version, or failed, is set once more; so is what waits for another time."""
    due = {Key(one.timer.rule_id, known, one.timer.anchor): one.timer.due for one in wanted for known in one.ids}
    rows = [(Key(*key), state, at) for *key, state, at in bulk.find(session, TABLE, _COLUMNS, {KEY: sorted(due)})]
    delete_timers(session, [key for key, state, at in rows if state != PENDING or at != due[key]])


def _still_asking(session: Session, step: Step) -> bool:
    """Whether the version is at work; it stays so until we commit, or what we set could outlive it."""
    state = (
        select(RuleVersion.state)
        .where(RuleVersion.rule_id == step.rule_id, RuleVersion.version == step.version)
        .with_for_update(read=True)
    )
    return session.scalar(state) in ASKING


def _move(session: Session, step: Step, values: dict[str, Any]) -> bool:
    """Change the row if it stands where it was read."""
    where_it_was = (
        Activation.rule_id == step.rule_id,
        Activation.version == step.version,
        Activation.state == RUNNING,
        Activation.started_at == step.started_at,
        Activation.cursor == step.cursor,
    )
    moved = session.execute(
        update(Activation).where(*where_it_was).values(values).execution_options(synchronize_session=False)
    )
    return cast("CursorResult[Any]", moved).rowcount == 1
