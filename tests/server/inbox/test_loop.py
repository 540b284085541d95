"""The exchange itself: what each side writes and what each side reads."""

from datetime import timedelta

import pytest

from frontdesk.core.clock import MovableClock
from tests.server.inbox.desk import Desk


def kinds(parts: list[dict[str, object]]) -> list[object]:
    return [part["kind"] for part in parts]


def test_what_a_visitor_writes_reaches_the_teammates_and_the_answer_reaches_the_visitor(desk: Desk) -> None:
    conversation = desk.started("Do you ship to Norway?")
    desk.replies(conversation, "Yes, in four days.")
    assert [part["body"] for part in desk.parts_seen_by_visitor(conversation)] == [
        "Do you ship to Norway?",
        "Yes, in four days.",
    ]
    assert kinds(desk.parts_seen_by_teammates(conversation)) == ["message", "assignment", "message"]


def test_parts_are_numbered_without_gaps_however_the_sides_interleave(desk: Desk) -> None:
    conversation = desk.started()
    for turn in range(4):
        desk.says(conversation, f"v{turn}")
        desk.replies(conversation, f"n{turn}", kind="note")
        desk.replies(conversation, f"t{turn}", as_="tom_1")
    parts = desk.parts_seen_by_teammates(conversation)
    assert [part["seq"] for part in parts] == list(range(1, len(parts) + 1))
    assert desk.summary(conversation)["last_seq"] == len(parts)


def test_an_answered_auto_message_is_the_first_part(desk: Desk) -> None:
    conversation = desk.started("Yes, one", delivery="dlv_1")
    first, second = desk.parts_seen_by_visitor(conversation)
    assert (first["seq"], first["body"], first["author"]["kind"]) == (1, "Questions about prices?", "rule")
    assert first["author"]["name"] == "Li Na"
    assert (second["seq"], second["body"], second["author"]["kind"]) == (2, "Yes, one", "visitor")


def test_the_delivery_of_another_visitor_cannot_be_answered(desk: Desk) -> None:
    body = {"client_id": "c", "body": "Mine now", "delivery": "dlv_1"}
    answer = desk.visitor("/conversations", as_="b_1", body=body)
    assert (answer.status_code, answer.json["code"]) == (404, "not_found")
    assert desk.visitor("/conversations", as_="b_1").json["data"] == []


def test_rules_hear_when_a_visitor_starts_and_writes_again_and_when_a_teammate_answers(desk: Desk) -> None:
    conversation = desk.started()
    desk.says(conversation, "Hello?")
    desk.replies(conversation, "Yes")
    assert desk.ports.calls == [("started", conversation), ("replied", conversation), ("answered", conversation)]


@pytest.mark.parametrize("body", [{"body": "Hello"}, {"body": "Something else"}])
def test_a_start_that_is_resent_is_the_same_conversation(desk: Desk, body: dict[str, str]) -> None:
    first = desk.visitor("/conversations", body={"client_id": "c-1", "body": "Hello"})
    again = desk.visitor("/conversations", body={"client_id": "c-1"} | body)
    assert again.status_code == 201
    assert again.json == first.json
    assert len(desk.visitor("/conversations").json["data"]) == 1
    assert len(desk.ports.calls) == 1


def test_a_message_that_is_resent_is_the_same_part(desk: Desk) -> None:
    path = f"/conversations/{desk.started()}/parts"
    first, again = (desk.visitor(path, body={"client_id": "c-2", "body": "Once"}) for _ in range(2))
    assert again.json == first.json
    assert len(desk.visitor(path).json["data"]) == 2
    assert [call for call, _ in desk.ports.calls] == ["started", "replied"]


@pytest.mark.parametrize("kind", ["message", "note"])
def test_a_reply_that_is_resent_is_the_same_part(desk: Desk, kind: str) -> None:
    conversation = desk.started()
    body = {"client_id": "c-3", "body": "Once", "kind": kind}
    first, again = (desk.teammate(f"/conversations/{conversation}/parts", body=body) for _ in range(2))
    assert [call for call, _ in desk.ports.calls].count("answered") == (kind == "message")
    assert again.json == first.json
    assert kinds(desk.parts_seen_by_teammates(conversation)).count(kind) == (2 if kind == "message" else 1)


