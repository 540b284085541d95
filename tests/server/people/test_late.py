"""What is told of earlier moments, late or by import, changes nothing of what is known of later ones."""

from datetime import datetime, timedelta
from itertools import permutations
from typing import Any

import orjson
import pytest
from sqlalchemy import select, update

from frontdesk.collect.door.draft import Client, Received
from frontdesk.collect.door.parse import Parsed
from frontdesk.collect.door.pipeline import parse_item
from frontdesk.collect.door.place import Place
from frontdesk.collect.requests import Request, Sender
from frontdesk.core.clock import MovableClock, iso
from frontdesk.core.db import Database
from frontdesk.people.models import Company, Contact, Visitor
from frontdesk.people.said_at import MOST
from tests.server.conftest import Home
from tests.server.people.conftest import IdOf
from tests.server.people.site import Site, group, identify, track
from tests.server.people.world import STORE

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
SAFARI = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/18.0 Safari/605.1.15"


def only(db: Database, model: Any) -> Any:
    return db.read(lambda session: session.scalars(select(model)).one())


def ago(now: datetime, **passed: float) -> str:
    return iso(now - timedelta(**passed))


def view(path: str, at: str, **context: Any) -> dict[str, Any]:
    page = {"url": f"https://shop.example{path}", "title": path}
    return {"type": "page", "anonymousId": "ana", "timestamp": at, "context": {"page": page, **context}}


@pytest.mark.parametrize("seconds", [(2, 1, 0), (7200, 1, 0), (86_400, 7200, 3600)], ids=str)
@pytest.mark.parametrize("together", [True, False])
def test_the_page_is_the_one_seen_last_in_whatever_order_they_come(
    site: Site, db: Database, now: datetime, seconds: tuple[int, ...], *, together: bool
) -> None:
    views = [view(f"/{number}", ago(now, seconds=passed)) for number, passed in enumerate(seconds)]
    for order in permutations(views):
        db.write(lambda session: session.execute(update(Visitor).values(page=None)))
        for items in [order] if together else [(item,) for item in order]:
            site.page(*items)
        assert only(db, Visitor).page["path"] == "/2"


def test_an_event_without_a_page_keeps_no_page_out(site: Site, db: Database, now: datetime) -> None:
    site.page(view("/before", ago(now, seconds=10)))
    site.server(track(anonymousId="ana"))
    site.page(view("/after", ago(now, seconds=1)))
    assert only(db, Visitor).page["path"] == "/after"


def test_nobody_is_told_when_a_page_was_looked_at_last(site: Site, visitor: IdOf, now: datetime) -> None:
    site.page(view("/here", ago(now, seconds=1)))
    assert site.person(visitor("ana"))["page_now"].keys() == {"url", "path", "title", "dwell_ms", "since"}


def past(db: Database, home: Home, now: datetime, *items: dict[str, Any]) -> None:
    """Import these."""
    received = Received(now, None, None, None, backend=True, historic=True, client=Client(place=Place()))
    read = [parse_item(orjson.dumps({"messageId": f"i{n}", **one}), received) for n, one in enumerate(items)]
    parsed = tuple(one for one in read if isinstance(one, Parsed))
    assert len(parsed) == len(items)
    request = Request(Sender(home.id, verified=True), now, items=parsed)
    db.write(lambda session: STORE(session, [request]))


def looks(visitor: Visitor) -> tuple[Any, ...]:
    return visitor.browser and visitor.browser.partition(" ")[0], visitor.language, visitor.timezone, visitor.country


NOW_FROM = {"userAgent": FIREFOX, "locale": "de-DE", "timezone": "Europe/Berlin"}
THEN_FROM = {"userAgent": SAFARI, "locale": "fr-FR", "timezone": "Europe/Paris", "ip": "81.2.69.142"}


def test_with_what_a_browser_was_here_long_ago_says_nothing_of_today(
    site: Site, db: Database, workspace: Home, now: datetime
) -> None:
    site.server(track(anonymousId="ana", context=NOW_FROM | {"ip": "8.8.8.8"}))
    site.server(track(anonymousId="ana", context=THEN_FROM, timestamp=ago(now, days=3)))
    past(db, workspace, now, track(anonymousId="ana", context=THEN_FROM, timestamp=ago(now, days=300)))
    assert looks(only(db, Visitor)) == ("Firefox", "de-DE", "Europe/Berlin", "US")


