"""`frontdesk import`: what is in the file is in the database, once; what is not is told, line by line."""

import gzip
from datetime import UTC, datetime
from pathlib import Path

import orjson
import pytest
from sqlalchemy import text

from frontdesk.collect.models import DeadLetter, Event, Session
from frontdesk.core.db import Database
from frontdesk.people.models import Contact, Visitor
from tests.server.cli.conftest import Command
from tests.server.cli.importing import CSV, counts, file, lines, report, rows, track
from tests.server.conftest import Home


def test_a_csv_file_of_segment_paths_becomes_events_of_their_time(
    command: Command, db: Database, workspace: Home, tmp_path: Path
) -> None:
    answer = command("import", "events", file(tmp_path, "orders.csv", CSV))
    assert (answer.exit_code, answer.stdout) == (0, "2 taken, 0 duplicates, 0 refused.\n")
    first, second = rows(db, Event, Event.occurred_at)
    assert (first.name, first.type, first.verified) == ("Order Completed", "track", True)
    assert first.occurred_at == datetime(2024, 3, 1, 10, tzinfo=UTC)
    assert first.properties == {"price": 12.5, "order_id": "0042", "vip": True}
    assert first.path == "/thanks"
    assert second.occurred_at == datetime(2024, 3, 1, 11, tzinfo=UTC)
    assert second.properties == {"price": 7, "order_id": "0043"}
    assert [row.user_id for row in rows(db, Contact, Contact.user_id)] == ["u1", "u2"]


def test_json_lines_are_segment_calls_plain_or_packed(
    command: Command, db: Database, workspace: Home, tmp_path: Path
) -> None:
    page = {"type": "page", "anonymousId": "ana", "timestamp": "2024-03-02T10:00:00Z", "messageId": "m1",
            "context": {"page": {"url": "https://shop.example/?utm_source=news&utm_medium=email"}}}  # fmt: skip
    packed = file(tmp_path, "calls.jsonl.gz", gzip.compress(lines(page, track("u1"))))
    assert counts(command("import", "events", packed, "--json")) == (2, 0, {})
    (visitor,) = rows(db, Visitor)
    assert visitor.anonymous_id == "ana"
    assert visitor.first_touch["channel"] == "email"
    (run,) = rows(db, Session)
    assert run.started_at == datetime(2024, 3, 2, 10, tzinfo=UTC)
    # the same messageId is the same event, whatever file it comes in
    again = file(tmp_path, "again.ndjson", lines(page))
    assert counts(command("import", "events", again, "--json")) == (0, 1, {})


def test_a_second_run_stores_nothing_twice(command: Command, db: Database, workspace: Home, tmp_path: Path) -> None:
    path = file(tmp_path, "orders.csv", CSV)
    command("import", "events", path)
    answer = command("import", "events", path)
    assert answer.output.splitlines() == [
        "This very file was imported before: nothing was done.",
        "0 taken, 2 duplicates, 0 refused.",
    ]
    renamed = file(tmp_path, "copy.csv", CSV)
    assert counts(command("import", "events", renamed, "--json")) == (0, 2, {})
    assert len(rows(db, Event)) == 2


def test_equal_lines_of_a_file_are_events_of_their_own(
    command: Command, db: Database, workspace: Home, tmp_path: Path
) -> None:
    path = file(
        tmp_path, "calls.jsonl", lines(track("u1"), track("u1"), track("u1", messageId="m"), track("u1", messageId="m"))
    )
    assert counts(command("import", "events", path, "--json")) == (3, 1, {})


def test_a_mended_file_takes_what_was_mended_only(
    command: Command, db: Database, workspace: Home, tmp_path: Path
) -> None:
    bad = file(tmp_path, "calls.jsonl", lines(track("u1"), {**track("u2"), "event": ""}, track("u3")))
    assert counts(command("import", "events", bad, "--json")) == (2, 0, {"missing": 1})
    mended = file(tmp_path, "mended.jsonl", lines(track("u1"), track("u2"), track("u3")))
    assert counts(command("import", "events", mended, "--json")) == (1, 2, {})


