"""Conditions that cannot hold, or always hold: what lint says, and where."""

from typing import Any

import pytest

from frontdesk_rules import lint
from tests.rules.building import rule


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
        {"all": [{"contact.plan": {"contains": "a"}}, {"contact.plan": {"missing": True}}]},
        {"all": [{"contact.plan": {"contains": "a"}}, {"contact.plan": {"not_contains": "a"}}]},
        {"all": [{"contact.plan": {"starts_with": "a"}}, {"contact.plan": {"starts_with": "b"}}]},
        {"all": [{"contact.plan": {"ends_with": "a"}}, {"contact.plan": {"ends_with": "b"}}]},
        {"all": [{"contact.plan": {"ieq": "a"}}, {"contact.plan": {"ieq": "b"}}]},
        {"all": [{"page.path": {"path_prefix": "/a"}}, {"page.path": {"path_prefix": "/b"}}]},
        {"all": [{"page.url": {"host_eq": "a.example"}}, {"page.url": {"host_eq": "b.example"}}]},
        {"contact.app": {"semver_gt": "2.0.0", "semver_lt": "1.9.0"}},
        {"all": [{"bucket": {"salt": "a", "to": 50}}, {"bucket": {"salt": "a", "from": 50, "to": 100}}]},
        {"contact.registered_at": {"before": "2026-01-01", "after": "2026-02-01"}},
        {"contact.registered_at": {"before": "2026-01-01T00:00Z", "after": "2026-01-01T00:00Z"}},
        {"contact.registered_at": {"older_than": "30d", "within_last": "7d"}},
        {"all": [{"contact.plan": "a"}, {"none": [{"contact.plan": "a"}]}]},
        {"all": [{"contact.plan": "a"}, {"not": {"any": [{"contact.plan": "a"}, {"contact.x": 1}]}}]},
        {"none": [{"contact.email": {"exists": True}}, {"contact.email": {"missing": True}}]},
        {"not": {"not": {"all": [{"contact.plan": "a"}, {"contact.plan": "b"}]}}},
        {"all": [{"all": [{"contact.plan": "a"}, {"contact.plan": "b"}]}]},
        {"not": {"all": [{"contact.plan": "a"}, {"contact.plan": {"neq": "a"}}]}},
        {"count": {"event": "A", "where": {"event.total": {"gt": 5, "lt": 3}}}, "gte": 1},
        {"all": [{"contact.tags": {"has": "a"}}, {"not": {"contact.tags": {"has": "a"}}}]},
        {"all": [{"contact.tags": {"has": "a"}}, {"none": [{"contact.tags": {"has_any": ["a", "b"]}}]}]},
        {"all": [{"contact.tags": {"size": 0}}, {"contact.tags": {"has": "a"}}]},
        {"all": [{"contact.tags": {"size": {"lt": 2}}}, {"contact.tags": {"has_all": ["a", "b"]}}]},
        {"all": [{"contact.tags": {"size": {"lt": 2}}}, {"contact.tags": {"size": {"gt": 1}}}]},
        {
            "all": [
                {"time.now": {"time_between": ["09:00", "10:00"]}},
                {"time.now": {"time_between": ["10:00", "09:00"]}},
            ]
        },
        {"all": [{"time.now": {"on_weekday": ["Mon"]}}, {"time.now": {"on_weekday": ["Tue", "Wed"]}}]},
        {"all": [{"time.now": {"on_weekday": ["Mon"]}}, {"not": {"time.now": {"on_weekday": ["Mon", "Tue"]}}}]},
        {"all": [{"contact.app": {"semver_eq": "1.0.0"}}, {"contact.app": {"semver_gt": "2.0.0"}}]},
        {"all": [{"contact.app": {"semver_eq": "v1"}}, {"not": {"contact.app": {"semver_lt": "2.0.0"}}}]},
        {"all": [{"page.path": {"path_glob": "/a/*"}}, {"page.path": {"path_eq": "/b"}}]},
        {"all": [{"page.url": {"path_prefix": "/a"}}, {"page.url": {"path_eq": "/b"}}]},
        {"all": [{"contact.seats": 5}, {"not": {"contact.seats": {"between": [1, 9]}}}]},
        {"all": [{"count": "A", "gt": 0}, {"count": "A", "lt": 1}]},
        {
            "all": [
                {"count": {"event": "A", "within": "30d"}, "eq": 0},
                {"count": {"event": "A", "within": "7d"}, "gte": 1},
            ]
        },
        {"all": [{"count": "A", "lt": 2}, {"count": {"event": "A", "within": "7d"}, "gte": 2}]},
        {"all": [{"count": "A", "eq": 0}, {"count": {"event": "A", "where": {"event.total": 5}}, "neq": 0}]},
        {"at_least": 2, "of": [{"contact.plan": "a"}, {"contact.plan": "b"}]},
        {"at_least": 2, "of": [{"contact.plan": "a"}, {"contact.plan": "b"}, {"contact.plan": "c"}]},
        {"at_least": 3, "of": [{"contact.plan": "a"}, {"contact.x": 1}, {"contact.plan": "b"}, {"contact.x": 2}]},
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
        {"all": [{"contact.plan": {"starts_with": "a"}}, {"contact.plan": {"starts_with": "ab"}}]},
        {"all": [{"page.path": {"path_prefix": "/a"}}, {"page.path": {"path_prefix": "/a/b"}}]},
        {"all": [{"bucket": {"salt": "a", "to": 50}}, {"bucket": {"salt": "b", "from": 50, "to": 100}}]},
        {"contact.registered_at": {"before": "2026-02-01", "after": "2026-01-01T00:00Z"}},
        {"contact.registered_at": {"older_than": "7d", "within_last": "30d"}},
        {"contact.app": {"semver_gte": "2.0.0", "semver_lte": "2.0.0"}},
        {"none": [{"contact.plan": "a"}, {"contact.plan": "b"}]},
        {"all": [{"contact.plan": {"neq": "a"}}, {"contact.plan": {"not_contains": "a"}}]},
        {"at_least": 1, "of": [{"contact.plan": "a"}, {"contact.plan": "b"}]},
        {"at_least": 2, "of": [{"contact.plan": "a"}, {"contact.plan": "b"}, {"contact.x": 1}]},
        {
            "all": [
                {"count": {"event": "A", "within": "7d"}, "eq": 0},
                {"count": {"event": "A", "within": "30d"}, "gte": 1},
            ]
        },
        {"all": [{"count": {"event": "A", "where": {"event.total": 5}}, "eq": 0}, {"count": "A", "gte": 1}]},
        {"all": [{"contact.tags": {"has": "a"}}, {"not": {"contact.tags": {"has_all": ["a", "b"]}}}]},
        {"all": [{"contact.tags": {"size": 1}}, {"contact.tags": {"has_any": ["a", "b"]}}]},
        {"all": [{"contact.plan": 0}, {"contact.tags": {"has": "a"}}, {"not": {"contact.plan": False}}]},
        {"all": [{"contact.seats": {"gt": 0.5}}, {"contact.seats": {"lt": 0.7}}]},
        {"all": [{"time.now": {"on_weekday": ["Mon"]}}, {"time.now": {"time_between": ["09:00", "10:00"]}}]},
        {
            "all": [
                {"field": "time.now", "op": "on_weekday", "value": ["Mon"], "zone": "Asia/Shanghai"},
                {"field": "time.now", "op": "on_weekday", "value": ["Tue"], "zone": "workspace"},
            ]
        },
        {"all": [{"page.path": {"path_glob": "/a/*"}}, {"page.path": {"path_eq": "/a/b"}}]},
        {"contact.rfm.class": ["lost", "at_risk"]},
        {"contact.seats": {"between": [3, 3]}},
        {"contact.seats": {"gt": 0}},
        {"count": {"event": "A", "within": "7d"}, "gt": 0},
        {"count": {"event": "A", "within": "7d"}, "lte": 0},
        {"session.page_views": {"gte": 1}},
        {"page.scroll": {"gte": 99.5}},
        {"contact.tags": {"size": 0}},
        {"time.now": {"time_between": ["22:00", "06:00"]}},
        {"contact.registered_at": {"older_than": "0s"}},
    ],
)
def test_what_can_hold_and_fail_is_left_alone(when: object) -> None:
    assert codes(when=when) == []


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ({"conversation.state": {"neq": "open"}}, []),
        ({"conversation.state": ["snoozed", "waiting"]}, ["it is one of open, closed"]),
        ({"conversation.state": {"neq": "snoozed"}}, ["it is one of open, closed"]),
    ],
)
def test_a_conversation_is_open_or_closed_and_nothing_else(when: object, expected: list[str]) -> None:
    found = lint([rule(trigger={"conversation": "closed"}, when=when)])
    assert [one.text.en.partition("holds: ")[2] for one in found] == expected


