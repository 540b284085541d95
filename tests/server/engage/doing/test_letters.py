"""Letters: to whom, saying what, and what becomes of their delivery when the outbox has settled them."""

import re

import pytest
from sqlalchemy import text

from frontdesk.accounts.models import Workspace
from frontdesk.channels import outbox
from frontdesk.channels.dispatch import Dispatch, InLine
from frontdesk.channels.models import OutboxRow
from frontdesk.channels.outbox import Claimed, NotSent
from frontdesk.channels.policy import TRIES
from frontdesk.channels.policy import WAITS as WAITS_TO_SEND
from frontdesk.engage.doing import letters
from frontdesk.engage.doing.deliveries import LETTER, MOVES, WAITS, expire
from frontdesk.engage.models import DELIVERY_WAITS, Delivery
from frontdesk.people.models import Contact, Visitor
from tests.server.engage.doing.stage import Stage, parsed

HELLO = "{email: {class: support, subject: {en: 'Dear {{ contact.name }}', zh: 亲爱的}, text: {en: Hi, zh: 你好}}}"


def test_a_letter_waits_in_the_outbox_and_counts_as_a_delivery(stage: Stage) -> None:
    stage.do(HELLO)
    [parcel] = stage.rows(OutboxRow)
    assert (parcel.channel, parcel.endpoint, parcel.key) == ("email", "smtp", "key_1")
    assert parcel.payload == {"to": "li@example.com", "subject": "Dear Li Na", "text": "Hi", "locale": "en"}
    row = stage.delivery()
    assert (row.kind, row.message_class, row.state, row.person_id) == ("email", "support", "queued", "vis_1")


def test_a_letter_is_in_the_person_s_language(stage: Stage) -> None:
    stage.met_as(visitor={"language": "zh"})
    stage.do(HELLO)
    [parcel] = stage.rows(OutboxRow)
    assert (parcel.payload["subject"], parcel.payload["text"], parcel.payload["locale"]) == ("亲爱的", "你好", "zh")


def test_a_saved_letter_is_sent_by_its_key(stage: Stage) -> None:
    stage.do("{email: saved-email}")
    [parcel] = stage.rows(OutboxRow)
    assert (parcel.payload["subject"], parcel.payload["text"]) == ("Dear Li Na", "How are you?")


@pytest.mark.parametrize(
    "email", [None, "", "li", "li@example.com\r\nBcc: evil@example.com", "a@b.example, c@d.example"]
)
def test_who_has_no_plain_address_gets_none(stage: Stage, email: str | None) -> None:
    stage.change(Contact, "con_1", email=email)
    context = stage.context()
    stage.db.write(lambda session: letters.send(session, context, parsed(HELLO)))
    assert context.left_undone == ["no_address"]
    assert (stage.rows(OutboxRow), stage.rows(Delivery)) == ([], [])


@pytest.mark.parametrize("admitted", [False, True])
def test_nobody_is_written_to_for_what_only_a_browser_said(stage: Stage, *, admitted: bool) -> None:
    stage.change(Workspace, stage.home.id, admits_unverified=admitted)
    stage.change(Contact, "con_1", verified=False, email="victim@example.com")
    stage.change(Visitor, "vis_1", email="victim@example.com")
    stage.do(HELLO)
    assert (stage.rows(OutboxRow), stage.rows(Delivery)) == ([], [])


def test_an_address_that_a_server_gave_the_browser_is_good(stage: Stage) -> None:
    stage.change(Contact, "con_1", email=None)
    stage.change(Visitor, "vis_1", email="li@work.example", email_verified=True)
    stage.do(HELLO)
    assert stage.rows(OutboxRow)[0].payload["to"] == "li@work.example"


def settle(stage: Stage, outcome: NotSent | None) -> None:
    def channel(_one: Claimed) -> NotSent | None:
        return outcome

    settled = {"email": letters.settled}
    Dispatch(stage.db, lambda: stage.now, {"email": channel}, settled, lambda: 0.5, InLine()).tick()


@pytest.mark.parametrize(
    ("outcome", "state"),
    [(None, "sent"), (NotSent("550 no such user", final=True), "expired"), (NotSent("later"), "queued")],
)
def test_the_delivery_follows_what_became_of_the_letter(stage: Stage, outcome: NotSent | None, state: str) -> None:
    stage.do(HELLO)
    settle(stage, outcome)
    assert stage.delivery().state == state
    assert (stage.delivery().sent_at is not None) == (state == "sent")


def test_a_letter_does_not_expire_like_what_waits_for_a_visitor(stage: Stage) -> None:
    stage.do(HELLO)
    assert stage.db.write(lambda session: expire(session, stage.now + WAITS)) == 0


def test_the_open_states_of_the_index_are_those_that_may_expire() -> None:
    waits = [state for state, following in MOVES.items() if "expired" in following]
    assert re.findall(r"'(\w+)'", DELIVERY_WAITS) == [*waits, LETTER]


def test_what_waits_in_vain_is_found_by_its_index(stage: Stage) -> None:
    if not stage.db.engines.sqlite:
        pytest.skip("PostgreSQL plans by what is in the table, and here is nothing")
    plan = text(f"EXPLAIN QUERY PLAN UPDATE delivery SET state = 'expired' WHERE {DELIVERY_WAITS} AND expires_at <= 5")
    said = stage.db.read(lambda session: str(session.execute(plan).all()))
    assert "ix_delivery_waits" in said


def test_a_letter_that_nothing_was_ever_heard_of_ends_its_delivery(stage: Stage) -> None:
    stage.do(HELLO)
    for _ in range(TRIES):
        stage.db.write(lambda session: outbox.claim(session, "smtp", 1, stage.now))
        stage.now += WAITS_TO_SEND[-1]
    settle(stage, None)
    assert stage.delivery().state == "expired"
