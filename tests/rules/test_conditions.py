"""What operators and groups answer, row by row: True, False, or None for unknown."""

from datetime import UTC, datetime

import pytest

from frontdesk_rules import FIELDS, KnownFacts, Moment
from frontdesk_rules.engine.compile import compiled
from frontdesk_rules.facts.moments import View
from frontdesk_rules.findings import Place
from frontdesk_rules.language.conditions import evaluate
from frontdesk_rules.language.operators import OPERATORS
from frontdesk_rules.reading.conditions import read_condition

PAGE = Moment(kind="page", at=datetime(2026, 3, 2, tzinfo=UTC))

ROWS: list[tuple[str, object, object, bool | None]] = [
    ("eq", "pro", "pro", True),
    ("eq", "pro", "Pro", False),
    ("eq", 1, 1.0, True),
    ("eq", 1, True, False),
    ("eq", True, 1, False),
    ("eq", "1", 1, False),
    ("neq", "pro", "free", True),
    ("neq", "pro", "pro", False),
    ("neq", 1, True, True),
    ("in", ["a", "b"], "b", True),
    ("in", ["a", "b"], "c", False),
    ("in", [1, 2], True, False),
    ("in", ["a"], ["a"], False),
    ("not_in", ["a", "b"], "c", True),
    ("not_in", ["a", "b"], "a", False),
    ("gt", 5, 6, True),
    ("gt", 5, 5, False),
    ("gt", 5, "6", None),
    ("gt", 0, True, None),
    ("gt", 5, float("nan"), None),
    ("gte", 5, 5, True),
    ("gte", 5, 4.9, False),
    ("lt", 5, 4, True),
    ("lt", 5, 5, False),
    ("lte", 5, 5, True),
    ("lte", 5, 5.1, False),
    ("between", [1, 5], 1, True),
    ("between", [1, 5], 5, True),
    ("between", [1, 5], 5.1, False),
    ("between", [1, 5], "3", None),
    ("contains", "sale", "spring sale", True),
    ("contains", "Sale", "spring sale", False),
    ("contains", "1", 1, None),
    ("not_contains", "sale", "spring", True),
    ("not_contains", "sale", "sale", False),
    ("not_contains", "sale", ["sale"], None),
    ("starts_with", "spr", "spring", True),
    ("starts_with", "ing", "spring", False),
    ("ends_with", "ing", "spring", True),
    ("ends_with", "spr", "spring", False),
    ("icontains", "SALE", "Spring Sale", True),
    ("icontains", "sales", "Spring Sale", False),
    ("ieq", "STRASSE", "straße", True),
    ("ieq", "a", "b", False),
    ("glob", "spring*", "spring-24", True),
    ("glob", "spring*", "winter", False),
    ("path_eq", "/pricing", "https://x.example/pricing/?a=1", True),
    ("path_eq", "/pricing", "/pricing/pro", False),
    ("path_eq", "/pricing", 7, None),
    ("path_prefix", "/docs", "/docs/a", True),
    ("path_prefix", "/docs", "/docsearch", False),
    ("path_glob", "/**/pricing", "/demo/zh/pricing", True),
    ("path_glob", "/**/pricing", "/demo", False),
    ("path_glob", "/**/pricing", None, None),
    ("host_eq", "shop.example", "https://Shop.example:443/", True),
    ("host_eq", "shop.example", "https://evil.example/", False),
    ("query_eq", "plan=pro", "/?plan=pro", True),
    ("query_eq", "plan=pro", "/?plan=free", False),
    ("has", "vip", ["vip", "new"], True),
    ("has", 1, [True], False),
    ("has", "vip", "vip", None),
    ("has_any", ["a", "b"], ("b", "c"), True),
    ("has_any", ["a", "b"], ["c"], False),
    ("has_any", ["a"], [], False),
    ("has_all", ["a", "b"], {"a", "b", "c"}, True),
    ("has_all", ["a", "b"], ["a"], False),
]


def verdict(tree: object, **facts: object) -> bool | None:
    """The verdict of interpreter and closure, which must be the same; `contact__plan` stands for `contact.plan`."""
    place = Place()
    condition = read_condition(tree, place)
    assert condition is not None, place.found
    view = View(PAGE, KnownFacts({name.replace("__", "."): value for name, value in facts.items()}))
    answer = evaluate(condition, view)
    assert compiled(condition)(view) is answer
    return answer


@pytest.mark.parametrize(("op", "expected", "actual", "answer"), ROWS)
def test_an_operator_answers(op: str, expected: object, actual: object, *, answer: bool | None) -> None:
    assert verdict({"field": "contact.x", "op": op, "value": expected}, contact__x=actual) is answer


def test_every_operator_has_rows_for_true_and_for_false() -> None:
    asked = set(OPERATORS) - {"exists", "missing"}
    assert {op for op, _, _, answer in ROWS if answer is True} == asked
    assert {op for op, _, _, answer in ROWS if answer is False} == asked


@pytest.mark.parametrize("op", sorted({op for op, *_ in ROWS}))
def test_of_a_missing_value_every_operator_knows_nothing(op: str) -> None:
    value = next(expected for row, expected, *_ in ROWS if row == op)
    tree = {"field": "contact.x", "op": op, "value": value}
    assert verdict(tree) is None
    assert verdict(tree, contact__x=None) is None
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
        assert row.source in {"moment", "session", "visitor", "contact", "company", "conversation", "workspace"}
