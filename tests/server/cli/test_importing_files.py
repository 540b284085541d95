"""What `frontdesk import` makes of files as people have them: from spreadsheets, broken, of contacts."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from frontdesk.collect.models import Event
from frontdesk.core.db import Database
from frontdesk.people.models import Contact
from tests.server.cli.conftest import Command
from tests.server.cli.importing import counts, file, lines, report, rows
from tests.server.conftest import Home


def test_rows_of_csv_are_told_by_the_line_on_which_they_begin(
    command: Command, db: Database, workspace: Home, tmp_path: Path
) -> None:
    content = (
        b"\xef\xbb\xbfuserId;event;timestamp;properties.note\r\n"
        b'u1;Tried;2024-01-01;"two\nlines; one cell"\r\n'
        b"u2;Tried;2024-01-02\r\n"
        b"u3;Tried;2024-01-03;caf\xe9\r\n"
        b"u4;Tried;2024-01-04;caf\xc3\xa9\r\n"
    )
    told = report(command("import", "events", file(tmp_path, "excel.csv", content), "--json"))
    assert [(row["line"], row["code"], row["detail"]) for row in told["refusals"]] == [
        (4, "malformed", "This row has 3 cells, the header 4."),
        (5, "malformed", "This row is not UTF-8 text."),
    ]
    assert [row.properties["note"] for row in rows(db, Event, Event.occurred_at)] == ["two\nlines; one cell", "café"]


def test_a_quote_that_never_ends_spoils_no_more_than_its_row(
    command: Command, db: Database, workspace: Home, tmp_path: Path
) -> None:
    good = "u{},Tried,2024-01-01,x\n"
    content = "userId,event,timestamp,properties.note\n" + good.format(1) + 'u2,Tried,2024-01-01,"open\n'
    content += "".join(good.format(n) for n in range(3, 9_003))
    told = report(command("import", "events", file(tmp_path, "open.csv", content), "--json"))
    assert [(row["line"], row["code"]) for row in told["refusals"]] == [(3, "malformed")]
    assert told["taken"] > 1_000


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("userId,event,timestamp,price\nu1,X,2024-01-01,3\n", "a property of an event is “properties.price”"),
        ("userId,event\nu1,X\n", "The header names no column “timestamp”"),
        ("event,timestamp\nX,2024-01-01\n", "The header names no column “userId” or “anonymousId”"),
        ("userId,timestamp,event,event\n", "Column “event” is there twice."),
        ("userId,timestamp,properties.a,properties.a.b\n", "cannot hold a value and other columns"),
        ("", "The file is empty"),
        ("a,b\n".encode("utf-16"), "save it as UTF-8"),
    ],
)
def test_a_file_that_cannot_be_understood_is_a_sentence_and_nothing_is_done(
    command: Command, db: Database, workspace: Home, tmp_path: Path, content: str | bytes, told: str
) -> None:
    answer = command("import", "events", file(tmp_path, "odd.csv", content))
    assert answer.exit_code == 1
    assert answer.output.startswith("Error: ")
    assert told in answer.output
    assert rows(db, Event) == []


def test_contacts_of_csv_have_their_traits_in_their_types(
    command: Command, db: Database, workspace: Home, tmp_path: Path
) -> None:
    content = (
        "userId,email,name,createdAt,phone,plan,seats,trial,address.city\n"
        "007,Ana@Shop.example,Ana,2023-05-06T00:00:00Z,0301234567,pro,12,false,Wien\n"
        "8,ben@shop.example,Ben,,,,,,\n"
    )
    assert counts(command("import", "contacts", file(tmp_path, "people.csv", content), "--json")) == (2, 0, {})
    ana, ben = rows(db, Contact, Contact.user_id)
    assert (ana.user_id, ana.email, ana.name, ana.phone) == ("007", "ana@shop.example", "Ana", "0301234567")
    assert ana.registered_at == datetime(2023, 5, 6, tzinfo=UTC)
    assert ana.attributes == {"plan": "pro", "seats": 12, "trial": False, "address": {"city": "Wien"}}
    assert (ana.verified, ben.verified, ben.attributes) == (True, True, {})


def test_contacts_of_json_lines_are_ids_and_traits(
    command: Command, db: Database, workspace: Home, tmp_path: Path
) -> None:
    path = file(
        tmp_path, "people.jsonl",
        lines({"userId": "u1", "traits": {"plan": "pro"}}, {"traits": {}}, {"type": "track", "userId": "u2"}),
    )  # fmt: skip
    told = report(command("import", "contacts", path, "--json"))
    assert [(row["line"], row["code"], row["field"]) for row in told["refusals"]] == [
        (2, "missing", "userId"),
        (3, "invalid", "type"),
    ]
    (contact,) = rows(db, Contact)
    assert contact.attributes == {"plan": "pro"}
