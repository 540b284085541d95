"""Rules that look back, through collect; and that nothing is looked up which no rule asks for."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy.orm import Session

from frontdesk.core.clock import MovableClock
from frontdesk.core.db import Database, open_database
from frontdesk.core.signals import Bus
from tests.server.conftest import Home, seed
from tests.server.engage.facts.site import Site, identify, track
from tests.server.engage.facts.storing import statements
from tests.server.engage.shop import Shop, open_shop

TWICE = """
rule: twice
trigger: {event: Asked}
when: {all: [{count: {event: Paid, within: 30d}, op: gte, value: 2}, {count: {event: Left}, op: eq, value: 0}]}
repeat: {per: person}
do: [{tag: buyer}]
"""
QUIET_ONES = """
rule: quiet-ones
trigger: {event: Asked}
when: {count: {event: Paid, within: 30d}, op: eq, value: 0}
repeat: {per: person}
do: [{tag: quiet}]
"""


def save(site: Site, text: str) -> None:
    headers = {"Authorization": f"Bearer {site.home.api_key}"}
    answer = site.client.post("/api/v1/rules", json={"yaml": text, "state": "live"}, headers=headers)
    assert answer.status_code in {200, 201}, answer.json


def tags(site: Site, person_id: str) -> list[str]:
    headers = {"Authorization": f"Bearer {site.home.api_key}"}
    person: Any = site.client.get(f"/api/v1/people/{person_id}", headers=headers).json
    return list(person["tags"])


def test_events_of_the_same_request_count_and_those_of_every_browser_and_server(site: Site) -> None:
    save(site, TWICE)
    site.page("laptop", identify("vera"), track("Paid"))
    site.clock.advance(timedelta(days=2))
    site.page("phone", identify("vera"), track("Asked"))
    assert tags(site, site.contact("vera")) == []
    site.page("phone", track("Paid"), track("Asked"))
    assert tags(site, site.contact("vera")) == ["buyer"]


def test_nobody_is_said_not_to_have_done_a_thing_before_it_was_known_for_so_long(site: Site) -> None:
    save(site, QUIET_ONES)
    site.page("ada", identify("ada", createdAt="2020-01-01T00:00:00Z"), track("Asked"))
    assert tags(site, site.contact("ada")) == []
    site.clock.advance(timedelta(days=31))
    site.page("ada", track("Asked"))
    assert tags(site, site.contact("ada")) == ["quiet"]


@pytest.fixture
def shop(sqlite_url: str, clock: MovableClock, bus: Bus) -> Any:
    db: Database = open_database(sqlite_url, bus)
    home: Home = db.write(partial(seed, now=clock()))
    yield open_shop(db, bus, clock, home.id)
    db.close()


def asked_of(shop: Shop, people: int) -> Callable[[Session], list[str]]:
    """What the database is asked when so many people do something at once."""
    browsers = [shop.visitor() for _ in range(people)]
    arrivals = [browser.arrival(browser.event("track", "Asked", "/app")) for browser in browsers]

    def decide(session: Session) -> list[str]:
        with statements(session) as asked:
            shop.engine.decide(session, arrivals, shop.clock())
        return asked

    return decide


def test_hundreds_of_rules_that_look_at_nothing_past_ask_the_database_for_nothing_more(shop: Shop) -> None:
    shop.save("rule: r\ntrigger: {event: Asked}\nwhen: {session.campaign: spring-0}\ndo: [{tag: seen}]")
    shop.db.write(asked_of(shop, 5))
    few = shop.db.write(asked_of(shop, 5))
    rules = [
        f"rule: r-{number}\ntrigger: {{event: Asked}}\nwhen: {{session.campaign: spring-{number}}}\ndo: [{{tag: seen}}]"
        for number in range(300)
    ]
    shop.save("\n---\n".join(rules))
    shop.db.write(asked_of(shop, 5))
    assert len(shop.db.write(asked_of(shop, 5))) == len(few)


def test_a_hundred_people_are_looked_back_at_in_as_many_statements_as_one(shop: Shop) -> None:
    shop.save(TWICE + "---\n" + QUIET_ONES)
    shop.db.write(asked_of(shop, 1))
    one = shop.db.write(asked_of(shop, 1))
    many = shop.db.write(asked_of(shop, 60))
    looked_back = [statement for statement in many if "event AS own" in statement]
    assert len(looked_back) == len([statement for statement in one if "event AS own" in statement]) == 1


BY_KEY = """
rule: by-key
trigger: {absence: {of: Answered, after: Asked, within: 1h, key: number}}
do: [{tag: waited}]
"""


def test_a_hundred_people_who_begin_to_wait_by_a_key_are_looked_back_at_in_as_many_statements_as_one(
    shop: Shop,
) -> None:
    shop.save(BY_KEY)

    def asked(people: int) -> int:
        browsers = [shop.visitor() for _ in range(people)]
        happened = [one.event("track", "Asked", "/app", properties={"number": 7}) for one in browsers]
        arrivals = [one.arrival(event) for one, event in zip(browsers, happened, strict=True)]

        def decide(session: Session) -> int:
            with statements(session) as said:
                shop.engine.decide(session, arrivals, shop.clock())
            return len([statement for statement in said if "event AS own" in statement])

        return shop.db.write(decide)

    asked(1)
    assert asked(60) == asked(1) == 1
