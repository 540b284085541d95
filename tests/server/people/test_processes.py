"""Several processes know the same people at once: on PostgreSQL, each with connections of its own."""

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial

import orjson
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from frontdesk.collect.door.draft import Received
from frontdesk.collect.door.parse import Parsed
from frontdesk.collect.door.pipeline import parse_item
from frontdesk.collect.models import Event
from frontdesk.collect.requests import Request, Sender
from frontdesk.core.db import open_database
from frontdesk.core.signals import Bus
from frontdesk.people.models import CompanyMember, Contact, Merge, Visitor
from frontdesk.people.stand_ins import stand_in
from tests.server.conftest import Home, seed
from tests.server.people.world import SECRET, STORE

PROCESSES, GROUPS, REQUESTS = 4, 8, 6
BROWSERS, USERS = ("a", "b", "c", "d"), ("u1", "u2", "u3")


def request(home: Home, now: datetime, chance: random.Random, name: str) -> Request:
    server = chance.random() < 0.5
    item = {
        "type": chance.choice(["identify", "group"]),
        "messageId": name,
        "anonymousId": chance.choice(BROWSERS),
        "userId": chance.choice(USERS),
        "groupId": "acme",
        "traits": {"email": f"{chance.choice(USERS)}@x.example", name: chance.random()},
    }
    parsed = parse_item(orjson.dumps(item), Received(now, None, None, None, backend=server))
    assert isinstance(parsed, Parsed)
    return Request(Sender(home.id, verified=server), now, items=(parsed,))


def process(url: str, home: Home, now: datetime, number: int) -> None:
    """What one process stores, on its own."""
    db, chance = open_database(url, Bus()), random.Random(number)
    for group in range(GROUPS):
        names = [f"{number}.{group}.{place}" for place in range(REQUESTS)]
        db.write(partial(STORE, requests=[request(home, now, chance, name) for name in names]))
    db.close()


def test_they_agree_on_who_is_who_and_lose_nothing(postgres_url: str, now: datetime) -> None:
    db = open_database(postgres_url, Bus())
    home = db.write(partial(seed, now=now))
    with ThreadPoolExecutor(PROCESSES) as pool:
        list(pool.map(partial(process, postgres_url, home, now), range(PROCESSES)))

    def look(session: Session) -> None:
        assert session.scalar(select(func.count()).select_from(Event)) == PROCESSES * GROUPS * REQUESTS
        visitors, contacts = session.scalars(select(Visitor)).all(), session.scalars(select(Contact)).all()
        names = {stand_in(SECRET, browser, user): (browser, user) for browser in BROWSERS for user in USERS}
        seconds = [row for row in visitors if row.anonymous_id in names]
        assert sorted(row.anonymous_id for row in visitors if row not in seconds) == list(BROWSERS)
        links = {names[row.anonymous_id] for row in seconds}
        assert len(links) == len(seconds), "whoever stands in for a browser does so once"
        assert sorted(row.user_id for row in contacts) == list(USERS)
        for visitor in visitors:
            log = session.scalars(select(Merge).where(Merge.visitor_id == visitor.id)).all()
            standing = [row for row in log if row.undone_at is None]
            assert {row.contact_id for row in standing} == {visitor.contact_id}
            assert len(standing) == len({row.verified for row in standing}), "it was made once, and confirmed once"
            assert visitor.contact_verified == any(row.verified for row in standing)
        assert all(session.scalars(select(CompanyMember.verified)))

    db.read(look)
    db.close()
