"""The README is true: the paths that it names exist, its commands follow each other, no setting is missing."""

import re
import shlex
from pathlib import Path

import click
import pytest

from frontdesk.cli import main
from frontdesk.core.config import NAMES

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text("utf-8")
FENCED = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PROSE = FENCED.sub("", README)
PATH = re.compile(r"[\w.-]+(?:/[\w.-]+)*(?:/|\.(?:py|md|json|ya?ml|toml|txt|ts|tsx))")
HOMES = (ROOT, ROOT / "server/frontdesk", ROOT / "tests")
PATHS = sorted({span for span in re.findall(r"`([^`\n]+)`", PROSE) if PATH.fullmatch(span)})
LINKS = sorted({target for target in re.findall(r"\]\(([^)#]+)\)", PROSE) if "://" not in target})
COMMANDS = [
    part.strip()
    for language, text in FENCED.findall(README)
    if language == "sh"
    for line in text.splitlines()
    for part in line.split("#")[0].split("&&")
    if part.strip().startswith("frontdesk ")
]


@pytest.mark.parametrize("path", PATHS)
def test_a_path_in_the_readme_exists(path: str) -> None:
    assert any((home / path).exists() for home in HOMES)


def test_paths_are_found_at_all() -> None:
    assert {"collect/door/pipeline.py", "sdk_js/", "app.py", "collect/keeping/"} <= set(PATHS)


@pytest.mark.parametrize("target", LINKS)
def test_a_link_in_the_readme_leads_somewhere(target: str) -> None:
    assert (ROOT / target).exists()


@pytest.mark.parametrize("line", COMMANDS)
def test_a_command_in_the_readme_is_ours_and_works_on_the_one_folder(
    line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    words = shlex.split(line)[1:]
    for file in (word for word in words if re.fullmatch(r"\w+\.(yaml|csv)", word)):
        (tmp_path / file).touch()
    command, context = main, click.Context(main)
    while isinstance(command, click.Group):
        found = command.get_command(context, words.pop(0))
        assert found is not None
        command = found  # type: ignore[assignment]  # a group at most
    with command.make_context("frontdesk", words) as parsed:
        assert parsed.params.get("data", Path("data")) == Path("data")


def test_the_readme_names_every_setting_and_no_other() -> None:
    assert set(re.findall(r"FRONTDESK_([A-Z_]+)", README)) == set(NAMES)
