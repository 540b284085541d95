"""Slips of a Chinese keyboard, and numbers without quotes: named where they cannot be read, remarked where they can."""

import pytest

from frontdesk_rules import Doubt, RuleErrors, fmt, lint_text, parse_rules
from frontdesk_rules.findings import Finding
from tests.rules.building import rule


def refused(text: str) -> list[Finding]:
    with pytest.raises(RuleErrors) as errors:
        parse_rules(text)
    return list(errors.value.findings)


COLON = "“：” is a full-width colon: write : and a space"


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("rule: a\nname：欢迎\ntrigger: page\ndo: [tag: x]\n", 2, f"this is not YAML: {COLON}"),
        ("rule: a\ndo: [tag: x]\ntrigger: {page：/x}\n", 3, COLON),
        ("rule：a\n", 1, COLON),
        (
            "rule: a\ntrigger: page\ndo: [message: {kind: chat，class: support}]\n",
            3,
            "this is not YAML: expected ',' or '}', but got ':'; “，” is a full-width comma: write , and a space",
        ),
        ("rule: a\ntrigger: page\ndo: [tag: “a: b”]\n", 3, "full-width quote"),
    ],
)
def test_full_width_punctuation_is_named_where_it_stands(text: str, line: int, reason: str) -> None:
    found = refused(text)[0]
    assert found.line == line
    assert reason in found.reason


def test_where_a_text_breaks_for_another_reason_its_punctuation_is_not_to_blame() -> None:
    (found,) = refused("rule: a\nname: {zh: 点击：开始}\ntrigger: [\n")
    assert "full-width" not in found.reason


def written(when: str, do: str = "[tag: x]") -> str:
    return f"rule: a\ntrigger: {{event: E}}\nwhen: {when}\ndo: {do}\n"


@pytest.mark.parametrize("number", ["01234", "-007", "00", "0_1", "01.5"])
def test_a_number_that_begins_with_0_is_not_taken_for_another(number: str) -> None:
    (found,) = refused(written(f"{{contact.zip: {number}}}"))
    assert (found.path, found.line) == ("when.contact.zip", 3)
    assert found.reason == "this begins with 0: write it in quotes, or without the 0 if it is a number"


@pytest.mark.parametrize("number", ["0", "0.5", "-0.5", "10", "0x1f", '"01234"'])
def test_other_numbers_and_what_stands_in_quotes_are_kept(number: str) -> None:
    text = written(f"{{contact.zip: {number}}}")
    assert parse_rules(fmt(text)) == parse_rules(text)


@pytest.mark.parametrize(
    ("text", "path"),
    [
        (written("{contact.phone: 13800138000}"), "when.contact.phone"),
        (written("{contact.phone: [13800138000]}"), "when.contact.phone[0]"),
        (written("{contact.x: {contains: 1}}", "[tag: 13800138000]"), "when.contact.x.contains"),
        (written("{contact.x: 1}", "[tag: 13800138000]"), "do[0].tag"),
        ("rule: a\ntrigger: {event: 404}\ndo: [tag: x]\n", "trigger.event"),
    ],
)
def test_where_text_is_needed_a_number_is_told_to_go_in_quotes(text: str, path: str) -> None:
    found = refused(text)[0]
    assert found.path == path
    assert found.reason.endswith('" in quotes')


def test_a_flag_or_a_word_is_not_told_so() -> None:
    assert "quotes" not in refused(written("{contact.phone: true}"))[0].reason
    assert "quotes" not in refused(written("{session.page_views: many}"))[0].reason


@pytest.mark.parametrize(
    ("text", "path", "line"),
    [
        ("rule: a\ntrigger: {page: /x，/y}\ndo: [tag: x]\n", "trigger.page.path", 2),
        (written("{contact.x: 1}", "[tag: “x”]"), "do[0].tag", 4),
        (written("{contact.plan: [‘pro’, free]}"), "when.value[0]", 3),
    ],
)
def test_full_width_punctuation_in_a_value_is_remarked(text: str, path: str, line: int) -> None:
    (found,) = lint_text(text)
    assert (found.code, found.path, found.line) == (Doubt.FULL_WIDTH, path, line)


def test_what_people_read_has_whatever_punctuation_it_likes() -> None:
    said = "[message: {title: {zh: “欢迎”}, kind: post, text: {zh: “您好，”}}]"
    assert lint_text(written("{contact.city: 北京，上海}", said)) == []


def test_hours_that_are_written_as_one_text_are_told_how_they_are_written() -> None:
    with pytest.raises(RuleErrors) as refused:
        rule(when={"time.now": {"time_between": "09:00-10:00"}})
    (found,) = refused.value.findings
    assert found.reason == 'two times of day are needed here, such as ["09:00", "18:00"]'
