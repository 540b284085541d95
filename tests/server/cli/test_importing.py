"""`frontdesk import`: what is in the file is in the database, once; what is not is told, line by line."""

import gzip
from datetime import UTC, datetime
from pathlib import Path

import orjson
import pytest
from sqlalchemy import delete, text

from frontdesk.collect.models import CollectCount, DeadLetter, Event, MessageSeen, Session
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
        "This very file was imported before: nothing was done. --again imports it once more.",
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


def test_a_line_that_is_added_or_deleted_leaves_the_others_what_they_are(
    command: Command, db: Database, workspace: Home, tmp_path: Path
) -> None:
    header, *body = CSV.splitlines(keepends=True)
    first = file(tmp_path, "first.csv", "".join((header, *body, body[1], body[1])))
    assert counts(command("import", "events", first, "--json")) == (4, 0, {})
    fewer = file(tmp_path, "fewer.csv", "".join((header, body[1], body[1])))
    assert counts(command("import", "events", fewer, "--json")) == (0, 2, {})
    more = file(tmp_path, "more.csv", "".join((header, *body, body[0], body[1])))
    assert counts(command("import", "events", more, "--json")) == (1, 3, {})


def test_a_finished_file_is_imported_again_on_purpose(
    command: Command, db: Database, workspace: Home, tmp_path: Path
) -> None:
    path = file(tmp_path, "orders.csv", CSV + "u3,,2024-03-01,,,,\n")
    assert counts(command("import", "events", path, "--json")) == (2, 0, {"missing": 1})
    assert counts(command("import", "events", path, "--json", "--again")) == (0, 2, {"missing": 1})
    db.write(lambda session: session.execute(delete(MessageSeen)))
    db.write(lambda session: session.execute(delete(Event)))
    assert counts(command("import", "events", path, "--json", "--again")) == (2, 0, {"missing": 1})
    assert len(rows(db, Event)) == 2


def test_what_has_not_happened_yet_is_refused_by_its_line(
    command: Command, db: Database, workspace: Home, tmp_path: Path
) -> None:
    path = file(tmp_path, "calls.jsonl", lines(track("u1"), track("u2", "2999-01-01T00:00:00Z")))
    (refused,) = report(command("import", "events", path, "--json"))["refusals"]
    assert (refused["line"], refused["code"], refused["field"]) == (2, "invalid", "timestamp")
    assert "has not happened yet" in refused["detail"]
    assert len(rows(db, Event)) == 1


def test_an_import_is_counted_as_what_arrives_is(
    command: Command, db: Database, workspace: Home, tmp_path: Path
) -> None:
    wrong = lines(track("u1"), track("u2"), track("u2", "yesterday"), track("u3", messageId="m"))
    path = file(tmp_path, "calls.jsonl", wrong + lines(track("u4", messageId="m")) + b"{\n")
    command("import", "events", path)
    counted = {(row.step, row.reason): row.count for row in rows(db, CollectCount)}
    assert counted == {
        ("store", "stored"): 3,
        ("check", "invalid"): 1,
        ("duplicate", "conflict"): 1,
        ("parse", "malformed"): 1,
    }


@pytest.mark.parametrize(
    ("name", "told"), [("calls.jsonl", "would overwrite the file"), ("nowhere/refused.jsonl", "there is no folder")]
)
def test_a_report_that_cannot_be_written_is_refused_before_anything_is_imported(
    command: Command, db: Database, workspace: Home, tmp_path: Path, name: str, told: str
) -> None:
    path = file(tmp_path, "calls.jsonl", lines(track("u1")))
    answer = command("import", "events", path, "--report", tmp_path / name)
    assert (answer.exit_code, len(answer.output.splitlines())) == (1, 1)
    assert told in answer.output
    assert path.read_bytes() == lines(track("u1"))
    assert rows(db, Event) == []


def test_an_event_without_a_name_or_type_is_told_so(command: Command, workspace: Home, tmp_path: Path) -> None:
    content = "userId,event,timestamp\nu1,,2024-01-01\n"
    (refused,) = report(command("import", "events", file(tmp_path, "a.csv", content), "--json"))["refusals"]
    assert (refused["code"], refused["field"]) == ("missing", "event")


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
    same_id = [track(f"u{n}", messageId="m") for n in (1, 2, 2)]
    path = file(tmp_path, "calls.jsonl", lines({}, *same_id))
    told = report(command("import", "events", path, "--json"))
    assert told["refused"] == {"missing": 1, "conflict": 2}
    assert [row["line"] for row in told["refusals"]] == [1, 3, 4]
    later = file(tmp_path, "later.jsonl", lines(track("u3", messageId="m")))
    assert counts(command("import", "events", later, "--json")) == (0, 0, {"conflict": 1})
    assert rows(db, DeadLetter) == []


def test_an_installation_without_a_workspace_says_how_to_get_one(
    command: Command, db: Database, tmp_path: Path
) -> None:
    answer = command("import", "events", file(tmp_path, "orders.csv", CSV))
    assert answer.output == "Error: There is no workspace yet: open the link that `frontdesk serve` printed.\n"


def test_an_installation_of_several_workspaces_must_say_which(
    command: Command, db: Database, workspace: Home, other_workspace: Home, tmp_path: Path
) -> None:
    path = file(tmp_path, "orders.csv", CSV)
    assert "Name the workspace with --workspace." in command("import", "events", path).output
    assert "There is no workspace wsp_nope here." in command("import", "events", path, "--workspace", "wsp_nope").output
    assert command("import", "events", path, "--workspace", other_workspace.id).exit_code == 0
    assert {row.workspace_id for row in rows(db, Event)} == {other_workspace.id}
