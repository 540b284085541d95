"""A rule over recorded events: who, when, what held it back, whom it displaces, and what it changes."""

import random
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from frontdesk_rules import (
    DEFAULT_POLICY,
    Decision,
    LiveRule,
    Moment,
    Question,
    Recorded,
    RuleSet,
    Simulation,
    Someone,
    simulate,
)
from frontdesk_rules.trying.play import Play
from frontdesk_rules.trying.simulate import Listeners
from tests.rules.building import NOON, rule

HELLO = {"message": {"text": {"en": "Hello"}}}


def live(key: str, version: int = 1, **tree: Any) -> LiveRule:
    return LiveRule(f"rul_{key}", version, rule(key, **tree))


def seen(person: str, minute: float, path: str = "/pricing", **more: Any) -> Recorded:
    return Recorded(**{"at": NOON + timedelta(minutes=minute), "person": person, "kind": "page", "path": path, **more})


def did(person: str, minute: float, name: str) -> Recorded:
    return seen(person, minute, kind="event", name=name)


def test_it_says_who_when_and_what() -> None:
    events = [seen("vis_1", 0), seen("vis_2", 1, "/docs"), seen("vis_3", 2)]
    found = simulate(Question(live("a", trigger={"page": "/pricing"})), events)
    assert [(act.person, act.at - NOON, act.actions) for act in found.acts] == [
        ("vis_1", timedelta(0), ({"tag": "seen"},)),
        ("vis_3", timedelta(minutes=2), ({"tag": "seen"},)),
    ]
    assert (found.events, found.asked, found.acted, found.people) == (3, 2, 2, {"vis_1", "vis_3"})


def test_what_it_does_is_said_as_rules_say_it() -> None:
    does = [{"set": {"contact.tagged": True, "contact.seats": 3, "contact.old": None}}, {"tag": "vip"}]
    found = simulate(Question(live("a", trigger={"page": "/pricing"}, do=does)), [seen("vis_1", 0)])
    (act,) = found.to_tree()["acts"]  # type: ignore[misc]  # a list
    assert (act["text_en"], act["text_zh"]) == (
        "Set contact.tagged to true and set contact.seats to 3 and clear contact.old and tag vip",
        "将 contact.tagged 设为 true，并将 contact.seats 设为 3，并清除 contact.old，并打上标签 vip",
    )


def test_it_counts_why_the_rule_was_held() -> None:
    asked = live("a", do=[HELLO], when={"session.page_views": {"lt": 3}}, repeat={"every": "1m"})
    found = simulate(Question(asked, policy=DEFAULT_POLICY), [seen("vis_1", n / 2) for n in range(5)])
    assert dict(found.held) == {"repeated": 1, "not_matched": 3}


def test_a_message_that_waits_for_the_morning_is_told_when_it_is_sent() -> None:
    events = [seen("vis_1", 12 * 60), seen("vis_2", 30 * 60)]
    found = simulate(Question(live("a", trigger={"page": "/pricing"}, do=[HELLO]), policy=DEFAULT_POLICY), events)
    assert found.deferred == 1
    assert [(act.person, act.at - NOON) for act in found.acts] == [
        ("vis_1", timedelta(hours=21)),
        ("vis_2", timedelta(hours=30)),
    ]


def test_it_says_whom_else_its_people_hear_from_and_whom_it_displaces() -> None:
    other, beside = live("other", exclusive="g", priority=10), live("beside")
    asked = live("asked", exclusive="g", priority=90, trigger={"page": "/pricing"})
    events = [seen("vis_1", 0), seen("vis_2", 1, "/docs")]
    found = simulate(Question(asked, [other, beside]), events)
    assert dict(found.overlap) == {"beside": 1}
    assert dict(found.displaced) == {"other": 1}


