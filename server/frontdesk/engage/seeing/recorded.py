"""What was stored, as it happened: a stream in the order of time, and the people in it as they come."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from heapq import heappop, heappush, merge
from itertools import count
from typing import Any, Final, cast

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from frontdesk.collect.models import Event
from frontdesk.collect.models import Session as Run
from frontdesk.core.clock import from_ms, to_ms
from frontdesk.core.db import bulk
from frontdesk.engage.seeing.beforehand import People
from frontdesk.engage.seeing.happenings import StoredRow, recorded_of
from frontdesk.engage.seeing.lateness import Imports
from frontdesk.engage.seeing.stored import AT_ONCE, stored_events
from frontdesk.engage.seeing.talks import Talk, people_of, talks
from frontdesk.engage.seeing.wanted import Times, Wanted
from frontdesk.people.models import Contact, Segment, SegmentMember, Visitor
from frontdesk_rules import Recorded

_TOUCH: Final = ("source", "medium", "campaign", "term", "content", "channel")
_TITLE: Final = "page.title"
Progress = Callable[[float], None]


class Recording:
    """Iterate it once. `people` are there when their first event comes."""

    def __init__(
        self, session: Session, workspace_id: str, wanted: Wanted, times: Times, progress: Progress | None = None
    ) -> None:
        self.people = People(session, workspace_id, wanted, times)
        self.progress = progress
        self._session = session
        self._workspace_id = workspace_id
        self._wanted = wanted
        self._times = times
        self._imports = Imports.of(session, workspace_id, times.now)
        self._held: list[tuple[int, int, Recorded]] = []
        self._numbers = count()
        self._in: dict[str, str | None] = {}
        self._runs: dict[str, Mapping[str, object]] = {}
        self._asks_runs = [name for name in sorted(wanted.fields) if name.startswith("session.")]
        self._asks_title = _TITLE in wanted.fields

    def __iter__(self) -> Iterator[Recorded]:
        found = talks(self._session, self._workspace_id, self._times.begin, self._times.until)
        self.people.meet(people_of(found))
        for visitor_id in found.going_on:
            name = self.people.name(visitor_id)
            if name:
                self.people.known[name].conversation_open = True
        yield from self._past()
        if self._wanted.everyone:
            yield from self._everyone()
        told = [one for one in (self._talked(found.told), self._entered()) if one is not None]
        yield from merge(self._events(), *told, key=_heard_at) if told else self._events()

    def _past(self) -> Iterator[Recorded]:
        """What timers may still wait for when it begins, and what rules look back at since."""
        names = sorted(self._wanted.names | self._wanted.anchors)
        if names and self._times.begin < self._times.since:
            span = (to_ms(self._times.begin), to_ms(self._times.since) - 1)
            for rows in stored_events(
                self._session, self._workspace_id, span, Event.type == "track", Event.name.in_(names)
            ):
                yield from self._told(rows)

    def _events(self) -> Iterator[Recorded]:
        since, until = to_ms(self._times.since), to_ms(self._times.until)
        for rows in stored_events(self._session, self._workspace_id, (since, until)):
            if self.progress and until > since:
                self.progress((rows[0].at - since) / (until - since))
            yield from self._told(rows)
        yield from self._heard_by(until)

    def _told(self, rows: list[StoredRow]) -> Iterator[Recorded]:
        self.people.meet({row.person_id for row in rows})
        self._load_runs(rows)
        yield from self._of(rows)

    def _of(self, rows: list[StoredRow]) -> Iterator[Recorded]:
        name_of, later, absent, met = self.people.name, self.people.later, self.people.absent, self._in
        for row in rows:
            if self._held and self._held[0][0] <= row.at:
                yield from self._heard_by(row.at)
            person = name_of(row.person_id)
            if person is None:
                continue
            if row.late is not None and not self._imports.brought(row.late):
                self._hold(person, row, row.late)
                continue
            at = from_ms(row.at)
            if person in later and (row.type == "identify" or at >= later[person].at):
                yield from self._learnt(person, row, later.pop(person).facts)
            asked = self._asks_title or (self._asks_runs and met.get(person) != row.session_id)
            one = recorded_of(row, person, at, self._facts(person, row)) if asked else recorded_of(row, person, at)
            met[person] = row.session_id
            if one is not None:
                yield one if row.person_id not in absent else one._replace(in_person=False)

    def _hold(self, person: str, row: StoredRow, late: int) -> None:
        """Until it was heard of; who it says that they are is known from then on, too."""
        heard = from_ms(late)
        told = [recorded_of(row, person, from_ms(row.at))]
        if person in self.people.later and row.type == "identify":
            told.append(Recorded(at=heard, person=person, kind="facts", facts=self.people.later.pop(person).facts))
        for one in told:
            if one is not None:
                heappush(self._held, (late, next(self._numbers), one._replace(late=heard)))

    def _heard_by(self, until: int) -> Iterator[Recorded]:
        while self._held and self._held[0][0] <= until:
            yield heappop(self._held)[-1]

    def _learnt(self, person: str, row: StoredRow, facts: Mapping[str, object]) -> Iterator[Recorded]:
        """Who they are, and with it what is known of them; attributes that rules watch have changed by that."""
        changed = {name: value for name, value in facts.items() if name in self._wanted.watched}
        at, session = from_ms(row.at), row.session_id
        rest = {name: value for name, value in facts.items() if name not in changed}
        if rest:
            yield Recorded(at=at, person=person, kind="facts", facts=rest, session=session)
        if changed:
            yield Recorded(at=at, person=person, kind="change", facts=changed, session=session, id=row.id)

    def _facts(self, person: str, row: StoredRow) -> Mapping[str, object]:
        facts: dict[str, object] = {}
        if self._asks_runs and row.session_id and self._in.get(person) != row.session_id:
            facts.update(self._runs.get(row.session_id, {}))
        if self._asks_title and row.type == "page":
            facts[_TITLE] = row.title
        return facts

    def _load_runs(self, rows: list[StoredRow]) -> None:
        """The sessions that these events belong to, by what rules ask of them."""
        if not self._asks_runs:
            return
        ids = {row.session_id for row in rows if row.session_id}
        self._runs = {one: facts for one, facts in self._runs.items() if one in ids}
        asked = [(one,) for one in sorted(ids - self._runs.keys())]
        columns = ("id", "number", "landing_path", "touch")
        for run_id, number, landing_path, touch in bulk.find(self._session, _RUN, columns, {("id",): asked}):
            known = {"number": number, "is_first": number == 1, "landing_path": landing_path}
            known |= {name: touch.get(name) for name in _TOUCH}
            self._runs[run_id] = {name: known[name[8:]] for name in self._asks_runs if name[8:] in known}

    def _talked(self, told: Sequence[Talk]) -> Iterator[Recorded] | None:
        return (one for talk in told if (one := self._talk(talk))) if told else None

    def _talk(self, talk: Talk) -> Recorded | None:
        person = self.people.name(talk.visitor_id)
        if person is None:
            return None
        facts = {
            "conversation.id": talk.conversation_id,
            "conversation.state": "closed" if talk.name == "closed" else "open",
            "conversation.delivery_rule": talk.rule,
        }
        page: Mapping[str, Any] = talk.page
        return Recorded(
            at=talk.at,
            person=person,
            kind="conversation",
            name=talk.name,
            path=page.get("url") or page.get("path"),
            value=page.get("dwell_ms"),
            facts={name: value for name, value in facts.items() if name in self._wanted.fields},
            session=self._in.get(person),
            conversation=talk.conversation_id,
            id=talk.conversation_id,
        )

    def _entered(self) -> Iterator[Recorded] | None:
        return self._entering() if self._wanted.segments else None

    def _entering(self) -> Iterator[Recorded]:
        """Who entered which segment in the time, of those that are in it still."""
        row, times = SegmentMember, self._times
        query = (
            select(row.entered_at, row.person_id, Segment.key)
            .join(Segment, Segment.id == row.segment_id)
            .where(Segment.workspace_id == self._workspace_id)
            .where(row.entered_at >= times.begin, row.entered_at <= times.until)
            .order_by(row.entered_at, row.person_id, Segment.key)
        )
        rows = self._session.execute(query).all()
        self.people.meet({person_id for _, person_id, _ in rows})
        for at, person_id, key in rows:
            person = self.people.name(person_id)
            if person:
                yield Recorded(at=at, person=person, kind="segment", name=key, after=True, session=self._in.get(person))

    def _everyone(self) -> Iterator[Recorded]:
        """Whom timers are set for as they are, whether they do anything or not; for others when they come."""
        seen: set[str] = set()
        for ids in self._ids(Contact), self._ids(Visitor):
            for some in _chunks(ids):
                self.people.meet(some)
                for name in sorted({name for one in some if (name := self.people.name(one))} - seen):
                    seen.add(name)
                    someone = self.people.known[name]
                    first = someone.history.known_since or self._times.since
                    if name not in self.people.later and first <= self._times.since:
                        known = {"visitor.known": someone.facts.get("visitor.known"), **someone.facts}
                        yield Recorded(at=self._times.since, person=name, kind="facts", facts=known)

    def _ids(self, model: type[Contact | Visitor]) -> Iterator[str]:
        last = ""
        while True:
            query = select(model.id).where(model.workspace_id == self._workspace_id, model.id > last)
            ids = self._session.scalars(query.order_by(model.id).limit(AT_ONCE)).all()
            yield from ids
            if len(ids) < AT_ONCE:
                return
            last = ids[-1]


def _chunks(things: Iterable[Any]) -> Iterator[list[Any]]:
    chunk: list[Any] = []
    for one in things:
        chunk.append(one)
        if len(chunk) == AT_ONCE:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _heard_at(one: Recorded) -> datetime:
    return one.late or one.at


_RUN: Final = cast(Table, Run.__table__)
