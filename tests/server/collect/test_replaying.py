"""Letters that are sent again are stored once, alone where one of them fails, and with pauses for whoever sends now."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from frontdesk.accounts.models import Site
from frontdesk.collect.counts import COUNTS
from frontdesk.collect.imports.importing import unasked
from frontdesk.collect.keeping.letters import named
from frontdesk.collect.keeping.replaying import Replaying, read_again, store_again
from frontdesk.collect.models import CollectCount, DeadLetter, Event, MessageSeen
from frontdesk.collect.requests import Answer, Request
from frontdesk.collect.store import Store
from frontdesk.core.clock import MovableClock
from frontdesk.core.db import Database
from frontdesk.core.errors import NotFound
from tests.server.collect.conftest import Post
from tests.server.collect.replays import STORE, ids, late, outcomes, replayed
from tests.server.collect.senders import basic, batch, rows
from tests.server.conftest import Home


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


def test_a_letter_that_went_away_meanwhile_holds_up_no_other(
    post: Post, db: Database, workspace: Home, clock: MovableClock
) -> None:
    post("batch", batch(workspace, *[late(clock(), f"m{n}") for n in range(3)]))
    first, second, third = known = ids(db)
    read = db.read(lambda session: read_again(session, workspace.id, known))
    db.write(lambda session: session.execute(delete(DeadLetter).where(DeadLetter.id == second)))
    told = db.write(partial(store_again, letters=read, store=STORE, now=clock()))
    assert outcomes(told) == [("stored", None), ("gone", None), ("stored", None)]
    db.write(lambda session: session.execute(delete(DeadLetter).where(DeadLetter.id == first)))
    told = replayed(db, workspace, clock, groups=[[first, second], [third]])
    assert outcomes(told) == [("gone", None), ("gone", None), ("duplicate", None)]


def test_what_finds_no_room_is_told_of_a_letter_that_is_stored(
    post: Post, db: Database, workspace: Home, clock: MovableClock
) -> None:
    many = {f"k{number:03}": number for number in range(258)}
    post("batch", batch(workspace, late(clock(), "m1", properties=many)))
    (told,) = replayed(db, workspace, clock)
    (left_out,) = told.left_out
    assert (told.outcome, left_out.fields) == ("stored", ("properties.k256", "properties.k257"))
    assert "at most 256 keys" in str(told.detail)
    assert counted(db, workspace)["parse", "too_many_keys"] == 1


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
    with pytest.raises(KeyboardInterrupt):
        list(sending.replay(interrupted([letter_id] for letter_id in ids(db))))
    assert seen == [0, 0, 3, 3]
    assert counted(db, workspace)["store", "stored"] == 5


def interrupted(groups: Iterable[list[str]]) -> Iterator[list[str]]:
    yield from groups
    raise KeyboardInterrupt


def counted(db: Database, home: Home) -> dict[tuple[str, str], int]:
    return {(row.step, row.reason): row.count for row in db.read(partial(kept, home=home))}


def kept(session: Session, home: Home) -> Sequence[CollectCount]:
    return session.scalars(select(CollectCount).where(CollectCount.workspace_id == home.id)).all()


def test_where_no_site_is_left_a_pages_letter_waits_and_a_servers_is_stored(
    post: Post, db: Database, workspace: Home, clock: MovableClock
) -> None:
    told_late = late(clock(), "m1"), late(clock(), "m2")
    post("batch", batch(workspace, told_late[0]))
    post("batch", {"batch": [told_late[1] | {"userId": "vera"}]}, **basic(workspace.api_key))
    db.write(lambda session: session.execute(delete(Site)))
    page, server = sorted(replayed(db, workspace, clock), key=lambda one: one.outcome)
    assert (page.outcome, page.code, server.outcome) == ("refused", "too_late", "stored")
    assert "No site is left" in str(page.detail)
    assert stored(db) == ["m2"]
    assert [letter.message_id for letter in rows(db, DeadLetter) if letter.replayed_at is None] == ["m1"]


def test_a_letter_of_another_workspace_does_not_exist(
    post: Post, db: Database, workspace: Home, other_workspace: Home, clock: MovableClock
) -> None:
    post("batch", batch(workspace, late(clock(), "m1")))
    assert outcomes(replayed(db, other_workspace, clock, groups=[ids(db)])) == [("gone", None)]
    with pytest.raises(NotFound):
        db.read(lambda session: named(session, other_workspace.id, ids(db)))
    assert rows(db, Event) == []
    assert [letter.replayed_at for letter in rows(db, DeadLetter)] == [None]
