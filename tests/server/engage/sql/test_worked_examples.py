"""What SQL can say it says: the people selected are those accepted and no more, where that can be told."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import update

from frontdesk.core.db import Database
from frontdesk.engage.sql.matching import matching
from frontdesk.engage.sql.operators import SAID
from frontdesk.people.models import Segment
from frontdesk_rules.language.conditions import Not
from frontdesk_rules.language.operators import OPERATORS
from tests.server.conftest import Home
from tests.server.engage.sql.test_superset import selected
from tests.server.engage.sql.town import NOW, answers, condition_of, town

CASES = json.loads((Path(__file__).parents[4] / "rules" / "cases" / "operators.json").read_text("utf-8"))
ON_ATTRIBUTES = [case for case in CASES if case.get("field", "contact.x") == "contact.x"]
# What only Python can say of a text, or of a time that is written as one.
PERHAPS = {op for op, say in SAID.items() if say.__name__ in ("_some_text", "_time")}
_RANK = {False: 0, None: 1, True: 2}


def person(**own: Any) -> dict[str, Any]:
    """Somebody of whom nothing is known, but for this."""
    nobody = {"name": None, "phone": None, "verified": False, "registered_at": None}
    many: dict[str, Any] = {
        "attributes": {},
        "tags": [],
        "past": [],
        "browsers": [],
        "companies": [],
        "segments": set(),
    }
    return {**nobody, **many, **own}


def browser(**own: Any) -> dict[str, Any]:
    """A browser that counts as the contact's."""
    seen: dict[str, Any] = {"country": None, "name": None, "timezone": None, "attributes": {}, "tags": [], "past": []}
    return {**seen, "contact_verified": True, "linked": 1, "stand_in": 4, "held": True, **own}


def test_every_operator_has_a_row() -> None:
    assert set(SAID) | {"in_segment", "not_in_segment"} == set(OPERATORS)


def test_what_sql_says_agrees_with_the_shared_cases(db: Database, workspace: Home) -> None:
    settled = [person(attributes={"x": case["actual"]}) for case in ON_ATTRIBUTES]
    with town(db, workspace.id, settled) as people:
        for number, case in enumerate(ON_ATTRIBUTES):
            tree = {"field": "contact.x", "op": case["op"], "value": case["expected"]}
            condition = condition_of(tree | ({"zone": case["zone"]} if "zone" in case else {}))
            now = datetime.fromisoformat(case["now"]) if "now" in case else NOW
            [(wide, narrow)] = answers(people, condition, now)[f"con_{number}"]
            assert _RANK[narrow] <= _RANK[case["expect"]] <= _RANK[wide], case
            if case["op"] not in PERHAPS and str(case["actual"]).isascii():
                assert wide is narrow is case["expect"], case


MANY = [
    person(name="Anna", attributes={"plan": "free", "seats": 3, "vip": True}, tags=["new"]),
    person(name="Ben", attributes={"plan": "pro", "seats": 12, "renews_at": "2026-09-01"}, tags=["vip", "new"]),
    person(name="Chen", attributes={"seats": "3", "tiers": ["gold"]}, segments={"vip"}),
    person(browsers=[browser(country="DE", attributes={"plan": "free"}, name="Dora")]),
    person(registered_at=datetime.fromisoformat("2025-03-01T00:00Z"), companies=[{"seats": 50}]),
    person(
        registered_at=datetime.fromisoformat("2026-03-19T00:00Z"),
        browsers=[browser(past=[("Paid", datetime.fromisoformat("2026-03-19T00:00Z"), {"total": 30})])],
        past=[("Paid", datetime.fromisoformat("2026-03-01T00:00Z"), {"total": 5.5})],
    ),
    person(browsers=[browser(linked=0, country="FR", name="Gina")]),
]
A, B, C, D, E, F, G, ALONE = *(f"con_{n}" for n in range(7)), "vis_con_6_0"
EVERYBODY = {A, B, C, D, E, F, G, ALONE}
PAID = {"event": "Paid"}

