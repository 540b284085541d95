"""Two users, a browser of each and their company: what may happen to them, step by step."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from typing import Any

from sqlalchemy import select

from frontdesk.core.clock import iso
from frontdesk.people.models import Visitor
from tests.server.engage.segments.town import Town
from tests.server.people.site import group, identify, track

_numbers = count(1)


@dataclass
class Life:
    """`hand` is the id of a segment by hand. All are of this life alone, so that many may be lived in one town."""

    town: Town
    hand: str
    number: int = field(default_factory=lambda: next(_numbers))

    def begin(self) -> None:
        for who in range(2):
            self.town.says(self.user(who), name=self.user(who))
            self.town.site.page(track("Page Left", anonymousId=self.browser(who)))

    def user(self, who: int) -> str:
        return f"u{self.number}-{who}"

    def browser(self, who: int) -> str:
        return f"b{self.number}-{who}"

    def plan(self, who: int, plan: str) -> None:
        self.town.says(self.user(who), plan=plan)

    def registered(self, who: int, hours_ago: int) -> None:
        self.town.says(self.user(who), createdAt=iso(self.town.clock() - timedelta(hours=hours_ago)))

    def does(self, who: int, what: tuple[str, int]) -> None:
        self.town.does(self.user(who), what[0], timedelta(hours=what[1]), price=30)

    def browses(self, who: int, event: str) -> None:
        self.town.site.page(track(event, anonymousId=self.browser(who), properties={"price": 30}))

    def is_named(self, who: int, how: str) -> None:
        """A server, or a teammate, says that the browser is the user's."""
        if how == "merge":
            own = select(Visitor.id).where(Visitor.anonymous_id == self.browser(who))
            visitor = self.town.runtime.db.read(lambda session: session.scalars(own).one())
            self.town.site.post("/merges", {"visitor": visitor, "contact": self.town.person(self.user(who))})
        else:
            call = identify() if how == "identify" else track("Page Left")
            self.town.site.server({**call, "userId": self.user(who), "anonymousId": self.browser(who)})

    def is_told_apart(self, who: int, _: object) -> None:
        merges = self.town.site.merges(self.town.person(self.user(who)))
        for merge in [merge for merge in merges if merge["undone_at"] is None][:1]:
            self.town.site.post(f"/merges/{merge['id']}/undo")

    def company(self, who: int, plan: str) -> None:
        self.town.site.server(group(f"acme-{self.number}", userId=self.user(who), traits={"plan": plan}))

    def by_hand(self, who: int, method: str) -> None:
        person = self.town.person(self.user(who))
        path, body = f"/segments/{self.hand}/members", {"person": person}
        if method == "POST":
            self.town.call("POST", path, body)
        else:
            self.town.call("DELETE", f"{path}/{person}")

    def passes(self, _: int, hours: int) -> None:
        self.town.passes(timedelta(hours=hours, minutes=7))


Step = tuple[str, int, Any]


def live(life: Life, steps: list[Step]) -> None:
    for name, who, what in steps:
        does: Callable[[int, Any], None] = getattr(life, name)
        does(who, what)
        life.town.tick()  # what is looked at again is looked at within a second
