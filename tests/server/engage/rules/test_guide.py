"""The guide for authors is true and whole: what it names exists, what exists it names, what it shows is read."""

import re
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from frontdesk.cli.openapi import document
from frontdesk.cli.rules import COMMANDS
from frontdesk.engage.rules.saving import drafts
from frontdesk.engage.rules.states import MOVES
from frontdesk_rules import Doubt, Held, RuleErrors, fmt, lint_text, parse_rules, parse_tree, run_tests
from frontdesk_rules.facts.catalogue import FIELDS
from frontdesk_rules.language.actions import MESSAGE_CLASSES, MESSAGE_KINDS
from frontdesk_rules.language.aggregates import AGGREGATES
from frontdesk_rules.language.conditions import GROUPS
from frontdesk_rules.language.edges import CHANGES
from frontdesk_rules.language.operators import OPERATORS
from frontdesk_rules.language.windows import WINDOWS
from frontdesk_rules.reading.actions import ACTIONS
from frontdesk_rules.reading.parse import KEYS
from frontdesk_rules.reading.tests import GIVEN
from frontdesk_rules.reading.triggers import TRIGGERS

GUIDE = (Path(__file__).parents[4] / "rules/README.md").read_text("utf-8")
EXAMPLES = re.findall(r"^```yaml\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)
PROSE = re.sub(r"^```.*?^```$", "", GUIDE, flags=re.MULTILINE | re.DOTALL)
SPANS = {" ".join(span.split()) for span in re.findall(r"`([^`]+)`", PROSE)}


def table(first: str) -> list[list[str]]:
    """The rows of the table whose head begins so, cell by cell."""
    lines = iter(GUIDE.splitlines())
    next(line for line in lines if line.startswith(f"| {first} |"))
    next(lines)
    rows = []
    for line in lines:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in line.strip("|").split(" | ")])
    return rows


def words(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def tree(text: str) -> Any:
    return YAML(typ="safe").load(text)


TRIGGER_ROWS = [(words(row[0])[0], words(row[1])[0]) for row in table("trigger")]
ACTION_ROWS = [(words(row[0])[0], words(row[1])[0]) for row in table("action")]


@pytest.mark.parametrize("text", EXAMPLES)
def test_an_example_is_a_rule_that_is_taken_tested_and_without_doubt(text: str) -> None:
    (draft,) = drafts(text)
    assert run_tests(draft.rule)
    assert [result for result in run_tests(draft.rule) if not result.passed] == []
    assert lint_text(text) == []
    assert parse_rules(fmt(text)) == [draft.rule]


def test_every_key_of_a_rule_is_shown() -> None:
    (shown,) = EXAMPLES
    assert set(KEYS) - set(tree(shown)) == {"variants"}
    assert any(span.startswith("variants: [") for span in SPANS)


@pytest.mark.parametrize(("kind", "example"), TRIGGER_ROWS)
def test_a_trigger_is_shown_as_it_is_written(kind: str, example: str) -> None:
    rule = parse_tree({"rule": "a", "trigger": tree(example), "do": [{"tag": "x"}]})
    assert rule.trigger.kind == kind


@pytest.mark.parametrize(("name", "example"), ACTION_ROWS)
def test_an_action_is_shown_as_it_is_written(name: str, example: str) -> None:
    rule = parse_tree({"rule": "a", "trigger": "page", "do": [{name: tree(example)}]})
    assert [action.name for action in rule.do] == [name]


NAMED = {
    "triggers": ({kind for kind, _ in TRIGGER_ROWS}, set(TRIGGERS)),
    "actions": ({name for name, _ in ACTION_ROWS}, set(ACTIONS)),
    "operators": ({name for row in table("of") for name in words(row[1])}, set(OPERATORS)),
    "states": ({words(row[0])[0]: set(words(row[1])) for row in table("state")}, {k: set(v) for k, v in MOVES.items()}),
    "remarks": ({words(row[0])[0] for row in table("remark")}, set(map(str, Doubt))),
    "commands": ({words(row[0])[0] for row in table("command")}, {f"frontdesk rules {name}" for name in COMMANDS}),
    "families": (
        {span.removesuffix(".*") for span in SPANS if re.fullmatch(r"\w+\.\*", span)},
        {name.partition(".")[0] for name in FIELDS},
    ),
}


@pytest.mark.parametrize("what", NAMED)
def test_all_are_named_and_nothing_else(what: str) -> None:
    named, there = NAMED[what]
    assert named == there


SAID = {
    "aggregates": set(AGGREGATES) - {"sequence"},
    "groups": {*GROUPS, "not"},
    "changes of a conversation": set(CHANGES),
    "reasons": set(map(str, Held)),
    "classes": set(MESSAGE_CLASSES),
    "kinds": set(MESSAGE_KINDS),
    "what is given in a test": set(GIVEN),
}


@pytest.mark.parametrize("what", SAID)
def test_none_is_missing(what: str) -> None:
    assert SAID[what] - SPANS == set()


def test_windows_are_shown_as_they_are_written() -> None:
    shown = [tree(f"{{{span}}}") for span in SPANS if span.split(":")[0] in WINDOWS]
    assert {key for window in shown for key in window} == set(WINDOWS)
    for window in shown:
        parse_tree(
            {"rule": "a", "trigger": "page", "when": {"count": {"event": "x", **window}, "gt": 1}, "do": [{"tag": "x"}]}
        )


WORKSPACES = sorted(span for span in SPANS if span.startswith("workspace: "))
CAPS = sorted(span for span in SPANS if span.startswith("{limit: "))


@pytest.mark.parametrize("span", WORKSPACES)
def test_the_workspace_of_a_test_is_shown_as_it_is_written(span: str) -> None:
    test = {"name": "a", "given": [], "expect": [], **tree(span)}
    parse_tree({"rule": "a", "trigger": "page", "do": [{"tag": "x"}], "tests": [test]})


@pytest.mark.parametrize("span", CAPS)
def test_a_cap_is_shown_as_it_is_written(span: str) -> None:
    parse_tree({"rule": "a", "trigger": "page", "do": [{"tag": "x"}], "caps": [tree(span)]})


def test_paths_of_the_api_that_are_named_exist() -> None:
    named = {span.rpartition(" ")[2] for span in SPANS if "/api/v1/" in span}
    assert len(named) > 8
    assert named - set(document()["paths"]) == set()


def test_there_is_something_of_each_to_be_shown() -> None:
    assert (len(WORKSPACES), len(CAPS)) == (2, 1)


def test_what_is_no_rule_would_be_noticed() -> None:
    with pytest.raises(RuleErrors):
        parse_tree({"rule": "a", "trigger": {"pages": "/"}, "do": [{"tag": "x"}]})
