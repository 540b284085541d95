"""What must hold for every rule, every condition and every person."""

import json
import re
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from typing import Any

import jsonschema_rs
from hypothesis import given, settings
from hypothesis import strategies as st

from frontdesk_rules import (
    CompiledRule,
    Decision,
    History,
    KnownFacts,
    LiveRule,
    Moment,
    Question,
    Recorded,
    RuleSet,
    View,
    decide,
    parse_rules,
    parse_tree,
    render_yaml,
    sentence,
    simulate,
)
from frontdesk_rules.durations import milliseconds
from frontdesk_rules.engine.compile import compiled
from frontdesk_rules.engine.generate import generated
from frontdesk_rules.engine.ready import compile_rule
from frontdesk_rules.findings import Place
from frontdesk_rules.language.conditions import evaluate, fields_of
from frontdesk_rules.reading.conditions import read_condition
from frontdesk_rules.telling.explain import explained
from frontdesk_rules.urls import normal_path
from tests.rules.building import PERSON, Remembered
from tests.rules.drawn_moments import MOMENTS
from tests.rules.strategies import FACTS, PATHS, RULES, conditions, histories

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
PAGE = Moment(kind="page", at=NOON)
SCHEMA = jsonschema_rs.validator_for(json.loads(files("frontdesk_rules").joinpath("schema.json").read_text("utf-8")))
quick = settings(max_examples=60, deadline=None)


def condition_of(tree: dict[str, Any]) -> Any:
    place = Place()
    condition = read_condition(tree, place)
    assert condition is not None, place.found
    return condition


def views(facts: dict[str, object], history: History) -> View:
    return View(PAGE, KnownFacts(facts, history), "vis_1")


@settings(max_examples=300, deadline=None)
@given(conditions(), FACTS, histories())
def test_closures_and_generated_code_answer_as_the_interpreter_does(
    tree: dict[str, Any], facts: dict[str, object], history: History
) -> None:
    condition = condition_of(tree)
    answer = evaluate(condition, views(facts, history))
    assert compiled(condition)(views(facts, history)) is answer
    assert generated(condition)(views(facts, history)) is answer


@quick
@given(conditions(), FACTS, histories())
def test_an_explanation_comes_to_the_verdict_of_the_interpreter(
    tree: dict[str, Any], facts: dict[str, object], history: History
) -> None:
    condition, view = condition_of(tree), views(facts, history)
    assert explained(condition, view).verdict is evaluate(condition, view)


@quick
@given(conditions(), FACTS)
def test_the_opposite_of_a_condition_has_the_opposite_verdict(tree: dict[str, Any], facts: dict[str, object]) -> None:
    view = View(PAGE, KnownFacts(facts))
    plain, opposite = evaluate(condition_of(tree), view), evaluate(condition_of({"not": tree}), view)
    assert (plain, opposite) in {(True, False), (False, True), (None, None)}


@quick
@given(conditions(), FACTS)
def test_a_condition_asks_for_no_field_that_it_does_not_name(tree: dict[str, Any], facts: dict[str, object]) -> None:
    condition, view = condition_of(tree), View(PAGE, KnownFacts(facts))
    compiled(condition)(view)
    assert {asked for asked in view if isinstance(asked, str)} <= fields_of(condition)


@quick
@given(RULES)
def test_reading_the_canonical_tree_gives_the_same_rule(tree: dict[str, Any]) -> None:
    rule = parse_tree(tree)
    assert parse_tree(rule.to_tree()) == rule
    assert parse_tree(json.loads(json.dumps(rule.to_tree()))).to_tree() == rule.to_tree()


@quick
@given(RULES)
def test_reading_rendered_yaml_gives_the_same_rule_and_the_same_text(tree: dict[str, Any]) -> None:
    rule = parse_tree(tree)
    (again,) = parse_rules(render_yaml(rule))
    assert again == rule
    assert render_yaml(again) == render_yaml(rule)


@quick
@given(RULES)
def test_the_schema_accepts_what_the_parser_accepts(tree: dict[str, Any]) -> None:
    for form in (tree, parse_tree(tree).to_tree()):
        SCHEMA.validate(form)


@quick
@given(RULES)
def test_every_rule_can_be_said_in_both_languages(tree: dict[str, Any]) -> None:
    said = sentence(parse_tree(tree))
    assert set(said) == {"en", "zh"}
    assert re.match(r"(When|After|On) ", said["en"])
    assert re.search(r"(时|后)，", said["zh"])


