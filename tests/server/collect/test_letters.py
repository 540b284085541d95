"""What was refused can be listed, looked at and sent again, by command and over the API."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest
from click.testing import CliRunner, Result
from flask.testing import FlaskClient
from sqlalchemy import delete, select, update

from frontdesk.cli import main
from frontdesk.collect.counts import COUNTS
from frontdesk.collect.keeping import retention
from frontdesk.collect.models import CollectCount, DeadLetter, Event
from frontdesk.collect.refusals import Rejected
from frontdesk.core.clock import MovableClock, iso, system_clock
from frontdesk.core.config import Retention
from frontdesk.core.db import Database
from frontdesk.people.models import Contact
from tests.server.collect.conftest import Post
from tests.server.collect.senders import basic, batch, track
from tests.server.conftest import Home

Answer = tuple[int, Any]


@pytest.fixture
def letters(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """`letters("list", "--json")`: the exit code, and what was printed, as JSON where it is."""
    monkeypatch.setenv("FRONTDESK_DATABASE_URL", database_url)
    monkeypatch.setenv("FRONTDESK_DATA", str(tmp_path / "data"))

    def run(*words: str) -> Answer:
        answer: Result = CliRunner().invoke(main, ["letters", *words])
        assert answer.exception is None or isinstance(answer.exception, SystemExit), answer.exception
        printed = answer.stdout
        return answer.exit_code, orjson.loads(printed) if printed.startswith(("{", "[")) else answer.output

    return run


def kept(db: Database) -> list[DeadLetter]:
    return db.read(lambda session: list(session.scalars(select(DeadLetter).order_by(DeadLetter.message_id))))


def events(db: Database) -> list[Event]:
    return db.read(lambda session: list(session.scalars(select(Event).order_by(Event.occurred_at))))


def late(clock: MovableClock, message_id: str, days: int = 8, **more: Any) -> dict[str, Any]:
    return track(message_id, timestamp=iso(clock() - timedelta(days=days)), **more)


def test_what_came_too_late_is_stored_when_it_is_sent_again(
    post: Post, db: Database, workspace: Home, clock: MovableClock, letters: Any
) -> None:
    post("batch", batch(workspace, late(clock, "m1"), track("m2", event="")))
    assert letters("replay", "--code", "too_late", "--json") == (
        0,
        {
            "stored": 1, "duplicate": 0, "dropped": 0, "refused": 0, "gone": 0,
            "letters": [
                {"letter_id": kept(db)[0].id, "outcome": "stored", "code": None, "field": None, "detail": None,
                 "step": "store", "left_out": []}
            ],
        },
    )  # fmt: skip
    (event,) = events(db)
    assert (event.message_id, event.occurred_at, event.verified) == ("m1", clock() - timedelta(days=8), False)
    assert [letter.replayed_at is not None for letter in kept(db)] == [True, False]
    assert letters("replay", "--code", "too_late") == (
        0,
        "Nothing waits.\n0 stored, 0 duplicate, 0 dropped, 0 refused, 0 gone\n",
    )


def test_what_is_refused_again_stays_and_makes_no_second_letter(
    post: Post, db: Database, workspace: Home, letters: Any
) -> None:
    post("batch", batch(workspace, track("m1")))
    post("batch", batch(workspace, track("m1", event="Something Else"), track("m2", event="")))
    before = [letter.id for letter in kept(db)]
    code, told = letters("replay", "--all", "--json")
    assert code == 1
    assert {(one["outcome"], one["code"], one["field"]) for one in told["letters"]} == {
        ("refused", "conflict", "messageId"),
        ("refused", "missing", "event"),
    }
    assert [letter.id for letter in kept(db)] == before
    assert {letter.replayed_at for letter in kept(db)} == {None}
    assert len(events(db)) == 1


def test_a_call_of_its_own_is_sent_again_as_what_it_was(
    post: Post, db: Database, workspace: Home, clock: MovableClock, letters: Any
) -> None:
    """Its kind stood in the address, its trust in the key, and its time went by the sender's clock."""
    call = {"userId": "u1", "traits": {"email": "ana@shop.example"}, "messageId": "m1",
            "timestamp": iso(clock() - timedelta(days=20)), "sentAt": iso(clock() + timedelta(hours=1))}  # fmt: skip
    assert post("identify", call, **basic(workspace.api_key)).body["code"] == "too_late"
    assert letters("replay", "--id", kept(db)[0].id)[0] == 0
    (event,) = events(db)
    assert (event.type, event.verified) == ("identify", True)
    assert event.occurred_at == clock() - timedelta(days=20, hours=1)
    (contact,) = db.read(lambda session: list(session.scalars(select(Contact))))
    assert (contact.email, contact.verified) == ("ana@shop.example", True)


