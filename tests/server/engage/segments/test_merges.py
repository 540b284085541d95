"""Who is in a segment stays so under whichever id, and a merge or its undoing may let somebody in or out."""

from datetime import timedelta
from typing import Any

import structlog
from sqlalchemy import select, text

from frontdesk.people.models import Visitor
from tests.server.engage.segments.town import Town
from tests.server.people.site import group, identify, track

TWO = "count: {event: Asked, within: 7d}\ngte: 2"
HEARD = """
rule: hello
trigger: {segment: {enters: keen}}
repeat: {every: 1s}
do: [{tag: hello}]
---
rule: bye
trigger: {segment: {leaves: keen}}
repeat: {every: 1s}
do: [{tag: bye}]
"""


def browser(town: Town, anonymous_id: str) -> str:
    query = select(Visitor.id).where(Visitor.anonymous_id == anonymous_id)
    return town.runtime.db.read(lambda session: session.scalars(query).one())


def merge(town: Town, anonymous_id: str, user_id: str) -> str:
    """What follows from it follows within a second."""
    done = only_merge(town, anonymous_id, user_id)
    town.tick()
    return done


def only_merge(town: Town, anonymous_id: str, user_id: str) -> str:
    body = {"visitor": browser(town, anonymous_id), "contact": town.person(user_id)}
    return str(town.site.post("/merges", body).json["id"])


def undo(town: Town, merge_id: str) -> None:
    assert town.site.post(f"/merges/{merge_id}/undo").status_code == 200
    town.tick()


def asked(town: Town, **who: Any) -> None:
    town.site.page(track("Asked", **who))


def test_two_that_are_one_did_together_what_neither_did_alone(town: Town) -> None:
    keen = town.segment("keen", TWO)
    town.rules(HEARD)
    town.says("li", name="Li")
    town.does("li", "Asked")
    asked(town, anonymousId="b1")
    assert town.told() == []
    done = merge(town, "b1", "li")
    assert (town.told(), town.members(keen)) == ([("tag", "hello")], {"Li"})
    town.passes(timedelta(seconds=2))
    undo(town, done)
    assert (town.told()[1:], town.members(keen)) == ([("tag", "bye")], set())


def test_what_follows_from_a_merge_survives_the_process_that_made_it(town: Town) -> None:
    keen = town.segment("keen", TWO)
    town.rules(HEARD)
    town.says("li", name="Li")
    town.does("li", "Asked")
    asked(town, anonymousId="b1")
    done = only_merge(town, "b1", "li")
    restarted = town.restart()
    restarted.tick()
    assert (restarted.told(), restarted.members(keen)) == ([("tag", "hello")], {"Li"})
    town.clock.advance(timedelta(seconds=2))
    restarted.site.post(f"/merges/{done}/undo")
    again = restarted.restart()
    again.tick()
    assert (again.told()[1:], again.members(keen)) == ([("tag", "bye")], set())


def test_a_merge_that_is_not_made_is_followed_by_nothing(town: Town) -> None:
    for user in ("li", "bo"):
        town.says(user, name=user)
    asked(town, anonymousId="b1")
    only_merge(town, "b1", "li")
    town.tick()
    refused = town.site.post("/merges", {"visitor": browser(town, "b1"), "contact": town.person("bo")})
    assert (refused.status_code, town.timers()) == (409, [])


def test_a_merge_stands_whatever_follows_from_it(town: Town) -> None:
    """Nothing can be said of when this browser came, so that it is tried again later."""
    town.segment("keen", TWO)
    town.rules(HEARD)
    town.says("li", name="Li")
    asked(town, anonymousId="b1")
    spoilt = text("UPDATE session SET started_at = 100000000000000000")
    town.runtime.db.write(lambda session: session.execute(spoilt))
    with structlog.testing.capture_logs() as logged:
        merge(town, "b1", "li")
    assert town.site.merges(town.person("li"))[0]["visitor"] == browser(town, "b1")
    assert [line["event"] for line in logged] == ["timer_failed"] * 2
    assert [timer.tries for timer in town.timers() if timer.kind == "joined"] == [1, 1]


def test_an_identify_that_joins_two_asks_again(town: Town) -> None:
    keen = town.segment("keen", TWO)
    town.rules(HEARD)
    asked(town, anonymousId="b1")
    town.site.server(track("Asked", userId="li"))
    assert town.told() == []
    town.site.server(identify(userId="li", anonymousId="b1", traits={"name": "Li"}))
    assert (town.told(), town.members(keen)) == ([("tag", "hello")], {"Li"})


def test_any_call_that_joins_two_asks_again(town: Town) -> None:
    town.segment("keen", TWO)
    town.rules(HEARD)
    asked(town, anonymousId="b1")
    town.site.server(track("Asked", userId="li"))
    town.site.server(track("Page Left", userId="li", anonymousId="b1"))
    assert town.told() == [("tag", "hello")]


def test_two_that_are_joined_by_their_email_are_asked_together(town: Town) -> None:
    keen = town.segment("keen", TWO)
    town.rules(HEARD)
    town.says("li", name="Li", email="li@shop.example")
    town.does("li", "Asked")
    asked(town, anonymousId="b1")
    town.site.server(identify(anonymousId="b1", traits={"email": "li@shop.example"}))
    assert (town.told(), town.members(keen)) == ([("tag", "hello")], {"Li"})


def test_by_hand_follows_the_person_and_counts_once(town: Town) -> None:
    hand = town.segment("hand")
    town.says("li", name="Li")
    asked(town, anonymousId="b1")
    for who in (browser(town, "b1"), town.person("li")):
        town.call("POST", f"/segments/{hand}/members", {"person": who})
    assert town.site.get(f"/segments/{hand}")["size"] == 2
    done = merge(town, "b1", "li")
    assert town.site.get(f"/segments/{hand}")["size"] == 1
    assert town.members(hand) == {"Li"}
    undo(town, done)
    assert town.site.get(f"/segments/{hand}")["size"] == 2
    merge(town, "b1", "li")
    town.call("DELETE", f"/segments/{hand}/members/{browser(town, 'b1')}")
    assert (town.members(hand), town.site.get(f"/segments/{hand}")["size"]) == (set(), 0)


def test_a_browsers_place_in_a_segment_is_its_contacts(town: Town) -> None:
    hand = town.segment("hand")
    town.rules("rule: mine\ntrigger: {event: Asked}\nwhen: {in_segment: hand}\ndo: [{tag: mine}]\n")
    asked(town, anonymousId="b1")
    town.call("POST", f"/segments/{hand}/members", {"person": browser(town, "b1")})
    town.says("li", name="Li")
    merge(town, "b1", "li")
    town.does("li", "Asked")
    assert town.told() == [("tag", "mine")]


def test_what_is_known_of_a_company_moves_everybody_in_it(town: Town) -> None:
    big = town.segment("keen", "company.plan: big")
    town.rules(HEARD)
    for user in ("li", "bo"):
        town.says(user, name=user.title())
        town.site.server(group("acme", userId=user, traits={"plan": "small"}))
    town.says("eva", name="Eva")
    town.site.server(group("acme", userId="li", traits={"plan": "big"}))
    town.tick()
    assert (town.told(), town.members(big)) == ([("tag", "hello")] * 2, {"Li", "Bo"})
