"""An SDK is a guest: it never raises, never waits, says what it lost, and leaves nothing behind."""

import logging
import threading
from time import monotonic

import pytest

from frontdesk_sdk import Client, Dropped, Stats
from tests.sdk_python.receiver import DEADLINE, Answer


class Broken:
    def __getattribute__(self, name: str) -> object:
        raise RuntimeError(name)

    def __str__(self) -> str:
        raise RuntimeError

    def __repr__(self) -> str:
        raise RuntimeError

    def __eq__(self, other: object) -> bool:
        raise RuntimeError

    def __hash__(self) -> int:
        raise RuntimeError


BROKEN_CALLS = {
    "traits": lambda client: client.identify("u1", Broken()),
    "a trait": lambda client: client.identify("u1", {"a": Broken()}),
    "user id": lambda client: client.track(Broken(), "Clicked"),
    "event": lambda client: client.track("u1", Broken()),
    "properties": lambda client: client.page("u1", "Home", object()),
    "group": lambda client: client.group("u1", Broken(), Broken()),
    "alias": lambda client: client.alias(Broken(), Broken()),
    "context": lambda client: client.track("u1", "Clicked", context=Broken()),
    "timestamp": lambda client: client.track("u1", "Clicked", timestamp=Broken()),
    "message id": lambda client: client.track("u1", "Clicked", message_id=Broken()),
    "endless timestamp": lambda client: client.track("u1", "Clicked", timestamp=[0] * 100_000),
}


@pytest.mark.parametrize("name", BROKEN_CALLS)
def test_a_broken_object_never_raises_and_never_stops_the_next_event(name, connect, receiver):
    client = connect()

    assert BROKEN_CALLS[name](client) in {True, False}
    client.track("u2", "Clicked", message_id="next")

    assert client.flush(DEADLINE)
    assert "next" in [event["messageId"] for event in receiver.events]


AWAY = "http://127.0.0.1:1"
WRONG_SETTINGS = {
    "blank key": lambda: Client("", AWAY),
    "no key": lambda: Client(None, AWAY),
    "host is no address": lambda: Client("sk_1", "nonsense"),
    "host is broken": lambda: Client("sk_1", Broken()),
    "number is broken": lambda: Client("sk_1", AWAY, max_queue=Broken(), enabled=False),
    "unknown option": lambda: Client("sk_1", AWAY, colour="red", enabled=False),
    "callback is text": lambda: Client("sk_1", AWAY, on_error="print", enabled=False),
}


@pytest.mark.parametrize("name", WRONG_SETTINGS)
def test_wrong_settings_are_logged_and_never_raised(name, caplog):
    with WRONG_SETTINGS[name]() as client:
        assert client.track("u1", "Clicked") is False
        assert client.flush(DEADLINE)
        assert client.stats.dropped == {Dropped.BAD_SETTINGS: 1}

    assert len(caplog.records) == 1


def test_a_disabled_client_starts_no_thread(connect, receiver):
    client = connect(enabled=False)

    assert client.track("u1", "Clicked") is False
    assert client.flush(DEADLINE)
    assert "frontdesk-sdk" not in {thread.name for thread in threading.enumerate()}
    assert (client.stats, receiver.requests) == (Stats(), [])


def test_the_thread_starts_with_the_first_event_and_ends_with_the_client(connect):
    client = connect()
    assert "frontdesk-sdk" not in {thread.name for thread in threading.enumerate()}

    client.track("u1", "Clicked")
    assert "frontdesk-sdk" in {thread.name for thread in threading.enumerate() if thread.daemon}

    assert client.close()
    assert "frontdesk-sdk" not in {thread.name for thread in threading.enumerate()}


def test_calls_do_not_wait_for_a_server_that_hangs(connect, receiver):
    receiver.open.clear()
    client = connect(timeout=DEADLINE)
    client.track("u1", "Clicked")
    receiver.wait_for(1, "requests")

    started = monotonic()
    assert all(client.track("u1", "Clicked") for _ in range(500))

    assert monotonic() - started < DEADLINE / 4
    assert client.stats.delivered == 0


def test_a_full_queue_drops_the_newest_counts_them_and_logs_once(connect, receiver, problems, caplog):
    client = connect(max_queue=3, flush_interval=3600.0)

    taken = [client.track("u1", "Clicked", message_id=f"m{number}") for number in range(5)]

    assert taken == [True, True, True, False, False]
    assert [(problem.code, problem.message_id) for problem in problems] == [
        (Dropped.QUEUE_FULL, "m3"),
        (Dropped.QUEUE_FULL, "m4"),
    ]
    assert client.stats == Stats(queued=3, accepted=3, dropped={Dropped.QUEUE_FULL: 2})
    assert [record.levelno for record in caplog.records] == [logging.WARNING]
    assert client.flush(DEADLINE)
    assert [event["messageId"] for event in receiver.events] == ["m0", "m1", "m2"]


def test_flush_keeps_its_deadline_and_loses_nothing(connect, receiver):
    receiver.open.clear()
    client = connect()
    client.track("u1", "Clicked")

    started = monotonic()
    assert client.flush(0.05) is False
    assert monotonic() - started < DEADLINE / 4
    assert client.stats.queued == 1

    receiver.open.set()
    assert client.flush(DEADLINE) is True
    assert client.stats == Stats(accepted=1, delivered=1, requests=1)


def test_close_keeps_its_deadline_and_names_what_it_left(connect, receiver, problems):
    receiver.rule = lambda _: Answer(503, headers={"Retry-After": "300"})
    client = connect(max_batch=1)
    client.track("u1", "Clicked", message_id="m1")
    client.track("u1", "Clicked", message_id="m2")
    receiver.wait_for(1, "requests")

    assert client.close(0.05) is False
    assert client.flush(DEADLINE)

    assert sorted((problem.code, problem.message_id) for problem in problems) == [
        (Dropped.CLOSED, "m1"),
        (Dropped.CLOSED, "m2"),
    ]


def test_a_closed_client_refuses_and_can_be_closed_again(connect, problems):
    client = connect()
    assert client.close()

    assert client.track("u1", "Clicked") is False
    assert client.shutdown()
    assert [problem.code for problem in problems] == [Dropped.CLOSED]


def test_on_error_may_raise(connect, receiver):
    def explode(_: object) -> None:
        raise RuntimeError("the host's own bug")

    client = connect(on_error=explode)
    assert client.track("", "Clicked") is False
    client.track("u1", "Clicked")

    assert client.flush(DEADLINE)
    assert len(receiver.events) == 1


def test_on_error_may_use_the_client(connect, receiver):
    receiver.script = [Answer(400)]
    answers = []

    def tell(_: object) -> None:
        answers.append((client.track("", "again"), client.track("u1", "Told"), client.flush(DEADLINE)))

    client = connect(on_error=tell)
    client.track("u1", "Clicked")
    receiver.wait_for(2)

    assert client.flush(DEADLINE)
    assert answers == [(False, True, False)]
    assert [event["event"] for event in receiver.events] == ["Clicked", "Told"]
    assert client.stats.dropped == {Dropped.MALFORMED: 1, Dropped.MISSING_ID: 1}


def test_a_log_handler_that_raises_does_not_reach_the_host(connect, receiver):
    class Exploding(logging.Handler):
        def emit(self, _: logging.LogRecord) -> None:
            raise RuntimeError

    handler, logger = Exploding(), logging.getLogger("frontdesk_sdk")
    logger.addHandler(handler)
    try:
        assert connect().track("", "Clicked") is False
    finally:
        logger.removeHandler(handler)
