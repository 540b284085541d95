"""Texts that have a gap in them when they are said: what lint says of them, and what it leaves alone."""

from typing import Any

import pytest

from frontdesk_rules import lint, lint_text
from tests.rules.building import rule

DAILY = {"schedule": {"cron": "0 9 * * *", "zone": "person"}}
YEARLY = {"reaches": {"field": "contact.registered_at", "plus": "365d"}}
TITLE = "You read {{ page.title }}."


def silent(within: str) -> dict[str, Any]:
    return {"absence": {"of": "Paid", "after": "Ordered", "within": within}}


def found(trigger: object, text: str) -> list[tuple[str, str]]:
    do = [{"message": {"kind": "post", "class": "support", "text": {"en": text}}}]
    return [(str(one.code), one.path) for one in lint([rule(trigger=trigger, do=do)])]


@pytest.mark.parametrize(
    ("trigger", "text"),
    [
        (DAILY, TITLE),
        (YEARLY, TITLE),
        (silent("1h"), TITLE),
        ({"segment": {"enters": "vip"}}, TITLE),
        ({"segment": {"leaves": "vip"}}, "{{page.path}}"),
        (DAILY, "{{- session.campaign | upcase -}}"),
        (YEARLY, "{{ session.campaign }}"),
        (silent("24h"), "{{ session.campaign }}"),
        (DAILY, "{% if contact.name %}{{ contact.name }}{% endif %}: {{ page.title }}"),
    ],
)
def test_a_field_that_is_not_known_when_a_text_is_said_leaves_a_gap(trigger: object, text: str) -> None:
    assert found(trigger, text) == [("left_empty", "do[0].message.text.en")]


@pytest.mark.parametrize(
    ("trigger", "text"),
    [
        (DAILY, "You read {{ page.title | default: 'something' }}."),
        (DAILY, "You read {{ page.title | strip | default: '' }}."),
        (DAILY, "{% if page.title %}You read {{ page.title }}.{% endif %}"),
        (DAILY, "{{ contact.name }} of {{ workspace.name }}, {{ visitor.city }}"),
        (DAILY, "page.title"),
        (silent("23h"), "{{ session.campaign }}"),
        ({"page": "/pricing"}, TITLE),
        ({"event": "Paid"}, "{{ page.title }} {{ session.campaign }}"),
        ({"change": {"attribute": "contact.plan", "to": "pro"}}, TITLE),
    ],
)
def test_what_may_be_known_or_has_something_to_be_said_instead_is_left_alone(trigger: object, text: str) -> None:
    assert found(trigger, text) == []


def test_every_text_is_looked_at_in_every_language_and_told_with_its_line_and_what_to_write() -> None:
    text = """rule: daily
trigger: {schedule: {cron: "0 9 * * *", zone: person}}
do:
  - email:
      class: support
      subject: {en: Hello, zh: 您好}
      text:
        en: "{{ page.title | default: 'Hello' }}"
        zh: "{{ page.title }}"
  - notify: {team: sales, text: {en: "{{ session.campaign }}"}}
"""
    (letter, notice) = lint_text(text)
    assert (letter.path, letter.line, notice.path, notice.line) == (
        "do[0].email.text.zh", 9, "do[1].notify.text.en", 10,
    )  # fmt: skip
    assert letter.text.en.startswith("page.title is never or hardly ever known at this trigger")
    assert letter.text.en.endswith("write {{ page.title | default: '…' }}")
    assert letter.text.zh.endswith("请写成 {{ page.title | default: '…' }}")
