"""The timers that a rule wants for somebody as they are, whatever made them so.

A person belongs to companies, and is seen in the one that was seen last: which one that is, anybody in any of them may
change. So a time of a company is waited for in each of them; when it comes, the rule asks for the one that it is then.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from frontdesk.engage.deciding.cases import COMPANY, waits_for_company
from frontdesk.engage.facts.case_facts import CaseFacts
from frontdesk_rules import Facts, History, LiveRule, Timer, View, Whom, armed
from frontdesk_rules.language.timed import ReachesTrigger


def wanted(live: LiveRule, view: View, facts: CaseFacts, whom: Whom) -> Iterator[Timer]:
    """What has been reached already is due at once; of a company that is not the one seen last it is over."""
    if timer := armed(live, view, whom):
        yield timer
    trigger = live.rule.trigger
    if isinstance(trigger, ReachesTrigger) and waits_for_company(live):
        for value in facts.of_other_companies(trigger.field.removeprefix(COMPANY)):
            elsewhere = View(view.moment, _Instead(facts, trigger.field, value), whom.person)
            if (timer := armed(live, elsewhere, whom)) and not timer.passed:
                yield timer


@dataclass(frozen=True, slots=True)
class _Instead:
    """The facts of somebody, if one of them were another."""

    facts: Facts
    name: str
    value: object

    @property
    def history(self) -> History:
        return self.facts.history

    def get(self, name: str, /) -> object:
        return self.value if name == self.name else self.facts.get(name)
