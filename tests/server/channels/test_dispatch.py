"""The dispatch: what is due is sent, endpoints beside each other, and whatever a channel does, the others go on."""

from collections.abc import Callable, Iterator
from threading import Event
from typing import Any

import gevent
import pytest
from sqlalchemy import select

from frontdesk.channels import outbox
from frontdesk.channels.dispatch import AT_ONCE, Beside, Dispatch, InLine
from frontdesk.channels.models import OutboxRow
from frontdesk.channels.outbox import Claimed, NotSent, Parcel
from frontdesk.channels.policy import TRIES, WAITS
from frontdesk.core.clock import MovableClock
from frontdesk.core.db import Database
from tests.server.conftest import Home


class Post:
    """A channel that notes what it was given, and does what `answers` says for an endpoint."""

    def __init__(self) -> None:
        self.sent: list[str] = []
        self.answers: dict[str, Callable[[], NotSent | None]] = {}

    def __call__(self, one: Claimed) -> NotSent | None:
        self.sent.append(one.parcel.key)
        return self.answers.get(one.parcel.endpoint, lambda: None)()


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.fixture
def dispatch(db: Database, clock: MovableClock, post: Post) -> Dispatch:
    return Dispatch(db, clock, {"test": post}, chance=lambda: 0.5, crew=InLine())


@pytest.fixture
def put(db: Database, clock: MovableClock, workspace: Home) -> Callable[..., None]:
    def put(key: str, endpoint: str = "a", channel: str = "test") -> None:
        parcel = Parcel(workspace.id, channel, endpoint, key, {})
        db.write(lambda session: outbox.put(session, parcel, clock()))

    return put


def states(db: Database) -> dict[str, str]:
    return db.read(lambda session: {row.key: row.state for row in session.scalars(select(OutboxRow))})


def test_all_that_is_due_is_sent_once_however_much_it_is(
    db: Database, dispatch: Dispatch, post: Post, put: Callable[..., None]
) -> None:
    keys = [f"{number:02}" for number in range(AT_ONCE * 2 + 3)]
    for key in keys:
        put(key)
    dispatch.tick()
    dispatch.tick()
    assert sorted(post.sent) == keys
    assert set(states(db).values()) == {"done"}


def test_what_failed_is_tried_again_when_it_is_time(
    db: Database, dispatch: Dispatch, post: Post, put: Callable[..., None], clock: MovableClock
) -> None:
    post.answers["a"] = lambda: NotSent("away")
    put("1")
    dispatch.tick()
    dispatch.tick()
    assert (post.sent, states(db)) == (["1"], {"1": "pending"})
    del post.answers["a"]
    clock.advance(outbox.LEASE)
    dispatch.tick()
    assert (post.sent, states(db)) == (["1", "1"], {"1": "done"})


def test_while_an_endpoint_fails_it_is_tried_with_one_parcel_at_a_time(
    dispatch: Dispatch, post: Post, put: Callable[..., None]
) -> None:
    batches: list[int] = []

    class Counting(InLine):
        def together(self, tasks: Any) -> Any:
            batches.append(len(tasks))
            return super().together(tasks)

    dispatch.crew = Counting()
    post.answers["a"] = lambda: NotSent("away")
    for number in range(AT_ONCE + 3):
        put(str(number))
    dispatch.tick()
    assert batches == [AT_ONCE, 1, 1, 1]


def broken() -> NotSent | None:
    raise RuntimeError("a bug of the channel's")


def test_a_channel_that_breaks_fails_for_this_parcel_alone(
    db: Database, dispatch: Dispatch, post: Post, put: Callable[..., None]
) -> None:
    post.answers["a"] = broken
    put("1", "a")
    put("2", "b")
    put("3", "c", channel="pigeon")
    dispatch.tick()
    assert states(db) == {"1": "pending", "2": "done", "3": "pending"}
    errors = db.read(lambda session: {row.key: row.error for row in session.scalars(select(OutboxRow))})
    assert errors == {"1": "RuntimeError on our side", "2": None, "3": "nothing here sends by pigeon"}


def test_who_wants_to_know_is_told_in_the_same_transaction_and_once(
    dispatch: Dispatch, post: Post, put: Callable[..., None]
) -> None:
    told: list[tuple[str, bool]] = []
    dispatch.settled = {"test": lambda _session, one, _now, *, sent: told.append((one.parcel.key, sent))}
    post.answers |= {"b": lambda: NotSent("no", final=True), "c": lambda: NotSent("away")}
    for key, endpoint in (("1", "a"), ("2", "b"), ("3", "c")):
        put(key, endpoint)
    dispatch.tick()
    dispatch.tick()
    assert sorted(told) == [("1", True), ("2", False)]


def test_what_nothing_was_ever_heard_of_is_given_up_unsent_and_whoever_wants_to_know_is_told(
    db: Database, dispatch: Dispatch, post: Post, put: Callable[..., None], clock: MovableClock
) -> None:
    told: list[tuple[str, bool]] = []
    dispatch.settled = {"test": lambda _session, one, _now, *, sent: told.append((one.parcel.key, sent))}
    put("1")
    for _ in range(TRIES):
        db.write(lambda session: outbox.claim(session, "a", AT_ONCE, clock()))
        clock.advance(WAITS[-1])
    dispatch.tick()
    dispatch.tick()
    assert (post.sent, told, states(db)) == ([], [("1", False)], {"1": "dead"})


@pytest.fixture
def let_go() -> Iterator[Event]:
    event = Event()
    yield event
    event.set()


def test_an_endpoint_that_never_answers_delays_no_other(
    db: Database, dispatch: Dispatch, post: Post, put: Callable[..., None], let_go: Event, clock: MovableClock
) -> None:
    class Watched(Beside):
        def __init__(self) -> None:
            super().__init__()
            self.runs: list[gevent.Greenlet[..., None]] = []

        def start(self, run: Callable[[], None]) -> None:
            self.runs.append(gevent.spawn(run))

    dispatch.crew = crew = Watched()

    def sleep() -> NotSent | None:
        let_go.wait()
        return NotSent("too late")

    post.answers["dead"] = sleep
    for number in range(20):
        put(f"dead{number}", "dead")
        put(f"live{number}", f"live{number % 4}")
    dispatch.tick()
    assert len(crew.runs) == 5
    dead, *live = crew.runs  # by name
    gevent.joinall(live, timeout=60)
    sent = {key for key, state in states(db).items() if state == "done"}
    assert sent == {f"live{number}" for number in range(20)}
    assert not dead.ready()
    for _ in range(4):
        clock.advance(outbox.LEASE / 2)
        dispatch.tick()
    assert len(crew.runs) == 5  # what is being sent stays ours: nobody else knocks at the dead one meanwhile
    assert post.sent.count("dead0") <= 1
    let_go.set()
    dead.join(timeout=60)
    assert dead.ready()
