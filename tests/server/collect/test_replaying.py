"""Letters that are sent again are stored once, alone where one of them fails, and with pauses for whoever sends now."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import orjson
import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from frontdesk.collect.counts import COUNTS
from frontdesk.collect.imports.importing import unasked
from frontdesk.collect.keeping.replaying import Replayed, Replaying, read_again, store_again
from frontdesk.collect.models import CollectCount, DeadLetter, Event, MessageSeen
from frontdesk.collect.requests import Answer, Request
from frontdesk.collect.store import Store
from frontdesk.core.clock import MovableClock, iso
from frontdesk.core.db import Database
from frontdesk.core.errors import NotFound
from tests.server.collect.conftest import Post
from tests.server.collect.senders import batch, rows, track
from tests.server.conftest import Home

STORE = Store(unasked, "a secret of the tests")


class Fussy(Store):
    """Cannot store what is named here."""

    def __init__(self, *names: str) -> None:
        super().__init__(unasked, "a secret of the tests")
        self._names = names

    def __call__(self, session: Session, requests: list[Request]) -> Sequence[Answer]:
        answers = super().__call__(session, requests)
        if any(item.message_id in self._names for request in requests for item in request.items):
            raise ZeroDivisionError("a word of the letter")
        return answers


def late(now: datetime, message_id: str, **more: Any) -> dict[str, Any]:
    return track(message_id, timestamp=iso(now - timedelta(days=8)), **more)


def ids(db: Database) -> list[str]:
    return [letter.id for letter in rows(db, DeadLetter)]


def replayed(
    db: Database, home: Home, clock: MovableClock, *, store: Store = STORE, groups: Sequence[Sequence[str]] = ()
) -> list[Replayed]:
    sending = Replaying(db, home.id, store, clock, wait=lambda _seconds: None)
    return list(sending.replay(groups or [ids(db)]))


def outcomes(told: list[Replayed]) -> list[tuple[str, str | None]]:
    return [(one.outcome, one.code) for one in told]


def stored(db: Database) -> list[str]:
    return sorted(event.message_id for event in rows(db, Event))


def test_a_letter_is_stored_once_however_often_it_is_sent_again(
    post: Post, db: Database, workspace: Home, clock: MovableClock
) -> None:
    anonymous = late(clock(), "m2")
    del anonymous["messageId"]
    post("batch", batch(workspace, late(clock(), "m1"), anonymous))
    assert outcomes(replayed(db, workspace, clock)) == [("stored", None)] * 2
    db.write(lambda session: session.execute(delete(MessageSeen)))
    first = rows(db, DeadLetter)[0].replayed_at
    clock.advance(timedelta(days=10))
    assert outcomes(replayed(db, workspace, clock)) == [("duplicate", None)] * 2
    assert outcomes(replayed(db, workspace, clock, groups=[[ids(db)[0]] * 3])) == [("duplicate", None)]
    assert len(rows(db, Event)) == 2
    assert rows(db, DeadLetter)[0].replayed_at == first


def test_of_two_who_send_it_again_at_once_one_stores_it(
    post: Post, db: Database, workspace: Home, clock: MovableClock
) -> None:
    anonymous = late(clock(), "m1")
    del anonymous["messageId"]
    post("batch", batch(workspace, anonymous))
    read = [db.read(lambda session: read_again(session, workspace.id, ids(db))) for _ in range(2)]
    told = [db.write(partial(store_again, letters=one, store=STORE, now=clock())) for one in read]
    assert [one[0].outcome for one in told] == ["stored", "duplicate"]
    assert len(rows(db, Event)) == 1


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
    assert stored(db) == ["m1"]


def test_a_letter_that_cannot_be_stored_keeps_back_no_other(
    post: Post, db: Database, workspace: Home, clock: MovableClock
) -> None:
    post("batch", batch(workspace, *[late(clock(), f"m{n}") for n in range(5)]))
    told = replayed(db, workspace, clock, store=Fussy("m3"))
    assert sorted(outcomes(told)) == [("refused", "failed"), *[("stored", None)] * 4]
    (refused,) = [one for one in told if one.code]
    assert (refused.step, "word" in str(refused.detail)) == ("store", False)
    assert stored(db) == ["m0", "m1", "m2", "m4"]
    assert [letter.message_id for letter in rows(db, DeadLetter) if letter.replayed_at is None] == ["m3"]
    assert len(rows(db, DeadLetter)) == 5


def test_letters_are_stored_a_few_at_a_time_and_others_may_write_between(
    post: Post, db: Database, workspace: Home, clock: MovableClock
) -> None:
    post("batch", batch(workspace, *[late(clock(), f"m{n}") for n in range(4)]))
    between: list[int] = []

    def wait(seconds: float) -> None:
        assert seconds > 0
        between.append(len(rows(db, Event)))
        db.write(lambda session: session.execute(select(DeadLetter.id)))

    one, two, three, four = ids(db)
    sending = Replaying(db, workspace.id, STORE, clock, wait)
    assert outcomes(list(sending.replay([[one, two], [three], [four]]))) == [("stored", None)] * 4
    assert between == [2, 3]


def test_what_was_sent_again_is_counted_now_and_then_and_in_the_end_whatever_ends_it(
    post: Post, db: Database, workspace: Home, clock: MovableClock
) -> None:
    COUNTS._waiting.clear()
    post("batch", batch(workspace, *[late(clock(), f"m{n}") for n in range(5)]))
    COUNTS.flush(db, clock())
    seen: list[int] = []

    def wait(_seconds: float) -> None:
        seen.append(counted(db, workspace).get(("store", "stored"), 0))
        clock.advance(timedelta(seconds=3))

    sending = Replaying(db, workspace.id, STORE, clock, wait)
    with pytest.raises(NotFound):
        list(sending.replay([*([letter_id] for letter_id in ids(db)), ["ltr_of_nobody"]]))
    assert seen == [0, 0, 3, 3, 5]
    assert counted(db, workspace)["store", "stored"] == 5


def counted(db: Database, home: Home) -> dict[tuple[str, str], int]:
    return {(row.step, row.reason): row.count for row in db.read(partial(kept, home=home))}


def kept(session: Session, home: Home) -> Sequence[CollectCount]:
    return session.scalars(select(CollectCount).where(CollectCount.workspace_id == home.id)).all()


def test_a_letter_of_another_workspace_does_not_exist(
    post: Post, db: Database, workspace: Home, other_workspace: Home, clock: MovableClock
) -> None:
    post("batch", batch(workspace, late(clock(), "m1")))
    with pytest.raises(NotFound):
        replayed(db, other_workspace, clock)
    assert rows(db, Event) == []
