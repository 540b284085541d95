"""Who has not agreed, is a bot, or on a page that is ignored, is not kept: not even for what is wrong with a call."""

import json
from datetime import datetime
from typing import Any

import pytest

from frontdesk.collect.keeping.letters import Which, waiting
from frontdesk.collect.keeping.replaying import Replaying
from frontdesk.collect.models import DeadLetter
from frontdesk.collect.store import Store
from frontdesk.core.db import Database
from tests.server.collect.conftest import Post, Rules
from tests.server.collect.senders import basic, batch, page, rows, track
from tests.server.collect.test_what_sites_take import GOOGLEBOT, NO, YES, set_site
from tests.server.conftest import Home

SECRET = "ana@shop.example"
WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "missing": ({"event": ""}, "missing"),
    "of no type": ({"type": "nonsense"}, "invalid"),
    "too late": ({"timestamp": "2020-01-01T00:00:00Z"}, "too_late"),
    "of a wrong type": ({"event": 7}, "invalid"),
    "too large": ({"properties": {"email": SECRET, "x": "y" * 33_000}}, "too_large"),
    "no number": ({"properties": {"email": SECRET, "x": float("nan")}}, "malformed"),
}


def wrong(name: str, **more: Any) -> dict[str, Any]:
    return track("m1", **({"properties": {"email": SECRET}} | WRONG[name][0] | more))


def sent(post: Post, home: Home, *items: dict[str, Any], more: dict[str, Any] | None = None, **environ: Any) -> Any:
    return post("batch", json.dumps(batch(home, *items, **(more or {}))).encode(), **environ)


UNASKED = [({"consent": "opt_in"}, {}), ({}, {"HTTP_SEC_GPC": "1"})]


@pytest.mark.parametrize(("settings", "environ"), UNASKED, ids=["opt_in", "gpc"])
@pytest.mark.parametrize("name", WRONG)
def test_without_consent_nothing_of_a_bad_call_is_kept(
    post: Post, db: Database, workspace: Home, name: str, settings: dict[str, Any], environ: dict[str, Any]
) -> None:
    set_site(db, workspace, **settings)
    answer = sent(post, workspace, wrong(name), **environ)
    assert answer.status == 200
    assert answer.body.get("dropped") == {"no_consent": 1} or [one["code"] for one in answer.body["rejected"]] == [
        WRONG[name][1]
    ]
    assert [(letter.message_id, letter.body) for letter in rows(db, DeadLetter)] in ([], [(None, "")])


@pytest.mark.parametrize("ip", ["203.0.113.99", "2001:db8:abcd:1:2:3:4:5", " 203.0.113.99 ", "::ffff:203.0.113.99"])
def test_of_an_address_only_its_network_is_kept(post: Post, db: Database, workspace: Home, ip: str) -> None:
    said = {"ip": ip, "traits": {"IP": ip}, "app": {"version": "4.3.2.1"}}
    post("batch", batch(workspace, wrong("missing", context=said)), **basic(workspace.api_key))
    post("batch", batch(workspace, wrong("too late", context=said)), **basic(workspace.api_key))
    for letter in rows(db, DeadLetter):
        assert "113.99" not in letter.body
        assert "1:2:3" not in letter.body
        assert "4.3.2.1" in letter.body
        assert "203.0.113.0" in letter.body or "2001:db8:abcd::" in letter.body


@pytest.mark.parametrize("name", WRONG)
def test_where_nobody_need_be_asked_a_bad_call_is_kept_whole(
    post: Post, db: Database, workspace: Home, name: str
) -> None:
    answer = sent(post, workspace, wrong(name))
    assert [one["code"] for one in answer.body["rejected"]] == [WRONG[name][1]]
    (letter,) = rows(db, DeadLetter)
    assert SECRET in letter.body


@pytest.mark.parametrize("name", WRONG)
def test_a_stated_no_is_heard_in_a_bad_call_or_beside_it(post: Post, db: Database, workspace: Home, name: str) -> None:
    sent(post, workspace, wrong(name), more={"context": NO})
    if name != "no number":  # what cannot be read states nothing
        sent(post, workspace, wrong(name, context=NO))
    assert {letter.body for letter in rows(db, DeadLetter)} <= {""}


