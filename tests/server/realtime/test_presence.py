"""Presence and pushes without a socket: what is said to which room, and when nothing is said."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from frontdesk.accounts.auth import Caller
from frontdesk.accounts.models import Teammate
from frontdesk.accounts.signals import AvailabilityChanged
from frontdesk.core.clock import MovableClock
from frontdesk.core.config import load_settings
from frontdesk.core.db import Database
from frontdesk.core.ids import fingerprint
from frontdesk.core.runtime import Runtime
from frontdesk.core.signals import Bus, announce
from frontdesk.engage.deciding.showing import Showing
from frontdesk.engage.doing.deliveries import NewDelivery, queue
from frontdesk.engage.models import DecisionRow
from frontdesk.engage.rules import saving
from frontdesk.engage.rules.live import LiveRules
from frontdesk.people.models import Visitor
from frontdesk.people.signals import VisitorSeen
from frontdesk.realtime import broadcast
from frontdesk.realtime.presence import Console, Teammates, Visitors
from frontdesk.realtime.rooms import Push
from tests.server.inbox.desk import SIGNALS, Desk, build_workspace, open_desk


@pytest.fixture
def runtime(db: Database, clock: MovableClock, bus: Bus, tmp_path: Path) -> Runtime:
    for key in ("1", "2"):
        db.write(partial(build_workspace, key=key, now=clock()))
    return Runtime(db, clock, bus, load_settings(tmp_path))


def said(pushes: list[Push]) -> list[tuple[str, str, Any]]:
    return [(push.room, push.event, push.payload) for push in pushes]


def stay(runtime: Runtime, visitor_id: str, path: str, seconds: int = 60) -> None:
    """The visitor is on this page for so long."""
    page = {"url": f"https://shop.example{path}", "path": path, "title": path, "dwell_ms": 0}
    until = runtime.clock() + timedelta(seconds=seconds)
    change = update(Visitor).where(Visitor.id == visitor_id).values(page=page, present_until=until)
    runtime.db.write(lambda session: session.execute(change) and None)


def test_a_visitor_is_told_of_on_coming_on_moving_and_on_leaving_and_never_in_between(
    runtime: Runtime, clock: MovableClock
) -> None:
    visitors, pushes = Visitors(), list[Push]()

    def beat_after(path: str | None, advance: int = 0) -> list[Any]:
        pushes.clear()
        clock.advance(timedelta(seconds=advance))
        if path:
            stay(runtime, "vis_a_1", path)
            visitors.seen(VisitorSeen("wsp_1", "vis_a_1"))
        visitors.beat(runtime, pushes.append)
        return [(push.payload["online"], (push.payload["page_now"] or {}).get("path")) for push in pushes]

    assert beat_after("/") == [(True, "/")]
    assert beat_after("/") == []
    assert beat_after("/pricing") == [(True, "/pricing")]
    assert beat_after(None, advance=59) == []
    assert beat_after(None, advance=1) == [(False, None)]
    assert beat_after(None, advance=100) == []


def test_the_beat_of_a_busy_site_is_one_query(runtime: Runtime) -> None:
    visitors, pushes = Visitors(), list[Push]()
    for visitor_id in ("vis_a_1", "vis_b_1"):
        stay(runtime, visitor_id, "/")
        for _ in range(50):
            visitors.seen(VisitorSeen("wsp_1", visitor_id))
    visitors.beat(runtime, pushes.append)
    assert sorted(push.payload["id"] for push in pushes) == ["vis_a_1", "vis_b_1"]
    assert {push.room for push in pushes} == {"workspace:wsp_1"}


def seen_at(runtime: Runtime, teammate_id: str) -> Any:
    return runtime.db.read(lambda session: session.scalar(select(Teammate.seen_at).where(Teammate.id == teammate_id)))


def console(name: str, role: str = "member") -> Console:
    teammate_id = f"tmt_{name}_1"
    return Console(Caller("wsp_1", teammate_id, role, name), teammate_id, f"hash-{name}")


def test_a_teammate_is_seen_while_a_console_is_open_and_gone_with_the_last(
    runtime: Runtime, clock: MovableClock
) -> None:
    pushes: list[Push] = []
    teammates = Teammates(runtime, pushes.append)
    teammates.join("s1", console("lina"))
    teammates.join("s2", console("lina"))
    teammates.join("s3", console("tom"))
    clock.advance(timedelta(seconds=20))
    teammates.touch()
    assert seen_at(runtime, "tmt_lina_1") == seen_at(runtime, "tmt_tom_1") == clock()
    assert seen_at(runtime, "tmt_ada_1") is None
    pushes.clear()
    teammates.leave("s1")
    assert (seen_at(runtime, "tmt_lina_1"), pushes) == (clock(), [])
    teammates.leave("s2")
    assert seen_at(runtime, "tmt_lina_1") is None
    assert said(pushes) == [("workspace:wsp_1", "teammate", {"id": "tmt_lina_1", "online": False})]


def test_a_teammate_who_is_away_is_not_online_though_the_console_is_open(runtime: Runtime) -> None:
    pushes: list[Push] = []
    away = update(Teammate).where(Teammate.id == "tmt_lina_1").values(available=False)
    runtime.db.write(lambda session: session.execute(away) and None)
    Teammates(runtime, pushes.append).join("s1", console("lina"))
    assert said(pushes) == [("workspace:wsp_1", "teammate", {"id": "tmt_lina_1", "online": False})]


def test_a_socket_is_revoked_when_its_log_in_is_unknown_or_its_role_has_changed(runtime: Runtime) -> None:
    teammates = Teammates(runtime, lambda _push: None)
    for sid, name, role in (("stays", "lina", "member"), ("demoted", "tom", "owner"), ("ended", "ada", "owner")):
        each = console(name, role)
        each.token_hash = fingerprint(f"ls_{name}_1") if sid != "ended" else "unknown"
        teammates.join(sid, each)
    assert sorted(teammates.revoked()) == ["demoted", "ended"]


@pytest.fixture
def listening(runtime: Runtime, tmp_path: Path) -> tuple[Desk, list[Push]]:
    """The inbox with all rooms full, and every push that it causes."""
    desk = open_desk(runtime.db, runtime.clock, runtime.bus, tmp_path)
    pushes: list[Push] = []
    broadcast.subscribe(runtime, pushes.append, lambda _room: True, Showing(LiveRules(runtime.db)))
    return desk, pushes


Act = Callable[[Desk, str], object]


def _assign(desk: Desk, conversation: str) -> object:
    return desk.teammate(f"/conversations/{conversation}/assign", body={"teammate": "tmt_tom_1", "team": None})


@pytest.mark.parametrize(
    ("act", "heard_by_visitor"),
    [
        (lambda desk, id_: desk.replies(id_, "note", kind="note"), ["read"]),
        (_assign, ["conversation"]),
        (lambda desk, id_: desk.teammate(f"/conversations/{id_}/close", body={}), ["conversation"]),
        (lambda desk, id_: desk.says(id_, "more"), ["part", "conversation"]),
        (lambda desk, id_: desk.teammate(f"/conversations/{id_}/typing", body={}), ["typing"]),
        (lambda desk, id_: desk.visitor(f"/conversations/{id_}/typing", body={}), []),
        (lambda desk, id_: desk.visitor(f"/conversations/{id_}/read", body={"seq": 1}), []),
    ],
    ids=["note", "assign", "close", "message", "teammate types", "visitor types", "visitor read"],
)
def test_a_visitor_hears_only_what_is_theirs_to_see(
    listening: tuple[Desk, list[Push]], act: Act, heard_by_visitor: list[str]
) -> None:
    desk, pushes = listening
    conversation = desk.started()
    pushes.clear()
    act(desk, conversation)
    mine = [push for push in pushes if push.namespace == "/messenger"]
    assert [push.event for push in mine] == heard_by_visitor
    assert {push.room for push in mine} <= {"visitor:vis_a_1"}
    assert {push.room for push in pushes if push.namespace == "/console"} <= {"workspace:wsp_1"}
    assert {push.payload["kind"] for push in mine if push.event == "part"} <= {"message"}


def test_a_summary_for_a_room_leaves_out_what_differs_between_teammates(listening: tuple[Desk, list[Push]]) -> None:
    desk, pushes = listening
    conversation = desk.started()
    summary = next(push.payload for push in pushes if (push.namespace, push.event) == ("/console", "conversation"))
    assert summary.keys() == desk.summary(conversation).keys() - {"read_seq", "unread"}


def test_a_teammate_who_goes_away_is_shown_so(runtime: Runtime, listening: tuple[Desk, list[Push]]) -> None:
    _, pushes = listening
    signal = AvailabilityChanged("wsp_1", "tmt_lina_1", available=False)
    runtime.db.write(lambda session: announce(session, signal))
    assert said(pushes) == [("workspace:wsp_1", "teammate", {"id": "tmt_lina_1", "online": False})]


_HELLO = "rule: hello\ntrigger: page\ndo: [{message: {class: support, text: {en: Questions?}}}]\n"


def _queue_delivery(session: Session, now: datetime) -> None:
    (rule_id,) = saving.save(session, "wsp_1", _HELLO, now)
    decision = DecisionRow(
        id="dec_1",
        workspace_id="wsp_1",
        rule_id=rule_id,
        rule_version=1,
        person_id="vis_a_1",
        repeat_key="",
        outcome="acted",
        detail={},
        at=now,
    )
    session.add(decision)
    session.flush()
    content, sender = {"text": "Questions?"}, {"name": "Li Na", "avatar": None}
    ids = {"workspace_id": "wsp_1", "visitor_id": "vis_a_1", "decision_id": "dec_1", "rule_id": rule_id, "key": "k"}
    words = {"message_class": "support", "sender": sender, "locale": "en", "content": content}
    new = NewDelivery(**ids, **words, page=None, session_id=None)  # type: ignore[arg-type]  # two kinds of values in one mapping
    queue(session, [new], now)


def test_a_message_that_waits_is_pushed_to_the_visitor_s_open_socket_alone(
    runtime: Runtime, listening: tuple[Desk, list[Push]]
) -> None:
    _, pushes = listening
    runtime.db.write(partial(_queue_delivery, now=runtime.clock()))
    assert [(push.namespace, push.room, push.event) for push in pushes] == [
        ("/messenger", "visitor:vis_a_1", "delivery")
    ]
    assert pushes[0].payload["content"] == {"text": "Questions?"}


def test_every_signal_of_the_inbox_but_the_first_is_pushed() -> None:
    assert {kind.__name__ for kind in SIGNALS} - {kind.__name__ for kind in broadcast.PUSHES} == {"ConversationStarted"}


def test_nothing_is_looked_up_for_empty_rooms(runtime: Runtime, tmp_path: Path) -> None:
    asked: list[str] = []

    def nobody(room: tuple[str, str]) -> bool:
        asked.append(room[1])
        return False

    pushes: list[Push] = []
    broadcast.subscribe(runtime, pushes.append, nobody)
    open_desk(runtime.db, runtime.clock, runtime.bus, tmp_path).started()
    assert pushes == []
    assert set(asked) == {"workspace:wsp_1", "visitor:vis_a_1"}
