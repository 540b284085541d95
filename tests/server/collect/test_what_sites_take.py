"""What a site takes, as a sender sees it: settings in, answers and counts out."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from frontdesk.accounts import queries, sites
from frontdesk.collect.counts import COUNTS
from frontdesk.collect.models import CollectCount, DeadLetter, Event
from frontdesk.core.clock import MovableClock
from frontdesk.core.db import Database
from frontdesk.people.models import Visitor
from tests.server.collect.conftest import Post
from tests.server.collect.senders import basic, batch, page, rows, track
from tests.server.conftest import Home

GOOGLEBOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
YES = {"consent": {"categoryPreferences": {"Analytics": True}}}
NO = {"consent": {"categoryPreferences": {"Analytics": False}}}


pytestmark = pytest.mark.usefixtures("counted_anew")


def set_site(db: Database, home: Home, **settings: Any) -> None:
    def change(session: Any) -> None:
        sites.change(session, home.id, queries.first_site(session, home.id).id, settings)

    db.write(change)


def counted(db: Database, home: Home, now: datetime) -> dict[tuple[str, str], int]:
    COUNTS.flush(db, now)
    query = select(CollectCount).where(CollectCount.workspace_id == home.id)
    return {(row.step, row.reason): row.count for row in db.read(lambda session: session.scalars(query).all())}


Sent = tuple[dict[str, Any], dict[str, Any]]
LEFT_OUT: list[tuple[dict[str, Any], Sent, str, str]] = [
    # what the site is set to, what is sent and how, and where and why it ends
    ({}, ({}, {"HTTP_USER_AGENT": GOOGLEBOT}), "bot", "bot"),
    ({}, ({"context": {"webdriver": True}}, {}), "bot", "bot"),
    ({}, ({"context": {"userAgent": GOOGLEBOT}}, {}), "bot", "bot"),
    ({}, ({}, {"HTTP_SEC_GPC": "1"}), "consent", "no_consent"),
    ({}, ({"context": NO}, {}), "consent", "no_consent"),
    ({"consent": "opt_in"}, ({}, {}), "consent", "no_consent"),
    ({"ignore_ips": ["8.8.0.0/16"]}, ({}, {}), "ignore", "ignored_ip"),
    ({"ignore_paths": ["/admin/**"]},
     ({"context": {"page": {"url": "https://shop.example/admin/users/?a=1"}}}, {}), "ignore", "ignored_path"),
    ({"staff": ["u-1"]}, ({"userId": "u-1"}, {}), "staff", "staff"),
    ({"staff": ["@bell.example"]},
     ({"type": "identify", "userId": "u-2", "traits": {"email": "Li@Bell.example"}}, {}), "staff", "staff"),
]  # fmt: skip


@pytest.mark.parametrize(("settings", "sent", "step", "reason"), LEFT_OUT)
def test_what_a_site_does_not_want_is_left_out_and_counted(
    post: Post,
    db: Database,
    workspace: Home,
    now: datetime,
    settings: dict[str, Any],
    sent: Sent,
    step: str,
    reason: str,
) -> None:
    set_site(db, workspace, **settings)
    item, environ = sent
    answer = post("batch", batch(workspace, track("m1") | item), **environ)
    assert (answer.status, answer.body["accepted"], answer.body["rejected"]) == (200, 0, [])
    assert answer.body["dropped"] == {reason: 1}
    assert (rows(db, Event), rows(db, DeadLetter)) == ([], [])
    assert counted(db, workspace, now) == {(step, reason): 1}


TAKEN: list[tuple[dict[str, Any], Sent]] = [
    ({"bots": "keep"}, ({}, {"HTTP_USER_AGENT": GOOGLEBOT})),
    ({"bots": "keep"}, ({"context": {"webdriver": True}}, {})),
    ({}, ({"context": YES}, {"HTTP_SEC_GPC": "1"})),
    ({"consent": "opt_in"}, ({"context": YES}, {})),
    ({"consent": "opt_in"}, ({"context": YES}, {"HTTP_SEC_GPC": "1"})),
    ({"ignore_ips": ["8.8.4.0/24", "2001:db8::/32"], "ignore_paths": ["/admin"], "staff": ["u-1"]}, ({}, {})),
    ({"origins": ["*.shop.example"]}, ({}, {"HTTP_ORIGIN": "https://www.shop.example"})),
]


@pytest.mark.parametrize(("settings", "sent"), TAKEN)
def test_what_a_site_wants_is_stored_and_counted(
    post: Post, db: Database, workspace: Home, now: datetime, settings: dict[str, Any], sent: Sent
) -> None:
    set_site(db, workspace, **settings)
    item, environ = sent
    answer = post("batch", batch(workspace, track("m1") | item), **environ)
    assert (answer.status, answer.body["accepted"]) == (200, 1)
    assert "dropped" not in answer.body
    assert counted(db, workspace, now) == {("store", "stored"): 1}


def test_before_consent_nothing_at_all_is_kept(post: Post, db: Database, workspace: Home) -> None:
    set_site(db, workspace, consent="opt_in")
    answer = post("batch", batch(workspace, page("m1")))
    assert "visitor_token" not in answer.body
    assert (rows(db, Visitor), rows(db, Event)) == ([], [])


def test_a_yes_brings_the_token_by_which_a_person_chats(post: Post, workspace: Home, db: Database) -> None:
    set_site(db, workspace, consent="opt_in")
    said = batch(workspace, page("m1"), context=YES)
    token = post("batch", said, HTTP_SEC_GPC="1").body["visitor_token"]
    alive = {"writeKey": workspace.site_key, "token": token, "page": {"url": "https://shop.example/"}}
    assert post("presence", alive, HTTP_SEC_GPC="1").status == 200


def test_our_own_people_can_chat_though_nothing_of_them_is_counted(post: Post, workspace: Home, db: Database) -> None:
    set_site(db, workspace, staff=["@bell.example"])
    who = track("m1", type="identify", userId="u-2", traits={"email": "li@bell.example"})
    assert post("batch", batch(workspace, who)).body["visitor_token"]
    assert post("batch", batch(workspace, track("m2"))).body["dropped"] == {"staff": 1}


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "https://shop.example.evil.example"])
def test_a_page_of_another_origin_is_refused_whole(
    post: Post, db: Database, workspace: Home, now: datetime, origin: str
) -> None:
    set_site(db, workspace, origins=["https://shop.example"])
    refused = post("batch", batch(workspace, track("m1"), track("m2")), HTTP_ORIGIN=origin)
    assert (refused.status, refused.body["code"]) == (403, "origin_not_allowed")
    assert refused.headers["Access-Control-Allow-Origin"] == "*"  # so that the probe can read why
    assert rows(db, Event) == []
    assert counted(db, workspace, now) == {("origin", "origin_not_allowed"): 2}


def test_a_server_is_asked_for_neither_origin_nor_consent_nor_whether_it_is_a_bot(
    post: Post, db: Database, workspace: Home
) -> None:
    set_site(db, workspace, origins=["https://shop.example"], consent="opt_in", ignore_ips=["8.8.8.8", "203.0.113.7"])
    server = basic(workspace.api_key) | {"HTTP_USER_AGENT": GOOGLEBOT, "HTTP_SEC_GPC": "1"}
    said = [
        track("m1", userId="u-1"),
        track("m2", userId="u-1", context={"ip": "203.0.113.7"}),
        track("m3", userId="u-1", context=NO),
    ]
    answer = post("batch", {"batch": said}, **server)
    assert (answer.body["accepted"], answer.body["dropped"]) == (1, {"ignored_ip": 1, "no_consent": 1})


def test_a_change_holds_within_five_seconds(post: Post, db: Database, workspace: Home, clock: MovableClock) -> None:
    assert post("batch", batch(workspace, track("m1"))).body["accepted"] == 1
    set_site(db, workspace, ignore_ips=["8.8.8.8"])
    clock.advance(timedelta(seconds=5, milliseconds=1))
    assert post("batch", batch(workspace, track("m2"))).body["dropped"] == {"ignored_ip": 1}


def test_a_bad_item_and_an_unwanted_one_spoil_nothing(post: Post, db: Database, workspace: Home, now: datetime) -> None:
    set_site(db, workspace, ignore_paths=["/admin"])
    unwanted = page("m2", "https://shop.example/admin")
    again = track("m1")
    answer = post("batch", batch(workspace, again, unwanted, {"type": "nonsense"}, again))
    assert (answer.body["accepted"], answer.body["dropped"]) == (2, {"ignored_path": 1})
    assert [refusal["field"] for refusal in answer.body["rejected"]] == ["type"]
    assert counted(db, workspace, now) == {
        ("store", "stored"): 1,
        ("duplicate", "duplicate"): 1,
        ("ignore", "ignored_path"): 1,
        ("check", "invalid"): 1,
    }
