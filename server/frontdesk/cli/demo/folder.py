"""The demo's folder: a database that is either whole or not there, and the keys that must be shown again."""

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import click
import orjson

from frontdesk.core.db import Database, open_database
from frontdesk.core.signals import Bus
from frontdesk.migrations.upgrade import upgrade

DATABASE = "frontdesk.sqlite3"
_SEEDING = "seeding.sqlite3"
_KEYS = "demo.json"


@dataclass(frozen=True, slots=True)
class Login:
    """A teammate of the demo, and how to sign in as them."""

    name: str
    team: str
    role: str
    email: str
    password: str


@dataclass(frozen=True, slots=True)
class Kept:
    """What the database holds only as fingerprints, in plain."""

    site_key: str
    api_key: str
    identity_secret: str
    teammates: list[Login]


Seed = Callable[[Database], Kept]


def open_folder(folder: Path, seed: Seed) -> Kept:
    """The keys of the demo in `folder`, made anew where there is none yet or where making it was broken off.

    The database is seeded under another name and takes its own only when it is whole: what already bears that name is
    never written over. Two starts at once make one demo.
    """
    with _alone(folder):
        keys, database = folder / _KEYS, folder / DATABASE
        if not database.exists():
            return _made(folder, seed)
        if not keys.exists():
            raise click.ClickException(f"{folder} holds an installation that is no demo; choose another with --data.")
        _migrate(database)
        return _read(keys)


def _made(folder: Path, seed: Seed) -> Kept:
    seeding = folder / _SEEDING
    for ending in ("", "-wal", "-shm", "-journal"):
        seeding.with_name(_SEEDING + ending).unlink(missing_ok=True)
    _migrate(seeding)
    db = open_database(f"sqlite:///{seeding}", Bus())
    kept = seed(db)
    db.close()  # the last connection takes the write-ahead log with it
    _write(folder / _KEYS, kept)
    seeding.replace(folder / DATABASE)
    return kept


def _migrate(database: Path) -> None:
    db = open_database(f"sqlite:///{database}", Bus())
    upgrade(db.engines.writer)
    db.close()


def _write(path: Path, kept: Kept) -> None:
    """Readable by its owner only, and never half written."""
    unfinished = path.with_suffix(".part")
    unfinished.unlink(missing_ok=True)
    handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(orjson.dumps(asdict(kept), option=orjson.OPT_INDENT_2))
    unfinished.replace(path)


def _read(path: Path) -> Kept:
    known = orjson.loads(path.read_bytes())
    return Kept(**{**known, "teammates": [Login(**login) for login in known["teammates"]]})


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Wait for another start on the same folder."""
    with (folder / "seeding.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
