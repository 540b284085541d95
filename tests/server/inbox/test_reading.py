"""Unread counts, read receipts, views, pages and what the messenger's home says."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, update
from sqlalchemy.orm import Session

from frontdesk.accounts.models import Teammate
from frontdesk.core.clock import MovableClock
from frontdesk.inbox import queries
from frontdesk.inbox.signals import ConversationChanged, ConversationRead, PartAdded
from tests.server.inbox.desk import Desk


def test_a_teammate_s_unread_are_the_visitor_s_words_since_their_own_reading(desk: Desk) -> None:
    conversation = desk.started("one")
    desk.says(conversation, "two")
    assert (desk.summary(conversation)["unread"], desk.summary(conversation)["read_seq"]) == (2, 0)
    desk.teammate(f"/conversations/{conversation}/read", body={"seq": 1})
    assert desk.summary(conversation)["unread"] == 1
    assert desk.summary(conversation, as_="tom_1")["unread"] == 2


def test_answering_is_reading(desk: Desk) -> None:
    conversation = desk.started()
    desk.replies(conversation, "Hello")
    assert desk.summary(conversation)["unread"] == 0


def test_a_visitor_s_unread_are_the_answers_and_not_the_notes(desk: Desk) -> None:
    conversation = desk.started()
    for kind in ("message", "note", "message"):
        desk.replies(conversation, "…", kind=kind)
    assert desk.visitor("/home").json["unread"] == 2
    desk.visitor(f"/conversations/{conversation}/read", body={"seq": 3})
    assert desk.visitor(f"/conversations/{conversation}").json["unread"] == 1
    assert desk.db.read(lambda session: queries.standing(session, ["vis_a_1", "vis_b_1"])).unread == {"vis_a_1": 1}


def test_writing_is_reading(desk: Desk) -> None:
    conversation = desk.started()
    desk.replies(conversation, "Hello")
    desk.says(conversation, "Hi")
    assert desk.visitor("/home").json["unread"] == 0


def test_reading_never_goes_back_nor_beyond_the_end(desk: Desk) -> None:
    conversation = desk.started()
    for seq in (99, 0):
        desk.teammate(f"/conversations/{conversation}/read", body={"seq": seq})
        desk.visitor(f"/conversations/{conversation}/read", body={"seq": seq})
    assert desk.summary(conversation)["read_seq"] == 1
    assert desk.visitor(f"/conversations/{conversation}").json["read_seq"] == 1


def test_the_other_side_learns_how_far_was_read(desk: Desk) -> None:
    conversation = desk.started()
    desk.teammate(f"/conversations/{conversation}/read", body={"seq": 1})
    assert desk.visitor(f"/conversations/{conversation}").json["teammate_read_seq"] == 1
    read = [signal for signal in desk.heard if isinstance(signal, ConversationRead)]
    assert read == [ConversationRead(conversation, "wsp_1", "vis_a_1", 1, "teammate")]


def test_who_waits_waits_since_the_first_unanswered_word(desk: Desk, clock: MovableClock) -> None:
    conversation = desk.started()
    clock.advance(timedelta(minutes=3))
    desk.says(conversation, "Anybody?")
    assert desk.summary(conversation)["waiting_since"] == "2026-03-02T10:00:00.000Z"
    desk.replies(conversation, "Thinking", kind="note")
    assert desk.summary(conversation)["waiting_since"] == "2026-03-02T10:00:00.000Z"
    desk.replies(conversation, "Yes")
    assert desk.summary(conversation)["waiting_since"] is None


def counts(desk: Desk, as_: str = "lina_1") -> dict[str, int]:
    return {view["key"]: view["count"] for view in desk.teammate("/inbox/views", as_=as_).json["data"]}


def shown(desk: Desk, view: str, **query: Any) -> list[str]:
    return [each["id"] for each in desk.teammate("/conversations", view=view, **query).json["data"]]


def test_each_view_counts_what_it_shows(desk: Desk) -> None:
    mine, sales, nobodys, done = (desk.started(str(number)) for number in range(4))
    desk.replies(mine, "Hello")
    desk.teammate(f"/conversations/{sales}/assign", body={"teammate": "tmt_tom_1", "team": "tem_sales_1"})
    desk.teammate(f"/conversations/{done}/close", body={})
    desk.started(as_="a_2")
    expected = {
        "mine": {mine},
        "unassigned": {nobodys},
        "all": {mine, sales, nobodys},
        "team:tem_experts_1": set(),
        "team:tem_sales_1": {sales},
        "closed": {done},
    }
    assert counts(desk) == {view: len(ids) for view, ids in expected.items()}
    assert {view: set(shown(desk, view)) for view in expected} == expected


@pytest.mark.parametrize("view", ["team:tem_sales_2", "team:", "nonsense", "mine:x"])
def test_a_view_that_is_not_there_is_not_found(desk: Desk, view: str) -> None:
    assert desk.teammate("/conversations", view=view).status_code == 404


def test_the_newest_activity_comes_first(desk: Desk, clock: MovableClock) -> None:
    first, second = desk.started(), desk.started()
    clock.advance(timedelta(seconds=1))
    desk.says(first, "Me again")
    assert shown(desk, "all") == [first, second]


def test_pages_follow_each_other_without_gap_or_repetition(desk: Desk, clock: MovableClock) -> None:
    started = []
    for number in range(7):
        started.append(desk.started(str(number)))
        clock.advance(timedelta(milliseconds=number % 2))  # some share a millisecond
    pages, cursor = [], {}
    for _ in range(3):
        page = desk.teammate("/conversations", view="all", limit=3, **cursor).json
        pages.append([each["id"] for each in page["data"]])
        cursor = {"cursor": page["next_cursor"]}
    assert ([len(page) for page in pages], cursor) == ([3, 3, 1], {"cursor": None})
    assert sorted(each for page in pages for each in page) == sorted(started)


@pytest.mark.parametrize(
    ("query", "field"), [({"cursor": "x"}, "cursor"), ({"cursor": "é"}, "cursor"), ({"limit": 0}, "limit")]
)
def test_a_cursor_or_limit_that_is_none_is_refused(desk: Desk, query: dict[str, Any], field: str) -> None:
    answer = desk.teammate("/conversations", **query)
    assert (answer.status_code, answer.json["field"]) == (422, field)


@contextmanager
def queries_of(desk: Desk) -> Iterator[list[str]]:
    """The statements that the database is asked meanwhile."""
    asked: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        asked.append(statement)

    for engine in {desk.db.engines.reader, desk.db.engines.writer}:
        event.listen(engine, "before_cursor_execute", note)
    yield asked
    for engine in {desk.db.engines.reader, desk.db.engines.writer}:
        event.remove(engine, "before_cursor_execute", note)


def test_a_list_of_twenty_costs_as_many_queries_as_a_list_of_one(desk: Desk) -> None:
    costs = []
    for number in range(20):
        desk.replies(desk.started(str(number), as_="ab"[number % 2] + "_1"), "Hello")
        if number in {0, 19}:
            with queries_of(desk) as asked:
                desk.teammate("/conversations", view="all")
            costs.append(len([each for each in asked if each.startswith("SELECT")]))
    assert costs[0] == costs[1]


def test_parts_after_a_seq_fill_a_gap(desk: Desk) -> None:
    conversation = desk.started("1")
    for number in (2, 3):
        desk.says(conversation, str(number))
    answer = desk.visitor(f"/conversations/{conversation}/parts", after=1).json
    assert ([part["body"] for part in answer["data"]], answer["last_seq"]) == (["2", "3"], 3)


def seen(desk: Desk, name: str, seconds_ago: int, **more: Any) -> None:
    def job(session: Session) -> None:
        values = {"seen_at": desk.clock() - timedelta(seconds=seconds_ago)} | more
        session.execute(update(Teammate).where(Teammate.id == f"tmt_{name}_1").values(values))

    desk.db.write(job)


def test_home_shows_the_team_with_those_online_first_and_no_viewer(desk: Desk) -> None:
    assert desk.visitor("/home").json["online"] is False
    seen(desk, "tom", 59)
    seen(desk, "eve", 1)
    home = desk.visitor("/home").json
    assert home["online"] is True
    assert [face["name"] for face in home["team"]] == ["Tom", "Ada", "Li Na"]


@pytest.mark.parametrize(("seconds_ago", "more"), [(61, {}), (1, {"available": False})])
def test_nobody_is_online_who_left_or_chose_to_be_away(desk: Desk, seconds_ago: int, more: dict[str, Any]) -> None:
    seen(desk, "tom", seconds_ago, **more)
    assert desk.visitor("/home").json["online"] is False


@pytest.mark.parametrize(("minutes", "expected"), [(5, "minutes"), (90, "hours"), (1500, "day")])
def test_home_says_how_soon_first_answers_come(desk: Desk, clock: MovableClock, minutes: int, expected: str) -> None:
    assert desk.visitor("/home").json["reply_time"] is None
    conversation = desk.started()
    clock.advance(timedelta(minutes=minutes))
    desk.replies(conversation, "Hello")
    assert desk.visitor("/home").json["reply_time"] == expected
    clock.advance(timedelta(days=31))
    assert desk.visitor("/home").json["reply_time"] is None


def test_signals_name_what_changed_and_for_whom(desk: Desk) -> None:
    conversation = desk.started()
    desk.heard.clear()
    desk.replies(conversation, "Note", kind="note")
    changed = [signal for signal in desk.heard if isinstance(signal, ConversationChanged)]
    assert changed == [ConversationChanged(conversation, "wsp_1", "vis_a_1", shown=False)]
    assert [signal.kind for signal in desk.heard if isinstance(signal, PartAdded)] == ["note"]


def test_a_change_is_announced_once_a_transaction(desk: Desk) -> None:
    conversation = desk.started()
    desk.heard.clear()
    desk.replies(conversation, "Hello")
    assert len([signal for signal in desk.heard if isinstance(signal, ConversationChanged)]) == 2
