"""The fact `contact.segments`: by hand from rows; by condition asked of the person at hand, when a rule asks."""

from collections.abc import Collection, Container, Sequence
from datetime import datetime
from functools import cached_property
from typing import Final

from sqlalchemy.orm import Session

from frontdesk.engage.deciding.cases import Case
from frontdesk.engage.segments.compiled import CompiledSegment, SegmentSet, load
from frontdesk.engage.segments.conditions import SEGMENTS, names_of
from frontdesk.people import segments as people
from frontdesk_rules import Facts, History, Moment, RuleSet, View
from frontdesk_rules.facts.known import Changing


class SegmentsOf:
    """The segments of the people of one group, whose ids are given."""

    def __init__(self, session: Session, ids: Collection[str]) -> None:
        self._session = session
        self._ids = ids
        self._sets: dict[str, SegmentSet] = {}

    def keys(self, case: Case, facts: Facts, ids: Sequence[str]) -> list[str]:
        """Of those that the rules of this case name, the keys of those that this person is in, as of the moment."""
        wanted = self._all(case.subject.workspace_id).closure(_named(case))
        if not wanted:
            return []
        rows = {segment.id for segment in wanted if any((segment.id, who) in self._rows for who in ids)}
        view = Asking(case.moment.at, facts, ids[0])
        view.ask(wanted, rows)
        return view.found

    @cached_property
    def _rows(self) -> set[tuple[str, str]]:
        return people.memberships(self._session, self._ids)

    def _all(self, workspace_id: str) -> SegmentSet:
        if workspace_id not in self._sets:
            self._sets[workspace_id] = load(self._session, workspace_id)
        return self._sets[workspace_id]


class Asking:
    """One person, asked about one segment after the other: `found` are the keys of those that the person is in."""

    def __init__(self, at: datetime, facts: Facts, person: str) -> None:
        self.found: list[str] = []
        self.view = View(Moment(kind="segment", at=at), _Knowing(facts, self.found), person)

    def ask(self, segments: Sequence[CompiledSegment], rows: Container[str]) -> None:
        """In an order in which each stands behind those that it names; `rows`: ids of those that it is in by hand."""
        for segment in segments:
            if segment.id in rows if segment.condition is None else segment.holds(self.view):
                self.found.append(segment.key)


class _Knowing:
    """The facts of a person, and the segments that are known so far: all that the next one may name."""

    def __init__(self, facts: Facts, found: list[str]) -> None:
        self._facts = facts
        self._found = found

    @property
    def history(self) -> History:
        return self._facts.history

    def get(self, name: str, /) -> object:
        return self._found if name == SEGMENTS else self._facts.get(name)

    def changes_at(self, name: str, now: datetime, /) -> datetime | None:
        return self._facts.changes_at(name, now) if isinstance(self._facts, Changing) else None


_NAMED: Final[dict[str, tuple[RuleSet, frozenset[str]]]] = {}
"""By workspace: what its rules name, as of the set that is live."""


def _named(case: Case) -> frozenset[str]:
    if case.rules is None:
        return frozenset().union(*(names_of(rule.live.rule.when) for rule in case.candidates))
    known = _NAMED.get(case.subject.workspace_id)
    if known is None or known[0] is not case.rules:
        names = frozenset().union(*(names_of(rule.live.rule.when) for rule in case.rules.rules))
        known = _NAMED[case.subject.workspace_id] = (case.rules, names)
    return known[1]
