"""What waits for a rule goes when nothing of it waits any more; what goes live is asked about everybody."""

import pytest
from sqlalchemy import select, update

from frontdesk.engage.activation.models import Activation
from frontdesk.engage.models import TimerRow
from tests.server.engage.rules.author import Author
from tests.server.engage.shop import Shop

GUIDE = """
rule: guide
trigger: {absence: {of: Project Created, after: Registered, within: 24h}}
do: [tag: waiting]
"""
OTHER_EVENT = GUIDE.replace("after: Registered", "after: Opened")
OTHER_DEED = GUIDE.replace("waiting", "idle")


def timers(shop: Shop) -> int:
    return len(shop.db.read(lambda session: session.scalars(select(TimerRow.anchor)).all()))


def activations(shop: Shop) -> list[tuple[int, str]]:
    query = select(Activation.version, Activation.state).order_by(Activation.version)
    return shop.db.read(lambda session: [tuple(row) for row in session.execute(query)])


def registered(author: Author, shop: Shop) -> str:
    """Somebody waits for the guide, whom the rule was asked about when it went live; its id."""
    rule = author.save(GUIDE)
    shop.visitor().do("Registered")
    assert timers(shop) == 1
    assert activations(shop) == [(1, "running")]
    shop.db.write(lambda session: session.execute(update(Activation).values(state="done")) and None)
    return str(rule["id"])


@pytest.mark.parametrize("same", [OTHER_DEED, GUIDE.replace("24h", "1d"), GUIDE.replace("24h", "48h")])
def test_who_waits_goes_on_waiting_under_a_version_that_waits_for_the_same(
    author: Author, shop: Shop, same: str
) -> None:
    registered(author, shop)
    author.save(same)
    assert timers(shop) == 1
    assert activations(shop) == [(1, "done"), (2, "running")]


def test_nobody_waits_for_what_no_version_waits_for_any_more(author: Author, shop: Shop) -> None:
    registered(author, shop)
    author.save(OTHER_EVENT)
    assert timers(shop) == 0
    assert activations(shop) == [(1, "done"), (2, "running")]


@pytest.mark.parametrize(("state", "waiting"), [("paused", 1), ("archived", 0)])
def test_a_paused_rule_keeps_who_waits_and_an_archived_one_does_not(
    author: Author, shop: Shop, state: str, waiting: int
) -> None:
    rule = {"id": registered(author, shop)}
    author.state(rule, 1, state)
    assert timers(shop) == waiting
    assert activations(shop) == [(1, "done")]


def test_a_rule_that_is_resumed_is_asked_about_everybody_again(author: Author, shop: Shop) -> None:
    rule = {"id": registered(author, shop)}
    author.state(rule, 1, "paused")
    author.state(rule, 1, "live")
    assert activations(shop) == [(1, "running")]


def test_a_draft_is_asked_about_nobody(author: Author, shop: Shop) -> None:
    author.save(GUIDE, "draft")
    assert activations(shop) == []
