"""Conditions that cannot hold at the moment at which they are asked: what lint says, and where."""

from typing import Any

import pytest

from frontdesk_rules import Doubt, lint
from tests.rules.building import rule


def when_page(path: object) -> dict[str, Any]:
    return {"all": [{"contact.a": 1}, {"page.path": path}]}


@pytest.mark.parametrize(
    ("trigger", "when", "path"),
    [
        ({"page": "/pricing"}, when_page("/about"), "when.all[1]"),
        ({"page": ["/pricing", "/plans/*"]}, when_page(["/about", "/plans"]), "when.all[1]"),
        ({"page": "/pricing/"}, when_page({"path_prefix": "/docs"}), "when.all[1]"),
        ({"dwell": {"path": "/pricing", "seconds": 60}}, when_page({"path_glob": "/docs/**"}), "when.all[1]"),
        ({"dwell": {"path": "/pricing", "seconds": 60}}, {"page.dwell": {"lt": "30s"}}, "when"),
        ({"scroll": {"path": "/pricing", "percent": 75}}, {"page.scroll": {"lte": 50}}, "when"),
        ({"event": "Paid"}, {"event.name": "Refunded"}, "when"),
        ({"event": "Paid", "where": {"event.total": {"gt": 100}}}, {"event.total": {"lt": 50}}, "when"),
        ({"change": {"attribute": "contact.plan", "to": "pro"}}, {"contact.plan": ["free", "trial"]}, "when"),
        ({"segment": {"enters": "vip"}}, {"not_in_segment": "vip"}, "when"),
        ({"segment": {"leaves": "vip"}}, {"in_segment": "vip"}, "when"),
        (
            {"reaches": {"field": "contact.registered_at", "plus": "7d"}},
            {"contact.registered_at": {"missing": True}},
            "when",
        ),
        ({"page": "/pricing"}, {"any": [{"page.path": "/about"}, {"page.path": "/docs"}]}, "when.any[0]"),
        ({"event": "Paid"}, {"count": {"event": "Paid", "within": "1d"}, "eq": 0}, "when"),
        ({"event": "Paid"}, {"distinct_days": {"event": "Paid", "calendar": "today"}, "lt": 1}, "when"),
        ({"event": "Paid"}, {"last": {"event": "Paid"}, "missing": True}, "when"),
        (
            {"event": "Paid", "where": {"event.total": {"gt": 9}}},
            {"count": {"event": "Paid", "where": {"event.total": {"gt": 9}}}, "eq": 0},
            "when",
        ),
        ({"page": "/pricing"}, {"not": {"page.path": "/pricing"}}, "when.not"),
        ({"page": ["/a", "/b"]}, {"none": [{"contact.a": 1}, {"page.path": ["/a", "/b"]}]}, "when.none[1]"),
        ({"page": "/docs/a"}, {"not": {"any": [{"page.path": {"path_glob": "/docs/*"}}]}}, "when.not.any[0]"),
        ({"event": "Paid"}, {"not": {"count": {"event": "Paid", "within": "1d"}, "gt": 0}}, "when.not"),
        (
            {"absence": {"of": "A", "after": "B", "within": "2d"}},
            {"count": {"event": "A", "within": "1d"}, "gte": 1},
            "when",
        ),
        ({"absence": {"of": "A", "after": "B", "within": "2d"}}, {"count": "B", "eq": 0}, "when"),
        (
            {"reaches": {"field": "contact.registered_at", "plus": "365d"}},
            {"contact.registered_at": {"within_last": "30d"}},
            "when",
        ),
        ({"schedule": {"cron": "0 9 * * mon", "zone": "person"}}, {"time.now": {"on_weekday": ["Tue"]}}, "when"),
        (
            {"schedule": {"cron": "0 9 * * *", "zone": "person"}},
            {"not": {"time.now": {"time_between": ["08:00", "12:00"]}}},
            "when.not",
        ),
    ],
)
def test_a_condition_that_cannot_hold_when_it_is_asked_is_told(trigger: object, when: object, path: str) -> None:
    (found,) = lint([rule(trigger=trigger, when=when)])
    assert (found.code, found.path) == (Doubt.AGAINST_TRIGGER, path)


