"""What operators and groups answer, row by row: True, False, or None for unknown."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from frontdesk_rules import FIELDS, KnownFacts, Moment
from frontdesk_rules.engine.compile import compiled
from frontdesk_rules.engine.generate import generated
from frontdesk_rules.facts.catalogue import Source
from frontdesk_rules.facts.moments import View
from frontdesk_rules.findings import Place
from frontdesk_rules.language.conditions import evaluate
from frontdesk_rules.language.operators import OPERATORS
from frontdesk_rules.reading.conditions import read_condition

PAGE = Moment(kind="page", at=datetime(2026, 3, 2, tzinfo=UTC))

CASES = json.loads((Path(__file__).parents[2] / "rules" / "cases" / "operators.json").read_text("utf-8"))
# What JSON cannot say.
OTHERS = [
    ("gt", 5, float("nan"), None),
    ("has_any", ["a", "b"], ("b", "c"), True),
    ("has_all", ["a"], {"a", "b"}, True),
]


def verdict(tree: object, moment: Moment = PAGE, **facts: object) -> bool | None:
    """The verdict of interpreter, closure and generated code, which must be the same; `contact__plan` stands for
    `contact.plan`."""
    place = Place()
    condition = read_condition(tree, place)
    assert condition is not None, place.found
    view = View(moment, KnownFacts({name.replace("__", "."): value for name, value in facts.items()}))
    answer = evaluate(condition, view)
    assert compiled(condition)(view) is answer
    assert generated(condition)(view) is answer
    return answer


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['op']} {case['expected']}: {case['actual']}")
def test_an_operator_answers_as_the_shared_case_says(case: dict[str, Any]) -> None:
    field = case.get("field", "contact.x")
    tree = {"field": field, "op": case["op"], "value": case["expected"]}
    tree |= {"zone": case["zone"]} if "zone" in case else {}
    moment = replace(PAGE, at=datetime.fromisoformat(case["now"])) if "now" in case else PAGE
    assert verdict(tree, moment, **{field: case["actual"]}) is case["expect"]


@pytest.mark.parametrize(("op", "expected", "actual", "answer"), OTHERS)
def test_an_operator_answers_what_json_cannot_say(
    op: str, expected: object, actual: object, *, answer: bool | None
) -> None:
    assert verdict({"field": "contact.x", "op": op, "value": expected}, contact__x=actual) is answer


def test_every_operator_has_shared_cases_for_true_and_for_false() -> None:
    asked = set(OPERATORS) - {"exists", "missing"}
    assert {case["op"] for case in CASES if case["expect"] is True} == asked
    assert {case["op"] for case in CASES if case["expect"] is False} == asked


@pytest.mark.parametrize("op", sorted({case["op"] for case in CASES}))
def test_of_a_missing_value_every_operator_knows_nothing(op: str) -> None:
    case = next(case for case in CASES if case["op"] == op)
    field = case.get("field", "contact.x")
    tree = {"field": field, "op": op, "value": case["expected"]}
    assert verdict(tree) is None
    assert verdict(tree, **{field: None}) is None
    assert verdict({"not": tree}) is None


@pytest.mark.parametrize(
    ("facts", "exists"),
    [({}, False), ({"contact__x": None}, False), ({"contact__x": ""}, True), ({"contact__x": 0}, True)],
)
def test_only_exists_and_missing_know_about_what_is_not_there(facts: dict[str, object], *, exists: bool) -> None:
    assert verdict({"field": "contact.x", "op": "exists"}, **facts) is exists
    assert verdict({"field": "contact.x", "op": "missing"}, **facts) is not exists


T, F, U = {"contact.t": "1"}, {"contact.f": "1"}, {"contact.u": "1"}


@pytest.mark.parametrize(
    ("tree", "answer"),
    [
        ({"all": [T, T]}, True),
        ({"all": [T, F]}, False),
        ({"all": [T, U]}, None),
        ({"all": [U, F]}, False),
        ({"any": [F, T]}, True),
        ({"any": [F, F]}, False),
        ({"any": [U, F]}, None),
        ({"any": [U, T]}, True),
        ({"none": [F, F]}, True),
        ({"none": [F, T]}, False),
        ({"none": [F, U]}, None),
        ({"none": [U, T]}, False),
        ({"not": T}, False),
        ({"not": F}, True),
        ({"not": U}, None),
        ({"not": {"not": U}}, None),
        ({"at_least": 2, "of": [T, F, T]}, True),
        ({"at_least": 2, "of": [T, F, F]}, False),
        ({"at_least": 2, "of": [T, F, U]}, None),
        ({"at_least": 2, "of": [T, U, T]}, True),
        ({"at_least": 2, "of": [F, F, U]}, False),
        ({"at_least": 1, "of": [U]}, None),
    ],
)
def test_a_group_is_three_valued(tree: object, *, answer: bool | None) -> None:
    assert verdict(tree, contact__t="1", contact__f="0") is answer


def test_a_path_is_compared_without_query_string_and_trailing_slash() -> None:
    for seen in ("/pricing", "/pricing/", "/pricing?plan=pro", "https://shop.example/pricing/#faq"):
        assert verdict({"page.path": "/pricing/"}, page__path=seen) is True
        assert verdict({"page.path": ["/a", "/pricing"]}, page__path=seen) is True
    assert verdict({"page.path": {"neq": "/pricing"}}, page__path="/pricing/?x") is False


def test_a_duration_is_compared_in_milliseconds() -> None:
    assert verdict({"page.dwell": {"gt": "60s"}}, page__dwell=60_001) is True
    assert verdict({"page.dwell": {"gt": "1m"}}, page__dwell=60_000) is False
    assert verdict({"page.dwell": {"between": ["1s", "1.5s"]}}, page__dwell=1_500) is True


def test_what_the_moment_says_goes_before_what_was_gathered() -> None:
    moment = Moment(kind="event", name="Paid", at=PAGE.at, path="/a/", dwell_ms=5, properties={"cart": {"total": 7}})
    view = View(moment, KnownFacts({"page.path": "/b", "page.dwell": 9, "event.cart.total": 1, "contact.plan": "pro"}))
    names = ("page.path", "page.dwell", "event.cart.total", "event.name", "time.now", "contact.plan")
    assert [view[name] for name in names] == ["/a", 5, 7, "Paid", PAGE.at, "pro"]


def test_the_catalogue_says_of_each_field_what_the_builder_needs() -> None:
    for name, row in FIELDS.items():
        assert row.name == name
        assert row.label.en
        assert row.label.zh
        assert row.source in set(Source)
