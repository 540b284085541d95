"""People who are imported after a rule went live: asked as those who were there before it."""

from datetime import timedelta
from functools import partial

from frontdesk.engage.activation.beginning import begin_for_the_imported
from tests.server.engage.activation.town import DAY, STORY_A, Town, many


def come(town: Town, count: int, **columns: object) -> int:
    """As an import stores them, without asking any rule, and then asks."""
    db, home, now = town.runtime.db, town.home.id, town.clock()
    db.write(partial(many, workspace_id=home, count=count, now=now, **columns))
    return db.write(partial(begin_for_the_imported, workspace_id=home, now=now))


def test_a_rule_that_is_live_already_asks_about_them(town: Town) -> None:
    town.save_by_http(STORY_A)
    town.tick(3)
    assert come(town, 2, attributes={"plan": "free"}) == 1
    town.tick(5)
    assert town.tagged() == {"0", "1"}


def test_nobody_is_asked_twice_for_it(town: Town) -> None:
    town.register("loyal", days_ago=400)
    town.register("soon", days_ago=364)
    town.save_by_http(STORY_A)
    town.tick(5)
    assert town.outcomes() == ["acted"]
    come(town, 1, attributes={"plan": "pro"})
    town.tick(5)
    assert town.outcomes() == ["acted"]
    town.clock.advance(DAY + timedelta(minutes=1))
    town.tick(2)
    assert town.tagged() == {"loyal", "soon"}
    assert sorted(town.outcomes()) == ["acted", "acted"]


def test_without_a_rule_that_a_clock_brings_nobody_is_asked(town: Town) -> None:
    town.save_by_http("rule: hello\ntrigger: {event: Bell Rung}\ndo: [{tag: rung}]\n")
    assert come(town, 1) == 0
