"""The two servers under test, one on each database, kept for the whole module: a call must not break the next one."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.postgres import create
from tests.server.contract.callers import World, build


@pytest.fixture(scope="module")
def worlds(sqlite_template: Path, postgres: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[World]]:
    folder = tmp_path_factory.mktemp("contract")
    shutil.copy(sqlite_template, folder / "contract.sqlite3")
    urls = (f"sqlite:///{folder / 'contract.sqlite3'}", create(postgres, "contract", "template_frontdesk"))
    built = [build(url, folder) for url in urls]
    yield built
    for world in built:
        world.house.close()