def test_what_is_unknown_is_filled_by_what_was_long_ago(
    site: Site, db: Database, workspace: Home, now: datetime
) -> None:
    site.server(track(anonymousId="ana", context={"locale": "de-DE"}))
    past(db, workspace, now, track(anonymousId="ana", context=THEN_FROM, timestamp=ago(now, days=300)))
    assert looks(only(db, Visitor)) == ("Safari", "de-DE", "Europe/Paris", "GB")


def test_of_what_is_imported_the_newest_holds(db: Database, workspace: Home, now: datetime) -> None:
    old = track(anonymousId="ana", context=THEN_FROM, timestamp=ago(now, days=300))
    newer = track(anonymousId="ana", context=NOW_FROM, timestamp=ago(now, days=200))
    past(db, workspace, now, old, newer)
    assert looks(only(db, Visitor)) == ("Firefox", "de-DE", "Europe/Berlin", "GB")


def test_whoever_is_known_from_long_ago_was_seen_then_and_not_now(
    db: Database, workspace: Home, now: datetime, site: Site, clock: MovableClock
) -> None:
    days = [ago(now, days=passed) for passed in (300, 100, 200)]
    past(
        db, workspace, now, *(group("acme", anonymousId="ana", userId="vera", timestamp=at) for at in days),
        identify(userId="vera", anonymousId="ana", timestamp=days[0]),
    )  # fmt: skip
    assert {only(db, model).seen_at for model in (Visitor, Contact, Company)} == {now - timedelta(days=100)}
    clock.advance(timedelta(hours=1))
    site.server(identify(userId="vera", anonymousId="ana", timestamp=ago(now, minutes=5)))
    assert {only(db, model).seen_at for model in (Visitor, Contact)} == {now - timedelta(minutes=5)}
    assert only(db, Visitor).present_until is None


SAID = (
    (3, {"name": "Old", "email": "old@x.example", "phone": "1", "plan": "free", "city": "Bonn", "firstName": "O"}),
    (2, {"name": "Mid", "plan": "pro", "size": 5}),
    (1, {"name": "New", "email": None, "size": 7}),
)


@pytest.mark.parametrize("order", list(permutations(SAID)), ids=lambda order: "".join(str(day) for day, _ in order))
@pytest.mark.parametrize("who", ["contact", "visitor"])
def test_an_identify_of_an_earlier_moment_fills_gaps_and_overrides_nothing(
    site: Site, db: Database, now: datetime, order: tuple[tuple[int, dict[str, Any]], ...], who: str
) -> None:
    send, ids = (site.server, {"userId": "vera"}) if who == "contact" else (site.page, {"anonymousId": "ana"})
    for day, traits in order:
        send(identify(traits=traits, timestamp=ago(now, days=day), **ids))
    row = only(db, Contact if who == "contact" else Visitor)
    assert (row.name, row.attributes["size"]) == ("New", 7)
    assert row.attributes.keys() == {"plan", "city", "size", "firstName"}
    assert row.identified_at == now - timedelta(days=1)


def test_the_first_word_of_a_server_holds_however_late_it_comes(site: Site, db: Database, now: datetime) -> None:
    site.page(identify(userId="vera", traits={"name": "Eve", "plan": "none"}))
    site.server(identify(userId="vera", traits={"name": "Vera"}, timestamp=ago(now, days=2)))
    contact = only(db, Contact)
    assert (contact.name, contact.attributes) == ("Vera", {})
    assert contact.registered_at == now - timedelta(days=2)


FIRST, SAYS_2020, SAYS_2021 = {"plan": "a"}, {"createdAt": "2020-01-01"}, {"createdAt": "2021-01-01"}


