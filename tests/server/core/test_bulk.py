"""Many rows in one statement: what goes in comes out, on both databases."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any, cast

import pytest
from sqlalchemy import Table, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from frontdesk.collect.models import Event, MessageSeen
from frontdesk.core.db import Database, bulk

EVENT = cast(Table, Event.__table__)
SEEN = cast(Table, MessageSeen.__table__)
COLUMNS = (
    "id", "workspace_id", "person_id", "session_id", "type", "name", "properties", "url", "path", "title",
    "verified", "message_id", "occurred_at", "received_at",
)  # fmt: skip
SEEN_COLUMNS = ("workspace_id", "message_id", "content_hash", "seen_at")


def event(number: int, at: datetime) -> tuple[Any, ...]:
    properties = {"number": number, "text": "ünï", "none": None, "list": [1.5, {"a": True}]}
    page = (None, None, None)
    return (f"evt_{number}", "wsp", f"vis_{number % 3}", None, "track", "Bell", properties, *page, True, "m", at, at)


@pytest.mark.parametrize("count", [1, 2, 3, 127, 128, 129, 300])
def test_any_number_of_rows_comes_back_as_it_went_in(db: Database, now: datetime, count: int) -> None:
    rows = [event(number, now) for number in range(count)]
    db.write(partial(bulk.insert, table=EVENT, columns=COLUMNS, rows=rows))
    keys = [(row[0],) for row in rows]
    found = db.read(partial(bulk.find, table=EVENT, columns=COLUMNS, keys={("id",): keys}))
    assert sorted(map(tuple, found), key=lambda row: int(row[0][4:])) == rows


def test_keys_of_several_columns_name_their_rows_only(db: Database, now: datetime) -> None:
    db.write(partial(bulk.insert, table=EVENT, columns=COLUMNS, rows=[event(number, now) for number in range(4)]))
    keys = {("workspace_id", "person_id"): [("wsp", "vis_1"), ("elsewhere", "vis_0")]}
    found = db.read(partial(bulk.find, table=EVENT, columns=("id",), keys=keys))
    assert [tuple(row) for row in found] == [("evt_1",)]


def test_since_leaves_out_what_is_not_after_it(db: Database, now: datetime) -> None:
    rows = [event(number, now + timedelta(seconds=number)) for number in range(3)]
    db.write(partial(bulk.insert, table=EVENT, columns=COLUMNS, rows=rows))
    keys = {("workspace_id",): [("wsp",)]}
    late = ("occurred_at", now + timedelta(seconds=1))
    found = db.read(partial(bulk.find, table=EVENT, columns=("id", "occurred_at"), keys=keys, since=late))
    assert [tuple(row) for row in found] == [("evt_2", now + timedelta(seconds=2))]


def test_only_what_collides_with_nothing_is_inserted_and_told(db: Database, now: datetime) -> None:
    first = [("wsp", "a", "hash", now), ("wsp", "b", "hash", now)]
    again = [("wsp", "b", "other", now), ("wsp", "c", "hash", now)]
    insert = partial(bulk.insert_new, table=SEEN, columns=SEEN_COLUMNS, returning=("message_id",))
    assert [sorted(row[0] for row in db.write(partial(insert, rows=rows))) for rows in (first, again)] == [
        ["a", "b"],
        ["c"],
    ]


def test_an_update_sets_each_row_to_its_own_values(db: Database, now: datetime) -> None:
    db.write(partial(bulk.insert, table=EVENT, columns=COLUMNS, rows=[event(number, now) for number in range(3)]))
    later = now + timedelta(days=1)
    columns = ("title", "verified", "properties", "received_at", "session_id")
    rows = [("evt_0", "Zero", False, {"new": 1}, later, None), ("evt_2", None, True, {}, now, "ses_2")]
    db.write(partial(bulk.update, table=EVENT, keys=("id",), columns=columns, rows=rows))
    keys = {("id",): [("evt_0",), ("evt_1",), ("evt_2",)]}
    found = {
        row[0]: tuple(row) for row in db.read(partial(bulk.find, table=EVENT, columns=("id", *columns), keys=keys))
    }
    assert [found["evt_0"], found["evt_2"]] == rows
    assert found["evt_1"][2] is True


def test_an_update_may_expect_a_value_of_what_it_sets(db: Database, now: datetime) -> None:
    db.write(partial(bulk.insert, table=EVENT, columns=COLUMNS, rows=[event(number, now) for number in range(2)]))
    title = partial(bulk.update, table=EVENT, keys=("id", "name"), columns=("name",))
    db.write(partial(title, rows=[("evt_0", "Bell", "Rung"), ("evt_1", "Something Else", "Rung")]))
    keys = {("id",): [("evt_0",), ("evt_1",)]}
    found = db.read(partial(bulk.find, table=EVENT, columns=("id", "name"), keys=keys))
    assert sorted(map(tuple, found)) == [("evt_0", "Rung"), ("evt_1", "Bell")]


def test_no_rows_is_no_statement(db: Database) -> None:
    db.write(partial(bulk.insert, table=EVENT, columns=COLUMNS, rows=[]))
    assert db.read(partial(bulk.find, table=EVENT, columns=("id",), keys={("id",): []})) == []


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
def test_what_is_locked_waits_for_the_commit_of_who_locked_it(db: Database, now: datetime) -> None:
    db.write(partial(bulk.insert, table=EVENT, columns=COLUMNS, rows=[event(number, now) for number in range(3)]))
    find = partial(bulk.find_locked, table=EVENT, columns=("id",))
    with Session(db.engines.writer) as first, Session(db.engines.writer) as second:
        assert len(find(first, keys={("id",): [("evt_0",), ("evt_1",)]})) == 2
        second.execute(text("SET LOCAL lock_timeout = '50ms'"))
        assert len(find(second, keys={("id",): [("evt_2",)]})) == 1
        with pytest.raises(OperationalError, match="lock timeout"):
            find(second, keys={("id",): [("evt_1",)]})
