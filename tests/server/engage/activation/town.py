"""People who were there before a rule went live, and what the ticker does each second."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from frontdesk.core.clock import iso
from frontdesk.engage.activation import ticking
from frontdesk.engage.activation.batches import Asking, following, wanted
from frontdesk.engage.activation.models import Activation
from frontdesk.engage.activation.steps import Came, Step
from frontdesk.engage.models import RuleVersion
from frontdesk.people.models import Contact
from frontdesk_rules import RuleSet
from tests.server.engage.timers.desk import Desk

STORY_A = """
rule: trial-for-the-loyal
trigger: {reaches: {field: contact.registered_at, plus: 365d}}
when:
  all:
    - {count: {event: Order Completed}, op: eq, value: 0}
    - contact.plan: free
do: [{tag: trial-14d}]
"""
DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


@dataclass
class Town(Desk):
    """A desk with a past: contacts are told of by a backend, as they are from day to day."""

    def register(self, user_id: str, days_ago: float = 0, plan: str = "free") -> None:
        traits = {"createdAt": iso(self.clock() - days_ago * DAY), "plan": plan}
        self.identify(user_id, who=f"browser-{user_id}", **traits)

    def save_by_http(self, text: str) -> int:
        """As the console does; the status."""
        headers = {"Authorization": f"Bearer {self.home.api_key}"}
        return self.client.post("/api/v1/rules", json={"yaml": text, "state": "live"}, headers=headers).status_code

    def rule(self, text: str) -> str:
        """Saved; the rule's id."""
        assert self.save_by_http(text) == 200
        (rule_id,) = self.keys()
        return rule_id

    def order(self, user_id: str) -> None:
        self.as_backend("Order Completed", user_id=user_id)

    def tick(self, seconds: int = 1) -> None:
        """What the server does each second, so many times."""
        for _ in range(seconds):
            self.clock.advance(SECOND)
            for name in ("activation", "timers"):
                self.run(name)

    def run(self, name: str) -> Any:
        (job,) = [job for job in self.house.jobs if job.name == name]
        return job.run()

    def activation(self, rule_id: str) -> Activation:
        query = select(Activation).where(Activation.rule_id == rule_id).order_by(Activation.version.desc())
        return self.runtime.db.read(lambda session: session.scalars(query).first()) or Activation()

    def tagged(self, tag: str = "trial-14d") -> set[str]:
        """The user ids of those who have it."""
        rows = self.runtime.db.read(lambda session: list(session.scalars(select(Contact))))
        return {row.user_id for row in rows if tag in row.tags}

    def break_version(self, rule_id: str) -> None:
        """As if a release that knew more had saved it."""
        tree = {"rule": "broken", "trigger": {"reaches": {"field": "contact.x", "eclipse": "total"}}, "do": []}
        broken = update(RuleVersion).where(RuleVersion.rule_id == rule_id).values(tree=tree)
        self.runtime.db.write(lambda session: session.execute(broken))

    def step(self) -> int:
        """One batch."""
        return ticking.tick(self.runtime.db, self.clock, most=1)

    def read_step(self) -> tuple[Step, Came]:
        """The next one, read, and not yet written."""
        db, now = self.runtime.db, self.clock()
        step = db.read(partial(ticking._first, now=now))
        assert step is not None
        asking = Asking(self.home.id, RuleSet.compile([step.live]).rules[0])
        batch = db.read(partial(following, asking=asking, after=step.cursor, now=now))
        return step, Came(batch, db.read(partial(wanted, asking=asking, batch=batch, now=now)))


def many(session: Session, workspace_id: str, count: int, now: datetime, **columns: Any) -> None:
    """So many contacts without browsers, who registered two years ago."""
    session.add_all(_contacts(workspace_id, count, now, columns))


def _contacts(workspace_id: str, count: int, now: datetime, columns: dict[str, Any]) -> Iterator[Contact]:
    make = partial(Contact, workspace_id=workspace_id, created_at=now, seen_at=now, registered_at=now - 730 * DAY)
    for number in range(count):
        yield make(id=f"con_{number:06}", user_id=str(number), **columns)
