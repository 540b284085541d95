"""Canonical form with comments kept: formatting again changes nothing, and says the same rules."""

from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from frontdesk_rules import RuleErrors, fmt, parse_rules, parse_tree, render_yaml
from frontdesk_rules.findings import Path as Spot
from frontdesk_rules.reading.comments import comments_of
from frontdesk_rules.reading.yaml_text import documents
from tests.rules.strategies import RULES

PLAYBOOKS = sorted((Path(__file__).parents[2] / "rules" / "playbooks").glob("*.yaml"))
WRITTEN = """\
# Story C.
# Straight to sales.
rule: pricing-to-sales   # its key
priority: 50
trigger: {conversation: started}
when:
  # on the page itself
  - page.path: /pricing  # not the checkout
  - page.dwell: {gt: 60s, lt: 5m}
do:
  - message: {text: {en: "no # comment", zh: '也 # 不是'}}
  # and then
  - tag: hot#1
# the end
--- # the next
# another
rule: second
trigger: page
do:
  - message:
      text:
        en: |
          # not a comment
          at all
      # of the message
      reply_label: {en: Sure}
"""
CANONICAL = """\
# Story C.
# Straight to sales.
rule: pricing-to-sales  # its key
trigger: {conversation: started}
when:
  all:
    # on the page itself
    - {field: page.path, op: eq, value: /pricing}  # not the checkout
    - all:
        - {field: page.dwell, op: gt, value: 60s}
        - {field: page.dwell, op: lt, value: 5m}
do:
  - message: {kind: chat, class: marketing, text: {en: "no # comment", zh: "也 # 不是"}}
  # and then
  - {tag: "hot#1"}
# the end
---
# the next
# another
rule: second
trigger: {page: {}}
do:
  - message:
      kind: chat
      class: marketing
      text: {en: "# not a comment\\nat all\\n"}
      # of the message
      reply_label: {en: Sure}
"""


def test_short_forms_become_canonical_and_comments_stay_with_what_they_are_about() -> None:
    assert fmt(WRITTEN) == CANONICAL


def test_text_that_is_canonical_stays_as_it_is() -> None:
    assert fmt(CANONICAL) == CANONICAL


@pytest.mark.parametrize("file", PLAYBOOKS, ids=lambda file: file.stem)
def test_the_ready_made_rules_keep_their_comments_and_their_meaning(file: Path) -> None:
    text = file.read_text("utf-8")
    formatted = fmt(text)
    assert parse_rules(formatted) == parse_rules(text)
    assert [one.text for one in comments_of(formatted)] == [one.text for one in comments_of(text)]
    assert fmt(formatted) == formatted


def test_what_is_no_rule_is_not_formatted() -> None:
    with pytest.raises(RuleErrors):
        fmt("rule: a\n")


@settings(max_examples=25, deadline=None)
@given(st.lists(RULES, min_size=1, max_size=2, unique_by=lambda tree: tree["rule"]), st.integers(0, 40))
def test_formatting_keeps_rules_and_comments_and_does_nothing_the_second_time(
    trees: list[dict[str, Any]], every: int
) -> None:
    rendered = "---\n".join(render_yaml(parse_tree(tree)) for tree in trees)
    assert fmt(rendered) == rendered
    lines = rendered.splitlines()
    commented = [
        f"# note {n}\n{line}" if every and n % every == 0 and line[:1].isalpha() else line
        for n, line in enumerate(lines)
    ]
    text = "\n".join(commented) + "\n"
    formatted = fmt(text)
    assert parse_rules(formatted) == parse_rules(text)
    assert [one.text for one in comments_of(formatted)] == [one.text for one in comments_of(text)]
    assert fmt(formatted) == formatted


SPREAD = """\
rule: spread  # r
# before trigger
trigger:
  # in trigger
  page: /x  # path
when:
  # first
  all:  # all
    # one
    - contact.plan: free  # c1
    - any:
        # deep
        - contact.a: 1
        - contact.b: 2   # b
do:
  # m
  - message:
      # inner
      text:  # t
        en: hi  # en
        # zh comes
        zh: 你好
      # last of message
  # last of do
# before repeat
repeat:
  per: person  # once
# end
"""
SPREAD_CANONICAL = """\
rule: spread  # r
# before trigger
trigger:
  # in trigger
  page: {path: /x}  # path
when:
  # first
  all:  # all
    # one
    - {field: contact.plan, op: eq, value: free}  # c1
    - any:
        # deep
        - {field: contact.a, op: eq, value: 1}
        - {field: contact.b, op: eq, value: 2}  # b
do:
  # m
  - message:
      kind: chat
      class: marketing
      # inner
      text:  # t
        en: hi  # en
        # zh comes
        zh: 你好
      # last of message
  # last of do
# before repeat
# once
# end
"""


def test_what_has_comments_is_opened_up_and_they_stay_within_it() -> None:
    assert fmt(SPREAD) == SPREAD_CANONICAL
    assert fmt(SPREAD_CANONICAL) == SPREAD_CANONICAL


def test_a_comment_goes_where_what_stands_above_it_goes() -> None:
    text = "rule: a\ndo:\n  - tag: x\n  # and no more\n# the page\ntrigger: page\n"
    assert fmt(text) == "rule: a\n# the page\ntrigger: {page: {}}\ndo:\n  - {tag: x}\n  # and no more\n"


def test_the_shortest_rule_has_a_line_for_each_key() -> None:
    assert fmt("{rule: a, trigger: page, do: [tag: x]}\n") == "rule: a\ntrigger: {page: {}}\ndo: [tag: x]\n"


def outermost(text: str) -> dict[int, Spot]:
    """What begins on each line."""
    ((_, lines),) = documents(text)
    found: dict[int, Spot] = {}
    for path, line in lines.items():
        if path and len(path) < len(found.get(line, (*path, ""))):
            found[line] = path
    return found


def subjects(text: str) -> dict[str, Spot]:
    """What each comment stands on the line of, or next above."""
    starts = outermost(text)
    return {
        one.text: starts[min(line for line in starts if line > one.line)] if one.alone else starts[one.line]
        for one in comments_of(text)
    }


@settings(max_examples=25, deadline=None)
@given(RULES, st.randoms(use_true_random=False))
def test_wherever_a_comment_stands_it_stays_with_the_same_thing(tree: dict[str, Any], chance: Random) -> None:
    rule = parse_tree(tree)
    ((_, lines),) = documents(render_yaml(rule))
    text = ""
    for n, line in enumerate(render_yaml(rule, frozenset(lines)).splitlines()):
        indent = " " * (len(line) - len(line.lstrip()))
        text += f"{indent}# above {n}\n" if chance.random() < 1 / 6 else ""
        text += f"{line}  # behind {n}\n" if chance.random() < 1 / 6 else f"{line}\n"
    formatted = fmt(text)
    assert parse_rules(formatted) == [rule]
    assert subjects(formatted) == subjects(text)
    assert fmt(formatted) == formatted


@pytest.mark.parametrize("file", PLAYBOOKS, ids=lambda file: file.stem)
def test_the_ready_made_rules_are_in_canonical_form(file: Path) -> None:
    text = file.read_text("utf-8")
    assert fmt(text) == text
