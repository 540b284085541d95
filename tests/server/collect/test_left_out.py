"""Values for which there is no room: the sender is told, they are counted, and all the rest is kept."""

from datetime import UTC, datetime
from typing import Any

import pytest

from frontdesk.collect.models import DeadLetter, Event
from frontdesk.core.clock import MovableClock
from frontdesk.core.db import Database
from frontdesk.people.models import Company, Contact, Visitor
from tests.server.collect.conftest import Answered, Post
from tests.server.collect.senders import basic, rows, track
from tests.server.collect.test_what_sites_take import counted
from tests.server.conftest import Home

LARGE = 9_000  # bytes, so that seven find room, and an event holds three


pytestmark = pytest.mark.usefixtures("counted_anew")


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


LONG = "一" * 8_000
PAGE = "https://shop.example/?"
OF_CALLS: list[tuple[dict[str, Any], list[tuple[str, list[str]]]]] = [
    # what is sent, and what of it is not kept, or only its beginning
    ({"event": "e" * 201}, [("text_cut", ["event"])]),
    ({"properties": {"note": LONG + "."}}, [("text_cut", ["properties.note"])]),
    ({"properties": {"cart": [{"note": "short"}, {"note": LONG + "."}]}}, [("text_cut", ["properties.cart.1.note"])]),
    ({"properties": {"k" * 101: 1}}, [("key_cut", ["properties." + "k" * 101])]),
    ({"properties": {"cart": {"k" * 101: 1}}}, [("key_cut", ["properties.cart." + "k" * 101])]),
    ({"properties": {"cart": {f"k{n}": n for n in range(258)}}},
     [("too_many_keys", ["properties.cart.k256", "properties.cart.k257"])]),
    ({"properties": {f"k{n}": n for n in range(256)}, "name": "Prices", "type": "page"},
     [("too_many_keys", ["properties.k255"])]),
    ({"context": {"locale": "d" * 65, "timezone": "e" * 65}}, [("text_cut", ["context.locale", "context.timezone"])]),
    ({"context": {"campaign": {"name": "c" * 201, "sourcePlatform": "s" * 201, "term": "t" * 200}}},
     [("text_cut", ["context.campaign.sourcePlatform", "context.campaign.name"])]),
    ({"context": {"page": {"url": PAGE + "q" * 2_000, "title": "t" * 301, "referrer": PAGE}}},
     [("text_cut", ["context.page.url", "context.page.title"])]),
    ({"type": "page", "properties": {"url": PAGE, "referrer": PAGE + "q" * 2_000}},
     [("text_cut", ["properties.referrer"])]),
    ({"type": "identify", "traits": {"email": 17, "age": "x", "createdAt": "yesterday", "name": " ", "company": "A"}},
     [("wrong_kind", ["traits.email", "traits.age", "traits.createdAt", "traits.company"])]),
    ({"type": "identify", "traits": {"email": f"{'a' * 250}@b.example"}}, [("wrong_kind", ["traits.email"])]),
    ({"type": "identify", "traits": {"phone": "0" * 51, "name": "n" * 9_000}},
     [("text_cut", ["traits.name", "traits.phone"])]),
    ({"type": "group", "groupId": "acme", "traits": {"employees": "many", "age": "x"}},
     [("wrong_kind", ["traits.employees"])]),
]  # fmt: skip


@pytest.mark.parametrize(("said", "not_kept"), OF_CALLS)
def test_what_is_cut_or_of_a_wrong_kind_is_named_and_the_rest_is_kept(
    post: Post,
    db: Database,
    workspace: Home,
    clock: MovableClock,
    said: dict[str, Any],
    not_kept: list[tuple[str, list[str]]],
) -> None:
    whole = track("m0", properties={"list": [1, "a"], "map": {"b": None}}, traits={"email": 17})
    answer = sent(post, workspace, workspace.api_key, whole, {**track("m1"), "userId": "vera", **said})
    assert answer.body["accepted"] == 2
    assert told(answer) == [("m1", code, fields[0]) for code, fields in not_kept]
    for one, (_, fields) in zip(answer.body["left_out"], not_kept, strict=True):
        assert f"{len(fields) - 1} more" in one["detail"] if len(fields) > 1 else "more" not in one["detail"]
    ends = counted(db, workspace, clock())
    assert ends == {("store", "stored"): 2, **{("parse", code): 1 for code, _ in not_kept}}


def test_text_that_just_fits_is_whole_however_it_is_written(post: Post, db: Database, workspace: Home) -> None:
    spelt = "e\u0301" * 8_000  # in two characters each, of which one is kept
    item = track("m1", "é" * 200, properties={"k" * 100: spelt + "\x00"}, context={"locale": "e\u0301" * 64})
    answer = sent(post, workspace, workspace.api_key, item)
    assert "left_out" not in answer.body
    assert rows(db, Event)[0].properties == {"k" * 100: "é" * 8_000}


def test_a_reserved_trait_that_is_made_sound_is_kept_and_not_told_of(post: Post, db: Database, workspace: Home) -> None:
    traits = {"createdAt": "2026-01-01\x00", "name": " " * 100 + "n" * 200, "age": "33", "email": None}
    item = {"type": "identify", "messageId": "m1", "userId": "vera", "traits": traits}
    assert "left_out" not in sent(post, workspace, workspace.api_key, item).body
    (vera,) = rows(db, Contact)
    assert (vera.name, vera.registered_at, vera.attributes) == (
        "n" * 200,
        datetime(2026, 1, 1, tzinfo=UTC),
        {"age": 33},
    )


def test_what_belongs_in_a_reserved_trait_is_said(post: Post, workspace: Home) -> None:
    item = {"type": "identify", "messageId": "m1", "userId": "vera", "traits": {"createdAt": "yesterday"}}
    (one,) = sent(post, workspace, workspace.api_key, item).body["left_out"]
    assert "what belongs here is a time, such as 2026-11-02" in one["detail"]


def test_what_a_batch_says_for_all_is_named_of_each_that_has_none_of_its_own(post: Post, workspace: Home) -> None:
    items = [track("m1"), track("m2", context={"campaign": {"name": "autumn"}})]
    shared = {"campaign": {"name": "c" * 201}}
    answer = post("batch", {"batch": items, "context": shared}, **basic(workspace.api_key))
    assert told(answer) == [("m1", "text_cut", "context.campaign.name")]
