"""How often rules acted and were held: counted by and by, the same at every time."""

from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import delete

from frontdesk.engage.models import DecisionRow
from frontdesk.engage.rules import counting
from tests.server.conftest import Home
from tests.server.engage.rule_texts import HELLO, TO_SALES
from tests.server.engage.rules.author import Author
from tests.server.engage.shop import Shop


def count_on(shop: Shop) -> None:
    counting.job(shop.db, shop.clock)


def counts(author: Author) -> dict[str, dict[str, int]]:
    return {rule["key"]: rule["counts"] for rule in author.get("/rules")["data"]}


def chat(shop: Shop, dwell_ms: int) -> None:
    shop.visitor().open_chat("/pricing", dwell_ms)


def test_the_counts_are_the_same_before_during_and_after_they_are_counted(author: Author, shop: Shop) -> None:
    shop.save(TO_SALES)
    for dwell_ms in (61_000, 6_000, 5_000):
        chat(shop, dwell_ms)
    told = {"pricing-to-sales": {"matched": 3, "acted": 1, "held": 2, "deferred": 0}}
    assert counts(author) == told
    count_on(shop)
    assert counts(author) == told
    shop.clock.advance(timedelta(minutes=2))
    count_on(shop)
    assert counts(author) == told
    chat(shop, 62_000)
    told["pricing-to-sales"] |= {"matched": 4, "acted": 2}
    assert counts(author) == told
    shop.clock.advance(timedelta(minutes=2))
    count_on(shop)
    assert counts(author) == told


def test_what_is_counted_is_not_counted_again_by_who_looks(author: Author, shop: Shop) -> None:
    shop.save(TO_SALES)
    chat(shop, 61_000)
    shop.clock.advance(timedelta(minutes=2))
    count_on(shop)
    shop.db.write(lambda session: session.execute(delete(DecisionRow)) and None)
    assert counts(author)["pricing-to-sales"]["acted"] == 1


def test_a_great_many_are_counted_in_steps(author: Author, shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "MOST_AT_ONCE", 2)
    shop.save(TO_SALES)
    for _ in range(7):
        chat(shop, 61_000)
        shop.clock.advance(timedelta(seconds=1))
    shop.clock.advance(timedelta(minutes=2))
    step = partial(counting.count_on, workspace_id=shop.workspace_id, until=shop.clock())
    assert [shop.db.write(step) for _ in range(4)] == [True, True, False, False]
    assert counts(author)["pricing-to-sales"]["acted"] == 7


def test_each_version_has_its_own_counts_and_what_it_did_in_shadow_stands_apart(author: Author, shop: Shop) -> None:
    rule = author.save(HELLO)
    author.save(HELLO.replace("Comparing", "Choosing"), "shadow")
    shop.visitor().stay("/pricing", 61)
    shop.clock.advance(timedelta(minutes=2))
    count_on(shop)
    one, none = ({"matched": n, "acted": n, "held": 0, "deferred": 0} for n in (1, 0))
    shadow, live = author.get(f"/rules/{rule['id']}/versions")["data"]
    assert (live["counts"], live["shadow_counts"]) == (one, none)
    assert (shadow["counts"], shadow["shadow_counts"]) == (none, one)
    assert counts(author)["pricing-hello"] == one


def test_counts_of_another_workspace_are_left_alone(author: Author, shop: Shop, other_workspace: Home) -> None:
    shop.save(TO_SALES)
    elsewhere = Shop(shop.db, shop.clock, other_workspace.id, shop.live)
    elsewhere.save(TO_SALES)
    chat(elsewhere, 61_000)
    assert counts(author)["pricing-to-sales"]["matched"] == 0
