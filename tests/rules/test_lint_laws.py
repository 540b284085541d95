"""What lint says of comparisons is true of everybody: whatever it calls impossible never holds, and so on."""

from itertools import product
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from frontdesk_rules import History, KnownFacts, Moment, View
from frontdesk_rules.doubting.alone import idle
from frontdesk_rules.doubting.excluding import covering, excluded
from frontdesk_rules.doubting.implying import implies
from frontdesk_rules.doubting.logic import contradictions
from frontdesk_rules.findings import Place
from frontdesk_rules.language.conditions import Compare, Group, evaluate
from frontdesk_rules.reading.conditions import read_condition
from tests.rules.building import NOON
from tests.rules.strategies import ACTUALS, SCALARS, aggregates, comparisons, grouped, histories

PAGE = Moment(kind="page", at=NOON)
NAMES = ("contact.plan", "contact.tags", "contact.segments", "contact.registered_at", "contact.email")
LISTS = st.lists(SCALARS | st.just("vip"), max_size=3)
# Whoever draws many values for two comparisons finds one that both hold of, if there is any.
VALUES = st.lists(ACTUALS | LISTS, min_size=1, max_size=12)
TWO = st.sampled_from(NAMES).flatmap(
    lambda name: st.tuples(comparisons(st.just(name)), comparisons(st.just(name)), st.just(name))
)
often = settings(max_examples=100, deadline=None)


def read(tree: dict[str, Any]) -> Any:
    place = Place()
    condition = read_condition(tree, place)
    assert condition is not None, place.found
    return condition


def answers(name: str, values: list[object], condition: Any) -> list[bool | None]:
    return [evaluate(condition, View(PAGE, KnownFacts({name: value}), "vis_1")) for value in values]


@often
@given(TWO, VALUES)
def test_of_comparisons_that_rule_each_other_out_one_never_holds(two: tuple[Any, Any, str], values: list[Any]) -> None:
    one, other = read(two[0]), read(two[1])
    if isinstance(one, Compare) and isinstance(other, Compare) and excluded(one, other):
        assert True not in answers(two[2], values, Group("all", (one, other)))


@often
@given(TWO, VALUES)
def test_what_is_implied_holds_wherever_what_implies_it_does(two: tuple[Any, Any, str], values: list[Any]) -> None:
    one, other = read(two[0]), read(two[1])
    if isinstance(one, Compare) and isinstance(other, Compare) and implies(one, other):
        pairs = zip(answers(two[2], values, one), answers(two[2], values, other), strict=True)
        assert all(second is True for first, second in pairs if first)


@often
@given(TWO, VALUES)
def test_of_comparisons_that_leave_nothing_out_one_holds_of_whatever_is_known(
    two: tuple[Any, Any, str], values: list[Any]
) -> None:
    one, other = read(two[0]), read(two[1])
    if isinstance(one, Compare) and isinstance(other, Compare) and covering(one, other):
        assert False not in answers(two[2], values, Group("any", (one, other)))


@often
@given(aggregates(), aggregates(), st.lists(histories(), min_size=1, max_size=6))
def test_of_questions_about_the_past_that_rule_each_other_out_one_never_holds(
    first: dict[str, Any], second: dict[str, Any], pasts: list[History]
) -> None:
    one, other = read(first), read(second)
    if isinstance(one, Compare) and isinstance(other, Compare) and not (idle(one) or idle(other)):
        views = [View(PAGE, KnownFacts({}, past), "vis_1") for past in pasts]
        both = [(evaluate(one, view), evaluate(other, view)) for view in views]
        assert not (excluded(one, other) and (True, True) in both)
        if one.field == other.field:
            assert not (implies(one, other) and (True, False) in both)
            assert not (covering(one, other) and (False, False) in both)


@often
@given(
    st.sampled_from(NAMES).flatmap(
        lambda name: st.tuples(st.just(name), st.recursive(comparisons(st.just(name)), grouped, max_leaves=6), VALUES)
    )
)
def test_a_condition_that_must_contradict_itself_never_holds(drawn: tuple[str, dict[str, Any], list[Any]]) -> None:
    name, tree, values = drawn
    condition = read(tree)
    clashes = [(one, other) for _, one, other in contradictions(condition, ()) if one.held or other.held]
    for (one, other), value in product(clashes, values):
        view = View(PAGE, KnownFacts({name: value}), "vis_1")
        said = (evaluate(one.asked, view) is one.held, evaluate(other.asked, view) is other.held)
        assert said != (True, True)