@pytest.mark.parametrize(
    ("trigger", "when"),
    [
        ({"page": "/pricing"}, when_page("/pricing/")),
        ({"page": "/**/pricing"}, when_page(["/zh/pricing", "/about"])),
        ({"page": "/docs/**"}, when_page({"path_prefix": "/docs/install"})),
        ({"page": "/pricing"}, {"any": [{"page.path": "/about"}, {"contact.a": 1}]}),
        ({"page": "/pricing"}, {"none": [{"page.path": "/about"}]}),
        ({"event": "Paid"}, {"count": {"event": "Paid", "within": "1d"}, "eq": 1}),
        ({"event": "Paid"}, {"count": {"event": "Paid", "calendar": "yesterday"}, "eq": 0}),
        ({"event": "Paid"}, {"count": {"event": "Paid", "since": "2026-01-01"}, "eq": 0}),
        ({"event": "Paid"}, {"count": {"event": "Paid", "where": {"event.total": {"gt": 9}}}, "eq": 0}),
        ({"event": "Paid"}, {"count": {"event": "Asked", "within": "1d"}, "eq": 0}),
        ({"event": "Paid"}, {"last": {"event": "Paid", "property": "code"}, "missing": True}),
        ({"dwell": {"path": "/pricing", "seconds": 60}}, {"page.dwell": {"gte": "60s"}}),
        ({"change": {"attribute": "contact.plan", "from": "free"}}, {"contact.plan": "pro"}),
        ({"page": ["/a", "/b"]}, {"not": {"page.path": "/a"}}),
        ({"page": "/docs/*"}, {"not": {"page.path": "/docs/a"}}),
        ({"page": "/a"}, {"not": {"all": [{"page.path": "/a"}, {"contact.a": 1}]}}),
        ({"absence": {"of": "A", "after": "B", "within": "1d"}}, {"count": {"event": "A", "within": "2d"}, "gte": 1}),
        (
            {"absence": {"of": "A", "after": "B", "within": "2d", "key": "order"}},
            {"count": {"event": "A", "within": "1d"}, "gte": 1},
        ),
        (
            {"reaches": {"field": "contact.registered_at", "plus": "30d"}},
            {"contact.registered_at": {"within_last": "30d"}},
        ),
        ({"schedule": {"cron": "0 9 * * mon", "zone": "workspace"}}, {"time.now": {"on_weekday": ["Tue"]}}),
        ({"schedule": {"cron": "0 9 1 * mon", "zone": "person"}}, {"time.now": {"on_weekday": ["Tue"]}}),
        ({"schedule": {"cron": "30 23 * * mon", "zone": "person"}}, {"time.now": {"on_weekday": ["Tue"]}}),
        ({"page": "/pricing"}, {"page.path": "/pricing"}),
    ],
)
def test_a_condition_that_may_hold_when_it_is_asked_is_left_alone(trigger: object, when: object) -> None:
    assert lint([rule(trigger=trigger, when=when)]) == []


def test_what_a_trigger_rules_out_is_said_in_its_words() -> None:
    (found,) = lint([rule(trigger={"page": "/pricing"}, when={"page.path": "/about"})])
    assert found.text.en == "When someone opens /pricing, page is /about cannot hold: the rule never acts"
    assert found.text.zh == "当有人打开 /pricing，页面为 /about不可能成立：规则永远不会执行"


@pytest.mark.parametrize(
    ("trigger", "when"),
    [
        ({"page": "/x"}, {"any": [{"page.path": "/x"}, {"contact.plan": "free"}]}),
        ({"dwell": {"path": "/x", "seconds": 60}}, {"any": [{"page.dwell": {"gt": "30s"}}, {"contact.plan": "free"}]}),
        ({"schedule": {"cron": "0 9 * * mon", "zone": "person"}},
         {"any": [{"time.now": {"on_weekday": ["Mon", "Tue"]}}, {"contact.plan": "free"}]}),
    ],
)  # fmt: skip
def test_an_alternative_that_the_trigger_says_already_leaves_the_others_nothing(trigger: object, when: object) -> None:
    (found,) = lint([rule(trigger=trigger, when=when)])
    assert (found.code, found.path) == (Doubt.ALWAYS_HOLDS, "when.any[0]")
    assert found.text.en.endswith(" always holds: the trigger says so")
