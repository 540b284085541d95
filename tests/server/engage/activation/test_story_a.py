"""Registered more than a year ago and never ordered: a trial, to all who match now and to each who will match later."""

from datetime import timedelta

from tests.server.engage.activation.town import DAY, SECOND, STORY_A, Town


def test_all_who_match_when_the_rule_goes_live_get_the_trial_once(town: Town) -> None:
    town.register("loyal", days_ago=400)
    town.register("longest", days_ago=3_000)
    town.register("paying", days_ago=400, plan="pro")
    town.register("ordered", days_ago=400)
    town.order("ordered")
    town.register("new", days_ago=10)
    assert town.save_by_http(STORY_A) == 200
    town.tick(5)
    assert town.tagged() == {"loyal", "longest"}
    town.tick(5)
    assert sorted(town.outcomes()) == ["acted", "acted"]


def test_each_who_matches_later_gets_it_at_that_instant_by_one_timer(town: Town) -> None:
    town.register("soon", days_ago=360)
    town.register("later", days_ago=200)
    town.save_by_http(STORY_A)
    town.tick(5)
    assert town.tagged() == set()
    assert len(town.pending()) == 2
    town.clock.advance(5 * DAY - 7 * SECOND)
    town.tick()
    assert town.tagged() == set()
    town.tick(2)
    assert town.tagged() == {"soon"}
    town.clock.advance(160 * DAY)
    town.tick()
    assert town.tagged() == {"soon", "later"}


def test_who_registers_after_the_rule_went_live_is_armed_by_that_alone(town: Town) -> None:
    town.save_by_http(STORY_A)
    town.tick(5)
    town.register("newcomer")
    assert len(town.pending()) == 1
    town.clock.advance(365 * DAY)
    town.tick()
    assert town.tagged() == {"newcomer"}


def test_who_has_ordered_by_then_never_gets_it(town: Town) -> None:
    town.register("soon", days_ago=364)
    town.save_by_http(STORY_A)
    town.tick(5)
    town.order("soon")
    town.clock.advance(DAY)
    town.tick(2)
    assert (town.tagged(), town.outcomes()) == (set(), ["not_matched"])
    town.clock.advance(800 * DAY)
    town.tick(2)
    assert town.tagged() == set()


def test_the_trial_is_in_the_messenger_when_they_come_back(town: Town) -> None:
    town.do("Opened", who="browser-loyal")
    town.register("loyal", days_ago=400)
    text = STORY_A.replace("{tag: trial-14d}", "{message: {class: transactional, text: {en: 14 days of everything}}}")
    town.save_by_http(text)
    town.tick(5)
    assert town.told("browser-loyal") == ["14 days of everything"]
    town.tick(5)
    assert town.deliveries() == 1


def test_nobody_is_looked_for_day_by_day(town: Town) -> None:
    for number in range(30):
        town.register(f"user-{number}", days_ago=10 * number)
    rule_id = town.rule(STORY_A)
    town.tick(5)
    done = town.activation(rule_id)
    assert (done.state, done.asked, done.armed, done.due) == ("done", 30, 30, 0)
    for _ in range(60):
        town.clock.advance(DAY)
        assert town.run("activation") == 0
        town.run("timers")
    assert town.activation(rule_id).asked == 30
    asked = len(town.decisions())
    assert asked == len(town.tagged())
    assert len(town.pending()) == 30 - asked


def test_who_is_due_and_cannot_match_is_not_even_looked_at(town: Town) -> None:
    for number in range(20):
        town.register(f"paying-{number}", days_ago=400, plan="pro")
    town.register("loyal", days_ago=400)
    rule_id = town.rule(STORY_A)
    town.tick(5)
    done = town.activation(rule_id)
    assert (done.asked, done.armed, done.due) == (1, 1, 1)


def test_another_date_of_registration_brings_another_timer(town: Town) -> None:
    town.register("corrected", days_ago=100)
    town.save_by_http(STORY_A)
    town.tick(5)
    [before] = town.pending()
    town.register("corrected", days_ago=200)
    [after] = town.pending()
    assert before - after == timedelta(days=100) - 5 * SECOND
