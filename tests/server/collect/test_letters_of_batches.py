"""A letter knows what its batch said for all: it is stored as it would have been, and known as a resend is."""

from datetime import timedelta
from typing import Any

import orjson
import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, select

from frontdesk.collect.keeping.letters import Which, waiting
from frontdesk.collect.models import DeadLetter, Event, MessageSeen, Session
from frontdesk.core.clock import MovableClock, iso
from frontdesk.core.db import Database
from frontdesk.people.models import Consent, Visitor
from tests.server.collect.conftest import Post
from tests.server.collect.replays import late, outcomes, replayed
from tests.server.collect.senders import PRICING, basic, batch, rows, track
from tests.server.collect.test_faults_of_ours import POISON, Faulty
from tests.server.collect.test_what_sites_take import NO, YES, set_site
from tests.server.conftest import Home

PROBE = {
    **YES,
    "page": {"url": PRICING, "title": "Prices"},
    "campaign": {"name": "spring", "source": "partner"},
    "locale": "de-DE",
    "timezone": "Europe/Berlin",
}


@pytest.fixture
def rules() -> Faulty:
    return Faulty()


def mended(rules: Faulty) -> None:
    rules.fault = None


def test_what_failed_where_consent_is_asked_for_is_stored_once_the_fault_is_mended(
    post: Post, db: Database, workspace: Home, clock: MovableClock, rules: Faulty
) -> None:
    set_site(db, workspace, consent="opt_in")
    answer = post("batch", batch(workspace, track("m1", POISON), track("m2"), context=PROBE), HTTP_SEC_GPC="1")
    assert [(one["messageId"], one["code"]) for one in answer.body["rejected"]] == [("m1", "failed")]
    mended(rules)
    assert outcomes(replayed(db, workspace, clock)) == [("stored", None)]
    assert {(event.message_id, event.url) for event in rows(db, Event)} == {("m1", PRICING), ("m2", PRICING)}


def test_it_is_stored_with_its_page_campaign_and_language(
    post: Post, db: Database, workspace: Home, clock: MovableClock
) -> None:
    post("batch", batch(workspace, late(clock(), "m1"), context=PROBE))
    replayed(db, workspace, clock)
    (event,), (session,), (visitor,) = rows(db, Event), rows(db, Session), rows(db, Visitor)
    assert (event.url, event.title) == (PRICING, "Prices")
    assert (session.touch["source"], session.touch["campaign"]) == ("partner", "spring")
    assert (visitor.language, visitor.timezone) == ("de-DE", "Europe/Berlin")


def test_what_it_says_itself_comes_before_what_its_batch_says(
    post: Post, db: Database, workspace: Home, clock: MovableClock
) -> None:
    own = {"page": {"url": "https://shop.example/own"}, "locale": "fr-FR"}
    post("batch", batch(workspace, late(clock(), "m1", context=own), context=PROBE))
    replayed(db, workspace, clock)
    (event,), (visitor,) = rows(db, Event), rows(db, Visitor)
    assert (event.url, event.title) == ("https://shop.example/own", None)
    assert (visitor.language, visitor.timezone) == ("fr-FR", "Europe/Berlin")


LONG = {"page": {"url": f"https://shop.example/?{'x' * 9_000}"}}


@pytest.mark.parametrize("context", [{}, PROBE, LONG], ids=["nothing", "a probe's", "long"])
def test_one_that_its_sender_has_sent_again_is_had(
    post: Post, db: Database, workspace: Home, clock: MovableClock, rules: Faulty, context: dict[str, Any]
) -> None:
    sent = batch(workspace, track("m1", POISON), context=context)
    post("batch", sent)
    mended(rules)
    assert post("batch", sent).body["accepted"] == 1
    assert outcomes(replayed(db, workspace, clock)) == [("duplicate", None)]
    assert len(rows(db, Event)) == 1


