"""What rules are asked about: one moment of one person, and the rules whose trigger it is."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Final

from msgspec import Struct, structs

from frontdesk.collect.ports import Arrival, PageSeen
from frontdesk.engage.deciding.moments import moments_of
from frontdesk.engage.ports import Subject
from frontdesk_rules import CompiledRule, LiveRule, Moment, RuleSet, View, moment_key
from frontdesk_rules.language.timed import ReachesTrigger

COMPANY: Final = "company."
"""How fields of companies begin."""


class Case(Struct, frozen=True):
    """One moment, and everything at hand about it. `delivery_id`: the auto-message that the conversation answers.

    The `candidates` are found among `rules`, once there is a view of the facts: few can match it, of a thousand.
    `arming` are the rules whose timers it may set or cancel. A moment too old for a live decision has no others.
    `by_facts` are those that set one by what is known of the person: of whoever is new, and of whom something else is
    known than before, `since` then: what they set for another time is cancelled, unless it was due already.
    """

    subject: Subject
    moment: Moment
    candidates: tuple[CompiledRule, ...]
    page: PageSeen | None
    conversation_id: str | None = None
    delivery_id: str | None = None
    rules: RuleSet | None = None
    arming: tuple[CompiledRule, ...] = ()
    by_facts: tuple[CompiledRule, ...] = ()
    since: datetime | None = None

    @property
    def run(self) -> str:
        """What held decisions are counted in: one row for each reason in a conversation, a session, or else a day."""
        session = self.subject.session
        return self.conversation_id or (session.id if session else self.moment.at.date().isoformat())

    def narrowed(self, view: View) -> "Case":
        """With the candidates that can match this view."""
        return (
            self if self.rules is None else structs.replace(self, candidates=self.rules.candidates(self.moment, view))
        )

    def followed_by(self, moment: Moment, rules: RuleSet) -> "Case | None":
        """What this one caused: of the same person, in the same place; None where no rule cares."""
        key = moment_key(moment)
        arming = rules.armed_by.get(key, ())
        if key not in rules.buckets and not arming:
            return None
        subject = replace(self.subject, new=False)
        return structs.replace(self, subject=subject, moment=moment, candidates=(), rules=rules, arming=arming)


def cases_of(arrival: Arrival, rules: RuleSet, now: datetime) -> Iterator[Case]:
    """The events of an arrival at which a rule is to be asked, or a timer to be set or cancelled, in order.

    None of what anybody could have said of a contact for whom only servers speak. What is late decides nothing.
    """
    if not rules.rules or (arrival.visitor_id is None and arrival.contact_id is None):
        return
    subject = None
    if by_facts := _by_facts(arrival, rules):
        subject = subject_of(arrival)
        met = Moment(kind="schedule", at=now, received_at=now)
        yield Case(subject, met, (), arrival.page, by_facts=by_facts)
    for event in arrival.events:
        for moment in moments_of(event, now):
            key = moment_key(moment)
            asked = rules if event.live and key in rules.buckets else None
            arming = rules.armed_by.get(key, ())
            if asked or arming:
                subject = subject or subject_of(arrival)
                yield Case(subject, moment, (), event.page or arrival.page, rules=asked, arming=arming)


def _by_facts(arrival: Arrival, rules: RuleSet) -> tuple[CompiledRule, ...]:
    """All of them, for who is new; those that wait for a time of a company, for who may just have joined one."""
    if arrival.anew or not rules.armed_by_facts:
        return rules.armed_by_facts
    joined = arrival.contact_id is not None and any(event.type == "group" for event in arrival.events)
    return tuple(rule for rule in rules.armed_by_facts if waits_for_company(rule.live)) if joined else ()


def waits_for_company(live: LiveRule) -> bool:
    """Whether it waits for a time of a company, as all do who belong to it."""
    trigger = live.rule.trigger
    return isinstance(trigger, ReachesTrigger) and trigger.field.startswith(COMPANY)


def subject_of(arrival: Arrival) -> Subject:
    return Subject(
        workspace_id=arrival.workspace_id,
        person_id=arrival.person_id,
        visitor_id=arrival.visitor_id,
        contact_id=arrival.contact_id,
        visitor=arrival.visitor,
        session=arrival.session,
        locale=arrival.locale,
        new=arrival.new,
    )
