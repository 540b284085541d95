"""The whole house, a site before it and a clock beside it: rules act, time passes, and one looks at what came of it."""

from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from frontdesk.app import House, compose
from frontdesk.core.clock import MovableClock, iso
from frontdesk.core.runtime import Runtime
from frontdesk.core.signals import Bus
from frontdesk.engage.models import DecisionRow, TimerRow
from frontdesk.engage.rules import saving
from tests.server.conftest import Home
from tests.server.people.site import Site, identify, track

TICKING = ("rules", "segments", "timers")


@dataclass
class Town:
    house: House
    site: Site
    runtime: Runtime
    clock: MovableClock
    home: Home

    @property
    def client(self) -> FlaskClient:
        return self.site.client

    def call(self, method: str, path: str, body: Any = None) -> TestResponse:
        """As a server with an API key."""
        headers = {"Authorization": f"Bearer {self.home.api_key}"}
        return self.client.open(f"/api/v1{path}", method=method, headers=headers, json=body)

    def segment(self, key: str, condition: Any = None, **more: Any) -> str:
        answer = self.call("POST", "/segments", {"key": key, "condition": condition, **more})
        assert answer.status_code == 201, answer.text
        segment_id: str = answer.json["id"]
        return segment_id

    def rules(self, text: str) -> list[str]:
        """Set live; their ids."""
        save = partial(saving.save, workspace_id=self.home.id, text=text, now=self.clock())
        return self.runtime.db.write(save)

    def says(self, user_id: str, **traits: Any) -> None:
        """The site's server describes a user."""
        self.site.server(identify(userId=user_id, traits=traits, timestamp=iso(self.clock())))

    def does(self, user_id: str, event: str, ago: timedelta = timedelta(0), **properties: Any) -> None:
        at = iso(self.clock() - ago)
        self.site.server(track(event, userId=user_id, properties=properties, timestamp=at))

    def passes(self, time: timedelta) -> None:
        """Time passes, and the clock ticks until nothing is left to do."""
        self.clock.advance(time)
        for _ in range(3):
            self.tick()

    def tick(self) -> None:
        for job in self.house.jobs:
            if job.name in TICKING:
                job.run()

    def person(self, user_id: str) -> str:
        found = self.site.get("/people", q=user_id)["data"]
        return next(str(one["id"]) for one in found if one["user_id"] == user_id)

    def restart(self) -> "Town":
        """A new process on the same database, that remembers nothing, and is told nothing by this one."""
        return open_town(replace(self.runtime, bus=Bus()), self.clock, self.home)

    def members(self, segment_id: str) -> set[str]:
        """Labels of who is in it."""
        return {one["label"] for one in self.site.get(f"/segments/{segment_id}/members", limit=200)["data"]}

    def told(self) -> list[tuple[str, str]]:
        """What rules did, oldest first, and of one instant in the order of words: each action's name and value."""
        acted = [row for row in self._decisions() if row.outcome == "acted"]
        done = [(row.at, pair) for row in acted for action in row.detail.get("actions", []) for pair in action.items()]
        return [pair for _, pair in sorted(done, key=lambda one: (one[0], str(one[1])))]

    def held(self) -> set[str | None]:
        """The reasons for which rules were held."""
        return {row.reason for row in self._decisions() if row.outcome == "held"}

    def _decisions(self) -> list[DecisionRow]:
        rows = select(DecisionRow).order_by(DecisionRow.at, DecisionRow.id)
        return self.runtime.db.read(lambda session: list(session.scalars(rows)))

    def timers(self) -> list[TimerRow]:
        """Those that wait."""
        waiting = select(TimerRow).where(TimerRow.state == "pending").order_by(TimerRow.fires_at)
        return self.runtime.db.read(lambda session: list(session.scalars(waiting)))


def open_town(runtime: Runtime, clock: MovableClock, home: Home) -> Town:
    house = compose(runtime)
    town = Town(house, Site(house.app.test_client(), home), runtime, clock, home)
    town.tick()
    return town
