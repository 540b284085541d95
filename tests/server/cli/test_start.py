"""How a server starts: light, soon, and with one sentence where it cannot."""

import os
import subprocess
from pathlib import Path

import pytest

from frontdesk.cli.apart import Apart, NotDoneError
from frontdesk.cli.unused import without
from tests.benchmarks.cost import weight
from tests.running import FRONTDESK, Installed, free_port, started

MOST_MB = 170


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("mysql://root@localhost/x", "names none of the databases that we use"),
        ("postgresql://localhost:1/none", "The database does not answer"),
    ],
)
def test_a_start_without_its_database_is_over_with_one_sentence(tmp_path: Path, address: str, told: str) -> None:
    environment = {**os.environ, "FRONTDESK_DATABASE_URL": address}
    command = [FRONTDESK, "serve", "--port", str(free_port()), "--data", str(tmp_path)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith("Error: ")
    assert told in line


def test_a_fresh_server_is_light(tmp_path: Path) -> None:
    with started(Installed(tmp_path)) as server:
        assert weight(server.pid).pss < MOST_MB


def test_what_was_done_apart_is_told_once_and_known_to_all() -> None:
    work = Apart(lambda: str(os.getpid()))
    assert int(work.answer(lambda: None) or "") != os.getpid()
    assert work.done
    assert work.answer(lambda: None) is None


def test_what_failed_apart_is_told_there_and_known_here(capfd: pytest.CaptureFixture[str]) -> None:
    def fail() -> None:
        raise RuntimeError("no such luck")

    work = Apart(fail)
    with pytest.raises(NotDoneError):
        work.answer(lambda: None)
    assert not work.done
    assert "no such luck" in capfd.readouterr().err


def test_a_package_is_absent_for_a_while_and_then_there_again() -> None:
    with without("tabnanny"), pytest.raises(ModuleNotFoundError):
        import tabnanny
    import tabnanny

    assert tabnanny.__name__ == "tabnanny"
