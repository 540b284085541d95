"""People as they were when a recording begins: what is known of them, what they had done, what was done to them.

What the database keeps without its history (attributes, tags, consent, addresses) is known only as of now.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, cast

from sqlalchemy import Table
from sqlalchemy.orm import Session

from frontdesk.core.db import bulk
from frontdesk.engage.deciding.cases import Case
from frontdesk.engage.facts.addresses import addressed, addressee
from frontdesk.engage.facts.case_facts import CaseFacts
from frontdesk.engage.facts.gathering import Gathered
from frontdesk.engage.facts.subjects import subjects
from frontdesk.engage.ports import Subject
from frontdesk.engage.seeing.memories import Memories
from frontdesk.engage.seeing.wanted import Times, Wanted
from frontdesk.people.models import Contact
from frontdesk_rules import MISSING, Moment, Someone, field_of
from frontdesk_rules.facts.catalogue import ZONE_FIELDS
from frontdesk_rules.facts.zones import first_zone

_NOT_THEIRS: Final = frozenset({"moment", "session", "conversation"})
_OF_CONTACTS: Final = ("contact.", "company.")
_KNOWN: Final = "visitor.known"
_SEGMENTS: Final = "contact.segments"
_CONTACT: Final = cast(Table, Contact.__table__)


@dataclass(frozen=True, slots=True)
class Later:
    """What is known of a person from `at` on, or from the moment that they identify themselves."""

    at: datetime
    facts: Mapping[str, object]


def theirs(fields: Iterable[str]) -> list[str]:
    """The fields that people have, whatever happens to them."""
    rows = {name: field_of(name) for name in fields}
    own = {name for name, row in rows.items() if row and row.source not in _NOT_THEIRS}
    return sorted(own | ({"page.locale"} & rows.keys()))


class People:
    """`known`: name → the person beforehand. A person's name is the id seen first of all that they go by today.
    `absent`: the ids that only servers speak of."""

    def __init__(self, session: Session, workspace_id: str, wanted: Wanted, times: Times) -> None:
        self.known: dict[str, Someone] = {}
        self.later: dict[str, Later] = {}
        self.absent: set[str] = set()
        self._session = session
        self._workspace_id = workspace_id
        self._wanted = wanted
        self._times = times
        self._fields = theirs(wanted.fields - {_SEGMENTS})
        self._names: dict[str, str | None] = {}
        self._memories = Memories(session, workspace_id, wanted, times)

    def name(self, person_id: str) -> str | None:
        """None for those whom no rule is asked about."""
        return self._names[person_id]

    def meet(self, person_ids: Iterable[str]) -> None:
        """Know these from now on: a few queries for all of them."""
        new = {one for one in person_ids if one not in self._names}
        if not new:
            return
        found = subjects(self._session, self._workspace_id, new, self._times.now)
        self._names.update(dict.fromkeys(new))
        self.absent |= {asked for asked, subject in found.items() if subject.visitor_id != asked}
        moment = Moment(kind="page", at=self._times.since)
        cases = [Case(subject, moment, (), None) for subject in found.values()]
        gathered = Gathered(self._session, cases, self._times.now)
        ids: dict[str, list[str]] = {}
        subject_of: dict[str, Case] = {}
        for asked, case in zip(found, cases, strict=True):
            own = gathered.ids(case.subject)
            ids[own[0]] = own
            subject_of.setdefault(own[0], case)
            self._names.update(dict.fromkeys((asked, *own), own[0]))
        for name in ids.keys() & self.known.keys():  # another of their ids was met before
            del ids[name], subject_of[name]
        self._remember(ids, {name: CaseFacts(self._session, case, gathered) for name, case in subject_of.items()})
        if self._wanted.letters:
            self._address({name: case.subject for name, case in subject_of.items()})

    def _address(self, subjects: Mapping[str, Subject]) -> None:
        """Who may be written to."""
        found = addressed(self._session, subjects.values())
        for name, subject in subjects.items():
            self.known[name].addressed = addressee(subject) in found

    def _remember(self, ids: Mapping[str, list[str]], facts: Mapping[str, CaseFacts]) -> None:
        names = {one: name for name, own in ids.items() for one in own}
        contacts = self._contacts(names)
        for name, known in facts.items():
            gathered = {field: value for field in self._fields if (value := known.get(field)) is not MISSING}
            self.known[name] = Someone(name, facts=self._as_it_was(name, gathered, contacts.get(name)))
            if name not in self.later:  # found once, for it is asked each time that something may be shown
                self.known[name].facts["time.zone"] = first_zone(map(gathered.get, ZONE_FIELDS))
        self._memories.recall(names, self.known)

    def _as_it_was(self, name: str, facts: dict[str, object], since: datetime | None) -> dict[str, object]:
        """Who became a contact later was none yet; what is known of the contact comes with that moment."""
        if since is None or since <= self._times.begin:
            return facts
        later = {field: value for field, value in facts.items() if field.startswith(_OF_CONTACTS) or field == _KNOWN}
        self.later[name] = Later(since, later)
        before = {field: value for field, value in facts.items() if field not in later}
        return before | ({_KNOWN: False} if _KNOWN in facts else {})

    def _contacts(self, names: Mapping[str, str]) -> dict[str, datetime]:
        """When each became a contact."""
        asked = [(one,) for one in names if one.startswith("con_")]
        rows = bulk.find(self._session, _CONTACT, ("id", "created_at"), {("id",): asked})
        return {names[contact_id]: at for contact_id, at in rows}