def test_every_refused_line_is_told_with_its_number_field_and_reason(
    command: Command, db: Database, workspace: Home, tmp_path: Path
) -> None:
    wrong = b"".join(
        (
            lines(
                track("u1"),
                {**track("u2"), "timestamp": None},
                {"type": "track", "event": "X", "timestamp": "2024-01-01"},
            ),
            b"{not json}\n\n[1]\n",
            lines(
                track("u3", properties={"x": "y" * 40_000}), track("u4", messageId="m1"), track("u5", messageId="m1")
            ),
            lines({**track("u6"), "timestamp": "yesterday"}),
        )
    )
    written = tmp_path / "refused.jsonl"
    answer = command("import", "events", file(tmp_path, "calls.jsonl", wrong), "--json", "--report", written)
    assert answer.exit_code == 1
    told = report(answer)
    assert (told["records"], told["taken"]) == (9, 2)
    assert [(row["line"], row["code"], row["field"]) for row in told["refusals"]] == [
        (2, "missing", "timestamp"),
        (3, "missing", "userId"),
        (4, "malformed", None),
        (6, "malformed", None),
        (7, "too_large", None),
        (9, "conflict", "messageId"),
        (10, "invalid", "timestamp"),
    ]
    assert told["refused"] == {"missing": 2, "malformed": 2, "too_large": 1, "conflict": 1, "invalid": 1}
    assert [orjson.loads(line) for line in written.read_bytes().splitlines()] == told["refusals"]
    again = command("import", "events", tmp_path / "calls.jsonl")
    assert again.exit_code == 1
    assert "0 taken, 2 duplicates, 7 refused." in again.output
    assert "line 2: timestamp: An event that is imported says when it happened." in again.output


def test_standard_input_is_taken_and_said_not_to_be_resumable(command: Command, db: Database, workspace: Home) -> None:
    answer = command("import", "events", "-", "--json", input=lines(track("u1"), track("u2")))
    assert "cannot be resumed" in answer.stderr
    assert counts(answer) == (2, 0, {})
    assert counts(command("import", "events", "-", "--json", input=CSV.encode())) == (2, 0, {})


def test_imported_events_lie_in_their_months(command: Command, db: Database, workspace: Home, tmp_path: Path) -> None:
    path = file(
        tmp_path, "old.jsonl", lines(track("u1", "2019-02-28T23:59:59.999Z"), track("u1", "2019-03-01T00:00:00Z"))
    )
    assert counts(command("import", "events", path, "--json")) == (2, 0, {})
    if not db.engines.sqlite:
        homes = text("SELECT tableoid::regclass::text FROM event ORDER BY occurred_at")
        assert db.read(lambda session: list(session.scalars(homes))) == ["event_2019_02", "event_2019_03"]


def test_years_that_retention_would_delete_are_told(
    command: Command, db: Database, workspace: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = command("import", "events", file(tmp_path, "old.jsonl", lines(track("u1"))))
    assert "Events are kept for 395 days, and some of these are older" in old.stderr
    monkeypatch.setenv("FRONTDESK_RETENTION_EVENTS_DAYS", "20000")
    kept = command("import", "events", file(tmp_path, "kept.jsonl", lines(track("u2"))))
    assert (kept.exit_code, kept.stderr) == (0, "")


def test_what_is_refused_in_an_import_is_no_dead_letter(
    command: Command, db: Database, workspace: Home, tmp_path: Path
) -> None:
    command("import", "events", file(tmp_path, "calls.jsonl", b"{}\n"))
    assert rows(db, DeadLetter) == []


def test_an_installation_of_several_workspaces_must_say_which(
    command: Command, db: Database, workspace: Home, other_workspace: Home, tmp_path: Path
) -> None:
    path = file(tmp_path, "orders.csv", CSV)
    assert "Name the workspace with --workspace." in command("import", "events", path).output
    assert command("import", "events", path, "--workspace", other_workspace.id).exit_code == 0
    assert {row.workspace_id for row in rows(db, Event)} == {other_workspace.id}
