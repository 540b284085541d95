"""How batches travel: together, compressed, again after a failure, in halves, never twice and never in silence."""

import base64
import threading

import pytest

from frontdesk_sdk import Client, Dropped, Problem
from frontdesk_sdk.delivery import MAX_REQUEST_BYTES
from tests.sdk_python.receiver import DEADLINE, Answer, Receiver

AT_ONCE = {"Retry-After": "0"}
HANGS_UP = Answer(status=0)


@pytest.mark.parametrize("key", ["sk_secret", "pk_site"])
def test_the_key_goes_as_the_name_of_basic_authentication(key, connect, receiver):
    connect(key).track("u1", "Clicked")

    (request,) = receiver.wait_for(1, "requests")
    scheme, _, credentials = request.headers["Authorization"].partition(" ")
    assert (scheme, base64.b64decode(credentials).decode()) == ("Basic", f"{key}:")
    assert request.path == "/v1/batch"
    assert request.body.keys() == {"sentAt", "batch"}


def test_calls_close_together_leave_in_one_request(connect, receiver):
    client = connect(flush_interval=3600.0)
    for number in range(7):
        client.track("u1", "Clicked", {"number": number})

    assert client.flush(DEADLINE)

    (request,) = receiver.requests
    assert [event["properties"]["number"] for event in request.events] == list(range(7))


def test_a_full_batch_does_not_wait_for_the_interval(connect, receiver):
    client = connect(flush_interval=3600.0, max_batch=3)
    for _ in range(3):
        client.track("u1", "Clicked")

    assert len(receiver.wait_for(1, "requests")[0].events) == 3


def test_a_request_stays_within_its_limits(connect, receiver):
    client = connect(flush_interval=3600.0)
    for _ in range(40):
        client.track("u1", "Imported", {"text": "铃" * 10_000})

    assert client.flush(DEADLINE)

    assert len(receiver.events) == 40
    assert len(receiver.requests) == 3
    assert all(request.size <= MAX_REQUEST_BYTES for request in receiver.requests)


def test_one_connection_serves_many_requests(connect, receiver):
    client = connect()
    for _ in range(5):
        client.track("u1", "Clicked")
        assert client.flush(DEADLINE)

    assert (len(receiver.requests), receiver.connections) == (5, 1)


@pytest.mark.parametrize(("gzip", "encoding"), [(True, "gzip"), (False, None)])
def test_large_requests_are_compressed_unless_told_otherwise(gzip, encoding, connect, receiver):
    connect(gzip=gzip).track("u1", "Imported", {"text": "bell " * 1000})

    (request,) = receiver.wait_for(1, "requests")
    assert request.headers["Content-Encoding"] == encoding
    assert request.events[0]["properties"]["text"] == "bell " * 1000


@pytest.mark.parametrize("failure", [Answer(429, headers=AT_ONCE), Answer(503, headers=AT_ONCE), HANGS_UP])
def test_a_failed_batch_is_sent_again_with_the_same_ids(failure, connect, receiver, problems):
    receiver.script = [failure, failure]
    client = connect(flush_interval=3600.0)
    client.track("u1", "Clicked")
    client.track("u1", "Bought")

    assert client.flush(DEADLINE)

    first, second, third = receiver.requests
    assert first.ids == second.ids == third.ids
    assert len(set(first.ids)) == 2
    assert (client.stats.delivered, client.stats.dropped, problems) == (2, {}, [])


def test_a_connection_that_died_while_idle_costs_no_pause(connect, receiver):
    client = connect()
    client.track("u1", "Clicked")
    assert client.flush(DEADLINE)
    receiver.script = [HANGS_UP]
    client.track("u1", "Bought")
    assert client.flush(DEADLINE)

    assert (client.stats.delivered, client.stats.retries, receiver.connections) == (2, 0, 2)


def test_a_server_that_is_away_gets_everything_once_it_is_back(receiver: Receiver):
    with receiver.serving() as address:
        port = int(address.rsplit(":", 1)[1])
    with Client("sk_test", address, flush_interval=0.0) as client:
        client.track("u1", "Clicked")
        assert not client.flush(0.05)
        with receiver.serving(port):
            assert client.flush(DEADLINE)
            assert [event["event"] for event in receiver.events] == ["Clicked"]
            client.close()


