"""Events by calendar month: made ahead of time on PostgreSQL, one table on SQLite, the same to everyone who asks."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from frontdesk.collect.keeping import partitions
from frontdesk.collect.keeping.partitions import Month
from frontdesk.collect.models import Event
from frontdesk.core.db import Database, open_database
from frontdesk.core.ids import new_id
from frontdesk.core.signals import Bus

MARCH = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
END_OF_TIME = datetime(9990, 1, 1, tzinfo=UTC)


@pytest.fixture
def store(db: Database) -> Iterator[Database]:
    """A database whose events have no month yet, and in the end have none again."""
    db.write(partial(partitions.drop_before, moment=END_OF_TIME))
    yield db
    db.write(partial(partitions.drop_before, moment=END_OF_TIME))


@pytest.fixture
def postgres_store(postgres_url: str) -> Iterator[Database]:
    db = open_database(postgres_url, Bus())
    db.write(partial(partitions.drop_before, moment=END_OF_TIME))
    yield db
    db.write(partial(partitions.drop_before, moment=END_OF_TIME))
    db.close()


def is_partitioned(db: Database) -> bool:
    return not db.engines.sqlite


def happened(db: Database, *moments: datetime) -> list[str]:
    """Store an event at each of `moments`; their ids."""

    def keep(session: Session) -> list[str]:
        rows = [
            Event(
                id=new_id("evt", at), workspace_id="wsp_1", person_id="vis_1", type="track", name="Tried",
                properties={}, verified=False, message_id=str(number), occurred_at=at, received_at=MARCH,
            )
            for number, at in enumerate(moments)
        ]  # fmt: skip
        session.add_all(rows)
        return [row.id for row in rows]

    return db.write(keep)


def known(db: Database) -> list[str]:
    return db.read(lambda session: list(session.scalars(select(Event.id).order_by(Event.occurred_at))))


def homes(db: Database) -> list[str]:
    """The partition that each event lies in, by time."""
    return db.read(
        lambda session: list(session.scalars(text("SELECT tableoid::regclass::text FROM event ORDER BY occurred_at")))
    )


def test_this_month_and_the_next_two_are_made_ahead_and_only_once(store: Database) -> None:
    december = datetime(2026, 12, 31, 23, 59, tzinfo=UTC)
    made = store.write(partial(partitions.keep_ahead, now=december))
    assert made == ([Month(2026, 12), Month(2027, 1), Month(2027, 2)] if is_partitioned(store) else [])
    assert store.write(partial(partitions.keep_ahead, now=december)) == []
    assert store.read(partitions.existing) == made


def test_an_event_is_found_whether_its_month_is_made_or_not(store: Database) -> None:
    ids = happened(store, datetime(2003, 5, 6, tzinfo=UTC), MARCH)
    assert known(store) == ids
    store.write(partial(partitions.keep_ahead, now=MARCH))
    assert known(store) == ids


def test_a_month_begins_and_ends_at_midnight_utc(postgres_store: Database) -> None:
    postgres_store.write(partial(partitions.make, months=[Month(2026, 2), Month(2026, 3)]))
    first = datetime(2026, 3, 1, tzinfo=UTC)
    happened(postgres_store, first - timedelta(milliseconds=1), first, datetime(2026, 4, 1, tzinfo=UTC))
    assert homes(postgres_store) == ["event_2026_02", "event_2026_03", "event_default"]


def test_what_lay_in_default_moves_when_its_month_is_made(postgres_store: Database) -> None:
    ids = happened(postgres_store, MARCH - timedelta(days=40), MARCH, MARCH + timedelta(minutes=1))
    assert set(homes(postgres_store)) == {"event_default"}
    postgres_store.write(partial(partitions.keep_ahead, now=MARCH))
    assert homes(postgres_store) == ["event_default", "event_2026_03", "event_2026_03"]
    assert known(postgres_store) == ids


def test_months_before_computers_stay_in_default(postgres_store: Database) -> None:
    assert postgres_store.write(partial(partitions.make, months=[Month(1999, 12), Month(2, 1), Month(2000, 1)])) == [
        Month(2000, 1)
    ]


def test_several_that_make_months_at_once_make_each_once(postgres_store: Database) -> None:
    def make(_number: int) -> list[Month]:
        return postgres_store.write(partial(partitions.keep_ahead, now=MARCH))

    with ThreadPoolExecutor(4) as pool:
        made = [month for months in pool.map(make, range(4)) for month in months]
    assert sorted(made) == [Month(2026, 3), Month(2026, 4), Month(2026, 5)]


def test_a_month_is_dropped_whole_when_it_is_over_and_never_sooner(postgres_store: Database) -> None:
    months = [Month(2026, 1), Month(2026, 2), Month(2026, 3)]
    postgres_store.write(partial(partitions.make, months=months))
    happened(postgres_store, datetime(2026, 1, 5, tzinfo=UTC), datetime(2026, 2, 28, tzinfo=UTC), MARCH)
    last_moment = datetime(2026, 3, 1, tzinfo=UTC) - timedelta(milliseconds=1)
    assert postgres_store.write(partial(partitions.drop_before, moment=last_moment)) == [Month(2026, 1)]
    assert homes(postgres_store) == ["event_2026_02", "event_2026_03"]


def test_a_question_about_one_month_reads_that_month_only(postgres_store: Database) -> None:
    postgres_store.write(partial(partitions.keep_ahead, now=MARCH))
    since, until = Month(2026, 4).start_ms, Month(2026, 4).end_ms
    asked = f"EXPLAIN SELECT * FROM event WHERE occurred_at >= {since} AND occurred_at < {until}"
    plan = "\n".join(postgres_store.read(lambda session: list(session.scalars(text(asked)))))
    assert "event_2026_04" in plan
    assert "event_2026_03" not in plan
    assert "event_default" not in plan


def test_each_month_has_the_key_and_the_indexes_of_the_whole(postgres_store: Database) -> None:
    postgres_store.write(partial(partitions.keep_ahead, now=MARCH))
    asked = text("SELECT indexdef FROM pg_indexes WHERE tablename = 'event_2026_03'")
    found = sorted(line.partition(" USING ")[2] for line in postgres_store.read(lambda db: list(db.scalars(asked))))
    assert found == [
        "brin (occurred_at)",
        "btree (id, occurred_at)",
        "btree (person_id, name, occurred_at)",
        "btree (workspace_id, occurred_at)",
    ]
