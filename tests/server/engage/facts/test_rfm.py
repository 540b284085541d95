"""Buyers by recency, frequency and money: worked examples, what counts, and how a workspace says so."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from frontdesk.core.clock import MovableClock
from frontdesk.core.db import Database
from frontdesk.engage.facts.rfm.policy import CLASSES, Means, Purchase, Standing, class_of, means, standing
from frontdesk.engage.facts.rfm.taking import KEPT, take
from frontdesk_rules import MISSING
from tests.server.conftest import Home
from tests.server.engage.facts.storing import Done, store
from tests.server.engage.facts.world import World

DAY = timedelta(days=1)
MS_A_DAY = 86_400_000
MEAN = Means(buyers=3, recency_ms=100 * MS_A_DAY, frequency=2, monetary=300)


@pytest.mark.parametrize(
    ("days", "times", "amount", "key"),
    [
        (10, 5, 900, "champions"),
        (10, 1, 900, "promising"),
        (200, 5, 900, "at_risk"),
        (200, 1, 900, "slipping"),
        (10, 5, 100, "loyal"),
        (10, 1, 100, "newcomers"),
        (200, 5, 100, "cooling"),
        (200, 1, 100, "lost"),
        (100, 2, 300, "champions"),  # just the mean is good enough
    ],
)
def test_each_of_the_eight_classes_is_a_side_of_three_means(days: int, times: int, amount: float, key: str) -> None:
    found = class_of(Standing(days * MS_A_DAY, times, amount), MEAN)
    assert found is not None
    assert found.key == key
    assert CLASSES[found.lately, found.often, found.much] is found


def test_who_bought_nothing_is_of_no_class_and_in_no_mean(now: datetime) -> None:
    nothing = standing([], now)
    assert nothing == Standing(None, 0, 0)
    assert class_of(nothing, MEAN) is None
    assert means([nothing]) is None
    assert means([nothing, Standing(4, 2, 10), Standing(8, 1, 20)]) == Means(2, 6, 1.5, 15)


def test_all_who_bought_the_same_are_as_good_as_the_mean() -> None:
    same = [Standing(1_000, 1, 0.1)] * 3
    mean = means(same)
    assert mean is not None
    assert {one and one.key for one in (class_of(own, mean) for own in same)} == {"champions"}


def test_a_year_counts_from_just_after_its_first_instant_to_the_moment(now: datetime) -> None:
    bought = [Purchase(now - days * DAY, 10) for days in (-1, 0, 364, 365)]
    assert standing(bought, now) == Standing(0, 2, 20)


def bought(who: str, at: datetime, revenue: Any, **more: Any) -> Done:
    return Done(who, more.pop("name", "Order Completed"), at, {"revenue": revenue, "paid": 1}, **more)


FIELDS = ("contact.rfm.class", "contact.rfm.recency", "contact.rfm.frequency", "contact.rfm.monetary")


def known(world: World, *who: Any) -> list[object]:
    return world.known(world.case(world.subject(*who)), *FIELDS)


@pytest.fixture
def market(world: World, db: Database, clock: MovableClock) -> World:
    """Three buyers: Ann of two browsers, Ben, and Cy, whom no server knows."""
    world.contact("con_ann", verified=True)
    world.visitor("vis_ann", contact_id="con_ann", contact_verified=True)
    world.visitor("vis_ann2", contact_id="con_ann", contact_verified=True)
    world.visitor("vis_mallory", contact_id="con_ann")
    world.contact("con_ben")
    world.visitor("vis_cy")
    now, home = world.now, world.workspace_id
    done = [
        bought("vis_ann", now - 20 * DAY, 500),
        bought("vis_ann2", now - 2 * DAY, 250.5),
        bought("con_ann", now - 300 * DAY, 49.5),
        bought("con_ann", now - 400 * DAY, 9_000),
        bought("con_ben", now - 200 * DAY, 60),
        bought("con_ben", now - 250 * DAY, "12.00"),  # no number: a purchase, of nothing
        bought("vis_cy", now - 5 * DAY, 100),
        bought("vis_mallory", now - DAY, 1_000_000, verified=False),
        bought("vis_cy", now - DAY, 70, type="page"),
        bought("vis_cy", now - DAY, 70, name="Order Refunded"),
    ]
    db.write(lambda session: store(session, done, home))
    take(db, clock)
    return world


def test_people_stand_against_the_means_of_all_verified_buyers_under_all_ids(market: World) -> None:
    # means: (2 + 200 + 5) / 3 = 69 days, (3 + 2 + 1) / 3 = 2 times, (800 + 60 + 100) / 3 = 320
    assert known(market, "vis_ann", "con_ann") == ["champions", 2 * MS_A_DAY, 3, 800]
    assert known(market, "con_ben", "con_ben") == ["cooling", 200 * MS_A_DAY, 2, 60]
    assert known(market, "vis_cy") == ["newcomers", 5 * MS_A_DAY, 1, 100]


def test_what_a_page_says_of_an_order_counts_for_nothing_unless_the_workspace_admits_it(
    market: World, db: Database, clock: MovableClock
) -> None:
    assert known(market, "vis_mallory") == [MISSING, MISSING, 0, 0]
    market.workspace(admits_unverified=True)
    take(db, clock)
    clock.advance(KEPT)
    take(db, clock)
    assert known(market, "vis_mallory") == ["promising", MS_A_DAY, 1, 1_000_000]


def test_until_the_means_are_taken_nobody_is_of_any_class(world: World, db: Database, clock: MovableClock) -> None:
    world.visitor("vis_cy")
    db.write(lambda session: store(session, [bought("vis_cy", world.now, 5)], world.workspace_id))
    assert known(world, "vis_cy") == [MISSING, 0, 1, 5]
    take(db, clock)
    assert known(world, "vis_cy") == ["champions", 0, 1, 5]


def test_orders_of_another_workspace_are_nobody_s(market: World, db: Database, other_workspace: Home) -> None:
    market.workspace_id = other_workspace.id
    market.visitor("vis_zed")
    db.write(lambda session: store(session, [bought("vis_zed", market.now, 7)], other_workspace.id))
    assert known(market, "vis_zed") == [MISSING, 0, 1, 7]


def ask(client: FlaskClient, key: str, body: dict[str, Any] | None = None) -> Any:
    headers = {"Authorization": f"Bearer {key}"}
    if body is None:
        return client.get("/api/v1/workspace/rfm", headers=headers)
    return client.put("/api/v1/workspace/rfm", headers=headers, json=body)


def test_the_api_tells_by_what_buyers_are_ranked(client: FlaskClient, market: World, workspace: Home) -> None:
    answer = ask(client, workspace.api_key).json
    assert (answer["event"], answer["amount"], answer["window_days"]) == ("Order Completed", "revenue", 365)
    assert answer["admits_unverified"] is False
    assert answer["means"] == {
        "buyers": 3,
        "recency_days": 69,
        "frequency": 2,
        "monetary": 320,
        "taken_at": "2026-03-02T10:00:00.000Z",
    }
    champions = {"key": "champions", "recency": True, "frequency": True, "monetary": True}
    assert answer["classes"][0] == {**champions, "name": {"en": "Champions", "zh": "重要价值客户"}}
    assert len({one["key"] for one in answer["classes"]}) == 8


def test_another_event_and_amount_make_other_means_within_a_minute(
    client: FlaskClient, market: World, workspace: Home, db: Database, clock: MovableClock
) -> None:
    changed = ask(client, workspace.api_key, {"event": "Order Refunded", "amount": "paid"}).json
    assert (changed["event"], changed["amount"], changed["means"]) == ("Order Refunded", "paid", None)
    take(db, clock)
    means = ask(client, workspace.api_key).json["means"]
    assert (means["buyers"], means["frequency"], means["monetary"]) == (1, 1, 1)
    assert known(market, "vis_cy") == ["champions", MS_A_DAY, 1, 1]


def test_what_is_not_named_stays_and_the_same_again_keeps_the_means(
    client: FlaskClient, market: World, workspace: Home
) -> None:
    assert ask(client, workspace.api_key, {"event": "Order Completed"}).json["means"]["buyers"] == 3
    admitted = ask(client, workspace.api_key, {"admits_unverified": True}).json
    assert (admitted["event"], admitted["admits_unverified"], admitted["means"]) == ("Order Completed", True, None)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"event": ""}, "event"),
        ({"event": "  "}, "event"),
        ({"event": 5}, "event"),
        ({"event": "Paid", "amount": "x" * 201}, "amount"),
        ({"admits_unverified": "perhaps"}, "admits_unverified"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_what_cannot_be_is_refused_by_field_and_nothing_changes(
    client: FlaskClient, workspace: Home, body: dict[str, Any], field: str
) -> None:
    before = ask(client, workspace.api_key).json
    refused = ask(client, workspace.api_key, body)
    assert (refused.status_code, refused.json["field"]) == (422, field)
    assert ask(client, workspace.api_key).json == before


def test_only_owners_and_admins_change_it(client: FlaskClient, workspace: Home) -> None:
    same_origin = {"Sec-Fetch-Site": "same-origin"}
    login = {"email": "sam@bellshop.example", "password": "sam-password"}
    assert client.post("/api/v1/session", json=login, headers=same_origin).status_code == 200
    assert client.get("/api/v1/workspace/rfm").status_code == 200
    refused = client.put("/api/v1/workspace/rfm", json={"event": "Paid"}, headers=same_origin)
    assert (refused.status_code, refused.json["code"]) == (403, "forbidden")  # type: ignore[index]  # a problem has a body
