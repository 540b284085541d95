"""What fails by a fault of ours fails alone, is kept, and keeps no sender sending the same batch for ever."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import psycopg
import pytest
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from frontdesk.collect.keeping.letters import dump_letter
from frontdesk.collect.models import DeadLetter, Event
from frontdesk.collect.ports import Arrival, Verdict
from frontdesk.core.db import Database
from frontdesk.core.db.apart import MOST_TRIES
from frontdesk.core.signals import Bus
from frontdesk.people.models import Visitor
from frontdesk.people.signals import VisitorSeen
from tests.server.collect.conftest import Post, Rules
from tests.server.collect.senders import basic, batch, rows, track
from tests.server.collect.test_what_sites_take import counted
from tests.server.conftest import Home

POISON = "Poison Taken"


class Faulty(Rules):
    """Rules that cannot bear an event of one name."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = 0
        self.fault: Exception | None = OverflowError("a word of the event")

    def __call__(self, session: Session, arrivals: Sequence[Arrival], now: datetime) -> list[Verdict]:
        self.asked += 1
        names = [event.name for arrival in arrivals for event in arrival.events]
        if self.fault and POISON in names:
            raise self.fault
        return super().__call__(session, arrivals, now)


@pytest.fixture
def rules() -> Faulty:
    return Faulty()


pytestmark = pytest.mark.usefixtures("counted_anew")


def poisoned(at: int, of: int) -> list[dict[str, Any]]:
    return [track(f"m{n}", POISON if n == at else "Bell Rung") for n in range(of)]


@pytest.mark.parametrize("at", [0, 3, 6])
def test_an_item_that_cannot_be_stored_is_put_aside_and_all_others_are_stored(
    post: Post, db: Database, workspace: Home, now: datetime, at: int
) -> None:
    unsound = track("m7", "")
    answer = post("batch", batch(workspace, *poisoned(at, 7), unsound))
    assert (answer.status, answer.body["accepted"]) == (200, 6)
    assert {(one["messageId"], one["code"], one["field"]) for one in answer.body["rejected"]} == {
        (f"m{at}", "failed", None), ("m7", "missing", "event")
    }  # fmt: skip
    assert sorted(event.message_id for event in rows(db, Event)) == [f"m{n}" for n in range(7) if n != at]
    (letter,) = [letter for letter in rows(db, DeadLetter) if letter.code == "failed"]
    assert dump_letter(letter)["step"] == "store"
    assert POISON in letter.body
    assert "word" not in letter.detail
    assert counted(db, workspace, now) == {("store", "failed"): 1, ("check", "missing"): 1, ("store", "stored"): 6}


def test_what_is_not_kept_of_the_others_is_told(post: Post, workspace: Home) -> None:
    answer = post("batch", batch(workspace, *poisoned(0, 2), track("m2", "e" * 201)))
    assert [(one["messageId"], one["field"]) for one in answer.body["left_out"]] == [("m2", "event")]


def test_its_answer_is_that_of_a_batch_without_it(post: Post, db: Database, workspace: Home, rules: Faulty) -> None:
    rules.unread = lambda arrival: len(arrival.events)
    answer = post("batch", batch(workspace, *poisoned(1, 4)))
    assert answer.body["visitor_token"].startswith("vt_")
    assert answer.body["unread"] == 2
    assert [visitor.anonymous_id for visitor in rows(db, Visitor)] == ["ana"]


def test_nothing_is_announced_of_what_failed(post: Post, workspace: Home, bus: Bus) -> None:
    heard: list[VisitorSeen] = []
    bus.subscribe(VisitorSeen, heard.append)
    answer = post("batch", batch(workspace, *poisoned(0, 1)))
    assert (answer.status, answer.body["accepted"], heard) == (200, 0, [])
    assert "visitor_token" not in answer.body


def test_its_id_is_free_for_when_the_fault_is_mended(post: Post, db: Database, workspace: Home, rules: Faulty) -> None:
    post("batch", batch(workspace, *poisoned(0, 2)))
    rules.fault = None
    assert post("batch", batch(workspace, *poisoned(0, 2))).body["accepted"] == 2
    assert len(rows(db, Event)) == 2


def test_a_call_of_its_own_that_cannot_be_stored_is_a_problem_that_is_final(
    post: Post, db: Database, workspace: Home
) -> None:
    answer = post("track", track("m1", POISON), **basic(workspace.api_key))
    assert (answer.status, answer.body["code"]) == (400, "failed")
    assert [letter.kind for letter in rows(db, DeadLetter)] == ["track"]


def test_where_all_fails_it_is_not_tried_without_end(post: Post, db: Database, workspace: Home, rules: Faulty) -> None:
    items = [track(f"m{n}", POISON, anonymousId=f"a{n}") for n in range(400)]
    answer = post("batch", batch(workspace, *items), **basic(workspace.api_key))
    assert [one["code"] for one in answer.body["rejected"]] == ["failed"] * 400
    assert len(rows(db, DeadLetter)) == 400
    assert rules.asked < MOST_TRIES + 20
    assert rows(db, Event) == []


def test_a_fault_of_the_database_is_no_item_s(post: Post, db: Database, workspace: Home, rules: Faulty) -> None:
    rules.fault = OperationalError("SELECT 1", {}, psycopg.OperationalError("gone"))
    answer = post("batch", batch(workspace, *poisoned(0, 3)))
    assert (answer.status, answer.body["code"], answer.headers["Retry-After"]) == (503, "unavailable", "2")
    assert rows(db, DeadLetter) == rows(db, Event) == []


def test_nor_is_one_that_comes_while_the_items_are_tried(
    post: Post, db: Database, workspace: Home, rules: Faulty
) -> None:
    def fade(_arrival: Arrival) -> int:
        rules.fault = OperationalError("SELECT 1", {}, psycopg.OperationalError("gone"))
        raise OverflowError

    rules.unread, rules.fault = fade, None
    answer = post("batch", batch(workspace, *poisoned(0, 3)))
    assert (answer.status, answer.body["code"]) == (503, "unavailable")
    assert rows(db, DeadLetter) == rows(db, Event) == []
