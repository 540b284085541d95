"""A page may give several events one time: each has a past of its own, which is what came before it."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlalchemy import select

from frontdesk.collect.models import Event
from frontdesk.core.clock import iso
from frontdesk.engage.seeing.explaining import At, explain
from tests.server.engage.seeing.street import Street

NTH = """
rule: nth
trigger: {event: Paid}
when: {count: {event: Paid, %s}, eq: %s}
repeat: {every: 1s}
do: [{tag: nth}]
"""
BEFORE = """
rule: nth
trigger: {event: Paid}
when: {count: {event: Asked, ever: true}, eq: 0}
do: [{tag: nth}]
"""
COUNTED = ("ever: true", "within: 1h", "where: {event.plan: pro}, ever: true", "calendar: today")


def happened(street: Street, *requests: Sequence[str]) -> None:
    """All of it at one instant, by the browser's clock and by ours."""
    at = iso(street.clock())
    for number, names in enumerate(requests):
        street.send(
            [
                {"type": "track", "event": name, "messageId": f"m{number}-{nth}", "anonymousId": "anna",
                 "timestamp": at, "properties": {"plan": "pro", "nth": nth, "request": number}}
                for nth, name in enumerate(names)
            ],
            "anna",
        )  # fmt: skip


def ended(street: Street) -> tuple[list[str], int]:
    """The events at which it acted, live; and how often it would have."""
    since = street.clock() - timedelta(minutes=1)
    street.clock.advance(timedelta(minutes=1))
    acted = [row.detail["moment"]["id"] for row in street.decisions() if row.outcome == "acted"]
    return acted, street.would_do("nth", since)["acted"]


def paid(street: Street) -> list[str]:
    query = select(Event.id).where(Event.name == "Paid").order_by(Event.id)
    return list(street.runtime.db.read(lambda session: session.scalars(query).all()))


def explained(street: Street, person: str, event_id: str) -> str:
    when = At(street.clock(), None, event_id)
    return str(
        street.runtime.db.read(
            lambda session: explain(session, street.home.id, street.asked(session, "nth"), person, when)["outcome"]
        )
    )


@pytest.mark.parametrize("counted", COUNTED)
@pytest.mark.parametrize(("nth", "batches"), [(1, [2]), (1, [1, 1]), (3, [4]), (3, [2, 2]), (4, [2, 1, 3])])
def test_the_nth_of_one_instant_is_one_of_them(street: Street, counted: str, nth: int, batches: list[int]) -> None:
    street.save(NTH % (counted, nth))
    street.opened("anna")
    street.clock.advance(timedelta(days=2))  # who is known for so long has done nothing else within it
    happened(street, *(["Paid"] * many for many in batches))
    acted, played = ended(street)
    assert (len(acted), played) == (1, 1)


def test_explaining_each_of_them_says_what_was_decided_at_it(street: Street) -> None:
    street.save(NTH % (COUNTED[0], 2))
    street.opened("anna")
    happened(street, ["Paid"] * 3)
    acted, _ = ended(street)
    person = street.decisions()[0].person_id
    told = {one: explained(street, person, one) for one in paid(street)}
    assert [one for one, outcome in told.items() if outcome == "acted"] == acted
    assert len(told) == 3


@pytest.mark.parametrize(("requests", "acts"), [
    ([["Paid", "Asked"]], 1), ([["Asked", "Paid"]], 0), ([["Paid"], ["Asked"]], 1), ([["Asked"], ["Paid"]], 0),
])  # fmt: skip
def test_what_came_behind_in_the_same_instant_had_not_happened(
    street: Street, requests: list[list[str]], acts: int
) -> None:
    street.save(BEFORE)
    street.opened("anna")
    happened(street, *requests)
    acted, played = ended(street)
    assert (len(acted), played) == (acts, acts)
