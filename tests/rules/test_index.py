"""Which rules a moment touches, and what the probe is told to watch."""

from collections.abc import Iterable
from dataclasses import replace

import pytest

from frontdesk_rules import DEFAULT_POLICY, KnownFacts, LiveRule, Moment, RuleSet, View, Watch
from frontdesk_rules.engine.making import MOST_GENERATED
from tests.rules.building import dwell, event, live, page, rule, started


def keys(rules: RuleSet, moment: Moment) -> list[str]:
    return [candidate.live.rule.key for candidate in rules.candidates(moment)]


def anchored(rules: RuleSet, key: str = "page") -> set[str]:
    """Which parts of the bucket hold anything."""
    bucket = rules.buckets[key]
    kinds = {
        "anywhere": bucket.anywhere,
        "guarded": bucket.guarded,
        "path": bucket.path,
        "tail": bucket.tail,
        "equal": bucket.equal,
    }
    trie = {"prefix": bucket.prefix.here or bucket.prefix.below, "least": bucket.least}
    return {kind for kind, held in {**kinds, **trie}.items() if held}


@pytest.mark.parametrize(
    ("when", "kind"),
    [
        ({"page.path": "/a/"}, "path"),
        ({"page.path": {"path_eq": "/a"}}, "path"),
        ({"page.path": {"path_glob": "/**/pricing"}}, "tail"),
        ({"page.path": {"path_glob": "/docs/**"}}, "prefix"),
        ({"page.path": {"path_prefix": "/docs"}}, "prefix"),
        ({"all": [{"page.path": {"path_prefix": "/a"}}, {"page.path": "/a/b"}]}, "path"),
        ({"all": [{"page.path": {"path_prefix": "/a"}}, {"session.campaign": "spring"}]}, "equal"),
        ({"session.campaign": ["spring", "summer"]}, "equal"),
        ({"all": [{"session.page_views": {"gte": 3}}, {"contact.plan": {"neq": "pro"}}]}, "least"),
        ({"any": [{"contact.email": {"missing": True}}, {"contact.tags": {"has": "vip"}}]}, "equal"),
        ({"in_segment": "vip"}, "equal"),
        ({"any": [{"page.path": "/a"}, {"contact.plan": {"neq": "pro"}}]}, "anywhere"),
        ({"contact.seats": 1}, "equal"),
        ({"not": {"page.path": "/a"}}, "anywhere"),
        ({"none": [{"page.path": "/a"}]}, "anywhere"),
        ({"page.path": {"neq": "/a"}}, "anywhere"),
        ({"page.path": {"path_glob": "/**"}}, "anywhere"),
    ],
)
def test_a_rule_lies_in_its_most_selective_bucket(when: object, kind: str) -> None:
    assert anchored(live(rule(when=when))) == {kind}


def test_a_rule_for_several_pages_lies_in_several_buckets_and_is_found_once() -> None:
    rules = live(rule(when={"any": [{"page.path": ["/a", "/b"]}, {"page.path": {"path_prefix": "/"}}]}))
    assert anchored(rules) == {"path", "prefix"}
    assert keys(rules, page("/a")) == ["a-rule"]


def seen(rules: RuleSet, moment: Moment, **facts: object) -> list[str]:
    view = View(moment, KnownFacts({name.replace("__", "."): value for name, value in facts.items()}))
    return [candidate.live.rule.key for candidate in rules.candidates(moment, view)]


def test_a_rule_that_wants_another_value_is_not_even_asked() -> None:
    rules = live(
        rule("spring", when={"session.campaign": "spring"}),
        rule("autumn", when={"session.campaign": ["autumn", "winter"]}),
        rule("third-page", when={"session.page_views": {"gte": 3}}),
        rule("tenth-page", when={"session.page_views": {"gte": 10}}),
        rule("anyone"),
        rule("vips", when={"contact.tags": {"has_any": ["vip", "gold"]}}),
        rule("nameless", when={"contact.name": {"missing": True}}),
    )
    assert seen(rules, page(), contact__tags=["new", "gold"], contact__name="Li") == ["anyone", "vips"]
    assert seen(rules, page(), session__campaign="spring") == ["anyone", "nameless", "spring"]
    assert seen(rules, page(), session__campaign="winter", session__page_views=3, contact__name="Li") == [
        "anyone",
        "autumn",
        "third-page",
    ]
    assert seen(rules, page()) == ["anyone", "nameless"]
    assert len(keys(rules, page())) == 7


