"""The way of a group of requests through the writer, in one transaction: a list of named steps.

Each step loads and stores for the whole group at once, and passes the items on or drops them with a reason.
"""

from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

import msgspec
from sqlalchemy import Table
from sqlalchemy.orm import Session as Db

from frontdesk.collect.aliases import follow
from frontdesk.collect.arrivals import Stored, arrival, holds
from frontdesk.collect.door.parse import Parsed
from frontdesk.collect.duplicates import conflict, sift
from frontdesk.collect.known import Known
from frontdesk.collect.letterbox import LETTER, Letterbox
from frontdesk.collect.models import DeadLetter, Event
from frontdesk.collect.persons import Persons
from frontdesk.collect.ports import Arrival, Decide, Talks, nobody_talks
from frontdesk.collect.refusals import Dropped, LeftOut, Reduced, Rejected
from frontdesk.collect.requests import Answer, Request
from frontdesk.collect.sessions.runs import Arrived, Runs
from frontdesk.collect.staff import of_staff
from frontdesk.core.db import bulk
from frontdesk.core.ids import new_id
from frontdesk.core.signals import announce
from frontdesk.people.signals import VisitorSeen


@dataclass(slots=True)
class Taken:
    """A request on its way: its items that are new, then those as stored, whom they are of, and its answer so far.

    `people` are by person id in the order in which they first appear. The `asker` is the browser that gets the answer.
    """

    request: Request
    answer: Answer
    items: list[Parsed] = field(default_factory=list)
    stored: list[Stored] = field(default_factory=list)
    people: dict[str, Known] = field(default_factory=dict)
    asker: Known | None = None

    @property
    def workspace_id(self) -> str:
        return self.request.sender.workspace_id


@dataclass(slots=True)
class Group:
    """The requests of one transaction, the people they are of, and the sessions of those."""

    session: Db
    taken: list[Taken]
    now: datetime
    decide: Decide
    persons: Persons
    letterbox: Letterbox
    runs: Runs = field(init=False)


class Store:
    """The handler of collect's groups. `decide` is what the rules make of them; visitor tokens come from `secret`."""

    def __init__(self, decide: Decide, secret: str, talks: Talks = nobody_talks) -> None:
        self._decide = decide
        self._talks = talks
        self.secret = secret
        self._letterbox = Letterbox()

    def __call__(self, session: Db, requests: list[Request]) -> Sequence[Answer]:
        """One answer for each request, in order."""
        now = max(request.now for request in requests)
        taken = [
            Taken(request, Answer(refused=list(request.refused), dropped=list(request.dropped))) for request in requests
        ]
        persons = Persons(session, now, self.secret, self._talks)
        group = Group(session, taken, now, self._decide, persons, self._letterbox)
        for _, step in GROUP:
            step(group)
        return [one.answer for one in taken]


def duplicate(group: Group) -> None:
    """Keep what is new. A resent item is taken as if it were stored now; the same id for other content is refused."""
    owners = [taken for taken in group.taken for _ in taken.request.items]
    items = [(taken.workspace_id, item) for taken in group.taken for item in taken.request.items]
    followed = follow(group.session, items)
    verdicts = sift(group.session, items, group.now)
    for taken, item, verdict in zip(owners, followed, verdicts, strict=True):
        if verdict is None:
            taken.items.append(item)
        elif verdict is Rejected.CONFLICT:
            taken.answer.refused.append(conflict(item))
        elif verdict is Dropped.DUPLICATE:
            taken.answer.duplicates += 1


def person(group: Group) -> None:
    """Whom each item is of, and what it says of them; where they are and with which browser."""
    persons = group.persons
    items = [(taken.request, item) for taken in group.taken for item in taken.items]
    persons.load(items, [taken.request for taken in group.taken])
    for taken in group.taken:
        _recognise(taken, persons)


def staff(group: Group) -> None:
    """Our own people may look at their site as they like: they can chat, and nothing of it is counted."""
    for taken in group.taken:
        rules = taken.request.sender.rules
        if rules.staff:
            kept = [stored for stored in taken.stored if not of_staff(stored.item, stored.known, rules)]
            for _ in range(len(taken.stored) - len(kept)):
                taken.answer.drop("staff", Dropped.STAFF)
            taken.stored = kept


def session(group: Group) -> None:
    """The run of activity of each event, and the source that began it."""
    group.runs = Runs(group.session, group.persons.visitors(), group.now)
    arrived = [
        (stored, Arrived(stored.known.visitor, stored.item, taken.request.sender.rules.origins))
        for taken in group.taken
        for stored in taken.stored
        if stored.known.visitor
    ]
    placed = group.runs.attach([one for _, one in arrived])
    for (stored, _), place in zip(arrived, placed, strict=True):
        stored.session_id, stored.dwell_before_ms, stored.touch = place
    group.runs.store()
    group.persons.store()


