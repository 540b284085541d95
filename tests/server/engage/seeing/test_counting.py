"""What became of a rule's moments, and what it brought about: counted from what is stored."""

from datetime import timedelta

import pytest

from frontdesk.accounts.models import Workspace
from frontdesk.core.clock import iso
from tests.server.engage.seeing.ledger import HOUR, Ledger, plans_of
from tests.server.engage.seeing.street import Street

RULE = """
rule: trial
trigger: {page: /pricing}
do: [{message: {class: support, text: {en: Try it}}}]
goal: {event: Order Completed, within: 2d, value: revenue}
"""
HOLDS_OUT = RULE + "holdout: 20%\n"
VARIANTS = """
rule: trial
trigger: {page: /pricing}
variants:
  - {name: plain, share: 50%, do: [{tag: plain}]}
  - {name: loud, share: 50%, do: [{tag: loud}]}
goal: {event: Order Completed, within: 2d}
"""


def test_a_funnel_counts_what_the_server_did_and_what_became_of_it(street: Street) -> None:
    ledger = Ledger(street, RULE)
    for who in ("anna", "ben"):
        street.opened(who, "/pricing")
    (delivery,) = street.page("page", "anna", context={"page": {"url": "https://shop.example/"}})["deliveries"]
    token = {"Authorization": f"Bearer {street.tokens['anna']}"}
    for state in ("seen", "clicked", "dismissed"):
        street.client.post(f"/messenger/v1/deliveries/{delivery['id']}/{state}", headers=token)
    street.clock.advance(HOUR)
    street.opened("ben", "/pricing")
    street.server("track", userId="u-ben", anonymousId="ben", event="Order Completed", properties={"revenue": 49.5})
    street.page("track", "anna", event="Order Completed", properties={"revenue": 1000})
    counted = ledger.asked("funnel")["all"]
    assert {key: counted[key] for key in ("matched", "acted", "people", "held")} == {
        "matched": 3, "acted": 2, "people": 2, "held": {"repeated": 1},
    }  # fmt: skip
    assert {key: counted[key] for key in ("deliveries", "sent", "seen", "clicked", "dismissed", "replied")} == {
        "deliveries": 2, "sent": 2, "seen": 1, "clicked": 1, "dismissed": 1, "replied": 0,
    }  # fmt: skip
    # only what a server says counts
    assert (counted["converted"], counted["value"]) == (1, 49.5)


def test_a_workspace_may_admit_what_browsers_say_and_it_is_said(street: Street) -> None:
    ledger = Ledger(street, RULE)
    ledger.decided("vis_1")
    ledger.ordered("vis_1", HOUR, verified=False)
    before = ledger.asked("funnel")
    ledger.db.write(lambda session: session.query(Workspace).update({"admits_unverified": True}))
    after = ledger.asked("funnel")
    assert [(one["verified"], one["all"]["converted"]) for one in (before, after)] == [(True, 0), (False, 1)]


def test_a_goal_counts_within_its_time_once_and_for_the_last_that_was_done(street: Street) -> None:
    ledger = Ledger(street, RULE)
    for ago in (HOUR * 80, HOUR * 40, HOUR * 30):
        ledger.decided("vis_1", ago=ago)
    for ago in (HOUR * 100, HOUR * 20, HOUR * 10):
        ledger.ordered("vis_1", ago, revenue=7)
    ledger.decided("vis_2", ago=HOUR * 60)
    ledger.ordered("vis_2", HOUR)
    counted = ledger.asked("funnel")["all"]
    assert (counted["acted"], counted["people"], counted["converted"], counted["value"]) == (4, 2, 1, 14)


@pytest.mark.parametrize("what", ["funnel", "lift"])
def test_a_goal_reached_at_the_instant_of_the_decision_counts_but_not_the_event_that_it_was_about(
    street: Street, what: str
) -> None:
    ledger = Ledger(street, HOLDS_OUT)
    about = {"detail": {"moment": {"kind": "event", "id": "evt_000003"}}, "arm": "treated"}
    ledger.decided("vis_1", ago=HOUR, arm="treated")
    ledger.decided("vis_2", ago=HOUR, **about)
    ledger.ordered("vis_2", HOUR)  # evt_000003
    ledger.ordered("vis_1", HOUR)
    found = ledger.asked(what)["all" if what == "funnel" else "treated"]
    assert (found["people"], found["converted"]) == (2, 1)


def test_lift_of_a_rule_without_a_goal_says_that_it_has_none(street: Street) -> None:
    ledger = Ledger(street, "\n".join(line for line in HOLDS_OUT.splitlines() if not line.startswith("goal")))
    for person, arm in (("vis_1", "treated"), ("vis_2", "held_out")):
        ledger.decided(person, arm=arm)
    found = ledger.asked("lift")
    assert (found["verdict"], found["goal"]) == ("no_data", None)
    assert found["text_en"] == "The rule has no goal, so there is nothing to compare"


def test_people_are_counted_under_all_ids_that_may_be_taken_for_them(street: Street) -> None:
    ledger = Ledger(street, RULE)
    ledger.is_contact("vis_1", "con_1", verified=True)
    ledger.is_contact("vis_2", "con_1", verified=False)  # it merely claims to be
    for person in ("vis_1", "vis_2"):
        ledger.decided(person)
    ledger.ordered("con_1", HOUR)
    assert ledger.asked("funnel")["all"]["converted"] == 1