@pytest.mark.parametrize("name", ["missing", "too late", "of a wrong type", "too large"])
def test_a_stated_yes_keeps_a_bad_call(post: Post, db: Database, workspace: Home, name: str) -> None:
    set_site(db, workspace, consent="opt_in")
    sent(post, workspace, wrong(name, context=YES), HTTP_SEC_GPC="1")
    (letter,) = rows(db, DeadLetter)
    assert SECRET in letter.body


def test_a_bad_call_of_a_bot_or_of_an_ignored_page_is_left_out(post: Post, db: Database, workspace: Home) -> None:
    set_site(db, workspace, ignore_paths=["/admin/**"], ignore_ips=["8.8.4.4"])
    assert sent(post, workspace, wrong("missing"), HTTP_USER_AGENT=GOOGLEBOT).body["dropped"] == {"bot": 1}
    assert sent(post, workspace, wrong("missing"), REMOTE_ADDR="8.8.4.4").body["dropped"] == {"ignored_ip": 1}
    hidden = page("m1", "https://shop.example/admin/users", anonymousId="")
    assert sent(post, workspace, hidden).body["dropped"] == {"ignored_path": 1}
    assert rows(db, DeadLetter) == []


def test_of_what_was_not_kept_there_is_nothing_to_replay(
    post: Post, db: Database, workspace: Home, now: datetime, rules: Rules
) -> None:
    sent(post, workspace, wrong("too large"), HTTP_SEC_GPC="1")
    which = Which(workspace.id)
    assert db.read(lambda session: waiting(session, which, None, 10)) == []
    sending = Replaying(db, workspace.id, Store(rules, "a secret of the tests"), lambda: now)
    (told,) = sending.replay([[rows(db, DeadLetter)[0].id]])
    assert (told.outcome, told.code) == ("refused", "too_large")
    assert rows(db, DeadLetter)[0].replayed_at is None


SILENT: list[dict[str, Any]] = [{}, {"categoryPreferences": {}}, {"categoryPreferences": {"Advertising": True}}]


@pytest.mark.parametrize("silent", SILENT)
def test_an_item_that_states_nothing_does_not_hide_what_its_batch_states(
    post: Post, db: Database, workspace: Home, silent: dict[str, Any]
) -> None:
    item = track("m1", context={"consent": silent})
    assert sent(post, workspace, item, more={"context": NO}).body["dropped"] == {"no_consent": 1}
    set_site(db, workspace, consent="opt_in")
    assert sent(post, workspace, item, more={"context": YES}).body["accepted"] == 1


def test_what_drives_the_browser_is_said_once_for_a_batch(post: Post, workspace: Home) -> None:
    driven = {"context": {"webdriver": True}}
    assert sent(post, workspace, track("m1"), more=driven).body["dropped"] == {"bot": 1}
    assert sent(post, workspace, track("m2", context={"webdriver": False}), more=driven).body["accepted"] == 1


WHERE: list[dict[str, Any]] = [
    {"type": "track", "context": {"page": {"path": "/admin/users/"}}},
    {"type": "page", "properties": {"path": "/admin"}},
    {"type": "page", "properties": {"url": "https://shop.example/admin/?a=1"}},
    {"type": "page", "properties": {"path": "/admin/7"}, "context": {"page": {"title": "Users"}}},
]


@pytest.mark.parametrize("item", WHERE)
def test_a_page_is_ignored_by_its_path_alone(post: Post, db: Database, workspace: Home, item: dict[str, Any]) -> None:
    set_site(db, workspace, ignore_paths=["/admin/**"])
    assert sent(post, workspace, track("m1") | item).body["dropped"] == {"ignored_path": 1}


def test_a_link_to_an_ignored_page_is_of_the_page_that_it_stands_on(post: Post, db: Database, workspace: Home) -> None:
    set_site(db, workspace, ignore_paths=["/admin/**"])
    clicked = track("m1", "Link Clicked", properties={"url": "https://shop.example/admin", "path": "/admin"})
    assert sent(post, workspace, clicked).body["accepted"] == 1
