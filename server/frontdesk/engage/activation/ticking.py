"""What carries activations on: a job each second, in any process. Read beside the writer, written in small steps.

A step is written only if the cursor still stands where it was read, in one transaction with the timers that it sets. So
of two processes one does it, and after a crash it goes on exactly where it was.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final, cast

import structlog
from sqlalchemy import CursorResult, select, update
from sqlalchemy.orm import Session

from frontdesk.core.clock import Clock
from frontdesk.core.db import Database, bulk
from frontdesk.core.errors import Unavailable
from frontdesk.engage.activation.batches import Asking, Batch, Wanted, following
from frontdesk.engage.activation.beginning import ASKING, RUNNING
from frontdesk.engage.activation.models import Activation
from frontdesk.engage.models import RuleVersion
from frontdesk.engage.timers.armings import Armings
from frontdesk.engage.timers.cancelling import PENDING, delete_timers
from frontdesk.engage.timers.keys import KEY, TABLE, Key
from frontdesk_rules import Arming, LiveRule, RuleSet, parse_tree

log = structlog.get_logger(__name__)

# Of a tick. Each takes a tenth of a second of this process: half of the time is for the others.
MOST_STEPS: Final = 4
# Until every process has the new rules, and arms whoever changes: those whom none of them arms are met here.
SETTLED: Final = timedelta(seconds=2)
_COLUMNS: Final = (*KEY, "state", "due_at")
DONE, STOPPED, FAILED = "done", "stopped", "failed"


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


def tick(db: Database, clock: Clock, most: int = MOST_STEPS) -> int:
    """Carry on what is running; how many steps were taken. One small query where nothing is."""
    steps = 0
    try:
        while steps < most and (step := db.read(partial(_first, now=clock()))):
            _take(db, step, clock)
            steps += 1
    except Unavailable:
        log.warning("activation_put_off", steps=steps)
    return steps


def _first(session: Session, now: datetime) -> Step | None:
    """The one that has waited longest; not one of a version that is paused."""
    version = RuleVersion
    query = (
        select(
            Activation.rule_id, Activation.version, Activation.workspace_id, Activation.started_at, Activation.cursor,
            Activation.fresh, version.state, version.tree,
        )
        .join(version, (version.rule_id == Activation.rule_id) & (version.version == Activation.version))
        .where(Activation.state == RUNNING, Activation.started_at <= now - SETTLED, version.state != "paused")
        .order_by(Activation.started_at, Activation.rule_id)
        .limit(1)
    )  # fmt: skip
    row = session.execute(query).first()
    return Step(*row) if row else None


def _take(db: Database, step: Step, clock: Clock) -> None:
    if step.state not in ASKING:
        db.write(partial(_end, step=step, state=STOPPED, now=clock()))
        return
    try:
        now = clock()
        batch = db.read(lambda session: _read(session, step, now))
        db.write(partial(_store, step=step, batch=batch, now=now))
    except Unavailable:
        raise
    except Exception:  # a guest must not sink the ship: the others go on
        log.exception("activation_failed", rule=step.rule_id, version=step.version, cursor=step.cursor)
        db.write(partial(_end, step=step, state=FAILED, now=clock()))


def _read(session: Session, step: Step, now: datetime) -> Batch:
    (rule,) = RuleSet.compile([step.live]).rules
    return following(session, Asking(step.workspace_id, rule), step.cursor, now)


def _store(session: Session, step: Step, batch: Batch, now: datetime) -> bool:
    """Whether it was ours to store."""
    if not _still_asking(session, step):
        return False
    if batch.upto is None:
        return _end(session, step, DONE, now)
    counted = {
        "cursor": batch.upto,
        "asked": Activation.asked + batch.asked,
        "armed": Activation.armed + len(batch.wanted),
        "due": Activation.due + batch.due,
    }
    if not _move(session, step, counted):
        return False
    if step.fresh:
        _forget_fired(session, batch.wanted)
    armings, priority = Armings(session), step.live.rule.priority
    for one in batch.wanted:
        armings.add(step.workspace_id, priority, Arming(set=(one.timer,)), one.ids)
    armings.store()
    return True


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


def _end(session: Session, step: Step, state: str, now: datetime) -> bool:
    return _move(session, step, {"state": state, "finished_at": now})


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