def test_the_client_id_of_another_s_part_opens_nothing(desk: Desk) -> None:
    conversation = desk.started()
    note = desk.replies(conversation, "She pays late", kind="note")
    guess = {"client_id": note["client_id"], "body": "?"}
    answer = desk.visitor(f"/conversations/{conversation}/parts", body=guess)
    assert (answer.status_code, answer.json["code"]) == (409, "client_id_taken")
    assert "late" not in answer.text


def test_notes_and_assignments_leave_no_trace_for_the_visitor(desk: Desk, clock: MovableClock) -> None:
    conversation = desk.started()
    before = desk.visitor(f"/conversations/{conversation}").json
    clock.advance(timedelta(minutes=1))
    desk.replies(conversation, "She pays late", kind="note")
    assert desk.visitor(f"/conversations/{conversation}").json == before | {"teammate_read_seq": 2}
    desk.teammate(f"/conversations/{conversation}/assign", body={"teammate": "tmt_tom_1", "team": None})
    assert kinds(desk.parts_seen_by_visitor(conversation)) == ["message"]
    assert desk.visitor("/home").json["conversations"][0]["last_seq"] == 1


def test_a_teammate_who_answers_what_nobody_has_takes_it_on(desk: Desk) -> None:
    conversation = desk.started()
    desk.replies(conversation, "Hello", as_="tom_1")
    part = desk.parts_seen_by_teammates(conversation)[1]
    assert part["detail"]["teammate"] == {"id": "tmt_tom_1", "name": "Tom"}
    assert part["detail"]["reasons"][0]["text_en"] == "Tom answered first"
    assert desk.visitor(f"/conversations/{conversation}").json["assignee"]["name"] == "Tom"


def test_who_helps_out_in_a_colleague_s_conversation_does_not_take_it_away(desk: Desk) -> None:
    conversation = desk.started()
    desk.replies(conversation, "Hello", as_="tom_1")
    desk.replies(conversation, "Let me add to that", as_="lina_1")
    assert desk.summary(conversation)["assignee"]["name"] == "Tom"


def test_a_teammate_assigns_by_hand_and_the_part_says_so(desk: Desk) -> None:
    conversation = desk.started()
    body = {"teammate": "tmt_ada_1", "team": "tem_experts_1"}
    summary = desk.teammate(f"/conversations/{conversation}/assign", body=body).json
    assert (summary["assignee"]["name"], summary["team"]["name"]) == ("Ada", "Experts")
    assert desk.parts_seen_by_teammates(conversation)[-1]["detail"] == {
        "team": {"id": "tem_experts_1", "name": "Experts"},
        "teammate": {"id": "tmt_ada_1", "name": "Ada"},
        "rule": None,
        "reasons": [],
        "by": {"kind": "teammate", "name": "Li Na"},
    }


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"teammate": "tmt_tom_2", "team": None}, 404),
        ({"teammate": None, "team": "tem_sales_2"}, 404),
        ({"teammate": "tmt_eve_1", "team": None}, 422),
    ],
    ids=["a teammate of another workspace", "a team of another workspace", "a viewer"],
)
def test_a_conversation_goes_only_to_those_who_can_answer_it(desk: Desk, body: dict[str, str], status: int) -> None:
    conversation = desk.started()
    assert desk.teammate(f"/conversations/{conversation}/assign", body=body).status_code == status
    assert kinds(desk.parts_seen_by_teammates(conversation)) == ["message"]


def test_assigning_again_to_the_same_changes_nothing(desk: Desk) -> None:
    conversation = desk.started()
    for _ in range(2):
        desk.teammate(f"/conversations/{conversation}/assign", body={"teammate": "tmt_tom_1", "team": None})
    assert kinds(desk.parts_seen_by_teammates(conversation)) == ["message", "assignment"]