EXAMPLES: list[tuple[dict[str, Any], set[str]]] = [
    ({"contact.plan": "free"}, {A, D}),
    ({"not": {"contact.plan": "free"}}, {B}),
    ({"contact.plan": {"neq": "free"}}, {B}),
    ({"contact.plan": {"exists": False}}, EVERYBODY - {A, B, D}),
    ({"none": [{"contact.plan": "free"}, {"contact.plan": "pro"}]}, set()),
    ({"contact.seats": {"gte": 3}}, {A, B}),
    ({"contact.seats": "3"}, {C}),
    ({"contact.vip": True}, {A}),
    ({"contact.vip": 1}, set()),
    ({"contact.tags": {"has": "vip"}}, {B}),
    ({"contact.tags": {"has_all": ["vip", "new"]}}, {B}),
    ({"not": {"contact.tags": {"has": "new"}}}, EVERYBODY - {A, B}),
    ({"contact.tags": "vip"}, {B}),
    ({"contact.tags": {"neq": "vip"}}, EVERYBODY - {B}),
    ({"contact.tags": {"not_in": ["vip", "new"]}}, EVERYBODY - {A, B}),
    ({"contact.tiers": {"has_any": ["gold", "silver"]}}, {C}),
    ({"contact.tiers": {"size": 1}}, {C}),
    ({"contact.name": {"icontains": "AN"}}, {A}),
    ({"contact.name": {"starts_with": "Do"}}, {D}),
    ({"contact.name": {"glob": "*n*"}}, {A, B, C, ALONE}),
    ({"contact.renews_at": {"after": "2026-08-01"}}, {B}),
    ({"contact.renews_at": {"before": "2026-08-01"}}, set()),
    ({"visitor.country": ["DE", "FR"]}, {D, ALONE}),
    ({"visitor.known": False}, {ALONE}),
    ({"company.seats": {"gt": 10}}, {E}),
    ({"in_segment": "vip"}, {C}),
    ({"not_in_segment": "vip"}, EVERYBODY - {C}),
    ({"contact.segments": ["vip", "staff"]}, {C}),
    ({"contact.segments": {"has_all": ["vip", "staff"]}}, set()),
    ({"contact.segments": {"neq": "vip"}}, EVERYBODY - {C}),
    ({"contact.registered_at": "2026-03-19T00:00Z"}, {F}),
    ({"contact.registered_at": {"neq": "2026-03-19T00:00Z"}}, {E}),
    ({"contact.registered_at": ["2025-03-01T00:00Z", "2025-03-02T00:00Z"]}, {E}),
    ({"contact.registered_at": {"older_than": "365d"}}, {E}),
    ({"contact.registered_at": {"within_last": "7d"}}, {F}),
    ({"not": {"contact.registered_at": {"within_last": "7d"}}}, {E}),
    ({"contact.registered_at": {"after": "2026-03-10"}}, {F}),
    ({"count": PAID, "gte": 2}, {F}),
    ({"count": PAID, "op": "eq", "value": 0}, EVERYBODY - {F}),
    ({"not": {"count": PAID, "gte": 1}}, EVERYBODY - {F}),
    ({"count": {**PAID, "within": "3d"}, "gte": 1}, {F}),
    ({"count": {**PAID, "within": "3d"}, "gte": 2}, set()),
    ({"count": {**PAID, "where": {"event.total": {"gt": 10}}}, "op": "eq", "value": 1}, {F}),
    ({"count": {**PAID, "since": "contact.registered_at"}, "op": "eq", "value": 1}, {F}),
    ({"count": {**PAID, "calendar": "this_month", "zone": "Asia/Shanghai"}, "gte": 2}, {F}),
    ({"count": {**PAID, "calendar": "today"}, "gte": 1}, {F}),
    ({"count": {**PAID, "calendar": "last_year"}, "gte": 1}, set()),
    ({"sum": {**PAID, "property": "total"}, "gt": 35}, {F}),
    ({"sum": {**PAID, "property": "total"}, "gt": 36}, set()),
    ({"last": PAID, "within_last": "3d"}, {F}),
    ({"last": PAID, "older_than": "3d"}, set()),
    ({"time_since_last": PAID, "lt": "2d"}, {F}),
    ({"first": PAID, "exists": True}, {F}),
    ({"sequence": {"first": PAID, "then": PAID, "within": "1h"}}, {F}),
    ({"all": [{"page.path": "/pricing"}, {"contact.plan": "free"}]}, {A, D}),
    ({"at_least": 2, "of": [{"contact.plan": "free"}, {"contact.seats": 3}, {"page.path": "/"}]}, {A, D}),
    ({"any": [{"page.path": "/pricing"}, {"contact.plan": "free"}]}, EVERYBODY),
    ({"not": {"page.path": "/pricing"}}, EVERYBODY),
]


