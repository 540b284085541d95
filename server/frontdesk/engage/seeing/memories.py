"""What people had done when a recording begins, and what rules had done to them: for many people at once."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any, Final, cast

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from frontdesk.collect.models import Event
from frontdesk.core.db import bulk
from frontdesk.engage.facts.first_seen import first_seen
from frontdesk.engage.facts.told import shown_to
from frontdesk.engage.models import DecisionRow
from frontdesk.engage.seeing.wanted import NOTHING, Times, Wanted
from frontdesk.people.models import Consent, Segment, SegmentMember
from frontdesk_rules import PastEvent, Someone

_SEGMENTS: Final = "contact.segments"
Names = Mapping[str, str]
"""Every id that a person goes by → the name they are played under."""


class Memories:
    """Fills the memory of people in: a query for each kind of thing, for all of them."""

    def __init__(self, session: Session, workspace_id: str, wanted: Wanted, times: Times) -> None:
        self._session = session
        self._workspace_id = workspace_id
        self._wanted = wanted
        self._times = times

    def recall(self, names: Names, known: Mapping[str, Someone]) -> None:
        for fill in (self._since_when, self._history, self._done, self._told, self._consents, self._segments):
            fill(names, known)

    def _since_when(self, names: Names, known: Mapping[str, Someone]) -> None:
        for one, first in first_seen(self._session, names.keys()).items():
            past = known[names[one]].history
            past.known_since = min(first, past.known_since or first)

    def _history(self, names: Names, known: Mapping[str, Someone]) -> None:
        """The events that rules look back at, from before the recording."""
        wanted, times = self._wanted, self._times
        keys = [(one, event) for one in names for event in sorted(wanted.names)]
        columns = ("occurred_at", "id", "person_id", "name", "properties")
        after = ("occurred_at", times.since - wanted.past)
        rows = bulk.find(self._session, _table(Event), columns, {("person_id", "name"): keys}, after)
        for at, event_id, one, event, properties in sorted(rows, key=lambda row: (row[0], row[1])):
            if at < times.begin:
                known[names[one]].history.add(event, PastEvent(at, properties, event_id))

    def _done(self, names: Names, known: Mapping[str, Someone]) -> None:
        """What rules had concluded by then; what they have done since is what is played."""
        columns = ("person_id", "rule_id", "repeat_key", "occurred_at", "at", "outcome", "reason")
        outcomes = ("acted", "deferred", "held")
        keys = [(one, rule, outcome) for one in names for rule in self._begun for outcome in outcomes]
        by = ("person_id", "rule_id", "outcome")
        for one, rule, repeat_key, occurred, at, outcome, reason in bulk.find(
            self._session, _table(DecisionRow), columns, {by: keys}
        ):
            if at < self._times.since and (outcome != "held" or reason == "held_out"):
                done, key = known[names[one]].done, (rule, names.get(repeat_key, repeat_key))
                moment = occurred or at
                done[key] = max(moment, done.get(key, moment))

    @cached_property
    def _begun(self) -> list[str]:
        """The rules that had concluded anything at all by then: mostly none, of those that are tried."""
        row = DecisionRow
        return [
            rule_id
            for rule_id in sorted(self._wanted.rule_ids)
            if self._session.scalar(select(row.id).where(row.rule_id == rule_id, row.at < self._times.since).limit(1))
        ]

    def _told(self, names: Names, known: Mapping[str, Someone]) -> None:
        """What was shown, as far back as any cap counts."""
        if self._wanted.caps == NOTHING:
            return
        times = self._times
        for one, shown in shown_to(self._session, names.keys(), times.since - self._wanted.caps).items():
            known[names[one]].told += [each for each in shown if each.at < times.since]

    def _consents(self, names: Names, known: Mapping[str, Someone]) -> None:
        """The newest word under any id; of two at once the no."""
        rows = self._rows(Consent, ("person_id", "message_class", "granted", "at"), "person_id", names)
        for one, message_class, granted, _ in sorted(rows, key=lambda row: (row[3], not row[2])):
            someone = known[names[one]]
            someone.consents = {**someone.consents, message_class: granted}

    def _segments(self, names: Names, known: Mapping[str, Someone]) -> None:
        """Those that they were in at the beginning and still are: who has left since, nobody knows."""
        if not self._wanted.segments:
            return
        for one, segment_id, at in self._rows(
            SegmentMember, ("person_id", "segment_id", "entered_at"), "person_id", names
        ):
            if at < self._times.begin and segment_id in self._keys:
                facts = known[names[one]].facts
                facts[_SEGMENTS] = sorted({*cast("list[str]", facts.get(_SEGMENTS, [])), self._keys[segment_id]})

    @cached_property
    def _keys(self) -> dict[str, str]:
        query = select(Segment.id, Segment.key).where(Segment.workspace_id == self._workspace_id)
        return {row[0]: row[1] for row in self._session.execute(query)}

    def _rows(self, model: Any, columns: tuple[str, ...], by: str, names: Names) -> list[Any]:
        return bulk.find(self._session, _table(model), columns, {(by,): [(one,) for one in names]})


def _table(model: Any) -> Table:
    return cast(Table, model.__table__)
