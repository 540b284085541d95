"""What a script reads where a command of `frontdesk rules` cannot do what was asked: one JSON document, exit code 1.
Where it cannot be called so, exit code 2."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from frontdesk.cli import main
from tests.server.conftest import Home

Command = Callable[..., Result]
BROKEN = "rule: x\ntrigger: {page: /docs}\ndo:\n  - dance: {}\n"
KEYS = {"file", "line", "path", "rule", "reason"}


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    file = tmp_path / "broken.yaml"
    file.write_text(BROKEN, encoding="utf-8")
    return file


def findings(answer: Result) -> list[dict[str, Any]]:
    assert (answer.exit_code, answer.stderr) == (1, ""), answer.output
    told = json.loads(answer.stdout)
    assert set(told) == {"findings"}
    assert all(one.keys() == KEYS for one in told["findings"])
    found: list[dict[str, Any]] = told["findings"]
    return found


@pytest.mark.usefixtures("workspace")
@pytest.mark.parametrize(
    ("words", "path", "reason"),
    [
        (("simulate", "nobody"), "rule", "There is no such rule."),
        (("simulate", "nobody", "--since", "1d", "--until", "2d"), "rule", "There is no such rule."),
        (("why-nobody", "nobody"), "rule", "There is no such rule."),
        (("explain", "vis_nobody", "nobody"), "rule", "There is no such rule."),
        (("pull", "--workspace", "wsp_other"), "workspace", "There is no workspace wsp_other here."),
        (("simulate", "nofile.yaml"), "rule", "There is no file nofile.yaml here."),
    ],
)
def test_what_is_not_there_is_a_finding(command: Command, words: tuple[str, ...], path: str, reason: str) -> None:
    (found,) = findings(command("rules", *words, "--json"))
    assert (found["path"], found["reason"]) == (path, reason)
    plainly = command("rules", *words)
    assert (plainly.exit_code, plainly.stdout, plainly.stderr) == (1, "", f"Error: {reason}\n")


@pytest.mark.parametrize("verb", ["simulate", "explain", "why-nobody", "pull", "apply"])
def test_where_there_is_no_database_a_script_is_told_so(
    verb: str, broken: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("FRONTDESK_DATABASE_URL", raising=False)
    broken.write_text("rule: x\ntrigger: {page: /docs}\ndo: [{tag: x}]\n", encoding="utf-8")
    words = {"simulate": ("x",), "explain": ("vis_1", "x"), "why-nobody": ("x",), "apply": (str(broken),)}.get(verb, ())
    answer = CliRunner().invoke(main, ["rules", verb, *words, "--json", "--data", str(tmp_path)])
    (found,) = findings(answer)
    assert "There is no database at" in found["reason"]


@pytest.mark.usefixtures("workspace")
@pytest.mark.parametrize("verb", ["simulate", "test", "fmt", "apply"])
def test_a_file_that_is_no_rule_is_told_with_file_line_and_path(command: Command, verb: str, broken: Path) -> None:
    (found,) = findings(command("rules", verb, broken, "--json"))
    assert (found["file"], found["line"], found["path"]) == (str(broken), 4, "do[0].dance")
    plainly = command("rules", verb, broken)
    assert (plainly.exit_code, plainly.stdout) == (1, "")
    assert f"{broken}:4: do[0].dance: " in plainly.stderr


@pytest.mark.usefixtures("workspace")
@pytest.mark.parametrize("way", ["file", "standard input"])
def test_a_text_of_another_encoding_is_told_with_its_line(command: Command, broken: Path, way: str) -> None:
    text = "rule: x\nname: {zh: 你好}\n".encode("gb18030")
    broken.write_bytes(text)
    words = (broken,) if way == "file" else ("-",)
    (found,) = findings(command("rules", "simulate", *words, "--json", input=text))
    assert (found["file"], found["line"]) == (str(words[0]), 2)
    assert found["reason"] == "this is not UTF-8 text"


@pytest.mark.usefixtures("workspace")
@pytest.mark.parametrize("verb", ["lint", "fmt", "test"])
def test_a_folder_without_rules_is_a_finding(command: Command, verb: str, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (found,) = findings(command("rules", verb, tmp_path / "empty", "--json"))
    assert found["reason"].startswith("There are no rules in ")


def test_a_folder_that_cannot_be_written_is_told(command: Command, workspace: Home, tmp_path: Path) -> None:
    assert workspace
    file = tmp_path / "rule.yaml"
    file.write_text("rule: x\ntrigger: {page: /docs}\ndo: [{tag: x}]\n", encoding="utf-8")
    command("rules", "apply", file)
    (found,) = findings(command("rules", "pull", "--dir", file / "below", "--json"))
    assert "cannot be written" in found["reason"]


@pytest.mark.usefixtures("workspace")
def test_a_segment_that_is_not_there_is_told_where_the_condition_names_it(command: Command, tmp_path: Path) -> None:
    file = tmp_path / "rule.yaml"
    file.write_text(
        "rule: x\ntrigger: {event: Paid}\nwhen:\n  all:\n    - contact.plan: pro\n    - not: {in_segment: vips}\n"
        "do: [{tag: x}]\n",
        encoding="utf-8",
    )
    (found,) = findings(command("rules", "apply", file, "--json"))
    assert (found["line"], found["path"], found["reason"]) == (
        6,
        "when.all[1].not.in_segment",
        "there is no segment vips",
    )


@pytest.mark.parametrize(
    ("words", "path", "reason"),
    [
        (("simulate", "x", "--since", "yesterday"), "since", "yesterday is neither an age like 7d nor a date"),
        (("lint", "nofile.yaml"), "files", "'nofile.yaml' does not exist"),
        (("explain", "vis_1"), "rule", "Missing argument 'RULE'"),
        (("simulate", "x", "--sinc", "1d"), "sinc", "No such option"),
    ],
)
def test_how_a_command_is_to_be_called_is_a_finding_too(words: tuple[str, ...], path: str, reason: str) -> None:
    answer = CliRunner().invoke(main, ["rules", *words, "--json"])
    (found,) = json.loads(answer.stdout)["findings"]
    assert (answer.exit_code, answer.stderr, found.keys(), found["path"]) == (2, "", KEYS, path)
    assert reason in found["reason"]
    plainly = CliRunner().invoke(main, ["rules", *words])
    assert (plainly.exit_code, plainly.stdout) == (2, "")
    assert reason in plainly.stderr
