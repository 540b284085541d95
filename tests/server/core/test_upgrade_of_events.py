"""What the first version stored is all there after the upgrade, on both databases."""

from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from frontdesk.collect.models import DeadLetter, Event, MessageSeen
from frontdesk.core.clock import to_ms
from frontdesk.core.db.engines import open_engines
from frontdesk.migrations.upgrade import upgrade

MOMENTS = [
    datetime(1998, 1, 1, tzinfo=UTC),
    datetime(2025, 12, 31, 23, 59, 59, 999000, tzinfo=UTC),
    datetime(2026, 1, 1, tzinfo=UTC),
    datetime(2026, 3, 2, 10, 0, tzinfo=UTC),
]


@pytest.fixture(params=["sqlite", "postgres"])
def first_version(request: pytest.FixtureRequest, tmp_path: Path) -> Engine:
    """A database of the first version, with a few rows."""
    url = f"sqlite:///{tmp_path / 'old.sqlite3'}"
    if request.param == "postgres":
        template: str = request.getfixturevalue("postgres")
        with psycopg.connect(template.format("postgres"), autocommit=True) as connection:
            connection.execute("DROP DATABASE IF EXISTS first_version WITH (FORCE)")
            connection.execute("CREATE DATABASE first_version")
        url = template.format("first_version")
    engine = open_engines(url).writer
    upgrade(engine, "0001")
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO workspace VALUES ('wsp_1', 'Acme', 'UTC', 'en', 'is_1', 0, 1)"))
        for number, at in enumerate(MOMENTS):
            connection.execute(
                text(
                    "INSERT INTO event VALUES (:id, 'wsp_1', 'vis_1', NULL, 'track', 'Tried', '{\"n\": 1}',"
                    " NULL, '/', NULL, true, :id, :at, 5)"
                ),
                {"id": f"evt_{number}", "at": to_ms(at)},
            )
        connection.execute(text("INSERT INTO message_seen VALUES ('wsp_1', 'm1', 'abc', 7)"))
        for code in ("too_late", "missing"):
            letter = (
                f"INSERT INTO dead_letter VALUES ('ltr_{code}', 'wsp_1', 'm2', '{code}', 'userId', 'No.', '{{}}', 9)"
            )
            connection.execute(text(letter))
    return engine


def test_events_messages_and_letters_are_kept(first_version: Engine) -> None:
    upgrade(first_version)
    with Session(first_version) as session:
        events = list(session.scalars(select(Event).order_by(Event.occurred_at)))
        assert [(row.id, row.occurred_at) for row in events] == [(f"evt_{n}", at) for n, at in enumerate(MOMENTS)]
        assert {(row.path, row.verified, row.properties["n"]) for row in events} == {("/", True, 1)}
        (seen,) = session.scalars(select(MessageSeen))
        assert (seen.message_id, seen.content_hash) == ("m1", "abc")
        letters = {row.code: (row.step, row.verified, row.replayed_at) for row in session.scalars(select(DeadLetter))}
        assert letters == {"too_late": ("clock", False, None), "missing": ("parse", False, None)}
        if first_version.dialect.name == "postgresql":
            homes = session.scalars(text("SELECT tableoid::regclass::text FROM event ORDER BY occurred_at"))
            assert list(homes) == ["event_default", "event_2025_12", "event_2026_01", "event_2026_03"]
    first_version.dispose()