def test_a_server_that_never_answers_is_left_after_the_timeout(connect, receiver):
    receiver.open.clear()
    client = connect(timeout=0.1)
    client.track("u1", "Clicked")

    receiver.wait_for(2, "requests")

    receiver.open.set()
    assert client.flush(DEADLINE)
    assert len({event["messageId"] for event in receiver.events}) == 1


def test_a_batch_is_given_up_after_its_time(connect, receiver, problems):
    receiver.rule = lambda _: Answer(500)
    client = connect(give_up_after=0.0)
    client.track("u1", "Clicked", message_id="m1")

    assert client.flush(DEADLINE)

    assert [(problem.code, problem.message_id) for problem in problems] == [(Dropped.GAVE_UP, "m1")]
    assert len(receiver.requests) == 1


@pytest.mark.parametrize(
    ("status", "code"),
    [(400, Dropped.MALFORMED), (401, Dropped.UNKNOWN_KEY), (403, Dropped.REFUSED), (301, Dropped.REFUSED)],
)
def test_a_final_answer_is_not_asked_for_again(status, code, connect, receiver, problems):
    receiver.script = [Answer(status, {"code": "x", "detail": "never heard of it"})]
    client = connect()
    client.track("u1", "Clicked", message_id="m1")
    assert client.flush(DEADLINE)
    client.track("u1", "Bought", message_id="m2")
    assert client.flush(DEADLINE)

    assert [request.ids for request in receiver.requests] == [["m1"], ["m2"]]
    assert [(problem.code, problem.message_id) for problem in problems] == [(code, "m1")]
    assert "never heard of it" in problems[0].detail


def test_a_batch_too_large_for_the_server_is_sent_in_halves(connect, receiver, problems):
    receiver.rule = lambda request: Answer(413 if len(request.events) > 2 else 200)
    client = connect(flush_interval=3600.0)
    for number in range(7):
        client.track("u1", "Clicked", message_id=f"m{number}")

    assert client.flush(DEADLINE)

    taken = [request.ids for request in receiver.requests if len(request.ids) <= 2]
    assert [one for ids in taken for one in ids] == [f"m{number}" for number in range(7)]
    assert (client.stats.delivered, problems) == (7, [])


def test_an_event_too_large_for_the_server_falls_alone(connect, receiver, problems):
    receiver.rule = lambda request: Answer(413 if "m2" in request.ids else 200)
    client = connect(flush_interval=3600.0)
    for number in range(5):
        client.track("u1", "Clicked", message_id=f"m{number}")

    assert client.flush(DEADLINE)

    assert [(problem.code, problem.message_id) for problem in problems] == [(Dropped.TOO_LARGE, "m2")]
    assert client.stats.delivered == 4


def test_single_events_refused_in_a_good_batch_are_told(connect, receiver, problems):
    refusal = {"messageId": "m1", "code": "conflict", "field": "messageId", "detail": "same id, other content"}
    receiver.script = [Answer(200, {"success": True, "accepted": 1, "rejected": [refusal]})]
    client = connect(flush_interval=3600.0)
    client.track("u1", "Clicked", message_id="m1")
    client.track("u1", "Bought", message_id="m2")

    assert client.flush(DEADLINE)

    assert problems == [Problem("conflict", "same id, other content", "m1", "messageId")]
    assert (client.stats.delivered, client.stats.dropped) == (1, {"conflict": 1})


@pytest.mark.parametrize("body", [[], "text", {"rejected": "all"}, {"rejected": [None, 7]}, {"rejected": [{}]}])
def test_an_answer_of_another_shape_does_not_stop_the_thread(body, connect, receiver):
    receiver.script = [Answer(200, body)]
    client = connect()
    client.track("u1", "Clicked")
    assert client.flush(DEADLINE)
    client.track("u1", "Bought")

    assert client.flush(DEADLINE)
    assert len(receiver.events) == 2


def test_events_of_many_threads_all_arrive_once(connect, receiver):
    client = connect(max_batch=17)

    def speak(name: str) -> None:
        for number in range(200):
            client.track(name, "Clicked", message_id=f"{name}-{number}")

    threads = [threading.Thread(target=speak, args=(f"u{number}",)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert client.flush(DEADLINE)
    ids = [event["messageId"] for event in receiver.events]
    assert (len(ids), len(set(ids))) == (800, 800)
