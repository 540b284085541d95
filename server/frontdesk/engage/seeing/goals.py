"""Who reached a rule's goal: the events that it counts, of people under all ids that they go by today."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from sqlalchemy import CTE, BigInteger, ColumnElement, Subquery, func, select, type_coerce, union
from sqlalchemy.orm import Session

from frontdesk.accounts.models import Workspace
from frontdesk.collect.models import Event
from frontdesk.core.clock import from_ms
from frontdesk.engage.models import DecisionRow
from frontdesk.people.models import Contact, Visitor
from frontdesk.people.trust import counting_link
from frontdesk_rules import LiveRule, Moment, PastEvent
from frontdesk_rules.durations import milliseconds
from frontdesk_rules.language.gates import Goal

WHO: Final = func.coalesce(Contact.id, DecisionRow.person_id)
"""The person of a decision as known today: the contact that may be taken for the visitor, else the visitor."""

MOMENT: Final = DecisionRow.detail["moment"]["id"].as_string()
"""The event that a decision was about, if it was one."""


class Reached(NamedTuple):
    """A goal reached: by whom, after which decision (when, its `label`), at which event, worth what."""

    who: str
    label: str | None
    decided_at: datetime
    event_id: str
    value: float


@dataclass(frozen=True, slots=True)
class Counting:
    """What counts as reaching the goal. `verified`: only what a verified sender said."""

    goal: Goal
    verified: bool

    @property
    def within(self) -> timedelta:
        return timedelta(milliseconds=milliseconds(self.goal.within))


def counting(session: Session, workspace_id: str, rule: LiveRule) -> Counting | None:
    """None where the rule has no goal."""
    goal = rule.rule.goal
    return Counting(goal, verified_only(session, workspace_id)) if goal else None


def verified_only(session: Session, workspace_id: str) -> bool:
    """Whether goals count verified events only, as they do unless the workspace admits others."""
    return not session.scalar(select(Workspace.admits_unverified).where(Workspace.id == workspace_id))


def known_as(query: Any) -> Any:
    """Decisions, joined to the contacts that their visitors are taken for today; see `WHO`."""
    return query.outerjoin(Visitor, Visitor.id == DecisionRow.person_id).outerjoin(
        Contact, (Contact.id == Visitor.contact_id) & counting_link()
    )


def reached(session: Session, decided: CTE | Subquery, counts: Counting) -> Iterator[Reached]:
    """`decided` has the columns who, label, at (in ms), moment. Every goal event that is within the time of a decision:
    from its own instant on, but for the event that it was about."""
    ids = _ids(decided)
    at: ColumnElement[int] = type_coerce(Event.occurred_at, BigInteger)
    within = counts.within // timedelta(milliseconds=1)
    query = (
        select(decided.c.who, decided.c.label, decided.c.at, Event.id, Event.occurred_at, Event.properties)
        .join(ids, ids.c.who == decided.c.who)
        .join(Event, Event.person_id == ids.c.id)
        .where(Event.name == counts.goal.step.event, at >= decided.c.at, at <= decided.c.at + within)
        .where(Event.id != func.coalesce(decided.c.moment, ""))
        .order_by(decided.c.at, decided.c.who, Event.occurred_at, Event.id)
    )
    if counts.verified:
        query = query.where(Event.verified)
    for who, label, decided_at, event_id, occurred_at, properties in session.execute(query):
        if counts.goal.step.fits(PastEvent(occurred_at, properties, event_id)):
            yield Reached(who, label, from_ms(decided_at), event_id, _value(counts.goal, properties))


def _ids(decided: CTE | Subquery) -> CTE:
    """Who → every id under which their events are stored."""
    who = select(decided.c.who.label("who")).distinct().cte("met")
    own = select(who.c.who, who.c.who.label("id"))
    browsers = (
        select(who.c.who, Visitor.id)
        .join(Visitor, Visitor.contact_id == who.c.who)
        .join(Contact, Contact.id == Visitor.contact_id)
        .where(counting_link())
    )
    return union(own, browsers).cte("ids")


def _value(goal: Goal, properties: Any) -> float:
    if goal.value is None:
        return 0.0
    found = Moment(kind="event", at=from_ms(0), properties=properties).fact(f"event.{goal.value}")
    return float(found) if isinstance(found, int | float) and not isinstance(found, bool) else 0.0
