"""`frontdesk rules lint`, `fmt` and `test` on files: what a person reads, what a script reads, and the exit code."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from frontdesk.cli import main
from frontdesk.core.assets import PLAYBOOKS

SHORT = "rule: a  # the key\ntrigger: {event: Paid}\nwhen:\n  contact.plan: pro\n  contact.seats: 3\ndo: [tag: x]\n"
CANONICAL = """rule: a  # the key
trigger: {event: Paid}
when:
  all:
    - {field: contact.plan, op: eq, value: pro}
    - {field: contact.seats, op: eq, value: 3}
do: [tag: x]
"""
BARE = "rule: a\ntrigger: page\ndo: [tag: x]\n"
BROKEN = "rule: a\ntrigger: page\ndo:\n  - dance: {}\n"
TESTED = """rule: b
trigger: {event: Paid}
do: [tag: x]
tests:
  - {name: tags who paid, given: [{at: 0s, event: Paid}], expect: [{at: 0s, tag: x}]}
  - {name: tags everybody, given: [{at: 0s, event: Left}], expect: [{at: 0s, tag: x}]}
"""


def run(*words: object) -> Result:
    return CliRunner().invoke(main, ["rules", *(str(word) for word in words)])


def told(*words: object, code: int = 0) -> Any:
    answer = run(*words, "--json")
    assert answer.exit_code == code, answer.output
    return json.loads(answer.stdout)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "a.yaml"


def test_lint_says_what_speaks_against_a_rule_and_where(file: Path) -> None:
    file.write_text(BARE)
    answer = run("lint", file)
    assert answer.exit_code == 1
    assert answer.output == f"{file}:2: trigger: it is asked at every page view of everybody\n"


def test_lint_wants_every_text_in_the_language_that_is_named(file: Path) -> None:
    file.write_text("rule: a\ntrigger: {event: Paid}\ndo:\n  - message: {text: {en: Thanks}}\n")
    assert run("lint", file, "--language", "en").exit_code == 0
    answer = run("lint", file, "--language", "zh")
    assert answer.exit_code == 1
    assert answer.output == f"{file}:4: do[0].message.text: it is not said in Chinese\n"


def test_lint_has_nothing_against_a_sound_rule(file: Path) -> None:
    file.write_text(CANONICAL)
    assert (run("lint", file).exit_code, run("lint", file).output) == (0, "1 file is fine.\n")
    answer = told("lint", file)
    assert answer["findings"] == answer["remarks"] == []
    assert [(cost["file"], cost["rule"]) for cost in answer["costs"]] == [(str(file), "a")]


def test_lint_tells_scripts_file_line_path_and_reason(file: Path, tmp_path: Path) -> None:
    file.write_text(BARE)
    broken = tmp_path / "broken.yaml"
    broken.write_text(BROKEN)
    answer = told("lint", file, broken, code=1)
    assert answer["files"] == 2
    (remark,), (finding,) = answer["remarks"], answer["findings"]
    assert (remark["file"], remark["line"], remark["code"], remark["rule"]) == (str(file), 2, "bare_trigger", "a")
    assert (finding["file"], finding["line"], finding["path"]) == (str(broken), 4, "do[0].dance")
    assert "unknown" in finding["reason"] or "no action" in finding["reason"]


def test_fmt_writes_the_canonical_form_and_keeps_comments(file: Path) -> None:
    file.write_text(SHORT)
    assert run("fmt", "--check", file).exit_code == 1
    assert file.read_text() == SHORT
    assert run("fmt", file).output == f"{file} is formatted.\n"
    assert file.read_text() == CANONICAL
    assert (run("fmt", "--check", file).exit_code, run("fmt", file).output) == (0, "")


def test_fmt_tells_scripts_which_files_it_changed(file: Path) -> None:
    file.write_text(SHORT)
    assert told("fmt", "--check", file, code=1) == {"files": 1, "changed": [str(file)], "written": False}
    assert told("fmt", file) == {"files": 1, "changed": [str(file)], "written": True}
    assert told("fmt", file) == {"files": 1, "changed": [], "written": True}


def test_fmt_writes_none_of_the_files_if_one_cannot_be_read(file: Path, tmp_path: Path) -> None:
    file.write_text(SHORT)
    (tmp_path / "broken.yaml").write_text(BROKEN)
    assert [one["path"] for one in told("fmt", tmp_path, code=1)["findings"]] == ["do[0].dance"]
    assert file.read_text() == SHORT


def test_test_shows_what_was_expected_and_what_happened(file: Path) -> None:
    file.write_text(TESTED)
    answer = run("test", file)
    assert answer.exit_code == 1
    assert answer.output.splitlines() == [
        "pass  b: tags who paid",
        "FAIL  b: tags everybody",
        '      expected [{"at": "0s", "tag": "x"}]',
        "      actual   []",
    ]
    scripted = told("test", file, code=1)
    assert (scripted["files"], scripted["passed"]) == (1, False)
    assert [(one["file"], one["rule"], one["passed"], one["actual"]) for one in scripted["tests"]] == [
        (str(file), "b", True, [{"at": "0s", "tag": "x"}]),
        (str(file), "b", False, []),
    ]


def test_test_names_the_files_that_have_no_tests(file: Path, tmp_path: Path) -> None:
    file.write_text(CANONICAL)
    answer = run("test", file)
    assert (answer.exit_code, answer.output) == (0, f"{file}: no tests\n")
    (tmp_path / "b.yaml").write_text(TESTED)
    scripted = told("test", tmp_path, code=1)
    assert (scripted["files"], scripted["untested"], len(scripted["tests"])) == (2, [str(file)], 2)


@pytest.mark.parametrize("verb", ["lint", "fmt", "test"])
def test_where_there_are_no_rules_nothing_is_called_fine(verb: str, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text(CANONICAL)
    answer = run(verb, tmp_path)
    assert (answer.exit_code, answer.stdout) == (1, "")
    assert answer.stderr == f"Error: There are no rules in {tmp_path}: no file ends in .yaml or .yml.\n"


def test_a_folder_stands_for_all_the_rules_in_it(tmp_path: Path) -> None:
    (tmp_path / "deeper").mkdir()
    for name in ("a.yaml", "deeper/b.yml", "deeper/c.txt"):
        (tmp_path / name).write_text(CANONICAL.replace("rule: a", f"rule: {Path(name).stem}"))
    answer = told("lint", tmp_path)
    assert [cost["rule"] for cost in answer["costs"]] == ["a", "b"]


@pytest.mark.parametrize("verb", ["lint", "test"])
def test_the_ready_made_rules_have_nothing_against_them(verb: str) -> None:
    answer = run(verb, PLAYBOOKS)
    assert answer.exit_code == 0, answer.output
