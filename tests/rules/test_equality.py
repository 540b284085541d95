"""What `eq`, `neq`, `in`, `not_in` and `has` are short for where a field holds a time, a list or segments."""

from typing import Any

import pytest

from frontdesk_rules import FIELDS, FieldType, parse_tree
from frontdesk_rules.language.operators import OPERATORS
from tests.rules.building import rule

VALUES: dict[FieldType, Any] = {
    FieldType.NUMBER: 3,
    FieldType.FLAG: True,
    FieldType.TIME: "2026-03-01",
    FieldType.DURATION: "60s",
    FieldType.PATH: "/a",
}


def canonical(when: object) -> object:
    return rule(when=when).to_tree()["when"]


@pytest.mark.parametrize("name", FIELDS)
def test_whether_it_is_a_value_or_one_of_several_can_be_asked_of_every_field(name: str) -> None:
    value = VALUES.get(FIELDS[name].type, "vip")
    for op, expected in (("eq", value), ("neq", value), ("in", [value]), ("not_in", [value])):
        assert FIELDS[name].type in OPERATORS[op].types
        asked = rule(when={name: {op: expected}})
        assert parse_tree(asked.to_tree()) == asked


def has(op: str, value: object) -> dict[str, object]:
    return {"field": "contact.tags", "op": op, "value": value}


VIP, STAFF = {"in_segment": "vip"}, {"in_segment": "staff"}


@pytest.mark.parametrize(
    ("when", "short_for"),
    [
        ({"contact.tags": "vip"}, has("has", "vip")),
        ({"contact.tags": {"neq": "vip"}}, {"not": has("has", "vip")}),
        ({"contact.tags": ["vip", "new"]}, has("has_any", ["vip", "new"])),
        ({"contact.tags": {"not_in": ["vip", "new"]}}, {"not": has("has_any", ["vip", "new"])}),
        ({"contact.segments": "vip"}, VIP),
        ({"contact.segments": {"has": "vip"}}, VIP),
        ({"contact.segments": {"neq": "vip"}}, {"not_in_segment": "vip"}),
        ({"contact.segments": ["vip"]}, VIP),
        ({"contact.segments": {"has_any": ["vip", "staff"]}}, {"any": [VIP, STAFF]}),
        ({"contact.segments": {"has_all": ["vip", "staff"]}}, {"all": [VIP, STAFF]}),
        ({"contact.segments": {"not_in": ["vip", "staff"]}}, {"none": [VIP, STAFF]}),
    ],
)
def test_a_list_is_what_it_has_and_a_person_is_in_their_segments(when: object, short_for: object) -> None:
    assert canonical(when) == short_for


def from_to(start: str, end: str) -> dict[str, object]:
    ends = (("after", start), ("before", end))
    return {"all": [{"field": "contact.registered_at", "op": op, "value": value} for op, value in ends]}


@pytest.mark.parametrize(
    ("written", "end"),
    [
        ("2026-03-01", "2026-03-02"),
        ("2024-02-28", "2024-02-29"),
        ("2026-12-31", "2027-01-01"),
        ("2026-03-01T09:00", "2026-03-01T09:01"),
        ("2026-03-01T23:59Z", "2026-03-02T00:00Z"),
        ("2026-03-01T09:00-05:00", "2026-03-01T09:01-05:00"),
        ("2026-03-01T09:00:59+08:00", "2026-03-01T09:01:00+08:00"),
    ],
)
def test_a_time_is_as_long_as_it_is_exact(written: str, end: str) -> None:
    assert canonical({"contact.registered_at": written}) == from_to(written, end)
    assert canonical({"contact.registered_at": {"neq": written}}) == {"not": from_to(written, end)}


def test_the_last_day_of_the_calendar_has_no_end() -> None:
    last = {"field": "contact.registered_at", "op": "after", "value": "9999-12-31"}
    assert canonical({"contact.registered_at": "9999-12-31"}) == last


def test_one_of_several_days_is_each_of_them() -> None:
    days = ["2026-03-01", "2026-03-05"]
    each = [from_to("2026-03-01", "2026-03-02"), from_to("2026-03-05", "2026-03-06")]
    assert canonical({"contact.registered_at": days}) == {"any": each}
    assert canonical({"contact.registered_at": {"not_in": days}}) == {"none": each}


def test_the_time_of_something_that_was_done_is_asked_in_the_same_way() -> None:
    last: dict[str, Any] = {"last": {"event": "Paid"}}
    asked = [{**last, "op": "after", "value": "2026-03-01"}, {**last, "op": "before", "value": "2026-03-02"}]
    assert canonical({**last, "eq": "2026-03-01"}) == {"all": asked}
