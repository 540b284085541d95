"""What `frontdesk import` makes of files as people have them: from spreadsheets, broken, of contacts."""

import gzip
from datetime import UTC, datetime
from pathlib import Path

import pytest

from frontdesk.collect.models import Event, ImportRun
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
    assert told["taken"] == 9_001


@pytest.mark.parametrize(
    ("row", "taken"),
    [
        ('u2,Tried,2024-01-01,"open', [1, 3, 4, 5]),
        ('u2,Tried,2024-01-01,"open""', [1, 3, 4, 5]),
        ('u2,Tried,2024-01-01,5" disk', [1, 2, 3, 4, 5]),
        ('u2,Tried,2024-01-01,"a" b', [1, 3, 4, 5]),
        ('u2,"Tried,2024-01-01,', [1, 3, 4, 5]),
        ("u2,Tried,2024-01-01," + "x" * 200_000, [1, 3, 4, 5]),
    ],
)
def test_after_a_row_that_cannot_be_read_the_next_line_is_read(
    command: Command, db: Database, workspace: Home, tmp_path: Path, row: str, taken: list[int]
) -> None:
    content = "userId,event,timestamp,properties.note\nu1,Tried,2024-01-01,x\n" + row
    content += '\nu3,Tried,2024-01-01,"one, two"\nu4,Tried,2024-01-01,"a\nb"\nu5,Tried,2024-01-01,\n'
    told = report(command("import", "events", file(tmp_path, "open.csv", content), "--json"))
    assert [row.user_id for row in rows(db, Contact, Contact.user_id)] == [f"u{n}" for n in taken]
    assert [row["line"] for row in told["refusals"]] == ([] if 2 in taken else [3])


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("userId,event,timestamp,price\nu1,X,2024-01-01,3\n", "a property of an event is “properties.price”"),
        ("userId,event\nu1,X\n", "The header names no column “timestamp”"),
        ("event,timestamp\nX,2024-01-01\n", "The header names no column “userId” or “anonymousId”"),
        ("userId,timestamp,event,event\n", "Column “event” is there twice."),
        ("userId,timestamp,properties.a,properties.a.b\n", "cannot hold a value and other columns"),
        ("userID,event,timestamp\n", "Column “userID” is no part of a Segment call; is it “userId”?"),
        ("userId,event,timestamp,properties.名\n".encode("gb18030"), "not UTF-8, but perhaps GBK"),
        ("a,b\n".encode("utf-16"), "save it as UTF-8"),
        ("a,b\n".encode("utf-16-le"), "save it as UTF-8"),
        (b"PK\x03\x04" + bytes(40), "a workbook of Excel"),
        ('[{"userId": "u1"}]', "This is one JSON list"),
        ('{\n  "userId": "u1"\n}\n', "jq -c ."),
        ('{"userId": "名"}\n'.encode("gb18030"), "perhaps GBK"),
    ],
)
def test_a_file_that_cannot_be_understood_is_a_sentence_and_nothing_is_done(
    command: Command, db: Database, workspace: Home, tmp_path: Path, content: str | bytes, told: str
) -> None:
    answer = command("import", "events", file(tmp_path, "odd", content))
    assert answer.exit_code == 1
    assert answer.output.startswith("Error: ")
    assert told in answer.output
    assert len(answer.output.splitlines()) == 1
    assert (rows(db, Event), rows(db, ImportRun)) == ([], [])


@pytest.mark.parametrize("name", ["none.csv", "none.jsonl", "none"])
@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xef\xbb\xbf"])
def test_an_empty_file_is_no_error(
    command: Command, db: Database, workspace: Home, tmp_path: Path, name: str, content: bytes
) -> None:
    answer = command("import", "events", file(tmp_path, name, content))
    assert (answer.exit_code, answer.output) == (0, "The file is empty.\n0 taken, 0 duplicates, 0 refused.\n")
    assert [run.finished_at is not None for run in rows(db, ImportRun)] == [True]


def test_what_excel_writes_above_the_header_tells_the_separator(
    command: Command, db: Database, workspace: Home, tmp_path: Path
) -> None:
    content = "sep=;\r\nuserId;event;timestamp\r\nu1;a,b,c,d;2024/1/2 9:05\r\nu2;b;02.01.2024\r\n"
    told = report(command("import", "events", file(tmp_path, "excel.csv", content), "--json"))
    assert [(row["line"], row["field"]) for row in told["refusals"]] == [(4, "timestamp")]
    (event,) = rows(db, Event)
    assert (event.name, event.occurred_at) == ("a,b,c,d", datetime(2024, 1, 2, 9, 5, tzinfo=UTC))


