"""What keeps segments current though no request comes: rules that were saved, batches to fill."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from frontdesk.accounts.models import Workspace
from frontdesk.core.db import Database
from frontdesk.engage.deciding.engine import Engine
from frontdesk.engage.segments import filling
from frontdesk.engage.signals import RulesChanged
from frontdesk.people.models import Segment

_MOST_BATCHES: Final = 40  # of one tick: other jobs wait for it


@dataclass(frozen=True, slots=True)
class Upkeep:
    """Subscribe the handler, and call `tick` once a second: for what other processes, or a crash, left to do."""

    db: Database
    engine: Engine
    clock: Callable[[], datetime]
    _settled: dict[str, int] = field(default_factory=dict)

    def on_rules_changed(self, signal: RulesChanged) -> None:
        """Who is in a segment that a rule watches from now on is known at once, where people are few."""
        self._settle(signal.workspace_id)

    def tick(self) -> None:
        """Two small queries where there is nothing to do."""
        behind, waiting = self.db.read(self._to_do)
        for workspace_id in behind:
            self._settle(workspace_id)
        for _ in range(_MOST_BATCHES if waiting or behind else 0):
            if not self.db.write(self._fill):
                return

    def _to_do(self, session: Session) -> tuple[list[str], bool]:
        revisions = session.execute(select(Workspace.id, Workspace.rules_revision))
        behind = [workspace_id for workspace_id, revision in revisions if self._settled.get(workspace_id) != revision]
        begun = select(Segment.id).where(Segment.watched_at.is_not(None)).limit(1)
        return behind, session.scalars(begun).first() is not None

    def _settle(self, workspace_id: str) -> None:
        self._settled[workspace_id] = self.db.write(partial(self._begin, workspace_id=workspace_id))

    def _begin(self, session: Session, workspace_id: str) -> int:
        """The revision of the rules whose watching has begun."""
        revision = session.scalar(select(Workspace.rules_revision).where(Workspace.id == workspace_id))
        filling.settle(session, workspace_id, self.clock())
        self._fill(session)
        return revision or 0

    def _fill(self, session: Session) -> bool:
        now = self.clock()
        cases = filling.fill(session, self.engine.segments, now)
        self.engine.conclude(session, cases or [], now)
        return cases is not None
