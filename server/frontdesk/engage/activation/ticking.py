"""What carries activations on: a job each second, in any process. Read beside the writer, written in small steps.

Of whom the rule cannot be asked, the others do not wait: what fails is asked in halves until the culprit stands alone,
and is set aside by name.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Final

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from frontdesk.core.clock import Clock
from frontdesk.core.db import Database
from frontdesk.core.errors import Unavailable
from frontdesk.engage.activation import steps
from frontdesk.engage.activation.batches import Asking, Batch, following, wanted
from frontdesk.engage.activation.beginning import ASKING, RUNNING
from frontdesk.engage.activation.models import Activation
from frontdesk.engage.activation.steps import DONE, FAILED, STOPPED, Came, Step
from frontdesk.engage.models import RuleVersion
from frontdesk_rules import RuleSet

log = structlog.get_logger(__name__)

# Of a tick. Each takes a tenth of a second of this process: half of the time is for the others.
MOST_STEPS: Final = 4
# Until every process has the new rules, and arms whoever changes: those whom none of them arms are met here.
SETTLED: Final = timedelta(seconds=2)


def tick(db: Database, clock: Clock, most: int = MOST_STEPS) -> int:
    """Carry on what is running; how many steps were taken. One small query where nothing is."""
    taken = 0
    try:
        while taken < most and (step := db.read(partial(_first, now=clock()))):
            _take(db, step, clock)
            taken += 1
    except Unavailable:
        log.warning("activation_put_off", steps=taken)
    return taken


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
        db.write(partial(steps.end, step=step, state=STOPPED, now=clock()))
        return
    try:
        (rule,) = RuleSet.compile([step.live]).rules
        asked = _Asked(db, Asking(step.workspace_id, rule), clock())
        batch = asked.next(step.cursor)
        if batch.upto is None:
            db.write(partial(steps.end, step=step, state=DONE, now=asked.now))
        else:
            asked.ask(step, batch)
    except Unavailable:
        raise
    except Exception:  # a guest must not sink the ship: the others go on
        log.exception("activation_failed", rule=step.rule_id, version=step.version, cursor=step.cursor)
        db.write(partial(steps.end, step=step, state=FAILED, now=clock()))


@dataclass(frozen=True, slots=True)
class _Asked:
    """A rule that is asked about people, now."""

    db: Database
    asking: Asking
    now: datetime

    def next(self, cursor: str) -> Batch:
        """Of those whom it may concern; if that cannot be said of somebody, of everybody."""
        found = partial(following, asking=self.asking, after=cursor, now=self.now)
        try:
            return self.db.read(found)
        except Unavailable:
            raise
        except Exception:  # each is asked by itself then
            log.exception("activation_asks_everybody", rule=self.asking.rule.id, cursor=cursor)
            return self.db.read(partial(found, everybody=True))

    def ask(self, step: Step, batch: Batch) -> bool:
        """What comes of the batch is stored; False where the step is not ours any more."""
        try:
            found = self.db.read(partial(wanted, asking=self.asking, batch=batch, now=self.now))
            return self.db.write(partial(steps.store, step=step, came=Came(batch, found), now=self.now))
        except Unavailable:
            raise
        except Exception as error:
            if not batch.people:
                raise
            if len(batch.people) == 1:
                log.exception(
                    "activation_set_aside", rule=step.rule_id, version=step.version, person=batch.people[0][1]
                )
                told = type(error).__name__
                return self.db.write(partial(steps.set_aside, step=step, batch=batch, error=told, now=self.now))
        first, second = batch.halves()
        return self.ask(step, first) and self.ask(replace(step, cursor=first.upto or ""), second)
