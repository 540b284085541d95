"""No value that may be stored, and no rule that may be written, makes asking fail."""

from datetime import UTC, datetime, timedelta, timezone
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from frontdesk_rules import FieldType, KnownFacts, Moment, PastEvent, RememberedHistory, View, flips_at
from frontdesk_rules.engine.compile import compiled
from frontdesk_rules.engine.generate import generated
from frontdesk_rules.findings import Place
from frontdesk_rules.language.conditions import Compare, Condition, evaluate
from frontdesk_rules.language.literals import LITERALS
from frontdesk_rules.language.operators import ALONE, OPERATORS, Shape, literal_of
from frontdesk_rules.reading.conditions import read_condition
from frontdesk_rules.telling.explain import explained
from tests.rules.building import NOON
from tests.rules.strategies import EVENTS, NAMES, aggregates, comparisons

ZONES = st.integers(-23 * 60 - 59, 23 * 60 + 59).map(lambda minutes: timezone(timedelta(minutes=minutes)))
EARLIEST, LATEST = datetime.min, datetime.max  # noqa: DTZ901 - each zone is given below
EDGES = st.sampled_from((EARLIEST, LATEST)) | st.datetimes(EARLIEST, datetime(1, 1, 3)) | st.datetimes(  # noqa: DTZ001 - made aware below
    datetime(9999, 12, 29), LATEST  # noqa: DTZ001 - made aware below
)  # fmt: skip
TIMES = st.tuples(EDGES, ZONES | st.just(UTC)).map(lambda two: two[0].replace(tzinfo=two[1]))
NUMBERS = st.integers(-(10**400), 10**400) | st.floats() | st.sampled_from((10**308, -(10**400), 2**63, 1.7e308))
TEXTS = st.text(max_size=20) | st.sampled_from(
    ("http://[", "//[::1", "%E4%BB", "?a=%zz", "1.0.0-" + "9" * 5_000, "0001-01-01T00:00Z", "9999-12-31T23:59-14:00")
)
PLAIN = st.none() | st.booleans() | NUMBERS | TEXTS | TIMES | TIMES.map(lambda at: at.isoformat())
VALUES = PLAIN | st.lists(PLAIN, max_size=3) | st.dictionaries(TEXTS, PLAIN, max_size=2)
PLACES = st.sampled_from(("Pacific/Kiritimati", "America/New_York", "Asia/Shanghai"))
FACTS = st.dictionaries(NAMES, VALUES, max_size=8)
PAST = st.lists(st.tuples(st.sampled_from(EVENTS), TIMES | st.just(NOON), VALUES), max_size=5)
WIDE = {
    "instant": st.sampled_from(("0001-01-01", "9999-12-31", "0001-01-01T00:00", "9999-12-31T23:59-23:59")),
    "duration": st.sampled_from(("0s", "99999d", "99999.999d")),
}


@st.composite
def asked(draw: st.DrawFn) -> Condition:
    """One comparison, of a field or of the past, with what is hardest to reckon with."""
    tree: dict[str, Any] = draw(comparisons() | aggregates())
    plain = read_condition(tree, Place())
    if isinstance(plain, Compare) and plain.literal in WIDE and isinstance(tree.get("value"), str):
        tree = {**tree, "value": draw(WIDE[plain.literal])}
    read = read_condition(tree, Place())
    assert read is not None
    return read


@settings(max_examples=300, deadline=None)
@given(asked(), FACTS, PAST, PLACES)
def test_no_operator_fails_for_any_value_of_a_field_or_of_the_past(
    condition: Condition, facts: dict[str, object], past: list[tuple[str, datetime, object]], place: str
) -> None:
    known = min((at for _, at, _ in past), default=None)
    history = RememberedHistory(known)
    for name, at, value in sorted(past, key=lambda one: one[1]):
        history.add(name, PastEvent(at, {"total": value}))

    def view() -> View:
        return View(Moment(kind="page", at=NOON), KnownFacts({**facts, "contact.timezone": place}, history), "vis_1")

    verdict = evaluate(condition, view())
    assert verdict in (True, False, None)
    assert compiled(condition)(view()) is verdict
    assert generated(condition)(view()) is verdict
    assert explained(condition, view()).verdict is verdict
    flips = flips_at(condition, view())
    assert flips is None or flips > NOON


WRITTEN: dict[str, Any] = {
    "any": 1, "number": 1, "text": "a", "instant": "0001-01-01", "duration": "99999d", "path": "/a", "glob": "/a/*",
    "host": "a.example", "pair": "a=b", "regex": "a", "clock": "09:00", "weekday": "Mon", "version": "1.0.0-2",
    "key": "vip", "bounds": 1, "share": {"salt": "a", "from": 0, "to": 50}, "flag": True,
}  # fmt: skip
HARD: tuple[Any, ...] = (
    10**400, -(10**400), float("inf"), float("nan"), 1e308, True, "", "http://[", "1.0.0-" + "9" * 5_000, "\ud800",
    "0001-01-01T00:00:00Z", "9999-12-31T23:59:59-23:59", "0001-01-01", "９" * 12, [], [None, [1], {}], {"a": {}},
    datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC), datetime.min.replace(tzinfo=timezone.max),
)  # fmt: skip


@pytest.mark.parametrize("op", sorted(set(OPERATORS) - set(ALONE)))
def test_each_operator_has_an_answer_to_each_hard_value(op: str) -> None:
    row = OPERATORS[op]
    literal = WRITTEN[literal_of(row, FieldType.ANY)]
    expected = {Shape.MANY: (literal,), Shape.PAIR: (literal, literal), Shape.NONE: None}.get(row.shape, literal)
    condition = Compare("contact.any", op, kept(literal_of(row, FieldType.ANY), expected))
    for value, place in product(HARD, ("America/New_York", "Pacific/Kiritimati")):
        facts = KnownFacts({"contact.any": value, "contact.timezone": place})
        verdict = evaluate(condition, View(Moment(kind="page", at=NOON), facts))
        assert verdict in (True, False, None)
        for test in (compiled(condition), generated(condition)):
            assert test(View(Moment(kind="page", at=NOON), facts)) is verdict


def kept(literal: str, value: Any) -> Any:
    """As a rule keeps it."""
    keep = LITERALS[literal].keep
    return tuple(map(keep, value)) if isinstance(value, tuple) else None if value is None else keep(value)


@pytest.mark.parametrize(
    ("op", "value"),
    [
        ("on_weekday", ["Mon"]),
        ("time_between", ["09:00", "18:00"]),
        ("before", "0001-01-01"),
        ("within_last", "99999d"),
        ("older_than", "99999d"),
    ],
)
@pytest.mark.parametrize("said", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00+14:00"])
def test_the_ends_of_the_calendar_are_times_like_others_and_no_day_on_clocks_that_do_not_reach_them(
    op: str, value: object, said: str
) -> None:
    condition = read_condition({"field": "contact.registered_at", "op": op, "value": value}, Place())
    assert condition is not None
    for place in ("America/New_York", "Pacific/Kiritimati", "UTC"):
        facts = KnownFacts({"contact.registered_at": said, "contact.timezone": place})
        verdict = evaluate(condition, View(Moment(kind="page", at=NOON), facts))
        assert compiled(condition)(View(Moment(kind="page", at=NOON), facts)) is verdict
        if op == "older_than":
            assert verdict is said.startswith("0001")