@pytest.mark.parametrize(
    "when",
    [
        {"any": [{"contact.plan": {"neq": "a"}}, {"contact.plan": {"neq": "b"}}]},
        {"any": [{"contact.plan": {"not_in": ["a", "b"]}}, {"contact.plan": {"neq": "c"}}]},
        {"any": [{"contact.plan": "a"}, {"contact.plan": {"neq": "a"}}]},
        {"any": [{"contact.email": {"exists": True}}, {"contact.email": {"exists": False}}]},
        {"any": [{"count": "A", "gte": 1}, {"count": "A", "eq": 0}]},
        {"any": [{"contact.seats": {"lte": 5}}, {"contact.seats": {"gt": 3}}]},
    ],
)
def test_comparisons_of_which_one_always_holds_say_nothing(when: object) -> None:
    assert codes(when=when) == ["always_true"]


WEEK = {"event": "A", "within": "7d"}


@pytest.mark.parametrize(
    ("when", "code", "why"),
    [
        ({"contact.seats": {"between": [9, 3]}}, "never_holds", "the first value is the higher one"),
        ({"page.dwell": {"between": ["5m", "60s"]}}, "never_holds", "no time is shorter than 0 s"),
        ({"count": WEEK, "lt": 0}, "never_holds", "it is a whole number, and never below 0"),
        ({"count": WEEK, "eq": 1.5}, "never_holds", "it is a whole number, and never below 0"),
        ({"count": WEEK, "op": "in", "value": [-1, -2]}, "never_holds", "it is a whole number, and never below 0"),
        ({"count": WEEK, "gte": 0}, "always_holds", "it is a whole number, and never below 0"),
        ({"distinct_days": WEEK, "gt": -1}, "always_holds", "it is a whole number, and never below 0"),
        ({"session.page_views": {"gte": 0}}, "always_holds", "it is a whole number, and never below 0"),
        ({"session.number": {"lt": 1}}, "never_holds", "it is a whole number, and never below 1"),
        ({"page.dwell": {"gte": "0s"}}, "always_holds", "no time is shorter than 0 s"),
        ({"page.dwell": {"lt": "0s"}}, "never_holds", "no time is shorter than 0 s"),
        ({"page.scroll": {"gt": 100}}, "never_holds", "it is a percentage, from 0 to 100"),
        ({"contact.registered_at": {"within_last": "0s"}}, "never_holds", "nothing is less than no time ago"),
        (
            {"contact.rfm.class": "champion"},
            "never_holds",
            "it is one of champions, promising, at_risk, slipping, loyal, newcomers, cooling, lost",
        ),
        ({"contact.tags": {"size": {"gt": 3, "lt": 2}}}, "never_holds", "no list is of such a size"),
        ({"contact.tags": {"size": {"gte": 0}}}, "always_holds", "every list is of such a size"),
        (
            {"time.now": {"time_between": ["09:00", "09:00"]}},
            "always_holds",
            "from a time of day to itself is the whole day",
        ),
    ],
)
def test_a_comparison_that_asks_nothing_is_told_with_the_reason(when: object, code: str, why: str) -> None:
    (found,) = lint([rule(trigger={"event": "E"}, when=when)])
    assert (found.code, found.path) == (code, "when")
    assert found.text.en.endswith(f"{code.partition('_')[0]} holds: {why}")


def test_alternatives_of_which_one_always_holds_are_told_where_the_second_stands() -> None:
    (found,) = lint([rule(trigger={"event": "E"}, when={"any": [{"contact.a": 1}, {"contact.a": {"neq": 1}}]})])
    assert found.path == "when.any[1]"
