"""A site with many people on it, who do this and that for days, while rules are live; and what the rules made of it."""

import random
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from frontdesk.engage.models import DecisionRow
from frontdesk.engage.seeing.asked import Asked, kept
from frontdesk.engage.seeing.beforehand import People
from frontdesk.engage.seeing.simulating import Window, report, simulated
from frontdesk.engage.seeing.wanted import Times, wanted_of
from frontdesk_rules import Policy
from tests.server.engage.moments.site import Site

PAGES = ("/", "/pricing", "/docs", "/docs/start", "/blog")
CAMPAIGNS = ("", "?utm_source=news&utm_campaign=spring", "?utm_source=ads&utm_campaign=summer")
Doing = tuple[str, str, datetime]
"""The rule's key, the person's name, the moment."""


class Street(Site):
    def opened(self, who: str, path: str = "/", query: str = "") -> None:
        self.page("page", who, context={"page": {"url": f"https://shop.example{path}{query}", "path": path}})

    def stayed(self, who: str, path: str, seconds: float) -> None:
        seen = {"page": {"url": f"https://shop.example{path}", "path": path}}
        properties = {"path": path, "dwell_ms": round(seconds * 1000)}
        self.page("track", who, event="Page Dwell", properties=properties, context=seen)

    def did(self, who: str, name: str, **properties: Any) -> None:
        self.page("track", who, event=name, properties=properties)

    def is_known(self, who: str, **traits: Any) -> None:
        self.page("identify", who, userId=f"user-{who}", traits=traits)

    def api(self, method: str, path: str, **more: Any) -> TestResponse:
        """A call of the public API with the workspace's API key."""
        headers = {"Authorization": f"Bearer {self.home.api_key}"}
        return self.client.open(f"/api/v1{path}", method=method, headers=headers, **more)

    def wait(self, **time: float) -> None:
        """The clock goes on, and whatever is due by then is done in its time."""
        until = self.clock() + timedelta(**time)
        while self.clock() < until:
            self.clock.advance(min(until - self.clock(), timedelta(minutes=20)))
            self.drain()

    def go_about(self, seed: int, steps: int) -> None:
        """Some people, at random, for some days."""
        chance = random.Random(seed)
        people = [f"person-{n}" for n in range(6)]
        talks: dict[str, str] = {}
        for _ in range(steps):
            who = chance.choice(people)
            if who not in self.tokens:
                self.opened(who, "/", chance.choice(CAMPAIGNS))
                self.clock.advance(timedelta(seconds=5))
            self._step(chance, who, talks)
            if chance.random() < 0.15:
                self.wait(hours=chance.choice((1, 3, 7)))
            else:
                self.clock.advance(timedelta(seconds=chance.randrange(5, 90)))
                self.drain()

    def _step(self, chance: random.Random, who: str, talks: dict[str, str]) -> None:
        what = chance.random()
        if what < 0.4:
            self.opened(who, chance.choice(PAGES), chance.choice(CAMPAIGNS) if chance.random() < 0.1 else "")
        elif what < 0.55:
            self.stayed(who, "/pricing", chance.choice((30, 61, 90)))
        elif what < 0.8:
            self.did(who, chance.choice(("Registered", "Project Created", "Order Completed")), revenue=10)
        elif what < 0.85:
            self.is_known(who, plan=f"plan-{who[-1]}")
        elif who not in talks:
            talks[who] = self.start_chat(who)
        elif what < 0.92:
            self.write_again(talks[who], who)
        else:
            self.close_chat(talks.pop(who))

    def done(self) -> set[Doing]:
        """What the server did; what it had put off, at the time that it was put off to."""
        rows = {row.id: row for row in self.decisions()}
        keys = self.keys()
        acted = [row for row in rows.values() if row.outcome == "acted"]
        names = self.runtime.db.read(lambda session: self._names(session, {row.person_id for row in acted}))
        return {(keys[row.rule_id], names[row.person_id], _when(row, rows)) for row in acted}

    def would_do(self, key: str, since: datetime, **window: Any) -> dict[str, Any]:
        """What a simulation says of a live rule, as JSON."""
        now = self.clock()

        def read(session: Session) -> dict[str, Any]:
            asked = self.asked(session, key)
            within = Window(since, window.get("until", now), now)
            return report(asked, within, simulated(session, self.home.id, asked, within))

        return self.runtime.db.read(read)

    def asked(self, session: Session, key: str) -> Asked:
        return kept(session, self.home.id, key)

    def _names(self, session: Session, person_ids: set[str]) -> dict[str, str]:
        """Each by the id first seen, as simulations name them."""
        now = self.clock()
        people = People(session, self.home.id, wanted_of([], Policy()), Times(now, now, now, now))
        people.meet(person_ids)
        return {one: people.name(one) or one for one in person_ids}


def _when(row: DecisionRow, rows: dict[str, DecisionRow]) -> datetime:
    deferred = rows.get(row.detail.get("released", ""))
    at = datetime.fromisoformat(deferred.detail["until"]) if deferred else row.occurred_at
    assert at is not None
    return at
