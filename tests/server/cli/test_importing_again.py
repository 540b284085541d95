"""An import that is interrupted goes on exactly where it stopped, whoever works on the database meanwhile."""

import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

import pytest
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session as Db

from frontdesk.collect.imports import importing as imports
from frontdesk.collect.imports.calls import EVENTS
from frontdesk.collect.imports.files import File
from frontdesk.collect.imports.importing import Import, unasked
from frontdesk.collect.imports.progress import Imported, imported, refusals
from frontdesk.collect.models import Event, MessageSeen
from frontdesk.collect.requests import Answer, Request
from frontdesk.collect.senders import server_of
from frontdesk.collect.store import Store
from frontdesk.core.clock import MovableClock
from frontdesk.core.db import Database, open_database
from frontdesk.core.errors import Conflict
from frontdesk.core.signals import Bus
from tests.running import until
from tests.server.cli.conftest import Command
from tests.server.cli.importing import counts, file, lines, report, track
from tests.server.conftest import Home


class Fussy(Store):
    """A store that cannot stand one word, as a database that breaks on one row."""

    def __call__(self, session: Db, requests: list[Request]) -> Sequence[Answer]:
        answers = super().__call__(session, requests)
        if any(item.properties.get("word") == "poison" for request in requests for item in request.items):
            raise ZeroDivisionError
        return answers


def work(db: Database, home: Home, clock: MovableClock, store: type[Store] = Store) -> Import:
    sender = db.read(lambda session: server_of(session, home.id))
    return Import(db, store(unasked, "a secret of the tests"), sender, EVENTS, clock)


def begun(importing: Import, path: Path, groups: int) -> Imported:
    """What is known of the import of a file after some of its groups."""
    source = File.opened(str(path), None)
    run = importing.begin(("hash", path.name))
    steps = importing.go_on(run, source.records(EVENTS.columns))
    for _ in range(groups):
        next(steps)
    steps.close()
    source.close()
    return importing.db.read(lambda session: imported(session, run.run_id))


def count(db: Database) -> int:
    return db.read(lambda session: session.scalar(select(func.count()).select_from(Event)) or 0)


@pytest.fixture(autouse=True)
def _small_groups(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imports, "TOGETHER", 3)


def test_it_goes_on_after_the_last_group_that_was_stored(
    db: Database, workspace: Home, clock: MovableClock, tmp_path: Path
) -> None:
    path = file(tmp_path, "calls.jsonl", lines(*(track(f"u{n}") for n in range(4)), {}, *(track("x") for _ in "abcde")))
    importing = work(db, workspace, clock)
    run = begun(importing, path, groups=2)
    assert (run.records, run.taken, run.refused, run.finished_at) == (6, 5, {"missing": 1}, None)
    db.write(lambda session: session.execute(delete(Event)))
    source = File.opened(str(path), None)
    assert list(importing.go_on(run, source.records(EVENTS.columns))) == [9, 10]
    source.close()
    assert count(db) == 4
    done = db.read(lambda session: imported(session, run.run_id))
    assert (done.records, done.taken, done.finished_at) == (10, 9, clock())
    assert [row["line"] for row in db.read(lambda session: list(refusals(session, run.run_id)))] == [5]


def test_of_two_that_import_the_same_file_at_once_one_stops(
    db: Database, workspace: Home, clock: MovableClock, tmp_path: Path
) -> None:
    path = file(tmp_path, "calls.jsonl", lines(*(track(f"u{n}") for n in range(9))))
    importing = work(db, workspace, clock)
    stale = begun(importing, path, groups=1)
    begun(importing, path, groups=1)
    source = File.opened(str(path), None)
    with pytest.raises(Conflict, match="Another process"):
        list(importing.go_on(stale, source.records(EVENTS.columns)))
    source.close()
    assert count(db) == 6


def test_a_line_that_the_database_cannot_stand_is_refused_alone(
    db: Database, workspace: Home, clock: MovableClock, tmp_path: Path
) -> None:
    calls = [track(f"u{n}", properties={"word": "poison" if n == 4 else "fine"}) for n in range(7)]
    run = begun(work(db, workspace, clock, Fussy), file(tmp_path, "calls.jsonl", lines(*calls)), groups=3)
    assert (run.records, run.taken, run.refused) == (7, 6, {"failed": 1})
    (refused,) = db.read(lambda session: list(refusals(session, run.run_id)))
    assert (refused["line"], refused["code"], "fault of ours" in refused["detail"]) == (5, "failed", True)
    assert refused["messageId"].startswith("imp_")


def test_others_write_between_its_groups(
    command: Command, db: Database, database_url: str, workspace: Home, clock: MovableClock, tmp_path: Path
) -> None:
    path = file(tmp_path, "calls.jsonl", lines(*(track(f"u{n}", at=f"2024-03-01T10:{n:02}:00Z") for n in range(60))))
    ended = threading.Event()
    written: list[str] = []

    def meanwhile() -> None:
        other = open_database(database_url, Bus())
        while not ended.is_set() or not written:
            written.append(f"m{len(written)}")
            seen = MessageSeen(workspace_id=workspace.id, message_id=written[-1], content_hash="h", seen_at=clock())
            other.write(lambda session, seen=seen: session.add(seen))
        other.close()

    beside = threading.Thread(target=meanwhile)
    beside.start()
    answer = command("import", "events", path, "--json")
    ended.set()
    beside.join()
    assert counts(answer) == (60, 0, {})
    known = db.read(lambda session: set(session.scalars(select(MessageSeen.message_id))))
    assert len(known) == 60 + len(written)


def test_killed_in_the_middle_it_goes_on_and_every_event_is_there_once(
    command: Command, db: Database, workspace: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "TOGETHER", 500)
    path = file(tmp_path, "calls.jsonl", lines(*(track(f"u{n % 50}") for n in range(4_000)), {}))
    process = subprocess.Popen([sys.executable, "-m", "frontdesk", "import", "events", path], stderr=subprocess.DEVNULL)
    assert until(lambda: count(db) or process.poll() is not None)
    process.send_signal(signal.SIGKILL)
    process.wait()
    there = count(db)
    assert 0 < there < 4_000
    told = report(command("import", "events", path, "--json"))
    assert told["resumed_after"] == there
    assert (told["records"], told["taken"], told["duplicates"], told["refused"]) == (4_001, 4_000, 0, {"missing": 1})
    assert count(db) == 4_000


def test_ctrl_c_at_any_time_is_a_sentence_that_says_how_to_go_on(
    command: Command, db: Database, workspace: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = file(tmp_path, "calls.jsonl", lines(*(track(f"u{n}") for n in range(9))))
    answers: list[Answer] = []

    class Interrupted(Store):
        def __call__(self, session: Db, requests: list[Request]) -> Sequence[Answer]:
            if len(answers) == 2:
                raise KeyboardInterrupt
            answers.extend(super().__call__(session, requests))
            return answers[-1:]

    def at_once(_data: Path | None) -> str:
        raise KeyboardInterrupt

    with monkeypatch.context() as pressed:
        pressed.setattr("frontdesk.cli.premises.existing_database", at_once)
        answer = command("import", "events", path)
    told = "Error: Stopped; run the same command again and it goes on from there.\n"
    assert (answer.exit_code, answer.output) == (1, told)
    with monkeypatch.context() as pressed:
        pressed.setattr("frontdesk.collect.store.Store", Interrupted)
        answer = command("import", "events", path)
    assert (answer.exit_code, answer.output) == (1, f"6 records are done.\n{told}")
    assert report(command("import", "events", path, "--json"))["resumed_after"] == 6
    assert count(db) == 9
