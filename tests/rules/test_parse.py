"""From text to rules: short forms, and what is refused with path, reason and line."""

from pathlib import Path

import pytest

from frontdesk_rules import parse_rules, render_yaml
from frontdesk_rules.language.conditions import Group
from tests.rules.building import rule

STORY_C = """\
rule: pricing-to-sales
name: {en: Pricing page to sales, zh: 价格页转销售}
priority: 80                     # 0..100, higher wins; ties by id
exclusive: chat-routing
trigger: {conversation: started}
when:
  all:
    - page.path: /pricing
    - page.dwell: {gt: 60s}
do:
  - assign: {team: sales, strategy: least_busy, fallback: experts}
repeat: {per: conversation}
"""
CANONICAL_C = """\
rule: pricing-to-sales
name: {en: Pricing page to sales, zh: 价格页转销售}
priority: 80
exclusive: chat-routing
trigger: {conversation: started}
when:
  all:
    - {field: page.path, op: eq, value: /pricing}
    - {field: page.dwell, op: gt, value: 60s}
do: [assign: {team: sales, strategy: least_busy, fallback: experts}]
repeat: {per: conversation}
"""


def test_yaml_is_rendered_in_canonical_form() -> None:
    (one,) = parse_rules(STORY_C)
    assert render_yaml(one) == CANONICAL_C
    assert parse_rules(CANONICAL_C) == [one]


def test_several_documents_are_several_rules() -> None:
    text = "---\nrule: a\ntrigger: page\ndo: [tag: x]\n---\n---\nrule: b\ntrigger: page\ndo: [tag: y]\n"
    assert [one.key for one in parse_rules(text)] == ["a", "b"]


def test_text_of_any_kind_survives_being_rendered() -> None:
    texts = [
        "?0",
        "- a",
        "yes: no",
        "12",
        "true",
        "null",
        "a # b",
        "é\n  价\n",
        "{{ contact.name }}",
        '"q"',
        "'",
        "🙂",
        "~",
        "*a",
    ]
    one = rule(do=[{"message": {"text": {"en": text}}} for text in texts])
    assert parse_rules(render_yaml(one)) == [one]


def test_no_and_times_and_dates_are_text() -> None:
    (one,) = parse_rules("rule: a\ntrigger: page\nwhen: {contact.x: [no, 21:00, 2026-01-01]}\ndo: [tag: on]\n")
    assert one.to_tree()["when"] == {"field": "contact.x", "op": "in", "value": ["no", "21:00", "2026-01-01"]}


@pytest.mark.parametrize(
    ("short", "canonical"),
    [
        ({"page.path": "/a"}, {"field": "page.path", "op": "eq", "value": "/a"}),
        ({"field": "page.path", "value": "/a"}, {"field": "page.path", "op": "eq", "value": "/a"}),
        ({"contact.plan": ["a", "b"]}, {"field": "contact.plan", "op": "in", "value": ["a", "b"]}),
        ({"contact.email": {"exists": True}}, {"field": "contact.email", "op": "exists"}),
        ({"contact.email": {"exists": False}}, {"field": "contact.email", "op": "missing"}),
        ({"contact.email": {"missing": False}}, {"field": "contact.email", "op": "exists"}),
        ({"page.dwell": {"between": ["1s", "5s"]}}, {"field": "page.dwell", "op": "between", "value": ["1s", "5s"]}),
        (
            {"page.dwell": {"gt": "1s", "lt": "5s"}},
            {
                "all": [
                    {"field": "page.dwell", "op": "gt", "value": "1s"},
                    {"field": "page.dwell", "op": "lt", "value": "5s"},
                ]
            },
        ),
        (
            [{"contact.a": 1}, {"contact.b": True}],
            {
                "all": [
                    {"field": "contact.a", "op": "eq", "value": 1},
                    {"field": "contact.b", "op": "eq", "value": True},
                ]
            },
        ),
        ({"not": {"any": [{"contact.a": 1}]}}, {"not": {"any": [{"field": "contact.a", "op": "eq", "value": 1}]}}),
        (
            {"at_least": 1, "of": [{"contact.a": 1}]},
            {"at_least": 1, "of": [{"field": "contact.a", "op": "eq", "value": 1}]},
        ),
    ],
)
def test_a_short_condition_has_one_canonical_form(short: object, canonical: object) -> None:
    assert rule(when=short).to_tree()["when"] == canonical


@pytest.mark.parametrize(
    ("short", "canonical"),
    [
        ("page", {"page": {}}),
        ({"page": "/a"}, {"page": {"path": "/a"}}),
        ({"page": ["/a", "/b"]}, {"page": {"path": ["/a", "/b"]}}),
        ({"dwell": {"path": ["/a"], "seconds": 60}}, {"dwell": {"path": "/a", "seconds": 60}}),
        (
            {"event": "Paid", "where": {"event.total": {"gt": 5}}},
            {"event": "Paid", "where": {"field": "event.total", "op": "gt", "value": 5}},
        ),
        ({"conversation": "closed"}, {"conversation": "closed"}),
    ],
)  # fmt: skip
def test_a_short_trigger_has_one_canonical_form(short: object, canonical: object) -> None:
    assert rule(trigger=short).to_tree()["trigger"] == canonical


def test_fields_beside_each_other_all_hold() -> None:
    one = rule(when={"page.path": "/a", "session.source": "x", "any": [{"contact.a": 1}]})
    assert isinstance(one.when, Group)
    assert [one.when.op, len(one.when.of)] == ["all", 3]


def test_every_ready_made_rule_is_what_its_file_says() -> None:
    files = sorted((Path(__file__).parents[2] / "rules" / "playbooks").glob("*.yaml"))
    assert [one.key for file in files for one in parse_rules(file.read_text("utf-8"))] == [file.stem for file in files]
