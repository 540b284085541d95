"""What the past says of one person: the rule library's port of that name."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cached_property

from frontdesk.engage.deciding.cases import Case
from frontdesk.engage.facts.gathering import Gathered
from frontdesk.engage.facts.told import refused
from frontdesk.engage.ports import Subject
from frontdesk_rules import Decision, Shown
from frontdesk_rules.language.actions import class_of

_SHADOW = "shadow:"


class PersonMemory:
    """Counts for the person as a whole: whatever browser it was, and under whichever id it was known then."""

    def __init__(self, subject: Subject, gathered: Gathered) -> None:
        self.ids = gathered.ids(subject)
        self._subject = subject
        self._person_id = subject.person_id
        self._gathered = gathered

    @property
    def conversation_open(self) -> bool:
        return not self._gathered.talking.isdisjoint(self.ids)

    @property
    def has_address(self) -> bool:
        return self._gathered.has_address(self._subject)

    def acted(self, rule_id: str, repeat_key: str, /) -> datetime | None:
        return self._last(self._gathered.past.acted, rule_id, repeat_key)

    def done(self, rule_id: str, repeat_key: str) -> datetime | None:
        """The same of what the rule did, and did not only put off."""
        return self._last(self._gathered.done.acted, rule_id, repeat_key)

    def _last(self, acted: Mapping[tuple[str, str, str], datetime], rule_id: str, repeat_key: str) -> datetime | None:
        """A key that is the person's is any of its ids: it may have been known by another one then."""
        prefix, key = (_SHADOW, repeat_key[len(_SHADOW) :]) if repeat_key.startswith(_SHADOW) else ("", repeat_key)
        keys = [prefix + one for one in self.ids] if key in self.ids else [repeat_key]
        return max((at for who in self.ids for one in keys if (at := acted.get((rule_id, who, one)))), default=None)

    def refuses(self, message_class: str, /) -> bool:
        return message_class in self._refused

    @cached_property
    def _refused(self) -> frozenset[str]:
        return refused(word for one in self.ids for word in self._gathered.words.get(one, ()))

    def shown(self, since: datetime, /) -> Iterable[Shown]:
        """Deliveries of any kind, and what rules have decided to say at earlier moments of this group."""
        stored, said = self._gathered.shown(since), self._gathered.said
        return [one for of in (stored, said) for who in self.ids for one in of.get(who, ()) if one.at > since]

    def taken(self, group: str, at: datetime, /) -> str | None:
        """Of the timers that were fired together with this one, or before: under whichever id they were set."""
        slots = self._gathered.slots
        together = next((taken for who in self.ids if (taken := slots.get((who, group, at)))), None)
        return together or self._gathered.winner_of(self.ids, group, at)

    def remember(self, decision: Decision, case: Case) -> None:
        """What was just concluded, for the next moment may be the same person's."""
        if decision.counted:
            self._gathered.past.remember(decision.rule.id, self._person_id, decision.repeat_key, case.moment.at)
        if case.moment.rule is not None and decision.slot:
            self._gathered.slots[self._person_id, decision.slot, case.moment.at] = decision.rule.id
        run = case.subject.session
        for planned in decision.actions:
            if planned.action.shown:
                one = Shown(decision.view.now, class_of(planned.action), run.id if run else None, case.conversation_id)
                self._gathered.said.setdefault(self._person_id, []).append(one)

    def remember_release(self, decision: Decision, case: Case) -> None:
        """What became of something that was put off, for something else may have been put off for the same person."""
        self.remember(decision, case)
        if decision.outcome == "acted" and not decision.deferred:
            self._gathered.done.remember(decision.rule.id, self._person_id, decision.repeat_key, case.moment.at)

    def told_first(self, decision: Decision, case: Case) -> bool:
        """Whether this rule was not yet held for this person and this reason in this run; from now on it was."""
        key = (decision.rule.id, self._person_id, case.run, str(decision.reason))
        held = self._gathered.past.held
        first = key not in held
        held.add(key)
        return first
