"""A browser in the demo shop: it sends what the probe would send, through the real border and the real store."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from random import Random
from typing import Any
from zlib import crc32

import orjson
from sqlalchemy.orm import Session

from frontdesk.cli.demo.people import Profile
from frontdesk.cli.demo.post import Post
from frontdesk.cli.demo.shop import FINISHES, ORIGINS, PAGES, PRICES
from frontdesk.collect.door.draft import Client, Received
from frontdesk.collect.door.parse import Parsed
from frontdesk.collect.door.pipeline import parse_item
from frontdesk.collect.door.place import Place
from frontdesk.collect.refusals import Drop, Refusal
from frontdesk.collect.requests import Answer, Request, Sender
from frontdesk.core.clock import iso
from frontdesk.engage import queries
from frontdesk.engage.doing import deliveries
from frontdesk.people.models import Visitor
from frontdesk.people.queries import visitor_by_token

Item = dict[str, Any]
_ID_LETTERS = "0123456789ABCDEF"
_APART = timedelta(milliseconds=40)  # what happens in one moment still happens in order


@dataclass(slots=True)
class Browser:
    """What one browser remembers between its requests."""

    profile: Profile
    workspace_id: str
    base: str
    post: Post
    token: str | None = None
    user_id: str | None = None
    page: Item = field(default_factory=dict)
    bag: list[Item] = field(default_factory=list)
    cards: list[str] = field(default_factory=list)
    _noted: list[Item] = field(default_factory=list)
    _numbers: "count[int]" = field(default_factory=lambda: count(1))

    def look(self, name: str, origin: str | None = None) -> None:
        """Open a page, from `origin` or from the page before."""
        language, before = self.profile.language, self.page.get("url")
        page = PAGES[name]
        way = ORIGINS[origin] if origin else None
        query = f"?{way.query}" if way and way.query else ""
        self.page = {
            "url": f"{self.base}{page.path(language)}{query}",
            "path": page.path(language),
            "title": page.title(language),
            "referrer": way.referrer if way else before,
        }
        self.note("page")

    def dwell(self, dwell_ms: int) -> None:
        """The page was visible this long: a threshold that the server had named."""
        self.note("track", event="Page Dwell", properties={"path": self.page["path"], "dwell_ms": dwell_ms})

    def leave(self, dwell_ms: int) -> None:
        """Leave the page after this long."""
        self.note("track", event="Page Left", properties={"path": self.page["path"], "dwell_ms": dwell_ms})

    def note(self, kind: str, **said: Any) -> None:
        """Something that happened; the next request carries it."""
        place = self.profile.place
        always = {
            "messageId": f"{self.profile.key}-{next(self._numbers)}",
            "anonymousId": f"demo-{self.profile.key}",
            "userId": self.user_id,
            "context": {"page": self.page, "locale": place.locale, "timezone": place.timezone},
        }
        self._noted.append({"type": kind, **said, **always})

    def tell(self, session: Session, at: datetime, *, at_once: bool = True) -> None:
        """Send what was noted; a browser that nobody knows yet is always answered at once."""
        if at_once or self.token is None:
            self.post.now(session, self._request(at), self._take)
        else:
            self.post.later(self._request(at), self._take)

    def visitor(self, session: Session) -> Visitor:
        """The row behind this browser."""
        found = visitor_by_token(session, self.token or "")
        if found is None:
            raise LookupError(f"{self.profile.key} has not been here")
        return found

    def move_card(self, session: Session, state: str, at: datetime) -> None:
        """What became of the newest card: seen, clicked or dismissed."""
        row = queries.delivery_of_visitor(session, self.visitor(session).id, self.cards[-1])
        if row:
            deliveries.move(session, row, state, at)

    def _request(self, at: datetime) -> Request:
        client = Client(user_agent=self.profile.user_agent, place=Place(self.profile.place.country))
        received = Received(at, None, None, None, backend=False, client=client)
        since = at - _APART * (len(self._noted) - 1)
        stamped = [{**item, "timestamp": iso(since + _APART * n)} for n, item in enumerate(self._noted)]
        items = tuple(_sound(parse_item(orjson.dumps(item), received)) for item in stamped)
        self._noted = []
        return Request(Sender(self.workspace_id, verified=False, token=self.token), at, items)

    def _take(self, answer: Answer) -> None:
        """Keep the token; show the cards that came. One that cannot be answered is looked at, and that is all."""
        self.token = answer.visitor_token or self.token
        cards = [card["id"] for card in answer.verdict.deliveries if card["kind"] == "chat"]
        self.cards.extend(card for card in cards if card not in self.cards)


def _sound(parsed: Parsed | Refusal | Drop) -> Parsed:
    if not isinstance(parsed, Parsed):
        raise TypeError(f"the demo sends what collect does not take: {parsed}")
    return parsed


def register(browser: Browser, at: datetime, _chance: Random) -> None:
    """Sign up, as the shop's form does it; once."""
    profile = browser.profile
    if browser.user_id or profile.name is None:
        return
    browser.user_id = f"demo-{crc32(profile.key.encode()):08x}"
    browser.note("identify", traits={"name": profile.name, "email": profile.email, "createdAt": iso(at)})
    browser.note("track", event="Registered")
    if profile.company:
        browser.note("group", groupId=profile.company.lower(), traits={"name": profile.company})


def add(browser: Browser, _at: datetime, chance: Random) -> None:
    """Put a bell into the bag."""
    price = PRICES[browser.profile.language]
    bell = {"product_id": "bell-no-1", "name": price.bell_name, "variant": chance.choice(FINISHES), "price": price.bell}
    browser.bag.append({**bell, "quantity": chance.choice((1, 1, 1, 2, 3))})
    browser.note("track", event="Product Added", properties={**browser.bag[-1], "currency": price.currency})


def choose(browser: Browser, _at: datetime, chance: Random) -> None:
    """Choose a plan on the pricing page."""
    price = PRICES[browser.profile.language]
    plan = chance.choice(("lobby", "lobby", "lobby", "grand"))
    name, monthly = price.plans[plan]
    browser.bag.append({"product_id": f"plan-{plan}", "name": name, "price": monthly, "quantity": 1})
    browser.note(
        "track", event="Plan Selected", properties={"plan": plan, "price": monthly, "currency": price.currency}
    )


def order(browser: Browser, at: datetime, chance: Random) -> None:
    """Pay for what is in the bag; who came without one buys a bell first."""
    if not browser.bag:
        add(browser, at, chance)
    revenue = sum(item["price"] * item["quantity"] for item in browser.bag)
    bought = {
        "order_id": "BS-" + "".join(chance.choices(_ID_LETTERS, k=6)),
        "revenue": revenue,
        "currency": PRICES[browser.profile.language].currency,
        "products": browser.bag,
    }
    browser.note("track", event="Order Completed", properties=bought)
    browser.bag = []


DEEDS: Mapping[str, Callable[[Browser, datetime, Random], None]] = {
    "register": register,
    "add": add,
    "choose": choose,
    "order": order,
}
