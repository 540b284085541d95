"""The exchange itself: what each side writes and what each side reads."""

from tests.server.inbox.desk import Desk


def test_what_a_visitor_writes_reaches_the_teammates_and_the_answer_reaches_the_visitor(desk: Desk) -> None:
    conversation = desk.started("Do you ship to Norway?")
    desk.replies(conversation, "Yes, in four days.")
    assert [part["body"] for part in desk.parts_seen_by_visitor(conversation)] == [
        "Do you ship to Norway?",
        "Yes, in four days.",
    ]
    assert [part["kind"] for part in desk.parts_seen_by_teammates(conversation)] == ["message", "assignment", "message"]
