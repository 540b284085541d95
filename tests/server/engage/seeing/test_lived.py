"""A session is explained as far as it had come at the moment, although it went on."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select, true
from sqlalchemy.orm import Session

from frontdesk.collect.models import Event
from frontdesk.core.clock import iso
from frontdesk.engage.seeing.explaining import At, explain
from tests.server.engage.seeing.street import Street

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


def rule(condition: str, trigger: str = "page: {}") -> str:
    return f"rule: met\ntrigger: {{{trigger}}}\nwhen: {{{condition}}}\nrepeat: {{every: 1s}}\ndo: [{{tag: met}}]"


def events(street: Street, kind: str, name: str | None = None) -> list[str]:
    query = select(Event.id).where(Event.type == kind, Event.name == name if name else true())
    query = query.order_by(Event.occurred_at, Event.id)
    return street.runtime.db.read(lambda session: list(session.scalars(query)))


def explained(street: Street, when: At) -> dict[str, Any]:
    person = street.visitor_id("anna")

    def read(session: Session) -> dict[str, Any]:
        return explain(session, street.home.id, street.asked(session, "met"), person, when)

    return street.runtime.db.read(read)


def at_each(street: Street, kind: str) -> list[str]:
    return [explained(street, At(street.clock(), moment=one))["outcome"] for one in events(street, kind)]


def actual(told: dict[str, Any]) -> object:
    return told["condition"]["actual"]


def test_the_pages_of_a_session_are_those_seen_until_then(street: Street) -> None:
    street.save(rule("session.page_views: {lte: 1}"))
    street.opened("anna")
    street.clock.advance(20 * SECOND)
    between = street.clock()
    for path in ("/pricing", "/docs"):
        street.clock.advance(20 * SECOND)
        street.opened("anna", path)
    assert street.outcomes() == ["acted"]
    assert at_each(street, "page") == ["acted", "held", "held"]
    assert [actual(explained(street, At(street.clock(), moment=one))) for one in events(street, "page")] == [1, 2, 3]
    assert actual(explained(street, At(street.clock(), between))) == 1
    assert actual(explained(street, At(street.clock()))) == 3


def test_pages_that_came_in_one_batch_are_all_known_at_the_first(street: Street) -> None:
    street.save(rule("session.page_views: {gte: 2}"))
    page = {"page": {"url": "https://shop.example/", "path": "/"}}
    sent = [{"type": "page", "messageId": f"m{n}", "anonymousId": "anna", "context": page} for n in range(2)]
    at = street.clock()
    street.clock.advance(MINUTE)
    street.send([one | {"timestamp": iso(at + n * SECOND)} for n, one in enumerate(sent)], "anna")
    assert street.outcomes() == ["acted", "acted"]
    assert at_each(street, "page") == ["acted", "acted"]
    # asked about the time itself, what happened after it is not counted
    assert actual(explained(street, At(street.clock(), at))) == 1


def test_a_page_that_was_heard_of_later_did_not_count(street: Street) -> None:
    street.save(rule("session.page_views: {lte: 1}"))
    street.opened("anna")
    street.clock.advance(5 * MINUTE)
    street.opened("anna")
    street.clock.advance(MINUTE)
    street.page("page", ago=3 * MINUTE)
    assert at_each(street, "page") == ["acted", "held", "held"]
    assert [actual(explained(street, At(street.clock(), moment=one))) for one in events(street, "page")] == [1, 3, 2]


def test_a_session_that_came_later_is_not_the_one_they_were_in(street: Street) -> None:
    street.save(rule("session.number: 1", "conversation: started"))
    street.opened("anna")
    street.clock.advance(MINUTE)
    asked_at = street.clock()
    street.clock.advance(timedelta(hours=2))
    street.opened("anna")
    street.clock.advance(MINUTE)
    assert actual(explained(street, At(street.clock(), asked_at))) == 1
    assert actual(explained(street, At(street.clock()))) == 2


def test_nobody_had_landed_before_a_page_was_seen(street: Street) -> None:
    street.save(rule("session.landing_path: {missing: true}", "event: Greeted"))
    street.page("track", event="Greeted")
    street.clock.advance(MINUTE)
    street.opened("anna", "/docs")
    street.clock.advance(MINUTE)
    assert street.outcomes() == ["acted"]
    assert at_each(street, "track") == ["acted"]


def test_visible_time_is_what_was_told_until_then(street: Street) -> None:
    street.save(rule("page.dwell: {lt: 60s}", "event: Greeted"))
    place = {"page": {"url": "https://shop.example/pricing", "path": "/pricing"}}
    street.opened("anna", "/pricing")
    for seconds in (30, 90):
        street.clock.advance(MINUTE)
        street.stayed("anna", "/pricing", seconds)
        street.clock.advance(SECOND)
        street.page("track", event="Greeted", context=place)
    assert street.outcomes() == ["acted"]
    greeted = events(street, "track", "Greeted")
    assert [actual(explained(street, At(street.clock(), moment=one))) for one in greeted] == [30_000, 90_000]


def test_a_threshold_is_crossed_once(street: Street) -> None:
    street.save("rule: met\ntrigger: {dwell: {seconds: 60}}\nrepeat: {every: 1s}\ndo: [{tag: met}]")
    street.opened("anna", "/pricing")
    for seconds in (61, 90):
        street.clock.advance(MINUTE)
        street.stayed("anna", "/pricing", seconds)
    assert street.outcomes() == ["acted"]
    assert at_each(street, "track") == ["acted", "held"]
