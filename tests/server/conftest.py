"""Every test of the data layer runs twice: on SQLite and on a real PostgreSQL."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from argon2 import PasswordHasher
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from frontdesk.accounts import passwords, queries, workspaces
from frontdesk.accounts.models import Site
from frontdesk.app import compose
from frontdesk.core.clock import MovableClock
from frontdesk.core.config import Settings
from frontdesk.core.db import Database, open_database
from frontdesk.core.db.engines import open_engines
from frontdesk.core.runtime import Runtime
from frontdesk.core.signals import Bus
from frontdesk.migrations.tables import metadata
from frontdesk.migrations.upgrade import upgrade
from tests.postgres import cluster, create


@pytest.fixture(scope="session", autouse=True)
def _quick_passwords() -> Iterator[None]:
    """argon2 with its smallest parameters: the same algorithm, in a millisecond."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        yield


def _migrate(url: str) -> None:
    engines = open_engines(url)
    upgrade(engines.writer)
    engines.dispose()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite file to copy."""
    path = tmp_path_factory.mktemp("sqlite") / "template.sqlite3"
    _migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """A real PostgreSQL server with the migrated databases `frontdesk` and `template_frontdesk`.

    Yields its URL, in which `{}` stands for a database's name.
    """
    with cluster(durable=False) as url:
        _migrate(create(url, "template_frontdesk"))
        create(url, "frontdesk", "template_frontdesk")
        yield url


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    path = tmp_path / "frontdesk.sqlite3"
    shutil.copy(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture
def postgres_url(postgres: str) -> str:
    """The database, emptied: deleting what a test left costs 4 ms, a new database 200."""
    url = postgres.format("frontdesk")
    with psycopg.connect(url, autocommit=True) as connection:
        for table in reversed(metadata.sorted_tables):
            connection.execute(f'DELETE FROM "{table.name}"')  # type: ignore[arg-type]  # a name of ours
    return url


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest) -> str:
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
def bus() -> Bus:
    return Bus()


@pytest.fixture
def now() -> datetime:
    return datetime(2026, 3, 2, 10, 0, tzinfo=UTC)


@pytest.fixture
def clock(now: datetime) -> MovableClock:
    return MovableClock(now)


@dataclass(frozen=True)
class Home:
    """A seeded workspace: its id, its keys, and its teammates' and teams' ids by short name."""

    id: str
    site_key: str
    api_key: str
    identity_secret: str
    teammates: dict[str, str]
    teams: dict[str, str]


PEOPLE = (
    ("olivia", "owner", None),
    ("sam", "member", "sales"),
    ("li", "member", "sales"),
    ("emma", "member", "experts"),
)


def seed(session: Session, now: datetime, name: str = "Bellshop") -> Home:
    """A workspace with an owner, two in Sales and one in Experts; passwords are `<name>-password`."""
    workspace = workspaces.found(session, name, now)
    domain = name.lower()
    ids = {}
    for short, role, team in PEOPLE:
        new = workspaces.NewTeammate(short.title(), f"{short}@{domain}.example", f"{short}-password", role)
        ids[short] = workspaces.add_teammate(session, workspace.id, new, now).id
        if team:
            workspaces.join_team(session, workspace.id, ids[short], team)
    return Home(
        id=workspace.id,
        site_key=session.execute(select(Site.key).where(Site.workspace_id == workspace.id)).scalar_one(),
        api_key=workspaces.new_api_key(session, workspace.id, "tests", now),
        identity_secret=workspace.identity_secret,
        teammates=ids,
        teams={team.key: team.id for team, _ in queries.teams(session, workspace.id)},
    )


@pytest.fixture
def workspace(db: Database, now: datetime) -> Home:
    return db.write(lambda session: seed(session, now))


@pytest.fixture
def other_workspace(db: Database, now: datetime) -> Home:
    """A second workspace, whose things must not be seen."""
    return db.write(lambda session: seed(session, now, "Elsewhere"))


@pytest.fixture
def db(database_url: str, bus: Bus) -> Iterator[Database]:
    """A migrated, empty database, on each engine in turn."""
    database = open_database(database_url, bus)
    yield database
    database.close()


@pytest.fixture
def runtime(db: Database, clock: MovableClock, bus: Bus, tmp_path: Path) -> Runtime:
    settings = Settings(
        data=tmp_path,
        database_url="",
        redis_url=None,
        public_url=None,
        trusted_proxies=0,
        city_file=None,
        secret="a secret of the tests",
    )
    return Runtime(db, clock, bus, settings)


@pytest.fixture
def client(runtime: Runtime) -> FlaskClient:
    """A browser without cookies, in front of the whole composed server."""
    return compose(runtime).app.test_client()