def store(group: Group) -> None:
    """Write the events, and the dead letters of what was refused."""
    events = [_event_row(taken, stored, group.now) for taken in group.taken for stored in taken.stored]
    letters = group.letterbox.rows([(taken.request, taken.answer.refused) for taken in group.taken], group.now)
    bulk.insert(group.session, cast(Table, Event.__table__), _EVENT, events)
    bulk.insert(group.session, cast(Table, DeadLetter.__table__), LETTER, letters)
    for taken in group.taken:
        taken.answer.stored = len(taken.stored)


def decide(group: Group) -> None:
    """Hand what arrived of each person to the rules; tell who is here now. The asker's verdict is the answer's."""
    met = [(taken, known) for taken in group.taken for known in taken.people.values()]
    arrivals = [arrival for taken in group.taken for arrival in _arrivals(taken, group.runs, group.persons)]
    for (taken, known), verdict in zip(met, group.decide(group.session, arrivals, group.now), strict=True):
        if known is taken.asker:
            taken.answer.heed(verdict, group.now)
        if known.visitor:
            announce(group.session, VisitorSeen(taken.workspace_id, known.visitor.id))


GROUP: tuple[tuple[str, Callable[[Group], None]], ...] = (
    ("duplicate", duplicate),
    ("person", person),
    ("staff", staff),
    ("session", session),
    ("store", store),
    ("decide", decide),
)


def _recognise(taken: Taken, persons: Persons) -> None:
    if taken.request.presence is not None:
        _meet(taken, persons.present(taken.request))
        taken.answer.stranger = not taken.people
    for item in taken.items:
        known = persons.of(taken.request, item)
        if item.preferences:
            _wish(persons, known, item)
        taken.answer.left_out += _left_out(item, known)
        _meet(taken, known)
        taken.stored.append(Stored(item, known, new_id("evt", item.occurred_at)))
    taken.asker = _asker(taken)
    if taken.asker and taken.asker.browser:
        taken.answer.visitor_token = persons.mint_token(taken.asker.browser, taken.request)


def _left_out(item: Parsed, known: Known) -> tuple[LeftOut, ...]:
    """The values that are not stored with the item, or not told of its person."""
    if not known.left_out:
        return item.left_out
    names = tuple(f"traits.{name}" for name in known.left_out)
    return *item.left_out, LeftOut(item.message_id, Reduced.ATTRIBUTES_TOO_LARGE, names)


def _wish(persons: Persons, known: Known, item: Parsed) -> None:
    """Keep what is said of messages that the person wants."""
    who = known.claimed if known.claimed and known.verified else known.stand_in or known.visitor
    if who:
        persons.consents.say((who.workspace_id, who.id), item.preferences, item.occurred_at, verified=item.verified)


def _meet(taken: Taken, known: Known | None) -> None:
    """What was learnt last of a person holds: its contact may have become known on the way."""
    if known:
        taken.people[known.person_id] = known


def _asker(taken: Taken) -> Known | None:
    """Who holds the request's token, else its last visitor, else whoever it is of: a page sends of one browser."""
    if len(taken.people) <= 1:
        return next(iter(taken.people.values()), None)
    ranked = sorted(taken.people.values(), key=lambda known: (holds(taken.request, known.browser), bool(known.browser)))
    return ranked[-1]


def _arrivals(taken: Taken, runs: Runs, persons: Persons) -> list[Arrival]:
    """One for each person of the request, with the events that are theirs."""
    own: dict[str, list[Stored]] = {person_id: [] for person_id in taken.people}
    for stored in taken.stored:
        own[stored.known.person_id].append(stored)
    minted, anew, made = taken.answer.visitor_token is not None, persons.anew, persons.made
    found = [
        arrival(taken.request, known, own[person_id], runs, minted=minted and known is taken.asker)
        for person_id, known in taken.people.items()
    ]
    return [_met_anew(one, made) if {one.person_id, one.contact_id} & anew else one for one in found] if anew else found


def _met_anew(one: Arrival, made: Set[str]) -> Arrival:
    stranger = one.contact_id is None and one.visitor.get("contact_id") is None
    return msgspec.structs.replace(one, anew=True, new=stranger and one.person_id in made)


_EVENT = (
    "id", "workspace_id", "person_id", "session_id", "type", "name", "properties", "url", "path", "title",
    "verified", "message_id", "occurred_at", "received_at", "touch", "clock",
)  # fmt: skip


def _event_row(taken: Taken, stored: Stored, now: datetime) -> tuple[Any, ...]:
    item, page = stored.item, stored.item.page
    url, path, title = (page.url, page.path, page.title) if page else (None, None, None)
    return (
        stored.event_id, taken.workspace_id, stored.known.person_id, stored.session_id, item.type, item.name,
        item.properties, url, path, title, taken.request.sender.verified, item.message_id, item.occurred_at, now,
        stored.touch, None if item.clock == "ok" else item.clock,
    )  # fmt: skip