def test_variants_and_the_shadow_are_counted_apart(street: Street) -> None:
    ledger = Ledger(street, VARIANTS)
    for number in range(3):
        ledger.decided(f"vis_{number}", variant="loud" if number else "plain")
    ledger.decided("vis_9", shadow=True)
    ledger.decided("vis_9", "held", reason="not_matched", shadow=True)
    ledger.ordered("vis_2", HOUR)
    found = ledger.asked("funnel")
    assert [(one["variant"], one["acted"], one["converted"]) for one in found["variants"]] == [
        ("loud", 2, 1),
        ("plain", 1, 0),
    ]
    assert (found["all"]["acted"], found["all"]["value"]) == (3, None)
    assert (found["shadow"]["acted"], found["shadow"]["held"]) == (1, {"not_matched": 1})


def test_only_what_was_decided_in_the_time_that_is_asked_about_counts(street: Street) -> None:
    ledger = Ledger(street, RULE)
    for ago in (1, 5, 40):
        ledger.decided(f"vis_{ago}", ago=timedelta(days=ago))
    now = street.clock()
    since, until = iso(now - timedelta(days=6)), iso(now - timedelta(days=2))
    assert [ledger.asked("funnel", **span)["all"]["acted"] for span in ({}, {"since": since, "until": until})] == [2, 1]


def test_lift_compares_the_arms_as_they_were_drawn_each_person_once(street: Street) -> None:
    ledger = Ledger(street, HOLDS_OUT)
    for number in range(80):
        ledger.decided(f"vis_t{number}", "held" if number % 2 else "acted", arm="treated")
    for number in range(20):
        ledger.decided(f"vis_h{number}", "held", arm="held_out", reason="held_out")
    ledger.decided("vis_t1", ago=HOUR, arm="treated")
    for person in [f"vis_t{number}" for number in range(40)] + ["vis_h1"]:
        ledger.ordered(person, HOUR * 2)
        ledger.ordered(person, HOUR)
    found = ledger.asked("lift")
    arms = [(found[arm]["people"], found[arm]["converted"], found[arm]["value"]) for arm in ("treated", "held_out")]
    assert arms == [(80, 40, 800), (20, 1, 20)]
    assert found["difference"]["value"] == pytest.approx(0.45)
    assert (found["verdict"], found["text_en"]) == ("better", "It helps: 45.0 points more reach the goal")
    assert (found["sample_ratio"]["p"], found["sample_ratio"]["passed"]) == (1, True)
    assert found["treated"]["value_per_person"] == 10


def test_lift_names_no_winner_where_the_arms_are_not_as_they_should_be(street: Street) -> None:
    ledger = Ledger(street, HOLDS_OUT)
    for number in range(120):
        ledger.decided(f"vis_t{number}", arm="treated")
        if number < 5:
            ledger.decided(f"vis_h{number}", "held", arm="held_out", reason="held_out")
        ledger.ordered(f"vis_t{number}", HOUR)
    found = ledger.asked("lift")
    assert (found["verdict"], found["sample_ratio"]["passed"]) == ("mismatch", False)


def test_who_was_in_both_arms_counts_in_the_first_and_is_told(street: Street) -> None:
    ledger = Ledger(street, HOLDS_OUT)
    for visitor in ("vis_1", "vis_2"):
        ledger.is_contact(visitor, "con_1", verified=True)
    ledger.decided("vis_2", ago=HOUR * 3, arm="treated")
    ledger.decided("vis_1", "held", ago=HOUR * 2, arm="held_out", reason="held_out")
    found = ledger.asked("lift")
    assert (found["treated"]["people"], found["held_out"]["people"], found["crossed"]) == (1, 0, 1)
    assert found["verdict"] == "no_data"


def test_a_million_decisions_are_counted_by_the_index_alone(street: Street) -> None:
    ledger = Ledger(street, HOLDS_OUT)
    for number in range(30):
        ledger.decided(f"vis_{number}", arm="treated")
    ledger.decided_by_another(HOLDS_OUT.replace("trial", "other"), 3_000)
    plans = list(plans_of(ledger))
    assert plans
    assert [plan for plan in plans if "SCAN decision" in plan or "Seq Scan on decision" in plan] == []
    assert any("ix_decision_rule" in plan for plan in plans)


def test_people_of_a_funnel_are_those_of_today(street: Street) -> None:
    rule = street.save(VARIANTS)
    for who in ("anna", "ben", "cleo", "dora"):
        street.opened(who, "/pricing")
    counted = street.api("GET", f"/rules/{rule}/funnel").json or {}
    assert (counted["all"]["acted"], counted["all"]["people"]) == (4, 4)
    for who in ("anna", "ben", "cleo", "dora"):
        street.server("identify", userId="user-1", anonymousId=who)
    counted = street.api("GET", f"/rules/{rule}/funnel").json or {}
    assert (counted["all"]["acted"], counted["all"]["people"]) == (4, 1)
    assert {one["variant"]: one["people"] for one in counted["variants"]} == {
        one["variant"]: min(one["acted"], 1) for one in counted["variants"]
    }