def test_what_several_rules_of_the_last_bucket_ask_is_asked_once_for_all_of_them() -> None:
    rules = live(
        *(rule(f"rule-{n}", when={"contact.stage": {"neq": "won"}, "contact.a": {"neq": n}}) for n in range(9)),
        rule("free", when={"contact.b": {"neq": 1}}),
    )
    assert anchored(rules) == {"anywhere", "guarded"}
    assert seen(rules, page(), contact__stage="won") == ["free"]
    assert len(seen(rules, page(), contact__stage="lost")) == 10
    assert len(keys(rules, page())) == 10


def test_the_properties_that_a_trigger_names_are_looked_up_like_any_others() -> None:
    rules = live(
        *(rule(f"plan-{n}", trigger={"event": "Paid", "where": {"event.plan": f"plan-{n}"}}) for n in range(9))
    )
    assert anchored(rules, "event:Paid") == {"equal"}
    assert seen(rules, event("Paid", plan="plan-3")) == ["plan-3"]
    assert keys(rules, event("Paid", plan="plan-3")) == ["plan-3"]


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
    assert max(len(found) for found in rules.buckets["page"].path.values()) == 1
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


def of(*rules: LiveRule) -> dict[str, LiveRule]:
    return {one.id: one for one in rules}


def found(rules: RuleSet, moments: Iterable[Moment]) -> list[list[tuple[str, int]]]:
    return [[(one.id, one.live.version) for one in rules.candidates(moment)] for moment in moments]


def test_a_set_that_follows_another_compiles_only_what_is_new() -> None:
    first = of(*(LiveRule(f"rul_{n}", 1, rule(f"rule-{n}", trigger={"page": f"/{n}"})) for n in range(9)))
    before = RuleSet.compile(first.values())
    third = LiveRule("rul_3", 2, rule("rule-3", trigger={"page": "/1"}, priority=90))
    fifth = replace(first["rul_5"], active=False)
    after = before.swapped(of(*first.values(), third, fifth).values())
    known = {one.id: one for one in before.rules}
    assert {one.id for one in after.rules if one is not known[one.id]} == {"rul_3", "rul_5"}
    moments = [page(f"/{n}") for n in range(9)]
    assert found(after, moments) == found(RuleSet.compile([one.live for one in after.rules]), moments)
    assert found(after, moments)[1] == [("rul_3", 2), ("rul_1", 1)]
    assert found(before, moments)[3] == [("rul_3", 1)]


def test_of_a_set_that_follows_another_nothing_stays_that_is_gone() -> None:
    both = [LiveRule("rul_a", 1, rule("a")), LiveRule("rul_b", 1, rule("b"))]
    after = RuleSet.compile(both).swapped(both[1:])
    assert keys(after, page()) == ["b"]
    assert set(after.by_id) == {"rul_b"}


def test_another_policy_holds_for_rules_that_are_taken_over() -> None:
    asked = LiveRule("rul_a", 1, rule("a", caps=[{"limit": 1, "window": "1h"}]))
    (after,) = RuleSet.compile([asked]).swapped([asked], DEFAULT_POLICY).rules
    assert (after.caps, after.quiet) == ((*asked.rule.caps, *DEFAULT_POLICY.caps), DEFAULT_POLICY.quiet)


def test_rules_that_are_asked_everywhere_stay_few_enough_to_be_generated() -> None:
    anywhere = [LiveRule(f"rul_{n:04}", 1, rule(f"rule-{n}", priority=10)) for n in range(MOST_GENERATED)]
    before = RuleSet.compile(anywhere)
    assert all(one.hot for one in before.rules)
    after = before.swapped([*anywhere, LiveRule("rul_new", 1, rule("new", priority=90))])
    assert [one.id for one in after.rules if not one.hot] == [anywhere[-1].id]


def test_what_is_new_shares_its_comparisons_with_what_was_there() -> None:
    asked = {"page.path": {"regex": "a+"}}
    made = RuleSet.compile([LiveRule("rul_a", 1, rule("a", when=asked))])
    made = made.swapped([*(one.live for one in made.rules), LiveRule("rul_b", 1, rule("b", when=asked))])
    view = View(page("/aa"), KnownFacts({}))
    assert [one.test(view) for one in made.rules if one.test] == [True, True]
    assert len([key for key in view if not isinstance(key, str)]) == 1


def test_candidates_by_thresholds_alone_come_in_that_order_too() -> None:
    rules = live(
        rule("low", priority=10, when={"session.page_views": {"gte": 1}}),
        rule("high", priority=90, when={"session.page_views": {"gte": 3}}),
    )
    assert seen(rules, page(), session__page_views=5) == ["high", "low"]
