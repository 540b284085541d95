"""What the past says of one person: the rule library's port of that name."""

from collections.abc import Iterable
from datetime import datetime

from frontdesk.engage.deciding.cases import Case
from frontdesk.engage.facts.gathering import Gathered
from frontdesk.engage.ports import Subject
from frontdesk_rules import Decision, Shown


class PersonMemory:
    """Counts for the person as a whole: whatever browser it was, and under whichever id it was known then."""

    def __init__(self, subject: Subject, gathered: Gathered) -> None:
        self.ids = gathered.ids(subject)
        self._person_id = subject.person_id
        self._gathered = gathered

    @property
    def conversation_open(self) -> bool:
        return not self._gathered.talking.isdisjoint(self.ids)

    def acted(self, rule_id: str, repeat_key: str, /) -> datetime | None:
        acted = self._gathered.past.acted
        keys = self.ids if repeat_key in self.ids else [repeat_key]
        return max((at for who in self.ids for key in keys if (at := acted.get((rule_id, who, key)))), default=None)

    def refuses(self, _message_class: str, /) -> bool:
        """Consent is asked at the door, for everything at once."""
        return False

    def shown(self, _since: datetime, /) -> Iterable[Shown]:
        """Nothing is counted yet: rules with caps are refused when they are saved."""
        return ()

    def remember(self, rule_id: str, repeat_key: str, at: datetime) -> None:
        self._gathered.past.remember(rule_id, self._person_id, repeat_key, at)

    def told_first(self, decision: Decision, case: Case) -> bool:
        """Whether this rule was not yet held for this person and this reason in this run; from now on it was."""
        key = (decision.rule.id, self._person_id, case.run, str(decision.reason))
        held = self._gathered.past.held
        first = key not in held
        held.add(key)
        return first