def test_of_what_one_instant_brings_the_best_rule_takes_the_slot_of_the_group() -> None:
    absence = {"absence": {"of": "Paid", "after": "Ordered", "within": "1h"}}
    lower = live("lower", exclusive="g", priority=10, trigger=absence)
    asked = live("asked", exclusive="g", priority=90, trigger=absence)
    events = [did("vis_1", 0, "Ordered"), seen("vis_1", 120)]
    found = simulate(Question(asked, [lower]), events)
    assert (found.acted, dict(found.displaced)) == (1, {"lower": 1})
    assert dict(simulate(Question(lower, [asked]), events).held) == {"lost_to": 1}


def test_it_says_what_changes_against_the_live_version() -> None:
    was = live("a", trigger={"page": "/docs"})
    now = live("a", version=2, trigger={"page": ["/pricing", "/about"]})
    events = [seen("vis_1", 0), seen("vis_2", 1, "/docs"), seen("vis_3", 2, "/docs"), seen("vis_3", 3, "/about")]
    found = simulate(Question(now, [was]), events)
    assert (found.gained, found.lost) == ({"vis_1"}, {"vis_2"})


def test_it_says_how_much_each_team_will_have_to_do() -> None:
    asked = live("a", trigger={"conversation": "started"}, do=[{"assign": {"team": "sales"}}])
    talks = [seen(f"vis_{n}", 25 * n, kind="conversation", name="started") for n in range(4)]
    found = simulate(Question(asked), talks)
    assert found.to_tree()["load"] == {"2026-03-02T12:00Z": {"sales": 3}, "2026-03-02T13:00Z": {"sales": 1}}


def test_absence_fires_in_virtual_time_and_never_for_those_who_did_it() -> None:
    asked = live("a", trigger={"absence": {"of": "Created", "after": "Registered", "within": "1h"}})
    events = [
        did("vis_1", 0, "Registered"),
        did("vis_2", 0, "Registered"),
        did("vis_2", 59, "Created"),
        seen("vis_3", 100),
    ]
    found = simulate(Question(asked), events)
    assert [(act.person, act.at - NOON) for act in found.acts] == [("vis_1", timedelta(hours=1))]


def test_what_came_before_makes_the_past_and_is_not_counted() -> None:
    asked = live("a", trigger={"page": "/pricing"}, when={"count": "Paid", "gte": 1}, repeat={"every": "1s"})
    events = [did("vis_1", 0, "Paid"), seen("vis_1", 1), seen("vis_1", 10)]
    found = simulate(Question(asked, since=NOON + timedelta(minutes=5)), events)
    assert [act.at - NOON for act in found.acts] == [timedelta(minutes=10)]


def test_before_it_begins_nothing_is_done_and_timers_are_set() -> None:
    absent = {"absence": {"of": "Created", "after": "Registered", "within": "1h"}}
    events = [did("vis_1", 0, "Registered"), did("vis_2", 0, "Created"), did("vis_2", 30, "Created")]
    begun = {"since": NOON + timedelta(minutes=20), "until": NOON + timedelta(hours=2)}
    late = simulate(Question(live("a", trigger=absent), **begun), events)
    assert [(act.person, act.at - NOON) for act in late.acts] == [("vis_1", timedelta(hours=1))]
    again = simulate(Question(live("b", trigger={"event": "Created"}), **begun), events)
    assert [(act.person, act.at - NOON) for act in again.acts] == [("vis_2", timedelta(minutes=30))]


def test_events_are_taken_as_they_come_and_people_when_they_do() -> None:
    known: dict[str, Someone] = {}

    def coming() -> Iterator[Recorded]:
        for n in range(3):
            known[f"vis_{n}"] = Someone(f"vis_{n}", facts={"contact.plan": "pro" if n else "free"})
            yield seen(f"vis_{n}", n)

    found = simulate(Question(live("a", when={"contact.plan": "pro"})), coming(), known)
    assert (found.people, found.events) == ({"vis_1", "vis_2"}, 3)


