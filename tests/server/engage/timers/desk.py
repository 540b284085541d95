"""A whole server on a clock that is moved by hand: people do things, timers are drained when told."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from frontdesk.app import House, compose
from frontdesk.collect.models import Event, Touchpoint
from frontdesk.collect.models import Session as Run
from frontdesk.core.clock import MovableClock, iso
from frontdesk.core.runtime import Runtime
from frontdesk.core.signals import Bus
from frontdesk.engage.models import DecisionRow, Delivery, RuleRow, TimerRow
from frontdesk.engage.rules import saving
from frontdesk.engage.timers.firing import Firing
from frontdesk.people.models import Visitor
from tests.server.conftest import Home

_numbers = count(1)

STORY_B = """
rule: build-your-first-project
trigger: {absence: {of: Project Created, after: Registered, within: 24h}}
do: [{message: {class: onboarding, text: {en: Shall we build your first project together?}}}]
"""
DAY = timedelta(days=1)
GRACE = timedelta(seconds=2)


@dataclass
class Desk:
    """`drain` fires what is due by now. Without `key`, things are sent as the site's own page would."""

    runtime: Runtime
    home: Home
    house: House = field(init=False, repr=False)
    tokens: dict[str, str] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        self.house = compose(self.runtime)

    @property
    def clock(self) -> MovableClock:
        clock = self.runtime.clock
        assert isinstance(clock, MovableClock)
        return clock

    @property
    def client(self) -> FlaskClient:
        return self.house.app.test_client()

    def restart(self) -> "Desk":
        """A new process on the same database, that remembers nothing, and is told nothing by this one."""
        return Desk(replace(self.runtime, bus=Bus()), self.home)

    def save(self, text: str) -> str:
        """One rule, live from now on; its id."""
        (rule_id,) = self.runtime.db.write(lambda session: saving.save(session, self.home.id, text, self.clock()))
        return rule_id

    def pause(self, rule_id: str) -> None:
        self._to(rule_id, "paused")

    def resume(self, rule_id: str) -> None:
        self._to(rule_id, "live")

    def archive(self, rule_id: str) -> None:
        self._to(rule_id, "archived")

    def do(self, *names: str, who: str = "anna", ago: timedelta = timedelta(0), **more: Any) -> None:
        """Somebody did this, one after the other, in one request; `ago` is how late we hear of it."""
        at = iso(self.clock() - ago)
        items = [
            {"type": "track", "event": name, "messageId": f"m{next(_numbers)}", "anonymousId": who, "timestamp": at}
            | more
            for name in names
        ]
        self.send(items, who)

    def send(self, items: Sequence[dict[str, Any]], who: str = "anna") -> dict[str, Any]:
        body = {"writeKey": self.home.site_key, "batch": items, "sentAt": iso(self.clock())}
        answer = self.client.post("/v1/batch", json=body | {"token": self.tokens.get(who)})
        assert answer.status_code == 200, answer.json
        told: dict[str, Any] = answer.json or {}
        assert told["rejected"] == []
        if "visitor_token" in told:
            self.tokens[who] = told["visitor_token"]
        return told

    def identify(self, user_id: str, who: str = "anna", **traits: Any) -> None:
        """A backend says who that browser is."""
        self._backend({"type": "identify", "userId": user_id, "anonymousId": who, "traits": traits})

    def as_backend(self, name: str, user_id: str, **properties: Any) -> None:
        """A backend says what somebody did."""
        self._backend({"type": "track", "event": name, "userId": user_id, "properties": properties})

    def belongs(self, user_id: str, group_id: str, ago: timedelta = timedelta(0), **traits: Any) -> None:
        """A backend says that somebody belongs to a company, and what is known of that."""
        at = iso(self.clock() - ago)
        self.says("group", userId=user_id, groupId=group_id, traits=traits, timestamp=at)

    def says(self, kind: str, **item: Any) -> None:
        """A backend says anything."""
        self._backend({"type": kind, **item})

    def _backend(self, item: dict[str, Any]) -> None:
        batch = [{"messageId": f"m{next(_numbers)}", "timestamp": iso(self.clock())} | item]
        body = {"writeKey": self.home.api_key, "batch": batch, "sentAt": iso(self.clock())}
        answer = self.client.post("/v1/batch", json=body)
        assert answer.status_code == 200, answer.json
        assert (answer.json or {})["rejected"] == []

    def wait(self, by: timedelta) -> int:
        """Let time pass, then drain; how many timers fired."""
        self.clock.advance(by)
        return self.drain()

    def drain(self, **more: Any) -> int:
        """As the server does each second."""
        fired = self._ticking(**more)
        assert isinstance(fired, int)
        return fired

    @property
    def firing(self) -> Firing:
        firing = self._ticking.args[1]
        assert isinstance(firing, Firing)
        return firing

    @property
    def _ticking(self) -> "partial[int]":
        (job,) = [job for job in self.house.jobs if job.name == "timers"]
        assert isinstance(job.run, partial)
        return job.run

    def told(self, who: str = "anna") -> list[str]:
        """What the person's messenger is given when its browser is heard of next."""
        body = {
            "writeKey": self.home.site_key,
            "token": self.tokens[who],
            "page": {"url": "https://shop.example/app", "path": "/app", "title": "App", "dwell_ms": 0},
            "visible": True,
        }
        answer = self.client.post("/v1/presence", json=body)
        assert answer.status_code == 200, answer.json
        return [delivery["content"]["text"] for delivery in (answer.json or {})["deliveries"]]

    def timers(self) -> list[TimerRow]:
        """Every timer there is, the next one first."""
        query = select(TimerRow).order_by(TimerRow.fires_at, TimerRow.person_id)
        return self.runtime.db.read(lambda session: list(session.scalars(query)))

    def pending(self) -> list[datetime]:
        return [row.fires_at for row in self.timers() if row.state == "pending"]

    def decisions(self) -> list[DecisionRow]:
        query = select(DecisionRow).order_by(DecisionRow.at, DecisionRow.id)
        return self.runtime.db.read(lambda session: list(session.scalars(query)))

    def outcomes(self) -> list[str]:
        return [row.reason or row.outcome for row in self.decisions()]

    def keys(self) -> dict[str, str]:
        """What the author called each rule, by its id."""
        query = select(RuleRow.id, RuleRow.key)
        return self.runtime.db.read(lambda session: {row[0]: row[1] for row in session.execute(query)})

    def erase_everybody(self) -> None:
        def job(session: Session) -> None:
            for table in (Event, Run, Touchpoint, Visitor):
                session.execute(delete(table))

        self.runtime.db.write(job)

    def deliveries(self) -> int:
        return len(self.runtime.db.read(lambda session: list(session.scalars(select(Delivery.id)))))

    def _to(self, rule_id: str, state: str) -> None:
        self.runtime.db.write(lambda session: saving.set_state(session, self.home.id, rule_id, state, self.clock()))