def test_no_more_are_selected_than_the_tables_can_tell_apart(db: Database, workspace: Home) -> None:
    with town(db, workspace.id, MANY) as people:
        found = {json.dumps(tree): selected(people, condition_of(tree)) for tree, _ in EXAMPLES}
    assert found == {json.dumps(tree): expected for tree, expected in EXAMPLES}


def test_a_segment_with_a_condition_has_those_whom_that_selects(db: Database, workspace: Home) -> None:
    few = condition_of({"in_segment": "few"})
    segments = {"few": condition_of({"any": [{"in_segment": "vip"}, {"contact.plan": "pro"}]}), "vip": None}
    with town(db, workspace.id, MANY) as people:
        session = people.session
        assert set(session.scalars(matching(few, workspace.id, NOW, segments))) == {B, C}
        assert set(session.scalars(matching(Not(few), workspace.id, NOW, segments))) == EVERYBODY - {B, C}


def test_of_a_segment_whose_condition_is_not_told_anybody_may_be_in_it(db: Database, workspace: Home) -> None:
    vip, row = condition_of({"in_segment": "vip"}), {"tree": {"page.path": "/"}}
    with town(db, workspace.id, MANY) as people:
        assert set(people.session.scalars(matching(vip, workspace.id, NOW))) == {C}
        people.session.execute(update(Segment).values(row))
        assert set(people.session.scalars(matching(vip, workspace.id, NOW))) == EVERYBODY
        assert set(people.session.scalars(matching(Not(vip), workspace.id, NOW))) == EVERYBODY


def test_segments_that_name_each_other_come_to_an_end(db: Database, workspace: Home) -> None:
    one, other = condition_of({"in_segment": "one"}), condition_of({"in_segment": "other"})
    with town(db, workspace.id, MANY) as people:
        assert list(people.session.scalars(matching(one, workspace.id, NOW, {"one": other, "other": one}))) == []


def test_long_lists_and_large_conditions_are_asked_all_the_same(db: Database, workspace: Home) -> None:
    names = ["Anna", *(f"name-{n}" for n in range(900))]
    any_of = {"any": [{"contact.seats": n} for n in range(300)]}
    with town(db, workspace.id, MANY) as people:
        assert selected(people, condition_of({"contact.name": names})) == {A}
        assert selected(people, condition_of({"not": {"contact.name": names}})) == {B, C, D, ALONE}
        assert selected(people, condition_of({"contact.tiers": {"has_any": names}})) == {C}
        assert selected(people, condition_of(any_of)) == EVERYBODY


def test_another_workspace_has_nobody_of_ours(db: Database, workspace: Home, other_workspace: Home) -> None:
    with town(db, workspace.id, MANY) as people:
        elsewhere = type(people)(people.session, other_workspace.id)
        assert selected(elsewhere, condition_of({"page.path": "/"})) == set()
        assert selected(people, condition_of({"page.path": "/"})) == EVERYBODY
