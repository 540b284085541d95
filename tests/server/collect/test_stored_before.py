"""A letter is told from what is stored by whose it is and what it says, not by its id alone."""

from datetime import datetime, timedelta
from typing import Any

import orjson
import pytest
from sqlalchemy import delete, update

from frontdesk.collect.models import DeadLetter, Event, MessageSeen
from frontdesk.core.clock import MovableClock, iso
from frontdesk.core.db import Database
from tests.server.collect.conftest import Post
from tests.server.collect.replays import ids, outcomes, replayed
from tests.server.collect.senders import basic, batch, page, rows, track
from tests.server.conftest import Home


def test_what_its_sender_sent_again_itself_is_not_stored_once_more_when_its_id_is_forgotten(
    post: Post, db: Database, workspace: Home, clock: MovableClock
) -> None:
    said = track("m1", timestamp=iso(clock()))
    post("batch", batch(workspace, said | {"event": ""}, said))
    db.write(lambda session: session.execute(delete(MessageSeen)))
    repaired = orjson.dumps(said).decode()
    db.write(lambda session: session.execute(update(DeadLetter).values(body=repaired)))
    clock.advance(timedelta(days=9))
    assert outcomes(replayed(db, workspace, clock)) == [("duplicate", None)]
    assert [event.message_id for event in rows(db, Event)] == ["m1"]


def failed(db: Database, post: Post, home: Home, said: dict[str, Any], *, server: bool = False) -> None:
    """A letter of this item, refused by a fault that is mended by now."""
    asked = basic(home.api_key) if server else {}
    post("batch", batch(home, said | {"type": "nothing"}), **asked)
    letter_id = ids(db)[-1]
    mended = {"body": orjson.dumps(said).decode(), "code": "failed"}
    db.write(lambda session: session.execute(update(DeadLetter).where(DeadLetter.id == letter_id).values(mended)))


def of_server(message_id: str, at: datetime, **more: Any) -> dict[str, Any]:
    return {"type": "track", "messageId": message_id, "userId": "u1", "event": "Order", "timestamp": iso(at), **more}


@pytest.mark.parametrize("forgotten", [False, True])
def test_what_a_page_said_under_the_id_of_a_servers_event_keeps_it_from_nobody(
    post: Post, db: Database, workspace: Home, clock: MovableClock, *, forgotten: bool
) -> None:
    order = of_server("o1", clock(), properties={"revenue": 5})
    post("batch", batch(workspace, {**order, "anonymousId": "ana"}))
    failed(db, post, workspace, order, server=True)
    if forgotten:
        db.write(lambda session: session.execute(delete(MessageSeen)))
    assert outcomes(replayed(db, workspace, clock)) == [("stored", None)]
    assert sorted(event.verified for event in rows(db, Event)) == [False, True]


OTHERS = [
    (track("1", anonymousId="ann"), track("1", anonymousId="bob")),
    (track("1"), track("1", event="Something Else")),
    (track("1", properties={"a": 1}), track("1", properties={"a": 2})),
    (page("1"), page("1", "https://shop.example/elsewhere")),
    (track("1"), track("1", userId="u1", anonymousId=None)),
]


@pytest.mark.parametrize("forgotten", [False, True])
@pytest.mark.parametrize(("stands", "waits"), OTHERS)
def test_other_content_or_another_person_under_an_id_is_a_conflict_and_its_letter_waits(
    post: Post, db: Database, workspace: Home, clock: MovableClock, *,
    stands: dict[str, Any], waits: dict[str, Any], forgotten: bool,
) -> None:  # fmt: skip
    at = {"timestamp": iso(clock())}
    post("batch", batch(workspace, stands | at))
    failed(db, post, workspace, waits | at)
    if forgotten:
        db.write(lambda session: session.execute(delete(MessageSeen)))
    assert outcomes(replayed(db, workspace, clock)) == [("refused", "conflict")]
    assert [letter.replayed_at for letter in rows(db, DeadLetter)] == [None]
    assert len(rows(db, Event)) == 1


SAME = [
    (track("1", properties={"price": 12.0, "of": {"b": [1, None]}}), False),
    (page("1"), False),
    (track("1", userId="u1", anonymousId=None), False),
    (track("1", userId="u1", anonymousId=None), True),
    (track("1", userId="u2", anonymousId="shared"), True),
    ({"type": "alias", "messageId": "1", "previousId": "ana", "userId": "u1"}, True),
]


@pytest.mark.parametrize(("said", "server"), SAME)
def test_the_same_event_of_the_same_person_is_a_duplicate_though_its_id_is_forgotten(
    post: Post, db: Database, workspace: Home, clock: MovableClock, *, said: dict[str, Any], server: bool
) -> None:
    asked = basic(workspace.api_key) if server else {}
    said |= {"timestamp": iso(clock())}
    post(
        "batch",
        batch(workspace, of_server("0", clock(), userId="u1", anonymousId="shared")),
        **basic(workspace.api_key),
    )
    assert post("batch", batch(workspace, said), **asked).body["accepted"] == 1
    failed(db, post, workspace, said, server=server)
    db.write(lambda session: session.execute(delete(MessageSeen)))
    assert outcomes(replayed(db, workspace, clock)) == [("duplicate", None)]


def test_a_description_with_other_attributes_is_a_conflict_as_long_as_its_id_is_remembered(
    post: Post, db: Database, workspace: Home, clock: MovableClock
) -> None:
    said = {"type": "identify", "messageId": "1", "userId": "u1", "timestamp": iso(clock())}
    post("batch", batch(workspace, said | {"traits": {"plan": "free"}}), **basic(workspace.api_key))
    failed(db, post, workspace, said | {"traits": {"plan": "pro"}}, server=True)
    assert outcomes(replayed(db, workspace, clock)) == [("refused", "conflict")]
