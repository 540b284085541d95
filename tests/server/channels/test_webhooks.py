"""Webhooks: what a receiver gets, how it knows that it is from us, and what counts as taken."""

import hmac
import socket
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from threading import Thread

import orjson
import pytest

from frontdesk.channels.addresses import AddressRefused
from frontdesk.channels.connecting import Network
from frontdesk.channels.outbox import Claimed, NotSent
from frontdesk.channels.webhooks import Webhooks, parcel, secrets_of
from frontdesk.core.config import Settings
from tests.server.channels.receivers import Receiver, Vouched

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
BODY = {"id": "rul_1:con_1", "fields": {"contact.plan": "专业版"}}
SETTINGS = Settings(
    data=Path(),
    database_url="",
    redis_url=None,
    public_url=None,
    trusted_proxies=0,
    city_file=None,
    secret="a secret of the tests",
)


def channel(settings: Settings = SETTINGS, *, hosts: tuple[str, ...] = ("127.0.0.1",)) -> Webhooks:
    return Webhooks(settings, lambda: NOW, Network(private_hosts=hosts), seconds=30)


def claimed(url: str) -> Claimed:
    return Claimed("out_1", "lse_1", 1, parcel("wsp_1", url, "rul_1:con_1", BODY))


def test_a_receiver_gets_the_body_signed_with_its_key(receiver: Receiver) -> None:
    assert channel()(claimed(receiver.url)) is None
    [got] = receiver.got
    assert (got.path, orjson.loads(got.body)) == ("/hook?a=1", BODY)
    assert got.headers["Content-Type"] == "application/json"
    assert got.headers["Idempotency-Key"] == "rul_1:con_1"
    assert got.headers["Host"] == f"127.0.0.1:{receiver.port}"
    moment, signed = (part.partition("=")[2] for part in got.headers["Frontdesk-Signature"].split(","))
    [secret] = secrets_of(SETTINGS, "wsp_1")
    expected = hmac.new(secret.encode(), moment.encode() + b"." + got.body, sha256).hexdigest()
    assert (int(moment), signed) == (NOW.timestamp(), expected)


@pytest.mark.parametrize("key", ["rul_1:订单:0", "rul_1:a\r\nX-Evil: 1:0", "rul_1:a\x00:0", "é", " a ", "k" * 201])
def test_a_key_that_no_header_can_say_is_said_by_its_hash(receiver: Receiver, key: str) -> None:
    one = Claimed("out_1", "lse_1", 1, parcel("wsp_1", receiver.url, key, BODY))
    assert channel()(one) is None
    [got] = receiver.got
    assert got.headers["Idempotency-Key"] == f"sha256:{sha256(key.encode()).hexdigest()}"
    assert "X-Evil" not in got.headers


def test_each_workspace_signs_with_a_secret_of_its_own() -> None:
    assert secrets_of(SETTINGS, "wsp_1") != secrets_of(SETTINGS, "wsp_2")
    assert secrets_of(SETTINGS, "wsp_1")[0].startswith("whsec_")


def test_while_the_secret_changes_both_signatures_come_along(receiver: Receiver) -> None:
    changing = replace(SETTINGS, secret="the next secret", former_secret=SETTINGS.secret)
    assert channel(changing)(claimed(receiver.url)) is None
    old, new = secrets_of(SETTINGS, "wsp_1"), secrets_of(changing, "wsp_1")
    assert new[1:] == old
    assert receiver.got[0].headers["Frontdesk-Signature"].count("v1=") == 2


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
def test_any_2xx_is_taken(receiver: Receiver, status: int) -> None:
    receiver.status = status
    assert channel()(claimed(receiver.url)) is None


@pytest.mark.parametrize("status", [400, 401, 404, 409, 429, 500, 503])
def test_everything_else_is_tried_again(receiver: Receiver, status: int) -> None:
    receiver.status = status
    assert channel()(claimed(receiver.url)) == NotSent(f"answered {status}")


def test_what_is_gone_is_not_tried_again(receiver: Receiver) -> None:
    receiver.status = 410
    assert channel()(claimed(receiver.url)) == NotSent("answered 410", final=True)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(receiver: Receiver, status: int) -> None:
    with Receiver() as other:
        receiver.status, receiver.location = status, other.url
        assert channel()(claimed(receiver.url)) == NotSent(f"answered {status}")
        assert other.got == []


def test_who_does_not_answer_in_time_has_not_taken_it(receiver: Receiver) -> None:
    receiver.silent = True
    hasty = replace(channel(), seconds=0.2)
    assert hasty(claimed(receiver.url)) == NotSent("no answer within 0 s")


def test_who_answers_a_byte_at_a_time_gains_nothing_by_it() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def drip() -> None:
            peer, _ = listening.accept()
            with peer:
                try:
                    while True:
                        peer.send(b"H")
                except OSError:
                    return

        dripping = Thread(target=drip)
        dripping.start()
        why = channel()(claimed(f"http://127.0.0.1:{listening.getsockname()[1]}/"))
        dripping.join()
    assert why is not None
    assert why.reason.startswith("no answer")


@pytest.mark.parametrize("said", [b"", b"nonsense\r\n\r\n", b"HTTP/1.1 999999 no\r\n\r\n"])
def test_what_is_no_answer_is_a_failure(said: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def answer() -> None:
            peer, _ = listening.accept()
            with peer:
                while not peer.recv(65536).endswith(b"}"):
                    pass
                peer.sendall(said)

        answering = Thread(target=answer)
        answering.start()
        why = channel()(claimed(f"http://127.0.0.1:{listening.getsockname()[1]}/"))
        answering.join()
    assert why is not None
    assert not why.final


def test_where_nobody_listens_is_a_failure(receiver: Receiver) -> None:
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        port = nobody.getsockname()[1]
    why = channel()(claimed(f"http://127.0.0.1:{port}/"))
    assert why is not None
    assert why.reason.startswith("no answer: ")


def test_a_closed_address_is_refused_at_send_too_and_nothing_is_sent(receiver: Receiver) -> None:
    why = channel(hosts=())(claimed(receiver.url))
    assert why is not None
    assert "network of its own" in why.reason
    assert receiver.got == []


def test_over_tls_the_certificate_must_be_good(certificate: Vouched) -> None:
    with Receiver(certificate.server()) as receiver:
        url = receiver.url.replace("http:", "https:")
        doubtful = channel()(claimed(url))
        assert doubtful is not None
        assert doubtful.reason.startswith("no TLS with it")
        trusting = replace(channel(), network=Network(("127.0.0.1",), tls=certificate.client()))
        assert trusting(claimed(url)) is None
        assert len(receiver.got) == 1


def test_what_is_no_address_cannot_even_be_put() -> None:
    with pytest.raises(AddressRefused):
        parcel("wsp_1", "ftp://shop.example", "key", {})
