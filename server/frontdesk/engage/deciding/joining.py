"""Who is one person, or is no longer, by the word of a teammate or a server: asked about as if met for the first time.

What it did under several ids may now let it into a segment, or out of one, and what is known of it may be a time that a
rule waits for. It is asked in a transaction of its own: a merge is not undone by what follows from it.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from frontdesk.engage.deciding.cases import Case
from frontdesk.engage.facts.subjects import subjects
from frontdesk.engage.rules.live import LiveRules
from frontdesk.engage.segments.keeping import Segments
from frontdesk.engage.timers.claims import Due
from frontdesk.engage.timers.lookings import Looking, look_again
from frontdesk_rules import Moment

KIND: Final = "joined"


def joined(session: Session, workspace_id: str, person_ids: Collection[str], now: datetime) -> None:
    """People's port of this name: to be called in the transaction of the merge."""
    look_again(session, KIND, [Looking(workspace_id, KIND, now, one) for one in sorted(person_ids)], now)


@dataclass(frozen=True, slots=True)
class Joining:
    """`met` is what timers of our kind bring."""

    live: LiveRules
    segments: Segments

    def met(self, session: Session, due: Sequence[Due], now: datetime) -> list[Case]:
        workspace_id, ids = due[0].workspace_id, sorted({one.person_id for one in due})
        rules = self.live.get(session, workspace_id).armed_by_facts
        whom = subjects(session, workspace_id, ids, now).values() if rules else ()
        moment = Moment(kind="schedule", at=now, received_at=now)
        cases = [Case(subject, moment, (), None, by_facts=rules) for subject in whom]
        return cases + self.segments.of_people(session, workspace_id, ids, now)