def test_an_event_without_a_time_happened_when_it_was_refused(
    post: Post, db: Database, workspace: Home, clock: MovableClock, letters: Any
) -> None:
    post("batch", batch(workspace, track("m1", event="")))
    repaired = track("m1", event="Tried")

    def repair(session: Any) -> None:
        session.scalars(select(DeadLetter)).one().body = orjson.dumps(repaired).decode()

    db.write(repair)
    assert letters("replay", "--all")[0] == 0
    (event,) = events(db)
    assert event.occurred_at == clock()
    assert event.received_at > system_clock() - timedelta(minutes=5)


def test_thousands_of_bad_items_of_a_page_are_all_told_and_counted_and_some_are_kept(
    post: Post, db: Database, workspace: Home, clock: MovableClock
) -> None:
    for _ in range(2):
        answer = post("batch", batch(workspace, *[1] * 1_500))
        assert [one["code"] for one in answer.body["rejected"]] == ["invalid"] * 1_500
    assert len(kept(db)) == 1_000
    clock.advance(timedelta(minutes=1))
    post("batch", batch(workspace, *[1] * 2_000))
    assert len(kept(db)) == 2_000
    post("batch", batch(workspace, *[1] * 100), **basic(workspace.api_key))
    assert len(kept(db)) == 2_100


def test_of_too_many_letters_of_pages_the_newest_stay(
    post: Post, db: Database, workspace: Home, other_workspace: Home, clock: MovableClock
) -> None:
    for number in range(6):
        post("batch", batch(workspace if number else other_workspace, track(f"m{number}", event="")))
        clock.advance(timedelta(minutes=1))
    assert retention._delete_beyond(db, retention.OF_PAGES, workspace.id, 3) == 2
    assert retention._delete_beyond(db, retention.OF_PAGES, workspace.id, 3) == 0
    assert [letter.message_id for letter in kept(db)] == ["m0", "m3", "m4", "m5"]


def test_however_much_of_pages_is_refused_what_servers_sent_and_what_failed_stays(
    post: Post, db: Database, workspace: Home, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "MOST_OF_PAGES", 3)
    post("batch", batch(workspace, track("failed", event="")))
    db.write(lambda session: session.execute(update(DeadLetter).values(code="failed")))
    post("batch", batch(workspace, track("order", event="")), **basic(workspace.api_key))
    for number in range(6):
        clock.advance(timedelta(minutes=1))
        post("batch", batch(workspace, track(f"page{number}", event="")))
    assert retention.clean(db, clock(), Retention())["dead_letter"] == 3
    assert [letter.message_id for letter in kept(db)] == ["failed", "order", "page3", "page4", "page5"]
    assert retention.clean(db, clock() + timedelta(days=31), Retention())["dead_letter"] == 5


def test_letters_are_listed_newest_first_by_code_and_age(
    post: Post, db: Database, workspace: Home, clock: MovableClock, letters: Any
) -> None:
    post("batch", batch(workspace, track("m1", event="")))
    clock.advance(timedelta(days=2))
    post("batch", batch(workspace, late(clock, "m2"), track("m3", event="")))
    code, listed = letters("list", "--json")
    assert code == 0
    assert listed[-1]["message_id"] == "m1"
    assert {one["message_id"] for one in listed[:2]} == {"m2", "m3"}
    assert [one["code"] for one in letters("list", "--code", "too_late", "--json")[1]] == ["too_late"]
    since = (clock() - timedelta(days=1)).isoformat()
    assert len(letters("list", "--since", since, "--json")[1]) == 2
    assert len(letters("list", "--limit", "1", "--json")[1]) == 1
    letters("replay", "--code", "too_late")
    assert {one["message_id"] for one in letters("list", "--waiting", "--json")[1]} == {"m1", "m3"}
    table = letters("list")[1]
    assert "too_late" in table
    assert "Events are taken up to 7 days late" in table