def test_it_names_some_of_those_for_whom_it_was_held() -> None:
    asked = live("a", when={"session.page_views": {"gt": 1}})
    found = simulate(Question(asked), [seen(f"vis_{n}", n) for n in range(30)])
    assert found.held == {"not_matched": 30}
    assert [person for _, person in found.examples["not_matched"]] == [f"vis_{n}" for n in range(20)]


def test_people_known_beforehand_are_known_and_left_as_they_are() -> None:
    people = {"vis_1": Someone("vis_1", facts={"contact.plan": "pro"})}
    asked = Question(live("a", when={"contact.plan": "pro"}))
    assert simulate(asked, [seen("vis_1", 0), seen("vis_2", 1)], people).people == {"vis_1"}
    assert people["vis_1"] == Someone("vis_1", facts={"contact.plan": "pro"})


def many(seed: int) -> list[Recorded]:
    chance = random.Random(seed)
    names = ("Registered", "Created", "Paid")
    return [
        did(f"vis_{chance.randrange(30)}", n, chance.choice(names))
        if chance.random() < 0.4
        else seen(f"vis_{chance.randrange(30)}", n, chance.choice(("/pricing", "/docs", "/")))
        for n in range(800)
    ]


def asked_among() -> tuple[LiveRule, list[LiveRule]]:
    absent = {"absence": {"of": "Created", "after": "Registered", "within": "1h"}}
    often = {"count": {"event": "Paid"}, "gte": 2}
    rules = [
        live("a", do=[HELLO], trigger={"page": "/pricing"}, exclusive="g", repeat={"every": "3h"}),
        live("b", trigger=absent, repeat={"every": "1s"}),
    ]
    asked = live("c", do=[HELLO], exclusive="g", priority=80, when=often, holdout="20%")
    return asked, rules


def whole(seed: int) -> Simulation:
    asked, rules = asked_among()
    return simulate(Question(asked, rules, DEFAULT_POLICY), many(seed))


@pytest.mark.parametrize("seed", range(12))
def test_who_is_played_once_would_have_come_out_the_same_played_twice(seed: int) -> None:
    """Displaced are those who have a slot in a world without the rule, and none in the one with it."""
    asked, rules, events = *asked_among(), many(seed)

    def slots(live: list[LiveRule]) -> set[tuple[str, str, datetime]]:
        taken = set()

        def told(decision: Decision, someone: Someone, moment: Moment) -> None:
            if decision.outcome == "acted" or decision.reason == "held_out":
                taken.add((decision.rule.rule.key, someone.id, moment.at))

        play = Play(RuleSet.compile(live, DEFAULT_POLICY), told)
        play.play(events)
        play.run_until(events[-1].at)
        return taken

    lost = slots(rules) - slots([*rules, asked])
    found = simulate(Question(asked, rules, DEFAULT_POLICY), events)
    assert found.displaced == Counter(key for key, _, _ in lost)
    assert found.displaced


def test_the_same_events_come_to_the_same_end() -> None:
    assert whole(7).to_tree() == whole(7).to_tree()
    assert whole(7).acted > 0


def test_it_says_how_far_it_is() -> None:
    told: list[float] = []
    simulate(Question(live("a")), [seen("vis_1", n / 10) for n in range(2_500)], listeners=Listeners(told.append))
    assert told == sorted(told)
    assert told == [0, 0.4, 0.8, 1]


def test_a_schedule_of_every_minute_ends_by_a_bound_on_its_moments() -> None:
    asked = live("a", trigger={"schedule": "* * * * *"}, repeat={"every": "1s"})
    events = [seen(f"vis_{number}", number, facts={"visitor.locale": "en"}) for number in range(5)]
    month = NOON + timedelta(days=30)
    found = simulate(
        Question(asked, (live("b", trigger={"schedule": "* * * * *"}),), until=month, most_scheduled=1_000), events
    )
    assert 0 < found.asked <= 1_000
    assert found.cut is not None
    assert NOON < found.cut < month
    few = Question(live("a", trigger={"schedule": "0 9 * * *"}), until=month, most_scheduled=1_000)
    assert simulate(few, events).cut is None