def test_its_sender_may_send_it_again_when_the_letter_was_first(
    post: Post, db: Database, workspace: Home, clock: MovableClock, rules: Faulty
) -> None:
    sent = batch(workspace, track("m1", POISON), context=PROBE)
    post("batch", sent)
    mended(rules)
    replayed(db, workspace, clock)
    answer = post("batch", sent)
    assert (answer.body["accepted"], answer.body["rejected"]) == (1, [])
    assert len(rows(db, Event)) == 1


def test_what_was_sent_again_by_another_reading_of_its_senders_clock_is_had_when_its_id_is_forgotten(
    post: Post, db: Database, workspace: Home, clock: MovableClock, rules: Faulty
) -> None:
    item = track("m1", POISON, timestamp=iso(clock()))
    post("batch", batch(workspace, item, sentAt=iso(clock())))
    mended(rules)
    clock.advance(timedelta(minutes=1))
    post("batch", batch(workspace, item, sentAt=iso(clock() + timedelta(seconds=2))))
    db.write(lambda session: session.execute(delete(MessageSeen)))
    assert outcomes(replayed(db, workspace, clock)) == [("duplicate", None)]
    assert len(rows(db, Event)) == 1


def test_what_a_batch_says_of_messages_is_said_by_the_letter(
    post: Post, db: Database, workspace: Home, clock: MovableClock
) -> None:
    said = {"consent": {"categoryPreferences": {"marketing": False}}}
    call = late(clock(), "m1", type="identify", userId="u1")
    post("batch", batch(workspace, call, context=said), **basic(workspace.api_key))
    replayed(db, workspace, clock)
    said_of = db.read(lambda session: list(session.scalars(select(Consent))))
    assert [(consent.message_class, consent.granted) for consent in said_of] == [("marketing", False)]


def test_of_what_a_batch_says_only_what_is_read_is_kept(
    post: Post, db: Database, client: FlaskClient, workspace: Home, clock: MovableClock
) -> None:
    key = f"sk_{'0' * 32}"
    context = {
        "consent": {"categoryPreferences": {"Analytics": True, "Advertising": True}, "id": "ana@shop.example"},
        "traits": {"email": "ana@shop.example"},
        "device": {"id": "1"},
        "ip": "203.0.113.99",
        "page": {"url": f"https://shop.example/?key={key}"},
    }
    post("batch", batch(workspace, late(clock(), "m1"), context=context), **basic(workspace.api_key))
    (letter,) = rows(db, DeadLetter)
    kept = {
        "page": {"url": "https://shop.example/?key=sk_…"},
        "ip": "203.0.113.0",
        "consent": {"categoryPreferences": {"Analytics": True}},
    }
    assert orjson.loads(letter.context) == kept
    asked = {"headers": {"Authorization": f"Bearer {workspace.api_key}"}}
    shown = client.get(f"/api/v1/dead_letters/{letter.id}", **asked).get_json()
    assert orjson.loads(shown["context"]) == kept


def test_a_long_one_is_kept_as_far_as_an_event_keeps_it(
    post: Post, db: Database, workspace: Home, clock: MovableClock
) -> None:
    post("batch", batch(workspace, late(clock(), "m1"), context=LONG | {"campaign": {"name": "y" * 300_000}}))
    (letter,) = rows(db, DeadLetter)
    assert len(letter.context) < 4_000
    replayed(db, workspace, clock)
    assert [len(event.url) for event in rows(db, Event)] == [2_000]


def test_of_who_has_not_agreed_nothing_of_it_is_kept(post: Post, db: Database, workspace: Home) -> None:
    post("batch", batch(workspace, track("m1", event=7), context=PROBE | NO))
    assert [(letter.body, letter.context) for letter in rows(db, DeadLetter)] == [("", None)]


def test_what_its_site_no_longer_takes_is_dropped_and_waits_no_more(
    post: Post, db: Database, workspace: Home, clock: MovableClock
) -> None:
    """As its sender is answered, who does not send it again."""
    post("batch", batch(workspace, late(clock(), "m1")))
    set_site(db, workspace, consent="opt_in")
    assert outcomes(replayed(db, workspace, clock)) == [("dropped", "no_consent")]
    assert db.read(lambda session: waiting(session, Which(workspace.id, replayed=False), None, 5)) == []
    assert rows(db, Event) == []
