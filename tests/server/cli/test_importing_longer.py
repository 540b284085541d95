"""A longer export of the same history adds what is new, however long ago the shorter one was imported."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, update

from frontdesk.collect.models import Event, MessageSeen
from frontdesk.core.db import Database
from tests.server.cli.conftest import Command
from tests.server.cli.importing import CSV, counts, file, lines, report, rows, track
from tests.server.conftest import Home

PAGE = {"type": "page", "anonymousId": "ana", "context": {"page": {"url": "https://shop.example/prices"}}}
HISTORY = [
    track("u1", messageId="m1", properties={"price": 12.5}),
    {**PAGE, "timestamp": "2024-03-01T10:00:00Z", "messageId": "m2"},
    {"type": "identify", "userId": "u1", "traits": {"plan": "pro"}, "timestamp": "2024-03-01", "messageId": "m3"},
    {**PAGE, "userId": "u1", "timestamp": "2024-03-01T10:01:00Z", "messageId": "m4"},
    {**PAGE, "userId": "u2", "timestamp": "2024-03-01T10:02:00Z", "messageId": "m5"},
    track("u3"),
    track("u3"),
]


def forget(db: Database) -> None:
    db.write(lambda session: session.execute(delete(MessageSeen)))


def test_what_was_imported_before_is_known_by_its_moment_once_its_id_is_forgotten(
    command: Command, db: Database, workspace: Home, tmp_path: Path
) -> None:
    assert counts(command("import", "events", file(tmp_path, "a.jsonl", lines(*HISTORY)), "--json")) == (7, 0, {})
    forget(db)
    longer = file(tmp_path, "b.jsonl", lines(*HISTORY, track("u4", "2024-04-01", messageId="m9")))
    assert counts(command("import", "events", longer, "--json")) == (1, 7, {})
    forget(db)
    assert counts(command("import", "events", longer, "--json", "--again")) == (0, 8, {})
    assert len(rows(db, Event)) == 8


ODD_IDS = [
    "it's",
    "'; DROP TABLE event; --",
    "100%s %(ids)s %%",
    ":ids",
    "\\'",
    'say "so"',
    "一百",
    "__[POSTCOMPILE_ids]",
    "?",
]


def test_whatever_stands_in_an_id_is_known_again_as_it_was(
    command: Command, db: Database, workspace: Home, tmp_path: Path
) -> None:
    told = [track("u1", messageId=message_id) for message_id in ODD_IDS]
    assert counts(command("import", "events", file(tmp_path, "a.jsonl", lines(*told)), "--json")) == (9, 0, {})
    forget(db)
    longer = file(tmp_path, "b.jsonl", lines(*told, track("u1", messageId="its")))
    assert counts(command("import", "events", longer, "--json")) == (1, 9, {})


def test_a_longer_table_adds_its_new_lines(command: Command, db: Database, workspace: Home, tmp_path: Path) -> None:
    command("import", "events", file(tmp_path, "march.csv", CSV))
    forget(db)
    longer = file(tmp_path, "april.csv", CSV + "u1,Order Completed,2024-04-01,3,0044,,\n")
    assert counts(command("import", "events", longer, "--json")) == (1, 2, {})


@pytest.mark.parametrize(
    "other", [{"properties": {"price": 13}}, {"event": "Other"}, {"userId": "u2"}], ids=["value", "name", "person"]
)
def test_other_content_of_the_same_id_and_moment_is_refused_by_its_line(
    command: Command, db: Database, workspace: Home, tmp_path: Path, other: dict[str, Any]
) -> None:
    command("import", "events", file(tmp_path, "a.jsonl", lines(HISTORY[0])))
    forget(db)
    again = file(tmp_path, "b.jsonl", lines(track("u9"), HISTORY[0] | other))
    told = report(command("import", "events", again, "--json"))
    assert (told["taken"], told["duplicates"]) == (1, 0)
    assert [(one["line"], one["code"], one["messageId"]) for one in told["refusals"]] == [(2, "conflict", "m1")]


@pytest.mark.parametrize("known", [True, False])
def test_of_two_lines_that_read_alike_the_one_that_is_refused_is_named(
    command: Command, db: Database, workspace: Home, tmp_path: Path, *, known: bool
) -> None:
    alike = [
        track("u1", type="identify", messageId="m9", traits={"birthday": day}) for day in ("1990-01-02", "1990/01/02")
    ]
    if known:
        command("import", "events", file(tmp_path, "a.jsonl", lines(alike[0])))
    told = report(command("import", "events", file(tmp_path, "b.jsonl", lines(*alike, track("u2"))), "--json"))
    assert [(one["line"], one["code"], one["messageId"]) for one in told["refusals"]] == [(2, "conflict", "m9")]


def test_what_a_page_said_at_that_moment_under_that_id_keeps_no_line_out(
    command: Command, db: Database, workspace: Home, tmp_path: Path
) -> None:
    command("import", "events", file(tmp_path, "a.jsonl", lines(HISTORY[0])))
    forget(db)
    db.write(lambda session: session.execute(update(Event).values(verified=False)))
    again = file(tmp_path, "b.jsonl", lines(HISTORY[0]))
    assert counts(command("import", "events", again, "--json", "--again")) == (1, 0, {})
