"""The way of a group of requests: sift duplicates → know the people → sessions → store → decide → answer.

Everything here runs in one transaction on the writer; each step loads and stores for the whole group at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session as Db

from frontdesk.collect.aliases import follow
from frontdesk.collect.arrivals import Stored, arrival, holds
from frontdesk.collect.checks import Rejected
from frontdesk.collect.duplicates import conflict, sift
from frontdesk.collect.models import DeadLetter, Event
from frontdesk.collect.parse import Parsed, Refusal
from frontdesk.collect.persons import Known, Persons
from frontdesk.collect.place import country_of
from frontdesk.collect.ports import Arrival, Decide
from frontdesk.collect.requests import Answer, Request
from frontdesk.collect.runs import Runs
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


class Store:
    """The handler of collect's groups. `decide` is what the rules make of them; visitor tokens come from `secret`."""

    def __init__(self, decide: Decide, secret: str) -> None:
        self._decide = decide
        self._secret = secret

    def __call__(self, session: Db, requests: list[Request]) -> Sequence[Answer]:
        """One answer for each request, in order."""
        now = max(request.now for request in requests)
        group = _sifted(session, requests, now)
        persons = Persons(session, now, self._secret)
        persons.load([(taken.request, item) for taken in group for item in taken.items], requests)
        for taken in group:
            _recognise(taken, persons)
        runs = Runs(session, persons.visitor_ids(), now)
        for taken in group:
            _attach(taken, runs)
        session.flush()
        persons.store()
        _insert(session, group, now)
        self._conclude(session, group, runs, now)
        return [taken.answer for taken in group]

    def _conclude(self, session: Db, group: list[Taken], runs: Runs, now: datetime) -> None:
        """Hand what arrived of each person to the rules; tell who is here now. The asker's verdict is the answer's."""
        met = [(taken, known) for taken in group for known in taken.people.values()]
        arrivals = [arrival for taken in group for arrival in _arrivals(taken, runs)]
        for (taken, known), verdict in zip(met, self._decide(session, arrivals, now), strict=True):
            if known is taken.asker:
                taken.answer.verdict = verdict
            if known.visitor:
                announce(session, VisitorSeen(taken.workspace_id, known.visitor.id))


def _sifted(session: Db, requests: list[Request], now: datetime) -> list[Taken]:
    group = [Taken(request, Answer(refused=list(request.refused))) for request in requests]
    owners = [taken for taken in group for _ in taken.request.items]
    items = follow(session, [(taken.workspace_id, item) for taken in group for item in taken.request.items])
    verdicts = sift(session, [(taken.workspace_id, item) for taken, item in zip(owners, items, strict=True)], now)
    for taken, item, verdict in zip(owners, items, verdicts, strict=True):
        if verdict is Rejected.CONFLICT:
            taken.answer.refused.append(conflict(item))
            continue
        taken.answer.accepted += 1
        if verdict is None:
            taken.items.append(item)
    return group


def _recognise(taken: Taken, persons: Persons) -> None:
    if taken.request.presence is not None:
        _meet(taken, persons.present(taken.request))
        taken.answer.stranger = not taken.people
    for item in taken.items:
        known = persons.of(taken.request, item)
        if known.visitor and item.ip:
            known.visitor.country = country_of(item.ip) or known.visitor.country
        _meet(taken, known)
        taken.stored.append(Stored(item, known, new_id("evt", item.occurred_at)))
    taken.asker = _asker(taken)
    if taken.asker and taken.asker.visitor:
        taken.answer.visitor_token = persons.mint_token(taken.asker.visitor, taken.request)


def _meet(taken: Taken, known: Known | None) -> None:
    """What was learnt last of a person holds: its contact may have become known on the way."""
    if known:
        taken.people[known.person_id] = known


def _asker(taken: Taken) -> Known | None:
    """Who holds the request's token, else its last visitor, else whoever it is of: a page sends of one browser."""
    ranked = sorted(taken.people.values(), key=lambda known: (holds(taken.request, known.visitor), bool(known.visitor)))
    return ranked[-1] if ranked else None


def _arrivals(taken: Taken, runs: Runs) -> list[Arrival]:
    """One for each person of the request, with the events that are theirs."""
    own: dict[str, list[Stored]] = {person_id: [] for person_id in taken.people}
    for stored in taken.stored:
        own[stored.known.person_id].append(stored)
    minted = taken.answer.visitor_token is not None
    return [
        arrival(taken.request, known, own[person_id], runs, minted=minted and known is taken.asker)
        for person_id, known in taken.people.items()
    ]


def _attach(taken: Taken, runs: Runs) -> None:
    for stored in taken.stored:
        if stored.known.visitor:
            stored.dwell_before_ms = runs.dwell_ms(stored.known.visitor, stored.item)
            run = runs.attach(stored.known.visitor, stored.item)
            stored.session_id = run.id if run else None


def _insert(session: Db, group: list[Taken], now: datetime) -> None:
    events = [_event_row(taken, stored, now) for taken in group for stored in taken.stored]
    letters = [_letter_row(taken, refusal, now) for taken in group for refusal in taken.answer.refused]
    if events:
        session.execute(insert(Event), events)
    if letters:
        session.execute(insert(DeadLetter), letters)


def _event_row(taken: Taken, stored: Stored, now: datetime) -> dict[str, Any]:
    item, page = stored.item, stored.item.page
    return {
        "id": stored.event_id,
        "workspace_id": taken.workspace_id,
        "person_id": stored.known.person_id,
        "session_id": stored.session_id,
        "type": item.type,
        "name": item.name,
        "properties": item.properties,
        "url": page.url if page else None,
        "path": page.path if page else None,
        "title": page.title if page else None,
        "verified": taken.request.sender.verified,
        "message_id": item.message_id,
        "occurred_at": item.occurred_at,
        "received_at": now,
    }


def _letter_row(taken: Taken, refusal: Refusal, now: datetime) -> dict[str, Any]:
    return {
        "id": new_id("ltr", now),
        "workspace_id": taken.workspace_id,
        "message_id": refusal.message_id,
        "code": refusal.code.value,
        "field": refusal.field,
        "detail": refusal.detail,
        "body": refusal.body.decode("utf-8", "replace").replace("\x00", ""),
        "received_at": now,
    }
