"""What an operator gets wrong is told in one sentence, never in a traceback, and leaves nothing behind."""

import os
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from frontdesk.accounts.workspaces import found
from frontdesk.cli import main
from frontdesk.cli.premises import refuse_dead_redis
from frontdesk.core.clock import system_clock
from frontdesk.core.db import open_database
from frontdesk.core.signals import Bus
from tests.running import free_port

SOUND = """rule: {name}
trigger: {{page: /pricing}}
do:
  - message: {{kind: chat, class: support, text: {{en: Hello, zh: 你好}}}}
"""
STRANGE = """rule: {name}
trigger: {{conversation: started}}
do:
  - assign: {{team: nobody}}
"""


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATABASE_URL", "REDIS_URL", "DATA", "SECRET"):
        monkeypatch.delenv(f"FRONTDESK_{name}", raising=False)


def run(*words: object) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


def refused(answer: Result) -> str:
    assert answer.exit_code == 1
    assert isinstance(answer.exception, SystemExit)
    assert answer.output.startswith("Error: ")
    return answer.output


def file(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text.format(name=path.stem), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("rubbish", "postgresql://user"),
        ("mysql://root@localhost/x", "sqlite:///path"),
        ("postgresql://localhost:port/x", "postgresql://user"),
        ("postgresql://localhost:1/none", "The database does not answer"),
    ],
)
def test_a_database_that_cannot_be_used(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, url: str, told: str) -> None:
    monkeypatch.setenv("FRONTDESK_DATABASE_URL", url)
    said = refused(run("migrate", "--data", tmp_path))
    assert told in said
    assert len(said.splitlines()) == 1


def test_rules_for_an_installation_that_is_not_there(tmp_path: Path) -> None:
    said = refused(run("rules", "apply", file(tmp_path, "a.yaml", SOUND), "--data", tmp_path / "data"))
    assert "run `frontdesk serve` first" in said
    assert not (tmp_path / "data").exists()


def test_rules_for_a_database_that_is_empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "empty.sqlite3").touch()
    monkeypatch.setenv("FRONTDESK_DATABASE_URL", f"sqlite:///{tmp_path}/empty.sqlite3")
    assert "is empty" in refused(run("rules", "apply", file(tmp_path, "a.yaml", SOUND)))


@pytest.mark.parametrize("verb", ["lint", "test", "apply"])
@pytest.mark.parametrize(
    ("raw", "line"), [(b"rule: a\n  b: [", 2), (b"rule: a\n# \xff\n", 2), (b"rule: a\nwhen: nonsense\n", 1)]
)
def test_files_that_cannot_be_read_are_named_with_the_line(tmp_path: Path, verb: str, raw: bytes, line: int) -> None:
    sound, bad = file(tmp_path, "sound.yaml", SOUND), tmp_path / "bad.yaml"
    bad.write_bytes(raw)
    answer = run("rules", verb, sound, bad)
    assert answer.exit_code == 1
    assert isinstance(answer.exception, SystemExit)
    assert f"{bad}:{line}: " in answer.output
    assert f"{sound}:" not in answer.output


def test_a_team_that_is_not_here_is_named_with_file_and_line_and_nothing_is_saved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sqlite_url: str
) -> None:
    monkeypatch.setenv("FRONTDESK_DATABASE_URL", sqlite_url)
    db = open_database(sqlite_url, Bus())
    db.write(lambda session: found(session, "Acme", system_clock()).id)
    db.close()
    sound, strange = file(tmp_path, "sound.yaml", SOUND), file(tmp_path, "strange.yaml", "# of sales\n" + STRANGE)
    said = refused(run("rules", "apply", sound, strange))
    assert f"{strange}:5: do[0].assign.team: there is no team nobody" in said
    twin = file(tmp_path, "twin.yaml", SOUND.replace("{name}", "sound"))
    assert f"{twin}:1: rule: {sound} has a rule named sound too" in refused(run("rules", "apply", sound, twin))
    assert run("rules", "apply", sound).output == "+ sound  new\n1 new\n1 rule is live.\n"


def test_a_redis_that_is_dead_keeps_the_server_from_starting() -> None:
    with pytest.raises(click.ClickException, match="does not answer"):
        refuse_dead_redis(f"redis://127.0.0.1:{free_port()}/0")


def test_a_city_file_that_is_none_keeps_the_server_from_starting(tmp_path: Path) -> None:
    environment = {**os.environ, "FRONTDESK_CITY_FILE": str(tmp_path), "FRONTDESK_DATA": str(tmp_path / "data")}
    done = subprocess.run(
        [Path(sys.executable).with_name("frontdesk"), "serve", "--port", str(free_port())],
        env=environment, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"Error: FRONTDESK_CITY_FILE cannot be used: {tmp_path}: it is a folder.\n"


def test_settings_that_cannot_be_are_sentences(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("FRONTDESK_TRUSTED_PROXIES", "-1")
    told = "Error: A setting cannot be used: FRONTDESK_TRUSTED_PROXIES: Must be greater than or equal to 0.\n"
    assert refused(run("migrate", "--data", tmp_path)) == told
    monkeypatch.setenv("FRONTDESK_RETENTION_EVENT_DAYS", "30")
    assert "FRONTDESK_RETENTION_EVENTS_DAYS was meant?" in refused(run("migrate", "--data", tmp_path))
    assert "FRONTDESK_RETENTION_EVENTS_DAYS was meant?" in refused(run("key", "list", "--data", tmp_path))


def test_a_name_that_is_no_setting_is_told_and_does_not_stop_anybody(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("FRONTDESK_DEBUG", "1")
    answer = run("migrate", "--data", tmp_path)
    assert answer.exit_code == 0
    assert answer.stderr.startswith("Warning: FRONTDESK_DEBUG is not a setting of Frontdesk; the nearest one is ")