@settings(max_examples=100, deadline=None)
@given(st.lists(RULES, min_size=1, max_size=4), MOMENTS, FACTS)
def test_the_index_never_misses_a_rule_that_would_act(
    trees: list[dict[str, Any]], moment: Moment, facts: dict[str, object]
) -> None:
    live = [LiveRule(f"rul_{n}", 1, parse_tree(tree)) for n, tree in enumerate(trees)]
    rules, view = RuleSet.compile(live), View(moment, KnownFacts(facts))
    found_with_facts = {rule.id for rule in rules.candidates(moment, view)}
    assert found_with_facts <= {rule.id for rule in rules.candidates(moment)}
    for one in live:
        rule = compile_rule(one)
        its_own = moment.rule in (None, one.timer_id)
        would_act = its_own and one.rule.trigger.matches(moment) and (rule.test is None or rule.test(view) is True)
        assert not would_act or one.id in found_with_facts


@settings(max_examples=100, deadline=None)
@given(st.lists(RULES, min_size=1, max_size=5), MOMENTS, FACTS, histories())
def test_with_the_index_the_same_rules_act_as_without(
    trees: list[dict[str, Any]], moment: Moment, facts: dict[str, object], history: History
) -> None:
    rules = RuleSet.compile(LiveRule(f"rul_{n}", 1, parse_tree(tree)) for n, tree in enumerate(trees))
    known, memory = KnownFacts(facts, history), Remembered()
    view = View(moment, known, PERSON.person)
    by_index = decide(moment, rules.candidates(moment, view), view, memory, PERSON)
    by_all = decide(moment, rules.rules, known, memory, PERSON)
    assert _done(by_index) == _done(by_all)
    groups = [one.rule.rule.exclusive for one in by_all if one.outcome != "held" and one.rule.rule.exclusive]
    assert len(groups) == len(set(groups))


@quick
@given(st.lists(RULES, min_size=1, max_size=5), st.lists(RULES, max_size=3), st.lists(MOMENTS, min_size=1), FACTS)
def test_a_set_finds_the_same_rules_whatever_set_it_follows(
    before: list[dict[str, Any]], also: list[dict[str, Any]], moments: list[Moment], facts: dict[str, object]
) -> None:
    live = [LiveRule(f"rul_{n}", 1, parse_tree(tree)) for n, tree in enumerate(before)]
    then = [*live[::2], *(LiveRule(f"rul_{n}", 2, parse_tree(tree)) for n, tree in enumerate(also, 1))]
    swapped, made = RuleSet.compile(live).swapped(then), RuleSet.compile(then)
    for moment in moments:
        views = View(moment, KnownFacts(facts)), View(moment, KnownFacts(facts))
        by_swap, by_whole = swapped.candidates(moment, views[0]), made.candidates(moment, views[1])
        assert [(one.id, one.live.version, _asked(one, views[0])) for one in by_swap] == [
            (one.id, one.live.version, _asked(one, views[1])) for one in by_whole
        ]


def _asked(rule: CompiledRule, view: View) -> bool | None:
    return True if rule.test is None else rule.test(view)


def _done(decisions: tuple[Decision, ...]) -> list[tuple[str, str, list[str]]]:
    acted = [one for one in decisions if one.outcome != "held"]
    return [(one.rule.id, one.outcome, [planned.key for planned in one.actions]) for one in acted]


VISITS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3_000)), min_size=1, max_size=60)


@quick
@given(VISITS, st.integers(1, 3), st.sampled_from(("1h", "6h", "1d")))
def test_nobody_ever_hears_more_than_a_cap_allows_in_any_window(
    visits: list[tuple[int, int]], limit: int, window: str
) -> None:
    said = [{"message": {"text": {"en": "Hello"}}}]
    capped = {"caps": [{"limit": limit, "window": window}], "repeat": {"every": "1m"}}
    asked = parse_tree({"rule": "a", "trigger": "page", "do": said, **capped})
    events = [
        Recorded(at=NOON + timedelta(minutes=minute), person=f"vis_{person}", kind="page", path="/")
        for person, minute in sorted(visits, key=lambda visit: visit[1])
    ]
    acts = simulate(Question(LiveRule("rul_a", 1, asked)), events).acts
    span = timedelta(milliseconds=milliseconds(window))
    for act in acts:
        heard = [one for one in acts if one.person == act.person and act.at - span < one.at <= act.at]
        assert len(heard) <= limit


@quick
@given(st.lists(RULES, min_size=1, max_size=4), PATHS, st.integers(0, 100_000))
def test_what_is_watched_is_what_dwell_rules_wait_for(trees: list[dict[str, Any]], path: str, ms: int) -> None:
    rules = RuleSet.compile(LiveRule(f"rul_{n}", 1, parse_tree(tree)) for n, tree in enumerate(trees))
    moment = Moment(kind="dwell", at=NOON, path=path, dwell_ms=ms)
    assert bool(rules.candidates(moment)) is any(threshold <= ms for threshold in rules.watch(path).dwell_ms)


@quick
@given(st.text(max_size=40) | st.text("/%?#:aE4B7", max_size=12))
def test_a_path_made_normal_twice_stays_as_it_is(url: str) -> None:
    assert normal_path(normal_path(url)) == normal_path(url)
