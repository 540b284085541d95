"""What a command needs before it can begin: settings, a database, Redis. What is missing is told in a sentence."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import click
from environs import EnvError

from frontdesk.core.config import NAMES, Settings, database_of, load_settings
from frontdesk.core.environment import unknown
from frontdesk.core.errors import Unavailable

if TYPE_CHECKING:
    from sqlalchemy import Engine

_DATABASES = "sqlite:///path/to/file or postgresql://user:password@host/name"
_PATIENCE_S = 3
_PACKAGES = {"postgresql": "psycopg", "postgres": "psycopg", "sqlite": "sqlite3"}


def settings_of(data: Path | None) -> Settings:
    """The settings, with a database address that we know; makes the folder."""
    settings = read_settings(data)
    refuse_unknown(settings.database_url)
    return settings


def read_settings(data: Path | None) -> Settings:
    """The settings as they are written; makes the folder, and loads no database's library."""
    with _said_of_settings():
        settings = load_settings(data)
    for name, nearest in unknown(os.environ, NAMES).items():
        click.echo(f"Warning: {name} is not a setting of Frontdesk; the nearest one is {nearest}.", err=True)
    return settings


def existing_database(data: Path | None) -> str:
    """The address of the database in use; makes nothing, and refuses where there is none."""
    from sqlalchemy import make_url

    with _said_of_settings():
        url = database_of(data)
    refuse_unknown(url)
    path = make_url(url).database
    if url.startswith("sqlite") and path and not Path(path).exists():
        raise click.ClickException(f"There is no database at {path} yet: run `frontdesk serve` first, or name --data.")
    return url


def refuse_empty(engine: "Engine") -> None:
    """A database that nobody has served yet holds no tables."""
    from sqlalchemy import inspect

    if not inspect(engine).has_table("workspace"):
        raise click.ClickException("This database is empty: run `frontdesk serve` first.")


@contextmanager
def database_said() -> Iterator[None]:
    """A database that does not answer is a sentence with its own reason."""
    from sqlalchemy.exc import OperationalError

    try:
        yield
    except (OperationalError, Unavailable) as error:
        cause = error if isinstance(error, OperationalError) else error.__cause__
        reason = " ".join(str(getattr(cause, "orig", error)).split())
        raise click.ClickException(f"The database does not answer: {reason}") from error


def refuse_dead_redis(url: str | None) -> None:
    """With several processes a push that Redis does not carry is lost; so a server does not start without it."""
    if url is None:
        return
    if find_spec("redis") is None:
        raise click.ClickException("FRONTDESK_REDIS_URL is set, but Redis's client is not here: add frontdesk[redis].")
    from redis import Redis, RedisError

    try:
        with Redis.from_url(url, socket_connect_timeout=_PATIENCE_S, socket_timeout=_PATIENCE_S) as redis:
            redis.ping()
    except (RedisError, ValueError, OSError) as error:
        raise click.ClickException(f"Redis, which FRONTDESK_REDIS_URL names, does not answer: {error}") from error


def refuse_useless_city_file(path: Path | None) -> None:
    """Whoever names a file wants regions and cities; without it nobody would see why there are none."""
    if path is None:
        return
    from frontdesk.collect.door.place import city_file_refusal

    reason = city_file_refusal(path)
    if reason:
        raise click.ClickException(f"FRONTDESK_CITY_FILE cannot be used: {path}: {reason}.")


@contextmanager
def _said_of_settings() -> Iterator[None]:
    try:
        yield
    except EnvError as error:
        raise click.ClickException(f"A setting cannot be used: {error}") from error
    except OSError as error:
        raise click.ClickException(f"The data folder cannot be used: {error.strerror}: {error.filename}") from error


def refuse_unknown(url: str) -> None:
    """An address of a database that we do not use, or whose driver is not here."""
    from sqlalchemy import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        name = make_url(url).get_backend_name()
    except (ArgumentError, ValueError):
        name = None
    package = _PACKAGES.get(name or "")
    if package is None:  # the address itself may hold a password: it is not repeated
        raise click.ClickException(f"FRONTDESK_DATABASE_URL names none of the databases that we use: {_DATABASES}.")
    if find_spec(package) is None:
        raise click.ClickException("For PostgreSQL its driver is needed: add frontdesk[postgres].")
