"""What lint says of rules that can be read, and what it leaves alone."""

from pathlib import Path
from typing import Any

import pytest

from frontdesk_rules import Doubt, lint, lint_text, parse_rules
from frontdesk_rules.doubting.cost import cost_ns
from frontdesk_rules.doubting.remarks import SAID
from tests.rules.building import rule

PLAYBOOKS = sorted((Path(__file__).parents[2] / "rules" / "playbooks").glob("*.yaml"))
STARTED = {"conversation": "started"}


def codes(**tree: Any) -> list[str]:
    return [str(one.code) for one in lint([rule(**{"trigger": {"event": "E"}, **tree})])]


@pytest.mark.parametrize(
    "when",
    [
        {"all": [{"page.path": "/a"}, {"page.path": "/b"}]},
        {"all": [{"contact.plan": ["a", "b"]}, {"contact.plan": ["c"]}]},
        {"all": [{"contact.plan": "a"}, {"contact.plan": {"neq": "a"}}]},
        {"all": [{"contact.plan": "a"}, {"not": {"contact.plan": "a"}}]},
        {"all": [{"contact.plan": "a"}, {"contact.plan": {"missing": True}}]},
        {"all": [{"contact.email": {"exists": True}}, {"contact.email": {"missing": True}}]},
        {"contact.seats": {"gt": 5, "lt": 3}},
        {"contact.seats": {"gt": 5, "lte": 5}},
        {"all": [{"contact.seats": {"between": [1, 3]}}, {"all": [{"contact.seats": {"gte": 4}}]}]},
        {"all": [{"contact.seats": 3}, {"contact.seats": {"gt": 3}}]},
        {"all": [{"page.path": "/a"}, {"page.path": {"path_prefix": "/docs"}}]},
        {"all": [{"count": "A", "eq": 0}, {"count": "A", "gte": 1}]},
        {"all": [{"in_segment": "vip"}, {"not_in_segment": "vip"}]},
        {"any": [{"contact.a": 1}, {"all": [{"contact.plan": "a"}, {"contact.plan": "b"}]}]},
    ],
)
def test_comparisons_that_cannot_both_hold_are_a_contradiction(when: object) -> None:
    assert codes(when=when) == ["contradiction"]


@pytest.mark.parametrize(
    "when",
    [
        {"all": [{"contact.plan": "a"}, {"contact.name": "b"}]},
        {"any": [{"contact.plan": "a"}, {"contact.plan": "b"}]},
        {"contact.seats": {"gte": 5, "lte": 5}},
        {"all": [{"page.path": "/docs/a"}, {"page.path": {"path_prefix": "/docs"}}]},
        {"all": [{"in_segment": "vip"}, {"not_in_segment": "staff"}]},
        {"all": [{"count": {"event": "A", "within": "1d"}, "eq": 0}, {"count": "A", "gte": 1}]},
        {"any": [{"contact.plan": {"neq": "a"}}, {"contact.plan": {"neq": "a"}}]},
    ],
)
def test_what_can_hold_and_fail_is_left_alone(when: object) -> None:
    assert codes(when=when) == []


@pytest.mark.parametrize(
    "when",
    [
        {"any": [{"contact.plan": {"neq": "a"}}, {"contact.plan": {"neq": "b"}}]},
        {"any": [{"contact.plan": {"not_in": ["a", "b"]}}, {"contact.plan": {"neq": "c"}}]},
        {"any": [{"contact.plan": "a"}, {"contact.plan": {"neq": "a"}}]},
        {"any": [{"contact.email": {"exists": True}}, {"contact.email": {"exists": False}}]},
    ],
)
def test_comparisons_of_which_one_always_holds_say_nothing(when: object) -> None:
    assert codes(when=when) == ["always_true"]


@pytest.mark.parametrize(
    ("tree", "expected"),
    [
        ({"trigger": "page"}, ["bare_trigger"]),
        ({"trigger": "page", "when": {"contact.seats": {"neq": 3}}}, ["last_bucket"]),
        ({"trigger": "page", "when": {"contact.seats": 3}}, []),
        ({"trigger": "page", "when": {"contact.plan": "pro"}}, []),
        ({"trigger": {"page": "/pricing"}}, []),
        ({"when": {"contact.x": {"regex": ".*sale"}}}, ["costly_regex"]),
        ({"when": {"contact.x": {"regex": "^sale"}}}, []),
        ({"trigger": "page", "when": {"count": "Paid", "gte": 3}}, ["last_bucket", "costly_past"]),
        ({"trigger": "page", "when": {"count": {"event": "Paid", "within": "30d"}, "gte": 3}}, ["last_bucket"]),
        ({"trigger": {"page": "/a"}, "when": {"count": "Paid", "gte": 3}}, []),
        ({"trigger": STARTED, "when": {"event.total": 3}}, ["never_known"]),
        ({"when": {"event.total": 3}}, []),
        ({"when": {"contact.emial": "a"}}, ["misspelled"]),
        ({"when": {"contact.plan": "a"}}, []),
        ({"holdout": "10%"}, ["unmeasured"]),
        ({"holdout": "10%", "goal": {"event": "Paid", "within": "7d"}}, []),
    ],
)
def test_other_doubts(tree: dict[str, Any], expected: list[str]) -> None:
    assert codes(**tree) == expected


def routing(key: str, priority: int, **tree: Any) -> Any:
    whole = {"trigger": STARTED, "exclusive": "g", "repeat": {"per": "conversation"}, "priority": priority, **tree}
    return rule(key, **whole)


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ({}, {}, ["second"]),
        ({}, {"when": {"contact.plan": "pro"}}, ["second"]),
        ({"when": {"contact.plan": "pro"}}, {"when": {"all": [{"contact.plan": "pro"}, {"contact.a": 1}]}}, ["second"]),
        ({"when": {"contact.plan": "pro"}}, {}, []),
        ({"when": {"any": [{"contact.plan": "pro"}, {"contact.a": 1}]}}, {"when": {"contact.b": 1}}, []),
        ({"repeat": {"per": "person"}}, {}, []),
        ({"exclusive": "h"}, {}, []),
        ({"trigger": {"conversation": "closed"}}, {}, []),
    ],
)
def test_a_rule_behind_one_that_always_goes_first_is_never_reached(
    first: dict[str, Any], second: dict[str, Any], expected: list[str]
) -> None:
    remarks = lint([routing("first", 90, **first), routing("second", 10, **second)])
    assert [one.rule for one in remarks if one.code is Doubt.UNREACHABLE] == expected


def test_a_remark_knows_where_it_stands() -> None:
    text = "rule: a\ntrigger: {event: E}\nwhen:\n  all:\n    - contact.a: 1\n    - contact.a: 2\ndo: [tag: x]\n"
    (one,) = lint_text(text)
    assert (one.rule, one.path, one.line) == ("a", "when.all[1]", 6)
    assert one.text.en == "a is 1 and a is 2 cannot both hold: the rule never acts"


def test_every_doubt_is_said_in_both_languages() -> None:
    assert set(SAID) == set(Doubt)
    assert all(words.en and words.zh for words in SAID.values())


def test_a_question_about_the_past_costs_more_than_one_about_the_page() -> None:
    assert cost_ns(rule(when={"page.path": "/a"})) < 1_000 < cost_ns(rule(when={"count": "A", "gte": 1}))


@pytest.mark.parametrize("file", PLAYBOOKS, ids=lambda file: file.stem)
def test_there_is_nothing_to_be_said_against_the_ready_made_rules(file: Path) -> None:
    assert lint(parse_rules(file.read_text("utf-8"))) == []
