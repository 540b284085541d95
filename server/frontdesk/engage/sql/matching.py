"""A condition as one query: the ids of those people of a workspace of whom it may be true, and never one too few.

The interpreter's three values are SQL's own, true, false and NULL. Every part is said twice if need be: *wide*, never
less than the truth, and *narrow*, never more (false < unknown < true). `not` turns one into the other, so that nothing
that SQL cannot say loses anybody: what only a moment knows (`page.*`, `event.*`) is simply true.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final, Protocol

from sqlalchemy import JSON, Select, and_, case, false, func, literal, not_, or_, select, true, type_coerce, union_all

from frontdesk.collect.models import Event
from frontdesk.engage.sql import fields
from frontdesk.engage.sql.dialects import Present, at
from frontdesk.engage.sql.fields import among_ids, property_of, slot_of
from frontdesk.engage.sql.operators import Asking, said
from frontdesk.engage.sql.past import said_of_past
from frontdesk.engage.sql.slots import Sql, falsity, of_text, truth
from frontdesk.engage.sql.times import Clock
from frontdesk.people.models import Contact, Segment, SegmentMember, Visitor
from frontdesk_rules.language.aggregates import Aggregate
from frontdesk_rules.language.conditions import AtLeast, Compare, Condition, Not, leaves

# SQLite takes no expression deeper than 1,000, and nobody waits for a query of such a size.
MOST_COMPARISONS: Final = 200
SEGMENTS: Final = "contact.segments"
Segments = Mapping[str, Condition | None]
"""Key → the condition of a segment; None for one that people are put in by hand."""


@dataclass(frozen=True, slots=True)
class Range:
    """Ids behind `after`, up to `upto`."""

    after: str
    upto: str


def matching(
    condition: Condition,
    workspace_id: str,
    now: datetime,
    segments: Segments | None = None,
    among: Range | None = None,
) -> Select[Any]:
    """The ids of contacts, and of visitors that are no contact's, of whom the condition may be true at `now`.

    `segments` are those that it names: anybody may be in one that has a condition which is not told. In no order; the
    column is `id`.
    """
    people = Sayer(workspace_id, now, segments or {})
    where, asked = people.said(condition, wide=True), people.asked(condition)
    contacts = fields.contacts(workspace_id, asked).where(where)
    visitors = fields.visitors(workspace_id, asked).where(where)
    if among:
        contacts = contacts.where(Contact.id > among.after, Contact.id <= among.upto)
        visitors = visitors.where(Visitor.id > among.after, Visitor.id <= among.upto)
    return select(union_all(contacts, visitors).subquery("person"))


@dataclass(frozen=True, slots=True)
class Sayer:
    """Says conditions about the person of a row: of contacts joined with visitors, or the other way round."""

    workspace_id: str
    now: datetime
    segments: Segments

    def said(self, condition: Condition, *, wide: bool) -> Sql:
        """Never less than the truth, or never more."""
        if sum(1 for _ in leaves(condition)) > MOST_COMPARISONS:
            return true() if wide else false()
        return combined(condition, self._compared, wide=wide)

    def asked(self, condition: Condition) -> frozenset[str]:
        """The fields that it asks, those of the segments that it names among them."""
        names = {leaf.field for leaf in leaves(condition) if isinstance(leaf.field, str)}
        for leaf in leaves(condition):
            inner = self.segments.get(str(leaf.value)) if leaf.field == SEGMENTS else None
            names |= self._without(str(leaf.value)).asked(inner) if inner else set()
        return frozenset(names)

    def _compared(self, leaf: Compare, *, wide: bool) -> Sql:
        asking = Asking(leaf, Clock(self.now), wide)
        if isinstance(leaf.field, Aggregate):
            return said_of_past(leaf.field, asking, of_event)
        if leaf.op == "in_segment":
            return self._member(str(leaf.value), wide=wide)
        if leaf.op == "not_in_segment":
            return not_(self._member(str(leaf.value), wide=not wide))
        return said(slot_of(leaf.field), asking)

    def _member(self, key: str, *, wide: bool) -> Sql:
        """Whether the person is in a segment: by its condition, or, where it has none, by its rows."""
        of_key = and_(Segment.workspace_id == self.workspace_id, Segment.key == key)
        rows = select(literal(1)).select_from(SegmentMember).join(Segment, Segment.id == SegmentMember.segment_id)
        by_hand = rows.where(of_key, among_ids(SegmentMember.person_id)).correlate(Contact, Visitor).exists()
        if key not in self.segments:
            has_condition = Present(*at(type_coerce(Segment.tree, JSON), None))
            some = select(literal(1)).select_from(Segment).where(of_key, has_condition).exists()
            return or_(by_hand, some) if wide else and_(by_hand, not_(some))
        condition = self.segments[key]
        if condition is None:
            return by_hand
        # unknown is not in it: who is in a segment is always known
        return func.coalesce(self._without(key).said(condition, wide=wide), false())

    def _without(self, key: str) -> Sayer:
        """So that segments which name each other come to an end."""
        return replace(self, segments={name: one for name, one in self.segments.items() if name != key})


class Say(Protocol):
    def __call__(self, leaf: Compare, /, *, wide: bool) -> Sql: ...


def combined(condition: Condition, say: Say, *, wide: bool) -> Sql:
    """The parts of a condition, each said by `say`, put together."""
    if isinstance(condition, Compare):
        return say(condition, wide=wide)
    if isinstance(condition, Not):
        return not_(combined(condition.of, say, wide=not wide))
    if isinstance(condition, AtLeast):
        return _at_least(condition, [combined(part, say, wide=wide) for part in condition.of], wide=wide)
    if condition.op == "none":
        return not_(or_(*(combined(part, say, wide=not wide) for part in condition.of)))
    join = and_ if condition.op == "all" else or_
    return join(*(combined(part, say, wide=wide) for part in condition.of))


def _at_least(condition: AtLeast, answers: list[Sql], *, wide: bool) -> Sql:
    """Enough are true; or, for certain, too many are false."""
    if wide:
        return truth(_sum(answers) >= condition.count)
    return falsity(_sum([not_(answer) for answer in answers]) > len(answers) - condition.count)


def _sum(answers: list[Sql]) -> Sql:
    return sum((case((answer, 1), else_=0) for answer in answers), start=literal(0))


_OF_EVENT = Clock(None, UTC)


def of_event(condition: Condition, wide: bool) -> Sql:  # noqa: FBT001 - a port of `past`
    """What a condition over properties says of a row of events."""

    def say(leaf: Compare, /, *, wide: bool) -> Sql:
        name = str(leaf.field)
        slot = (
            of_text(Event.name) if name == "event.name" else property_of(Event.properties, name.removeprefix("event."))
        )
        return said(slot, Asking(leaf, _OF_EVENT, wide))

    return combined(condition, say, wide=wide)
