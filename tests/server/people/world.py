"""A small world for laws about people: two browsers, three user ids, and all that may be said of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count

import orjson
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from frontdesk.collect.door.draft import Received
from frontdesk.collect.door.parse import Parsed
from frontdesk.collect.door.pipeline import parse_item
from frontdesk.collect.ports import Arrival, Verdict
from frontdesk.collect.requests import Request, Sender
from frontdesk.collect.store import Store
from frontdesk.core.db import Database
from frontdesk.people.models import Contact, Visitor
from frontdesk.people.stand_ins import stand_in


@dataclass
class World:
    """A workspace with two browsers and three user ids, whose names are new ones for each example."""

    db: Database
    workspace_id: str
    number: int
    now: datetime = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
    sent: Iterator[int] = field(default_factory=count)
    said: dict[str, "Said"] = field(default_factory=dict)

    def request(self, said: "Said") -> Request:
        names = {
            "anonymousId": self.own(said.browser),
            "userId": self.own(said.user),
            "previousId": self.own(said.previous),
            "groupId": "acme" if said.kind == "group" else None,
            "event": "Asked" if said.kind == "track" else None,
            "traits": {"email": f"{self.number}.{said.email}@x.example"} if said.email else None,
        }
        item = {"type": said.kind, "messageId": f"{self.number}.{next(self.sent)}", **names}
        parsed = parse_item(orjson.dumps(item), Received(self.now, None, None, None, backend=said.server))
        items = (parsed,) if isinstance(parsed, Parsed) else ()
        self.said |= {one.message_id: said for one in items}
        return Request(Sender(self.workspace_id, verified=said.server), self.now, items=items)

    def own(self, name: str | None) -> str | None:
        return name and f"{name}.{self.number}"

    def stands(self) -> dict[str, tuple[str | None, str]]:
        """Who stands in for a browser, or for none, in the hands of a user: both, by the anonymous id.

        An alias may speak of a browser by any name.
        """
        pairs = [(browser, user) for browser in (None, *BROWSERS, *USERS) for user in USERS]
        return {
            stand_in(SECRET, self.own(browser), f"{user}.{self.number}"): (browser, user) for browser, user in pairs
        }

    def stand_ins(self, session: Session) -> list[Visitor]:
        return list(
            session.scalars(select(Visitor).where(Visitor.anonymous_id.in_(self.stands())).order_by(Visitor.id))
        )

    def visitors(self, session: Session) -> list[Visitor]:
        """Browsers; and such as an alias spoke of, which may name anything."""
        names = [self.own(name) for name in BROWSERS + USERS]
        return list(session.scalars(select(Visitor).where(Visitor.anonymous_id.in_(names)).order_by(Visitor.id)))

    def contacts(self, session: Session) -> list[Contact]:
        names = [self.own(name) for name in USERS]
        return list(session.scalars(select(Contact).where(Contact.user_id.in_(names)).order_by(Contact.id)))


BROWSERS, USERS = ("laptop", "phone"), ("u1", "u2", "u3")


@dataclass(frozen=True)
class Said:
    """A call of a page or of a server."""

    kind: str
    server: bool
    browser: str | None
    user: str | None
    previous: str | None
    email: str | None


@dataclass(frozen=True)
class Hand:
    """A teammate merges the browser with the user, or undoes one of its merges."""

    browser: int
    user: int
    undo: int | None


SAID = st.builds(
    Said,
    kind=st.sampled_from(["identify", "track", "alias", "group"]),
    server=st.booleans(),
    browser=st.none() | st.sampled_from(BROWSERS),
    user=st.none() | st.sampled_from(USERS),
    previous=st.sampled_from(BROWSERS + USERS),
    email=st.none() | st.sampled_from(["e1", "e2"]),
)
HAND = st.builds(Hand, st.integers(0, 1), st.integers(0, 2), st.none() | st.integers(0, 3))
STORY = st.lists(st.lists(SAID, min_size=1, max_size=4) | HAND, min_size=1, max_size=8)


def nothing_decided(_session: Session, arrivals: Sequence[Arrival], _now: datetime) -> list[Verdict]:
    return [Verdict() for _ in arrivals]


SECRET = "a secret"
STORE = Store(nothing_decided, SECRET)