def test_a_packed_file_that_is_cut_short_says_what_was_taken(
    command: Command, db: Database, workspace: Home, tmp_path: Path
) -> None:
    whole = lines(*({"userId": f"u{n}", "traits": {"plan": f"{n * n:x}"}} for n in range(2_000)))
    packed = gzip.compress(whole)
    cut = command("import", "contacts", file(tmp_path, "cut.jsonl.gz", packed[: len(packed) // 2]), "--json")
    assert cut.exit_code == 1
    assert "cannot be read on" in cut.stderr
    taken = report(cut)["taken"]
    assert 500 < taken < 1_500
    assert len(rows(db, Contact)) == taken
    mended = command("import", "contacts", file(tmp_path, "whole.jsonl.gz", packed), "--json")
    assert counts(mended) == (2_000, 0, {}), "how a contact is, each file says anew"
    assert len(rows(db, Contact)) == 2_000


def test_values_of_a_contact_that_cannot_be_kept_are_named_and_the_others_are_kept(
    command: Command, db: Database, workspace: Home, tmp_path: Path
) -> None:
    content = (
        "userId,email,createdAt,age,birthday,plan\n"
        "u1,bad mail,x,33,1990/1/2,pro\n"
        "u2,ben@shop.example,2023/5/6 10:00,,,\n"
    )
    path = file(tmp_path, "people.csv", content)
    told = report(command("import", "contacts", path, "--json"))
    assert (told["taken"], told["left_out"], told["refused"], told["refusals"]) == (2, 1, {}, [])
    (note,) = told["notes"]
    assert (note["line"], note["code"], note["field"]) == (2, "left_out", "traits.email, traits.createdAt")
    assert note["detail"].startswith("“bad mail” is left out: what belongs here is an e-mail address. “x” is left out")
    ana, ben = rows(db, Contact, Contact.user_id)
    assert (ana.email, ana.attributes) == (None, {"age": 33, "birthday": "1990-01-02", "plan": "pro"})
    assert (ben.email, ben.registered_at) == ("ben@shop.example", datetime(2023, 5, 6, 10, tzinfo=UTC))
    again = command("import", "contacts", path)
    assert again.exit_code == 0
    assert "line 2: traits.email, traits.createdAt: “bad mail” is left out" in again.output


def test_a_column_of_contacts_in_another_spelling_is_asked_about(
    command: Command, workspace: Home, tmp_path: Path
) -> None:
    def said(header: str) -> str:
        return str(command("import", "contacts", file(tmp_path, "people.csv", f"{header}\nu1,a@b.example\n")).output)

    assert "Column “UserID” is called “userId”" in said("UserID,email")
    assert "Column “E-Mail” is called “email”; if it is another trait, call it “traits.E-Mail”." in said(
        "userId,E-Mail"
    )
    assert "1 taken" in said("userId,traits.Email")


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


def test_a_line_that_is_nested_too_deep_is_told_so(command: Command, workspace: Home, tmp_path: Path) -> None:
    deep = b'{"userId":"u1","event":"X","timestamp":"2024-01-01","properties":' + b'{"a":' * 300 + b"1" + b"}" * 301
    (refused,) = report(command("import", "events", file(tmp_path, "deep.jsonl", deep), "--json"))["refusals"]
    assert (refused["line"], refused["detail"]) == (1, "This is nested too deep.")


def test_a_later_file_or_the_same_one_again_sets_a_contact_back(
    command: Command, db: Database, workspace: Home, tmp_path: Path
) -> None:
    def plan(name: str, value: str, *more: str) -> str:
        path = file(tmp_path, name, f"userId,plan\nu1,{value}\n")
        assert counts(command("import", "contacts", path, "--json", *more)) == (1, 0, {})
        (contact,) = rows(db, Contact)
        return str(contact.attributes["plan"])

    monday, tuesday = ("monday.csv", "pro"), ("tuesday.csv", "free")
    wednesday = ("wednesday.csv", "pro\n")  # another file that says the same
    assert [plan(*monday), plan(*tuesday), plan(*wednesday)] == ["pro", "free", "pro"]
    assert [plan(*tuesday, "--again"), plan(*monday, "--again")] == ["free", "pro"]


def test_equal_lines_of_contacts_set_them_in_their_order(
    command: Command, db: Database, workspace: Home, tmp_path: Path
) -> None:
    path = file(tmp_path, "people.csv", "userId,plan\nu1,pro\nu1,free\nu1,pro\n")
    assert counts(command("import", "contacts", path, "--json")) == (3, 0, {})
    (contact,) = rows(db, Contact)
    assert contact.attributes == {"plan": "pro"}


def test_of_an_imported_event_what_is_cut_is_named_by_its_line(
    command: Command, db: Database, workspace: Home, tmp_path: Path
) -> None:
    happened = {"userId": "u1", "timestamp": "2024-03-01", "event": "Tried"}
    content = lines(happened, {**happened, "event": "e" * 201, "properties": {"k" * 101: 1}})
    told = report(command("import", "events", file(tmp_path, "long.jsonl", content), "--json"))
    assert (told["taken"], told["left_out"], told["refused"]) == (2, 1, {})
    (note,) = told["notes"]
    assert (note["line"], note["field"]) == (2, f"properties.{'k' * 101}, event")


def test_of_an_imported_contact_the_attributes_that_find_no_room_are_named(
    command: Command, db: Database, workspace: Home, tmp_path: Path
) -> None:
    parts = [{f"part {n}": "x" * 8_000} for n in range(9)]
    content = lines(*({"userId": "u1", "traits": one} for one in parts))
    told = report(command("import", "contacts", file(tmp_path, "large.jsonl", content), "--json"))
    assert (told["taken"], told["left_out"], told["refused"]) == (9, 1, {})
    (note,) = told["notes"]
    assert (note["line"], note["code"], note["field"]) == (9, "left_out", "traits.part 8")
    (contact,) = rows(db, Contact)
    assert "part 7" in contact.attributes
