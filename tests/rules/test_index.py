"""Which rules a moment touches, and what the probe is told to watch."""

import pytest

from frontdesk_rules import LiveRule, Moment, RuleSet, Watch
from tests.rules.building import dwell, event, live, page, rule, started


def keys(rules: RuleSet, moment: Moment) -> list[str]:
    return [candidate.live.rule.key for candidate in rules.candidates(moment)]


@pytest.mark.parametrize(
    ("when", "anchor"),
    [
        ({"page.path": "/a/"}, ("path", "/a")),
        ({"page.path": {"path_eq": "/a"}}, ("path", "/a")),
        ({"page.path": {"path_glob": "/**/pricing"}}, ("tail", "pricing")),
        ({"page.path": {"path_glob": "/docs/**"}}, ("prefix", "/docs")),
        ({"page.path": {"path_prefix": "/docs"}}, ("prefix", "/docs")),
        ({"all": [{"page.path": {"path_prefix": "/a"}}, {"page.path": "/a/b"}]}, ("path", "/a/b")),
        ({"any": [{"page.path": "/a"}, {"contact.plan": "pro"}]}, ("", "")),
        ({"not": {"page.path": "/a"}}, ("", "")),
        ({"none": [{"page.path": "/a"}]}, ("", "")),
        ({"page.path": {"neq": "/a"}}, ("", "")),
        ({"page.path": {"path_glob": "/**"}}, ("", "")),
    ],
)
def test_a_rule_lies_in_its_most_selective_bucket(when: object, anchor: tuple[str, str]) -> None:
    assert list(live(rule(when=when)).buckets) == [("page", anchor)]


def test_a_rule_for_several_pages_lies_in_several_buckets_and_is_found_once() -> None:
    rules = live(rule(when={"any": [{"page.path": ["/a", "/b"]}, {"page.path": {"path_prefix": "/"}}]}))
    assert len(rules.buckets) == 3
    assert keys(rules, page("/a")) == ["a-rule"]


def test_a_moment_touches_only_the_rules_of_its_trigger_and_page() -> None:
    rules = live(
        rule("anywhere"),
        rule("pricing", trigger={"page": "/pricing"}),
        rule("glob", trigger={"page": "/**/pricing"}),
        rule("docs", when={"page.path": {"path_prefix": "/docs"}}),
        rule("chat", trigger={"conversation": "started"}),
        rule("paid", trigger={"event": "Paid"}),
    )
    assert keys(rules, page("/pricing?x=1")) == ["anywhere", "glob", "pricing"]
    assert keys(rules, page("/demo/zh/pricing/")) == ["anywhere", "glob"]
    assert keys(rules, page("/docs/a/b")) == ["anywhere", "docs"]
    assert keys(rules, page("/docsearch")) == ["anywhere"]
    assert keys(rules, started("/pricing")) == ["chat"]
    assert keys(rules, event("Paid")) == ["paid"]
    assert keys(rules, event("Else")) == []


def test_the_cost_of_a_moment_does_not_grow_with_rules_for_other_pages() -> None:
    rules = live(*(rule(f"rule-{n}", trigger={"page": f"/page-{n}"}) for n in range(1_000)))
    assert max(len(bucket) for bucket in rules.buckets.values()) == 1
    assert keys(rules, page("/page-7")) == ["rule-7"]


def test_candidates_come_in_the_order_in_which_they_win() -> None:
    rules = live(rule("c", priority=10), rule("b", priority=90), rule("a", priority=10))
    assert keys(rules, page()) == ["b", "a", "c"]


def test_the_probe_watches_the_thresholds_of_its_page_and_no_others() -> None:
    rules = live(
        rule("a", trigger={"dwell": {"path": "/**/pricing", "seconds": 60}}),
        rule("b", trigger={"dwell": {"path": ["/pricing", "/checkout"], "seconds": 2.5}}),
        rule("c", trigger={"dwell": {"seconds": 60}}),
        rule("d", trigger={"dwell": {"seconds": 90}}, when={"page.path": {"path_prefix": "/docs"}}),
        rule("e", trigger={"conversation": "started"}, when={"page.dwell": {"gt": "30s"}}),
    )
    assert rules.watch("https://shop.example/pricing/?plan=pro") == Watch(dwell_ms=(2_500, 60_000))
    assert rules.watch("/docs/install") == Watch(dwell_ms=(60_000, 90_000))
    assert rules.watch("/zh/pricing").dwell_ms == (60_000,)


def test_a_paused_rule_is_not_watched_for() -> None:
    paused = LiveRule("rul_1", 1, rule(trigger={"dwell": {"seconds": 5}}), active=False)
    assert RuleSet.compile([paused]).watch("/") == Watch()


def test_a_report_beyond_several_thresholds_reaches_all_that_are_new() -> None:
    rules = live(*(rule(f"after-{s}", trigger={"dwell": {"seconds": s}}) for s in (10, 30, 60)))
    assert keys(rules, dwell(35_000)) == ["after-10", "after-30"]
    assert keys(rules, dwell(35_000, before_ms=12_000)) == ["after-30"]
