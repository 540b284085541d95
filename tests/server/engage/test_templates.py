"""Texts with fields in them: what they may say, and what evil input does not get."""

import pytest

from frontdesk.engage.doing.templates import LONGEST, LiquidTemplates, render
from frontdesk_rules import TEMPLATE_FIELDS
from tests.server.engage.evil_texts import EVIL

KNOWN = {"contact.name": "Anna", "page.title": "Pricing", "visitor.country": "Germany"}

GOOD = [
    ("Hello!", "Hello!"),
    ("Hi {{ contact.name }}", "Hi Anna"),
    ("Hi {{ contact.email | default: 'you' }}", "Hi you"),
    ("{{ contact.name | upcase }} on {{ page.title | truncate: 5 }}", "ANNA on Pr..."),
    ("{% if visitor.city %}in {{ visitor.city }}{% else %}from {{ visitor.country }}{% endif %}", "from Germany"),
    ("{% unless contact.name == 'Anna' %}who?{% endunless %}", ""),
    ("你好，{{ contact.name }}！", "你好，Anna！"),
    ("a < b && {c}", "a < b && {c}"),
]


@pytest.mark.parametrize(("text", "said"), GOOD)
def test_a_template_says_what_it_should(text: str, said: str) -> None:
    assert LiquidTemplates().refusals(text) == []
    assert render(text, KNOWN.get) == said


REFUSED = [
    ("{{ contact.password }}", "there is no field contact.password"),
    ("{{ contact }}", "there is no field contact"),
    ("{{ contact.name.__class__ }}", "there is no field"),
    ("{{ contact['name'] }}", "with a dot"),
    ("{{ contact[page.title] }}", "with a dot"),
    ("{{ contact.name | append: 'x' }}", "there is no filter append"),
    ("{{ contact.name | truncate: 'x' }}", "truncate expected an integer"),
    ("{% for i in (1..1000000000) %}x{% endfor %}", "unexpected tag 'for'"),
    ("{% assign x = 1 %}", "unexpected tag 'assign'"),
    ("{% include 'secrets' %}", "unexpected tag 'include'"),
    ("{% if contact.name %}a", "expected tag endif"),
    ("{{ contact.name", "expected '}}'"),
    ("{{{ contact.name }}}", "three braces"),
    ("{{ contact.name }}" * 51, "50 fields and tags at most"),
]


@pytest.mark.parametrize(("text", "reason"), REFUSED)
def test_a_template_is_refused_with_a_reason(text: str, reason: str) -> None:
    assert reason in " ".join(LiquidTemplates().refusals(text))


def test_what_a_person_is_called_is_never_read_as_a_template() -> None:
    assert render("{{ contact.name }}", lambda _: "{{ workspace.name }}") == "{{ workspace.name }}"


def test_what_is_no_text_is_left_empty() -> None:
    assert render("[{{ contact.name }}]", lambda _: ["a", "b"]) == "[]"


def test_only_the_fields_that_a_text_names_are_asked_for() -> None:
    asked: list[str] = []
    render("{{ page.title }} {{ contact.name }}", asked.append)
    assert sorted(asked) == ["contact.name", "page.title"]
    assert set(asked) <= set(TEMPLATE_FIELDS)


@pytest.mark.parametrize("text", EVIL, ids=range(len(EVIL)))
def test_evil_input_is_refused_or_says_next_to_nothing(text: str) -> None:
    assert LiquidTemplates().refusals(text) or len(render(text, KNOWN.get)) <= LONGEST
