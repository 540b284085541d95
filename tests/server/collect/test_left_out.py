"""Values for which there is no room: the sender is told, they are counted, and all the rest is kept."""

from collections.abc import Iterator
from typing import Any

import pytest

from frontdesk.collect.counts import COUNTS
from frontdesk.collect.models import DeadLetter, Event
from frontdesk.core.clock import MovableClock
from frontdesk.core.db import Database
from frontdesk.people.models import Company, Contact, Visitor
from tests.server.collect.conftest import Answered, Post
from tests.server.collect.senders import basic, rows, track
from tests.server.collect.test_faults_of_ours import POISON, Faulty
from tests.server.collect.test_what_sites_take import counted
from tests.server.conftest import Home

LARGE = 9_000  # bytes, so that seven find room, and an event holds three


@pytest.fixture
def rules() -> Faulty:
    return Faulty()


@pytest.fixture(autouse=True)
def _nothing_waits() -> Iterator[None]:
    COUNTS._waiting.clear()
    yield
    COUNTS._waiting.clear()


def parts(*numbers: int) -> dict[str, str]:
    """Traits of that many bytes each."""
    return {f"part {number}": "一" * (LARGE // 3) for number in numbers}


def said(message_id: str, *numbers: int, **more: Any) -> dict[str, Any]:
    return {"type": "identify", "messageId": message_id, "traits": {**parts(*numbers), "plan": message_id}, **more}


def sent(post: Post, home: Home, key: str, *items: dict[str, Any]) -> Answered:
    return post("batch", {"batch": items}, **basic(key))


def told(answer: Answered) -> list[tuple[str, str, str]]:
    assert (answer.status, answer.body["rejected"]) == (200, [])
    return [(one["messageId"], one["code"], one["field"]) for one in answer.body.get("left_out", [])]


ALL = ((1, 2, 3), (4, 5, 6), (7, 8, 9))


@pytest.mark.parametrize(
    ("who", "verified", "row"),
    [
        ({"userId": "vera"}, True, Contact),
        ({"anonymousId": "ana"}, False, Visitor),
        ({"anonymousId": "ana", "type": "group", "groupId": "acme"}, False, Company),
    ],
    ids=["contact", "visitor", "company"],
)
def test_the_answer_names_what_found_no_room_and_the_rest_is_kept(
    post: Post, db: Database, workspace: Home, clock: MovableClock, who: dict[str, str], row: Any, *, verified: bool
) -> None:
    key = workspace.api_key if verified else workspace.site_key
    answer = sent(post, workspace, key, *(said(f"m{n}", *numbers, **who) for n, numbers in enumerate(ALL)))
    assert answer.body["accepted"] == 3
    assert told(answer) == [("m2", "attributes_too_large", "traits.part 8")]
    assert "64 KB" in answer.body["left_out"][0]["detail"]
    (known,) = rows(db, row)
    assert known.attributes == {**parts(1, 2, 3, 4, 5, 6, 7), "plan": "m2"}
    assert (len(rows(db, Event)), rows(db, DeadLetter)) == (3, [])
    assert counted(db, workspace, clock()) == {("store", "stored"): 3, ("person", "attributes_too_large"): 1}


def test_of_what_a_page_says_of_its_contact_each_attribute_is_named_once(post: Post, workspace: Home) -> None:
    who = {"userId": "vera", "anonymousId": "ana"}
    items = [said(f"m{n}", *numbers, **who) for n, numbers in enumerate(ALL)]
    answer = sent(post, workspace, workspace.site_key, *items)
    assert told(answer) == [("m2", "attributes_too_large", "traits.part 8")]
    assert "1 more" in answer.body["left_out"][0]["detail"]


@pytest.mark.parametrize(("kind", "part"), [("track", "properties"), ("identify", "traits")])
def test_of_more_keys_than_an_object_may_have_the_first_is_named(
    post: Post, db: Database, workspace: Home, clock: MovableClock, kind: str, part: str
) -> None:
    keys = {f"key {number}": number for number in range(258)}
    item = {"type": kind, "messageId": "m1", "userId": "vera", "event": "Asked", part: keys}
    answer = sent(post, workspace, workspace.api_key, item)
    assert told(answer) == [("m1", "too_many_keys", f"{part}.key 256")]
    assert "1 more" in answer.body["left_out"][0]["detail"]
    assert counted(db, workspace, clock()) == {("store", "stored"): 1, ("parse", "too_many_keys"): 1}
    kept = rows(db, Event)[0].properties if part == "properties" else rows(db, Contact)[0].attributes
    assert kept == dict(list(keys.items())[:256])


def test_who_has_room_hears_nothing_of_it(post: Post, workspace: Home) -> None:
    answer = sent(post, workspace, workspace.api_key, said("m0", 1, 2, 3, userId="vera"))
    assert "left_out" not in answer.body


def test_it_is_told_too_where_another_item_fails_by_a_fault_of_ours(post: Post, workspace: Home) -> None:
    items = [said(f"m{n}", *numbers, userId="vera") for n, numbers in enumerate(ALL)]
    answer = sent(post, workspace, workspace.api_key, *items, track("m3", POISON))
    assert [one["code"] for one in answer.body["rejected"]] == ["failed"]
    assert [one["messageId"] for one in answer.body["left_out"]] == ["m2"]
