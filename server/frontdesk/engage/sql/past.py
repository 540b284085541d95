"""What people did before, as SQL: correlated look-ups in the index of events (person, name, time), under all their ids.

A count lies between what is surely counted and what may be. Where the person may not have been known for long enough,
nothing is certain of what is not there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, false, func, literal, not_, select

from frontdesk.collect.models import Event
from frontdesk.core.clock import to_ms
from frontdesk.engage.sql.fields import among_ids, property_of
from frontdesk.engage.sql.operators import Asking, said
from frontdesk.engage.sql.slots import ANYTHING, Slot, Span, Sql, Vague, falsity, milliseconds, of_number, truth
from frontdesk.engage.sql.windows import certain, within
from frontdesk.people.models import Contact, Visitor
from frontdesk_rules.language.aggregates import Aggregate, Step
from frontdesk_rules.language.conditions import Condition

Where = Callable[[Condition, bool], Sql]
"""What a condition over properties says of an event: (condition, wide)."""
# Sums of fractions depend on their order: by far less than this share of what is summed.
_SUMMED_TO: Final = 1e-9
# Of an unknown past these are unknown, too; of the others something is known all the same.
_KNOWN_IN_PART: Final = frozenset({"count", "distinct", "distinct_days", "last", "time_since_last"})


@dataclass(frozen=True)
class Looked:
    """The events of one step in a window, of the row's person."""

    step: Step
    asked: Aggregate
    now: datetime
    where: Where

    @cached_property
    def _named(self) -> Sql:
        # as the facts have it: a page view, too, may have a name
        return and_(among_ids(Event.person_id), Event.name == self.step.event, Event.type == "track")

    @cached_property
    def perhaps(self) -> Sql:
        """Those that may be meant."""
        held = within(self.asked.window, self.now).perhaps
        return and_(self._named, held, *self._fitting(wide=True))

    @cached_property
    def surely(self) -> Sql:
        """Those that are, for certain."""
        held = within(self.asked.window, self.now).surely
        return false() if held is None else and_(self._named, held, *self._fitting(wide=False))

    def _fitting(self, *, wide: bool) -> list[Sql]:
        return [] if self.step.where is None else [self.where(self.step.where, wide)]

    @property
    def exact(self) -> bool:
        return self.perhaps.compare(self.surely)

    @property
    def any(self) -> Sql:
        return _over(literal(1), self.perhaps).exists()

    def measured(self, what: ColumnElement[Any]) -> Sql:
        """One value over the events that may be meant."""
        return _over(what, self.perhaps).scalar_subquery()

    def counted(self) -> Slot:
        most = self.measured(func.count())
        return of_number(most if self.exact else _over(func.count(), self.surely).scalar_subquery(), most)


def _over(what: ColumnElement[Any], filters: Sql) -> Select[Any]:
    return select(what).select_from(Event).where(filters).correlate(Contact, Visitor)


def _count(looked: Looked) -> Slot | Vague:
    return looked.counted()


def _distinct(looked: Looked) -> Slot | Vague:
    return of_number(literal(0), looked.measured(func.count()))


def _sum(looked: Looked) -> Slot | Vague:
    value = property_of(Event.properties, looked.asked.about or "")
    if not looked.exact or isinstance(value, Vague) or value.number is None:
        return ANYTHING
    number = value.number.high
    total = func.coalesce(looked.measured(func.sum(number)), 0.0)
    off = func.coalesce(looked.measured(func.sum(func.abs(number))), 0.0) * _SUMMED_TO
    return of_number(total - off, total + off)


def _if_any(looked: Looked) -> Slot | Vague:
    return Vague(looked.any)


def _end(pick: Callable[..., ColumnElement[Any]]) -> Callable[[Looked], Slot | Vague]:
    """The time of the first or last event, or how long ago it was; of its properties only that there may be one."""

    def measure(looked: Looked) -> Slot | Vague:
        if looked.asked.about or not looked.exact:
            return Vague(looked.any)
        at = looked.measured(pick(milliseconds(Event.occurred_at)))
        if looked.asked.kind.startswith("time_since"):
            since = literal(to_ms(looked.now)) - at
            return Slot(known=at.is_not(None), number=Span(since, since))
        return Slot(known=at.is_not(None), instant=at)

    return measure


_MEASURES: Final[Mapping[str, Callable[[Looked], Slot | Vague]]] = {
    "count": _count,
    "sum": _sum,
    "avg": _if_any,
    "min": _if_any,
    "max": _if_any,
    "first": _end(func.min),
    "last": _end(func.max),
    "time_since_first": _end(func.min),
    "time_since_last": _end(func.max),
    "distinct": _distinct,
    "distinct_days": _distinct,
}


def said_of_past(aggregate: Aggregate, asking: Asking, where: Where) -> Sql:
    """A comparison of something about the past; it is asked by a clock that has a now."""
    now, wide = asking.clock.now, asking.wide
    if now is None:
        return said(ANYTHING, asking)
    if aggregate.then is not None:
        return _sequence([Looked(step, aggregate, now, where) for step in aggregate.steps], asking)
    measured = _MEASURES[aggregate.kind](Looked(aggregate.step, aggregate, now, where))
    if certain(aggregate.window, assume_complete=aggregate.assume_complete):
        return said(measured, asking)
    if asking.asked.op in ("exists", "missing") and not _known_in_part(aggregate):
        return said(ANYTHING, asking)
    answer = said(measured, asking)
    return truth(answer) if wide else falsity(not_(answer))


def _known_in_part(aggregate: Aggregate) -> bool:
    return aggregate.window.since_field is None and aggregate.kind in _KNOWN_IN_PART


def _sequence(steps: list[Looked], asking: Asking) -> Sql:
    """It can only be where both are; whether one follows the other is not asked here."""
    if asking.asked.op != "eq" or asking.expected is not True:
        return said(ANYTHING, asking)
    return truth(and_(*(looked.any for looked in steps))) if asking.wide else false()