def test_a_letter_is_shown_with_its_body_and_without_its_keys(
    post: Post, db: Database, workspace: Home, letters: Any
) -> None:
    post("track", {"writeKey": workspace.site_key, "anonymousId": "ana", "messageId": "m1"})
    code, shown = letters("show", kept(db)[0].id)
    assert (code, shown["code"], shown["step"], shown["verified"]) == (0, "missing", "check", False)
    assert orjson.loads(shown["body"])["anonymousId"] == "ana"
    assert workspace.site_key not in shown["body"]
    assert letters("show", "ltr_nothing") == (1, "Error: There is no letter ltr_nothing.\n")
    assert letters("replay", "--id", kept(db)[0].id, "--id", "ltr_gone") == (1, "Error: There is no letter ltr_gone.\n")


def test_what_is_sent_again_is_counted(
    post: Post, db: Database, workspace: Home, clock: MovableClock, letters: Any
) -> None:
    post("batch", batch(workspace, late(clock, "m1"), track("m2", event="")))
    db.write(lambda session: session.execute(delete(CollectCount)))
    COUNTS._waiting.clear()
    letters("replay", "--all")
    rows = db.read(lambda session: list(session.scalars(select(CollectCount))))
    assert {(row.step, row.reason): row.count for row in rows} == {("store", "stored"): 1, ("check", "missing"): 1}


def test_a_code_is_one_of_those_that_there_are(client: FlaskClient, workspace: Home, letters: Any) -> None:
    code, told = letters("list", "--code", "nonsense")
    assert code == 2
    assert all(rejected in told for rejected in Rejected)
    asked = {"headers": {"Authorization": f"Bearer {workspace.api_key}"}}
    assert client.get("/api/v1/dead_letters?code=nonsense", **asked).status_code == 422


def test_replay_wants_to_know_which(workspace: Home, letters: Any) -> None:
    assert letters("replay")[0] == 2
    assert letters("replay", "--all", "--code", "invalid")[0] == 2


def test_the_api_lists_letters_of_its_workspace_page_by_page(
    post: Post, client: FlaskClient, workspace: Home, other_workspace: Home, clock: MovableClock
) -> None:
    for number in range(3):
        post("batch", batch(workspace, track(f"m{number}", event="")))
        clock.advance(timedelta(minutes=1))
    post("batch", batch(other_workspace, track("theirs", event="")))
    asked = {"headers": {"Authorization": f"Bearer {workspace.api_key}"}}
    first = client.get("/api/v1/dead_letters?limit=2", **asked).get_json()
    assert [one["message_id"] for one in first["data"]] == ["m2", "m1"]
    rest = client.get(f"/api/v1/dead_letters?limit=2&cursor={first['next_cursor']}", **asked).get_json()
    assert ([one["message_id"] for one in rest["data"]], rest["next_cursor"]) == (["m0"], None)
    assert client.get("/api/v1/dead_letters?code=invalid", **asked).get_json()["data"] == []
    assert len(client.get("/api/v1/dead_letters?replayed=false", **asked).get_json()["data"]) == 3
    one = first["data"][0]["id"]
    assert orjson.loads(client.get(f"/api/v1/dead_letters/{one}", **asked).get_json()["body"])["messageId"] == "m2"
    theirs = {"headers": {"Authorization": f"Bearer {other_workspace.api_key}"}}
    assert client.get(f"/api/v1/dead_letters/{one}", **theirs).status_code == 404
    assert client.get("/api/v1/dead_letters").status_code == 401
