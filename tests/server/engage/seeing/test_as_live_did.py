"""What is played again ends as it did live: also where a session was long over, and where news came late."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from frontdesk.collect.models import Event
from frontdesk.engage.seeing.explaining import At, explain
from frontdesk.engage.seeing.nobody import why_nobody
from frontdesk.engage.seeing.simulating import Window
from tests.server.engage.seeing.street import Doing, Street

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
PER_SESSION = "repeat: {per: session}"
ON_CHANNEL = "when: {session.channel: {exists: true}}\nrepeat: {every: 1s}"
ON_PAGE = "when: {page.host: {exists: true}}\nrepeat: {every: 1s}"


def absent(within: str, rest: str) -> str:
    return (
        f"rule: absent\ntrigger: {{absence: {{of: Paid, after: Ordered, within: {within}}}}}\n"
        f"{rest}\ndo: [{{tag: waits}}]"
    )


def live_and_played(street: Street, key: str, since: datetime) -> tuple[set[Doing], set[Doing]]:
    found = street.would_do(key, since)
    played = {(key, act["person"], datetime.fromisoformat(act["at"])) for act in found["acts"]}
    return {one for one in street.done() if one[0] == key}, played


def by_a_browser(street: Street) -> None:
    street.opened("anna")
    street.did("anna", "Ordered")


def by_a_server(street: Street) -> None:
    street.server("track", userId="u-1", event="Ordered")


@pytest.mark.parametrize(
    ("within", "rest", "orders", "times"),
    [
        ("5h", PER_SESSION, by_a_browser, 1),
        ("5h", ON_CHANNEL, by_a_browser, 1),
        ("30h", ON_CHANNEL, by_a_browser, 0),
        ("5h", ON_PAGE, by_a_browser, 0),
        ("5h", PER_SESSION, by_a_server, 0),
        ("5h", ON_CHANNEL, by_a_server, 0),
    ],
)
def test_a_clock_asks_about_the_session_in_a_browser_of_the_last_day_and_about_no_page(
    street: Street, within: str, rest: str, orders: Callable[[Street], None], times: int
) -> None:
    since = street.clock()
    street.save(absent(within, rest))
    orders(street)
    street.wait(hours=31)
    live, played = live_and_played(street, "absent", since)
    assert (len(live), played) == (times, live)


@pytest.mark.parametrize(
    ("rest", "times"), [(PER_SESSION, 0), (ON_CHANNEL, 0), (ON_PAGE, 0), ("repeat: {every: 1s}", 2)]
)
def test_the_word_of_a_server_is_in_no_session_and_on_no_page(street: Street, rest: str, times: int) -> None:
    since = street.clock()
    street.save(f"rule: bought\ntrigger: {{event: Ordered}}\n{rest}\ndo: [{{tag: buyer}}]")
    by_a_server(street)
    street.clock.advance(MINUTE)
    street.opened("anna", "/pricing")
    street.page("identify", "anna", userId="u-1")
    street.clock.advance(MINUTE)
    by_a_server(street)
    street.clock.advance(MINUTE)
    live, played = live_and_played(street, "bought", since)
    assert (len(live), played) == (times, live)
    told = explained(street, "bought", At(street.clock(), moment=newest(street)))
    assert told["outcome"] == ("acted" if times else "held")


def test_who_comes_back_after_a_clock_is_in_a_session_of_their_own_again(street: Street) -> None:
    since = street.clock()
    street.save(absent("30h", ON_CHANNEL))
    street.save("rule: back\ntrigger: {page: {}}\nwhen: {session.number: 2}\nrepeat: {per: session}\ndo: [{tag: back}]")
    by_a_browser(street)
    street.wait(hours=31)
    street.opened("anna")
    live, played = live_and_played(street, "back", since)
    assert (len(live), played) == (1, live)


ANY = "repeat: {every: 1s}\ndo: [{tag: met}]"
TRIGGERS: dict[str, tuple[str, dict[str, Any]]] = {
    "{page: {}}": ("page", {"context": {"page": {"url": "https://shop.example/", "path": "/"}}}),
    "{event: Ordered}": ("track", {"event": "Ordered"}),
    "{dwell: {seconds: 60}}": ("track", {"event": "Page Dwell", "properties": {"path": "/", "dwell_ms": 61_000}}),
    "{scroll: 50}": ("track", {"event": "Page Scroll", "properties": {"path": "/", "scroll": 60}}),
    "exit_intent": ("track", {"event": "Exit Intent", "properties": {"path": "/"}}),
    "{call: help}": ("track", {"event": "Rule Call", "properties": {"name": "help"}}),
}


def newest(street: Street) -> str:
    query = select(Event.id).where(Event.type != "identify").order_by(Event.received_at.desc(), Event.id.desc())
    return street.runtime.db.read(lambda session: str(session.scalars(query.limit(1)).one()))


def explained(street: Street, key: str, when: At, who: str = "anna") -> dict[str, Any]:
    person = street.visitor_id(who)

    def read(session: Session) -> dict[str, Any]:
        return explain(session, street.home.id, street.asked(session, key), person, when)

    return street.runtime.db.read(read)


@pytest.mark.parametrize("trigger", TRIGGERS)
@pytest.mark.parametrize("ago", [10 * MINUTE, -timedelta(days=3)], ids=["late", "by-a-clock-that-is-wrong"])
def test_at_what_was_heard_of_late_nothing_is_done(street: Street, trigger: str, ago: timedelta) -> None:
    since = street.clock() - HOUR
    street.save(f"rule: met\ntrigger: {trigger}\n{ANY}")
    kind, said = TRIGGERS[trigger]
    street.opened("anna", "/elsewhere")
    before = len(live_and_played(street, "met", since)[0])
    street.clock.advance(MINUTE)
    street.page(kind, **said, ago=ago)
    street.clock.advance(MINUTE)
    live, played = live_and_played(street, "met", since)
    assert (len(live), played) == (before, live)
    told = explained(street, "met", At(street.clock(), moment=newest(street)))
    assert (told["outcome"], told["reason"], told["stage"]) == ("held", "late", "trigger")


def test_a_moment_before_it_was_too_late_is_played_and_explained_as_it_was(street: Street) -> None:
    since = street.clock() - HOUR
    street.save(f"rule: met\ntrigger: {{event: Ordered}}\n{ANY}")
    street.page("track", event="Ordered", ago=10 * MINUTE - timedelta(milliseconds=1))
    street.clock.advance(MINUTE)
    live, played = live_and_played(street, "met", since)
    assert (len(live), played) == (1, live)
    assert explained(street, "met", At(street.clock(), moment=newest(street)))["outcome"] == "acted"


def test_late_news_counts_from_when_it_was_heard_of(street: Street) -> None:
    since = street.clock() - 3 * HOUR
    street.save(
        "rule: met\ntrigger: {page: {}}\nwhen: {count: {event: Paid, within: 1d}, op: gte, value: 1}\n"
        "repeat: {every: 1s}\ndo: [{tag: paid}]"
    )
    street.opened("anna")
    street.clock.advance(MINUTE)
    street.page("track", event="Paid", ago=HOUR)
    street.clock.advance(MINUTE)
    street.opened("anna")
    street.clock.advance(MINUTE)
    live, played = live_and_played(street, "met", since)
    assert (len(live), played) == (1, live)


def test_a_clock_that_was_not_stopped_in_time_went_off(street: Street) -> None:
    since = street.clock()
    street.save(absent("1h", "repeat: {every: 1s}"))
    street.did("anna", "Ordered")
    street.did("ben", "Ordered")
    street.wait(hours=2)
    street.page("track", "anna", event="Paid", ago=90 * MINUTE)
    street.page("track", "anna", event="Ordered", ago=70 * MINUTE)
    street.wait(hours=1)
    live, played = live_and_played(street, "absent", since)
    assert (len(live), played) == (3, live)


def test_why_nobody_tells_what_came_too_late(street: Street) -> None:
    street.save(f"rule: met\ntrigger: {{event: Ordered}}\n{ANY}")
    street.page("track", event="Ordered", ago=HOUR)
    street.clock.advance(MINUTE)
    now = street.clock()

    def read(session: Session) -> dict[str, Any]:
        return why_nobody(session, street.home.id, street.asked(session, "met"), Window(now - 3 * HOUR, now, now))

    found = street.runtime.db.read(read)
    assert (found["triggered"], found["acted"], found["largest"]["stage"]) == (1, 0, "trigger")
    assert found["largest"]["text_en"] == "1 of 1: We heard of it too late"


def test_what_was_not_heard_of_by_then_is_no_moment_of_that_time(street: Street) -> None:
    street.save(f"rule: met\ntrigger: {{event: Ordered}}\n{ANY}")
    street.opened("anna")
    street.clock.advance(HOUR)
    asked_at = street.clock() - 10 * MINUTE
    street.page("track", event="Ordered", ago=30 * MINUTE)
    told = explained(street, "met", At(street.clock(), asked_at))
    assert told["moment"]["assumed"] is True
    assert explained(street, "met", At(street.clock()))["moment"]["assumed"] is False
