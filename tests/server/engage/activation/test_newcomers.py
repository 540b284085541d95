"""Who comes after a rule of the clock went live: met by it, as those who were there before."""

from tests.server.engage.activation.town import Town

DAILY = """
rule: daily
trigger: {schedule: {cron: "0 12 * * *", zone: UTC}}
repeat: {every: 1h}
do: [{tag: met}]
"""


def look(town: Town, who: str) -> None:
    page = {"type": "page", "anonymousId": who, "context": {"page": {"url": "https://shop.example/"}}}
    town.send([{**page, "messageId": f"{who}-{town.clock().timestamp()}"}], who)


def wait_for_the_next(town: Town) -> None:
    town.clock.advance(min(town.pending()) - town.clock())
    town.run("timers")


def test_a_visitor_who_comes_later_is_met_at_the_next_time_and_those_after(town: Town) -> None:
    assert town.save_by_http(DAILY) == 200
    town.tick(5)
    look(town, "anna")
    assert len(town.pending()) == 1
    for times in (1, 2):
        wait_for_the_next(town)
        assert town.outcomes() == ["acted"] * times


def test_who_comes_again_or_is_recognised_is_met_once(town: Town) -> None:
    assert town.save_by_http(DAILY) == 200
    town.tick(5)
    look(town, "anna")
    look(town, "anna")
    town.identify("u1", who="anna")
    town.identify("u1", who="phone")
    wait_for_the_next(town)
    assert town.outcomes() == ["acted"]


def test_without_such_a_rule_nothing_is_set(town: Town) -> None:
    town.save_by_http("rule: hello\ntrigger: {page: /}\ndo: [{tag: seen}]\n")
    look(town, "anna")
    assert town.pending() == []