def test_a_field_that_is_not_named_stays_as_it_is(desk: Desk) -> None:
    path = f"/conversations/{desk.started()}/assign"
    desk.teammate(path, body={"teammate": "tmt_tom_1", "team": "tem_sales_1"})
    assert desk.teammate(path, body={"teammate": None}).json["team"]["name"] == "Sales"


def test_a_closed_conversation_opens_again_when_the_visitor_writes(desk: Desk) -> None:
    conversation = desk.started()
    desk.replies(conversation, "Done")
    assert desk.teammate(f"/conversations/{conversation}/close", body={}).json["state"] == "closed"
    desk.says(conversation, "One more thing")
    summary = desk.summary(conversation)
    assert (summary["state"], summary["assignee"]["name"]) == ("open", "Li Na")
    last = desk.parts_seen_by_teammates(conversation)[-3:]
    assert [part["detail"] and part["detail"].get("change") for part in last] == ["closed", "reopened", None]
    assert last[1]["detail"]["by"] == {"kind": "visitor", "name": summary["person"]["label"]}


def test_closing_twice_leaves_one_part(desk: Desk) -> None:
    conversation = desk.started()
    for _ in range(2):
        assert desk.teammate(f"/conversations/{conversation}/close", body={}).status_code == 200
    assert kinds(desk.parts_seen_by_teammates(conversation)) == ["message", "change"]


def test_a_conversation_can_be_reopened_by_hand(desk: Desk) -> None:
    conversation = desk.started()
    desk.teammate(f"/conversations/{conversation}/close", body={})
    assert desk.teammate(f"/conversations/{conversation}/reopen", body={}).json["state"] == "open"


def test_a_teammate_starts_and_has_the_conversation(desk: Desk) -> None:
    body = {"person": "vis_b_1", "body": "May I help?", "client_id": "c-9"}
    first, again = (desk.teammate("/conversations", body=body) for _ in range(2))
    assert (first.status_code, first.json["assignee"]["name"]) == (201, "Li Na")
    assert again.json == first.json
    seen = desk.visitor("/home", as_="b_1").json
    assert (seen["unread"], seen["conversations"][0]["last_part"]["body"]) == (1, "May I help?")


def test_the_two_sides_client_ids_do_not_meet(desk: Desk) -> None:
    own = desk.visitor("/conversations", body={"client_id": "c-1", "body": "Mine"}).json["conversation"]["id"]
    body = {"person": "vis_a_1", "body": "Ours", "client_id": "c-1"}
    assert desk.teammate("/conversations", body=body).json["id"] != own


def test_the_page_of_a_message_is_shown_to_teammates(desk: Desk) -> None:
    page = {"url": "https://shop.example/pricing?x=1", "title": "Pricing", "dwell_ms": 61_000}
    conversation = desk.started(page=page)
    kept = page | {"path": "/pricing"}
    assert desk.summary(conversation)["started_page"] == kept
    assert desk.parts_seen_by_teammates(conversation)[0]["page"] == kept
    assert "page" not in desk.parts_seen_by_visitor(conversation)[0]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"client_id": "c", "body": ""}, "body"),
        ({"client_id": "c", "body": " \n\t "}, "body"),
        ({"client_id": "c", "body": "x" * 10_001}, "body"),
        ({"client_id": "c"}, "body"),
        ({"client_id": "c", "body": 7}, "body"),
        ({"client_id": "", "body": "x"}, "client_id"),
        ({"client_id": "x" * 65, "body": "x"}, "client_id"),
        ({"body": "x"}, "client_id"),
    ],
)
def test_what_cannot_be_taken_is_refused_by_field(desk: Desk, body: dict[str, object], field: str) -> None:
    answer = desk.visitor("/conversations", body=body)
    assert (answer.status_code, answer.json["code"], answer.json["field"]) == (422, "invalid", field)


def test_text_is_kept_as_it_was_written_but_for_what_no_screen_shows(desk: Desk) -> None:
    conversation = desk.started("  <b>价格</b> e\u0301\x00 \ud800 ok  ")
    assert desk.parts_seen_by_visitor(conversation)[0]["body"] == "<b>价格</b> é  ok"
