"""People as a rule sees them where no moment of theirs brought it: as they are now, for a whole batch at once."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from frontdesk.engage.deciding.cases import Case
from frontdesk.engage.facts.case_facts import CaseFacts
from frontdesk.engage.facts.gathering import Gathered
from frontdesk.engage.facts.memory import PersonMemory
from frontdesk.engage.facts.subjects import subjects
from frontdesk_rules import CompiledRule, Moment, View


@dataclass(frozen=True, slots=True)
class Seen:
    """One person: the id that was asked, all that it goes by (the one first seen in front), and what is known."""

    person_id: str
    ids: tuple[str, ...]
    view: View
    facts: CaseFacts
    memory: PersonMemory


@dataclass(frozen=True, slots=True)
class Looking:
    """A rule that is asked about the people of its workspace; what it may ask for is gathered, and no more."""

    workspace_id: str
    rule: CompiledRule

    def at(self, session: Session, person_ids: Sequence[str], now: datetime) -> Iterator[Seen]:
        """Those of these people whom rules may be asked about, in order."""
        met = subjects(session, self.workspace_id, person_ids, now)
        moment = Moment(kind="schedule", at=now, received_at=now)
        cases = {one: Case(met[one], moment, (self.rule,), None) for one in person_ids if one in met}
        gathered = Gathered(session, list(cases.values()), now)
        for person_id, case in cases.items():
            memory, facts = PersonMemory(case.subject, gathered), CaseFacts(session, case, gathered)
            ids = tuple(memory.ids)
            yield Seen(person_id, ids, View(moment, facts, ids[0]), facts, memory)
