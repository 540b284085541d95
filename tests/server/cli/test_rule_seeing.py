"""`frontdesk rules simulate`, `explain` and `why-nobody`, as an operator gives them, beside what a server stored."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import Result

from frontdesk.core.clock import iso
from frontdesk.core.runtime import Runtime
from tests.server.conftest import Home
from tests.server.engage.seeing.street import Street

Command = Callable[..., Result]
RULE = """rule: readers
name: {en: Readers of the docs}
trigger: {page: /docs}
when: {session.page_views: {gte: 2}}
do: [{message: {class: support, text: {en: Any questions?}}}]
"""


@pytest.fixture
def street(runtime: Runtime, workspace: Home) -> Street:
    """Anna reads twice, Ben once; the rule is live, and acted for Anna."""
    street = Street(runtime, workspace)
    street.save(RULE)
    for who, path in (("anna", "/docs"), ("anna", "/docs"), ("ben", "/docs")):
        street.opened(who, path)
        street.clock.advance(timedelta(minutes=1))
    return street


@pytest.fixture
def span(street: Street) -> tuple[str, ...]:
    now = street.clock()
    return ("--since", iso(now - timedelta(days=1)), "--until", iso(now))


def test_simulate_says_who_when_what_and_why_not(command: Command, span: tuple[str, ...]) -> None:
    answer = command("rules", "simulate", "readers", *span)
    assert answer.exit_code == 0, answer.output
    assert "3 events; asked 3 times, acted 1 time for 1 person." in answer.output
    assert "2026-03-02 10:01:00 UTC" in answer.output
    assert "Say “Any questions?”" in answer.output
    assert "The condition does not hold" in answer.output


def test_the_same_database_makes_the_same_json_to_the_byte(command: Command, span: tuple[str, ...]) -> None:
    one, other = (command("rules", "simulate", "readers", *span, "--json").stdout for _ in range(2))
    assert one == other
    assert json.loads(one)["held"] == {"not_matched": 2}


def test_a_file_is_tried_against_the_live_version(command: Command, span: tuple[str, ...], tmp_path: Path) -> None:
    file = tmp_path / "rule.yaml"
    file.write_text(RULE.replace("gte: 2", "gte: 1"), encoding="utf-8")
    found = json.loads(command("rules", "simulate", file, *span, "--json").stdout)
    assert (found["rule"]["version"], found["people"], found["gained"]["count"]) == (2, 2, 1)


def test_a_program_is_told_how_far_it_is_and_a_person_s_pipe_is_not(command: Command, span: tuple[str, ...]) -> None:
    told = command("rules", "simulate", "readers", *span, "--json", "--progress", "json").stderr
    assert [json.loads(line).keys() for line in told.splitlines()] == [{"progress"}]
    assert command("rules", "simulate", "readers", *span, "--json").stderr == ""


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("nobody",), "There is no such rule."),
        (("readers", "--version", "9"), "There is no such version of this rule."),
        (("readers", "--since", "2026-03-09", "--until", "2026-03-01"), "It must begin before it ends."),
    ],
)
@pytest.mark.usefixtures("street")
def test_what_cannot_be_asked_is_told_in_a_sentence(command: Command, words: tuple[str, ...], said: str) -> None:
    answer = command("rules", "simulate", *words)
    assert answer.exit_code == 1
    assert answer.output.strip().endswith(said)


@pytest.mark.parametrize("at", ["0001-01-01", "99999d", "9999-12-31T23:59:59"])
def test_a_time_out_of_reach_is_told_in_a_sentence_that_names_it(command: Command, street: Street, at: str) -> None:
    answer = command("rules", "explain", street.visitor_id("anna"), "readers", "--at", at)
    assert answer.exit_code == 2
    assert answer.output.strip().endswith(f"'--at': {at}: This must lie between the years 1970 and 9990.")


def test_a_file_that_is_no_rule_is_told_with_path_and_line(
    command: Command, span: tuple[str, ...], tmp_path: Path
) -> None:
    file = tmp_path / "rule.yaml"
    file.write_text("rule: x\ntrigger: {page: /docs}\n", encoding="utf-8")
    answer = command("rules", "simulate", file, *span)
    assert answer.exit_code == 1
    assert f"{file}:1: " in answer.output


def test_explain_shows_the_tree_and_ends_with_1_where_the_rule_does_not_act(command: Command, street: Street) -> None:
    at = ("--at", iso(street.clock()))
    anna, ben = (command("rules", "explain", street.visitor_id(who), "readers", *at) for who in ("anna", "ben"))
    assert (anna.exit_code, ben.exit_code) == (1, 1)
    assert anna.output.splitlines() == [
        "It has acted already (repeat)",
        "Readers of the docs (version 1): Opened /docs, 2026-03-02 10:03 UTC",
        "✓ Number of pages seen is at least 2 (is 2)",
        "2026-03-02 10:01 UTC: It acted",
    ]
    assert ben.output.startswith("The condition does not hold: 1 more: number of pages seen (condition)\n")
    assert "✗ Number of pages seen is at least 2 (is 1)" in ben.output


def test_explain_ends_with_0_where_it_acts(command: Command, street: Street) -> None:
    street.opened("carl", "/docs")
    street.clock.advance(timedelta(minutes=1))
    street.opened("carl", "/")
    who = street.visitor_id("carl")
    answer = command("rules", "explain", who, "readers", "--at", iso(street.clock()), "--json")
    found = json.loads(answer.stdout)
    assert (answer.exit_code, found["outcome"], found["stage"]) == (0, "acted", None)
    assert found["actions"] == [{"message": {"kind": "chat", "class": "support", "text": {"en": "Any questions?"}}}]


def test_why_nobody_counts_by_stage_and_ends_with_1_where_nobody_is_reached(
    command: Command, street: Street, span: tuple[str, ...]
) -> None:
    some = command("rules", "why-nobody", "readers", *span)
    assert some.exit_code == 0
    assert "Most is lost here: 2 of 3: The condition does not hold" in some.output
    assert "2 The condition does not hold" in some.output
    assert "exclusive group" in some.output
    street.save(RULE.replace("readers", "none").replace("gte: 2", "gte: 20"))
    none = command("rules", "why-nobody", "none", *span, "--json")
    assert (none.exit_code, json.loads(none.stdout)["acted"]) == (1, 0)
