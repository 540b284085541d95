"""Commands as an operator gives them, on a database of each kind."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from frontdesk.cli import main

Command = Callable[..., Result]


@pytest.fixture
def command(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Command:
    """`command("import", "events", path)`; standard input by `input=`."""
    monkeypatch.setenv("FRONTDESK_DATABASE_URL", database_url)
    monkeypatch.setenv("FRONTDESK_DATA", str(tmp_path / "data"))
    for name in ("REDIS_URL", "SECRET"):
        monkeypatch.delenv(f"FRONTDESK_{name}", raising=False)

    def run(*words: object, **more: bytes) -> Result:
        return CliRunner().invoke(main, [str(word) for word in words], **more)  # type: ignore[arg-type]  # `input` alone

    return run