@pytest.mark.parametrize(
    ("said", "registered"),
    [
        ([(2, FIRST), (5, FIRST), (1, FIRST)], 5),
        ([(2, SAYS_2020), (5, FIRST), (1, FIRST)], 2020),
        ([(2, FIRST), (5, SAYS_2020), (1, FIRST)], 2020),
        ([(1, SAYS_2020), (5, SAYS_2021)], 2020),
        ([(5, SAYS_2021), (1, SAYS_2020)], 2020),
        ([(3, SAYS_2020), (2, {"createdAt": None}), (4, FIRST)], 4),
        ([(1, FIRST), (2, {"createdAt": None})], 2),
    ],
)
def test_registered_is_what_was_said_else_the_first_identify_by_its_moment(
    site: Site, db: Database, now: datetime, said: list[tuple[int, dict[str, Any]]], registered: int
) -> None:
    for day, traits in said:
        site.server(identify(userId="vera", traits=traits, timestamp=ago(now, days=day)))
    at = only(db, Contact).registered_at
    assert (at.year if registered > 2000 else (now - at).days) == registered


WORDS: tuple[tuple[int, dict[str, Any]], ...] = (
    (5, {"name": "Old", "phone": "1", "plan": "free", "city": "Bonn", "createdAt": "2020-01-01"}),
    (4, {"plan": "pro", "size": 1, "email": "v@x.example", "name": "Vera"}),
    (3, {"size": 2, "city": None, "phone": None}),
    (2, {"color": "red", "createdAt": "2021-01-01"}),
)


@pytest.mark.parametrize("order", list(permutations(WORDS)), ids=lambda order: "".join(str(day) for day, _ in order))
@pytest.mark.parametrize("together", [True, False])
def test_of_each_trait_the_newest_word_holds_in_whichever_order_they_come(
    site: Site, db: Database, now: datetime, order: tuple[tuple[int, dict[str, Any]], ...], *, together: bool
) -> None:
    said = [identify(userId="vera", traits=traits, timestamp=ago(now, days=day)) for day, traits in order]
    for items in [said] if together else [[one] for one in said]:
        site.server(*items)
    contact = only(db, Contact)
    assert (contact.name, contact.email, contact.phone) == ("Vera", "v@x.example", None)
    assert contact.attributes == {"plan": "pro", "size": 2, "color": "red"}
    assert contact.registered_at.year == 2021


def test_it_holds_for_a_browser_too(site: Site, db: Database, now: datetime) -> None:
    for day, traits in ((5, {"a": 1}), (3, {"b": 1}), (4, {"a": 2, "b": 0})):
        site.page(identify(anonymousId="ana", traits=traits, timestamp=ago(now, days=day)))
    assert only(db, Visitor).attributes == {"a": 2, "b": 1}


def test_whoever_says_the_same_each_time_needs_no_moments(site: Site, db: Database, now: datetime) -> None:
    for day in (3, 2, 1):
        site.server(identify(userId="vera", traits={"name": "Vera", "plan": "pro"}, timestamp=ago(now, days=day)))
    assert only(db, Contact).said_at is None


def test_the_moments_of_a_row_are_bounded(site: Site, db: Database, now: datetime) -> None:
    for day in (4, 3, 2):
        gone = {f"gone {day} {number}": None for number in range(200)}
        site.server(identify(userId="vera", traits=gone, timestamp=ago(now, days=day)))
    moments = only(db, Contact).said_at
    assert len(moments) == MOST
    assert sum(name.startswith("gone 2") for name in moments) == 200


def test_of_somebody_of_whom_more_is_known_than_moments_are_kept_no_word_notes_them_all_anew(
    site: Site, db: Database, now: datetime
) -> None:
    for half in ("known", "more"):
        known = {f"{half} {number}": number for number in range(MOST // 2 + 1)}
        site.server(identify(userId="vera", traits=known, timestamp=ago(now, days=4)))
    site.server(identify(userId="vera", traits={"plan": "pro", "known 0": None}, timestamp=ago(now, days=2)))
    assert set(only(db, Contact).said_at) == {"known 0"}
    site.server(identify(userId="vera", traits={"known 0": 7, "known 1": 7, "new": 7}, timestamp=ago(now, days=3)))
    attributes = only(db, Contact).attributes
    assert (attributes["known 1"], attributes["new"], "known 0" in attributes) == (1, 7, False)
