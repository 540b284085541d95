"""E-mail, by a real mail server: the headers received are exactly those meant, whatever stands in a subject."""

import ssl
from dataclasses import replace
from datetime import UTC, datetime
from email.header import decode_header, make_header
from email.message import Message
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from frontdesk.channels.email import Email, Letter, as_html, compose, parcel
from frontdesk.channels.outbox import Claimed, NotSent
from frontdesk.core.mailing import Mail, is_address
from tests.server.channels.receivers import MailServer, Vouched

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
HEADERS = ["Content-Type", "MIME-Version", "From", "To", "Subject", "Date", "Message-ID", "Content-Language",
           "Auto-Submitted"]  # fmt: skip
HOSTILE = [
    "Hello\r\nBcc: evil@example.com",
    "Hello\nBcc: evil@example.com\n\nbody",
    "Hello\rBcc: evil@example.com",
    "=?utf-8?q?Hello=0D=0ABcc:_evil@example.com?=",
    "=?utf-8?b?SGVsbG8NCkJjYzogZXZpbEBleGFtcGxlLmNvbQ==?=",
    "你好 =?utf-8?q?=0ABcc:_evil@example.com?=",
    "a" * 70 + " =?utf-8?q?=0ABcc:_evil@example.com?= " + "b" * 70,
    "Hello\u2028Bcc: evil@example.com",
    "Hello\x85Bcc: evil@example.com",
    "Hello\x00\x0b\x0cBcc: evil@example.com",
    "Hello\ud83d",
    "",
    "x" * 5000,
    "🛎️" * 300,
]
BAD_ADDRESSES = [
    "", "li", "li@", "@example.com", "li@example.com\r\nBcc: evil@example.com", "li@example.com, evil@example.com",
    "li@example.com;evil@example.com", "Li <li@example.com>", "<li@example.com>", '"li na"@example.com',
    "li na@example.com",
    "li@exam ple.com", "li@example.com ", "li@[127.0.0.1]", "=?utf-8?q?li?=@example.com", "li%evil@example.com",
    "evil.example!li@example.com", "li@-example.com", "li@example..com", ".li@example.com", "li.@example.com",
    "lí@example.com", "li@exämple.com", f"{'a' * 65}@example.com", f"li@{'a' * 64}.com", f"li@{'a.' * 130}com",
]  # fmt: skip


def settings(server: MailServer, *, tls: str = "no", ca: Path | None = None, user: str | None = None) -> Mail:
    return Mail("127.0.0.1", server.port, tls, user, "right", ca, "Bellshop 客服", "hello@bellshop.example")


def claimed(letter: Letter, key: str = "rul_1:con_1") -> Claimed:
    return Claimed("out_1", "lse_1", 1, parcel("wsp_1", letter, key))


LETTER = Letter("li@example.com", "Your trial", "Hello Li,\n\nsee https://shop.example/a?b=1&c=2.\nBye", "en")


def send(server: MailServer, letter: Letter = LETTER, mail: Mail | None = None) -> NotSent | None:
    return Email(mail or settings(server), lambda: NOW)(claimed(letter))


def bodies(message: Message) -> dict[str, str]:
    return {
        part.get_content_type(): bytes(part.get_payload(decode=True)).decode()  # type: ignore[arg-type]  # decoded, it is bytes
        for part in message.walk()
        if not part.is_multipart()
    }


def test_a_letter_arrives_with_exactly_the_headers_meant(mail_server: MailServer) -> None:
    assert send(mail_server) is None
    [got] = mail_server.letters
    assert (got.sender, got.recipients) == ("hello@bellshop.example", ["li@example.com"])
    assert [name for name, _ in got.message.items() if name not in {"X-Peer", "X-MailFrom", "X-RcptTo"}] == HEADERS
    assert got.message["To"] == "li@example.com"
    assert got.message["Subject"] == "Your trial"
    assert got.message["Date"] == "Mon, 02 Mar 2026 10:00:00 +0000"
    assert str(make_header(decode_header(got.message["From"]))) == "Bellshop 客服 <hello@bellshop.example>"
    told = bodies(got.message)
    assert told["text/plain"].replace("\r\n", "\n") == LETTER.text
    assert 'href="https://shop.example/a?b=1&amp;c=2"' in told["text/html"]


@pytest.mark.parametrize("subject", HOSTILE)
def test_no_subject_makes_a_header_of_its_own(mail_server: MailServer, subject: str) -> None:
    assert send(mail_server, replace(LETTER, subject=subject)) is None
    [got] = mail_server.letters
    assert [name for name in got.message.keys() if not name.startswith("X-")] == HEADERS  # noqa: SIM118  repeated names
    assert got.recipients == ["li@example.com"]
    assert b"\nbcc" not in got.raw.lower()
    assert max(map(len, got.raw.split(b"\r\n"))) <= 998


@given(st.text(max_size=300))
def test_every_text_is_one_subject_and_is_read_as_it_was_written(text: str) -> None:
    mail = Mail("mail.example", 25, "no", None, None, None, None, "hello@bellshop.example")
    message = compose(replace(LETTER, subject=text), mail, "key", NOW)
    head = message.as_bytes().partition(b"\n\n")[0].decode()
    assert [line.partition(":")[0] for line in head.split("\n") if not line.startswith(" ")] == HEADERS
    meant = " ".join("".join(char if char.isprintable() else " " for char in text).split())[:200]
    said = message["Subject"]
    assert str(make_header(decode_header(said.replace("\n", "")))) == meant


@pytest.mark.parametrize("address", BAD_ADDRESSES)
def test_what_is_not_one_plain_address_gets_no_letter(address: str) -> None:
    assert not is_address(address)
    with pytest.raises(ValueError, match="not an address"):
        parcel("wsp_1", replace(LETTER, to=address), "key")


@pytest.mark.parametrize("address", ["li@example.com", "li.na+shop@mail.example.co.uk", "o'neil@example.com", "a@b"])
def test_a_plain_address_gets_one(address: str) -> None:
    assert parcel("wsp_1", replace(LETTER, to=address), "key").payload["to"] == address


def test_a_letter_sent_again_has_the_same_message_id(mail_server: MailServer) -> None:
    send(mail_server)
    send(mail_server)
    first, second = (letter.message["Message-ID"] for letter in mail_server.letters)
    assert first == second
    assert first.endswith("@bellshop.example>")


def test_text_is_text_in_html_too() -> None:
    page = as_html('<script>alert("1")</script>\n\n"><img src=x> https://a.example/"onclick="x', "zh")
    assert "<script" not in page
    assert "<img" not in page
    assert 'href="https://a.example/"' in page
    assert "onclick=&quot;x" in page
    assert '<html lang="zh-CN">' in page


def test_a_relay_without_starttls_gets_nothing_in_the_clear(mail_server: MailServer) -> None:
    why = send(mail_server, mail=settings(mail_server, tls="starttls"))
    assert why is not None
    assert "STARTTLS" in why.reason
    assert mail_server.letters == []


def test_over_starttls_the_certificate_must_be_good(certificate: Vouched) -> None:
    with MailServer(options={"tls_context": certificate.server(), "require_starttls": True}) as server:
        doubtful = send(server, mail=settings(server, tls="starttls"))
        assert doubtful is not None
        assert "CERTIFICATE_VERIFY_FAILED" in doubtful.reason
        assert send(server, mail=settings(server, tls="starttls", ca=certificate.file)) is None
        assert len(server.letters) == 1


def test_over_tls_from_the_start_it_must_be_too(certificate: Vouched) -> None:
    context: ssl.SSLContext = certificate.server()
    with MailServer(implicit=context) as server:
        assert send(server, mail=settings(server, tls="implicit")) is not None
        assert send(server, mail=settings(server, tls="implicit", ca=certificate.file)) is None


def test_who_must_log_in_does_and_a_wrong_password_is_tried_again(certificate: Vouched) -> None:
    server = MailServer()
    server.options = {
        "tls_context": certificate.server(),
        "authenticator": server.log_in,
        "auth_required": True,
    }
    with server:
        mail = settings(server, tls="starttls", ca=certificate.file, user="desk")
        assert send(server, mail=mail) is None
        wrong = send(server, mail=replace(mail, password="wrong"))
        assert wrong is not None
        assert not wrong.final
        assert server.log_ins == [(b"desk", b"right"), (b"desk", b"wrong")]


@pytest.mark.parametrize(
    ("refusal", "final"), [("550 5.1.1 No such user", True), ("451 4.7.1 Greylisted", False), ("452 Full", False)]
)
def test_a_refused_recipient_is_final_where_the_server_says_so(
    mail_server: MailServer, refusal: str, *, final: bool
) -> None:
    mail_server.refusal = refusal
    assert send(mail_server) == NotSent(f"the mail server said {refusal}", final)


@pytest.mark.parametrize(("refusal", "final"), [("554 Spam", True), ("451 Later", False)])
def test_a_refused_text_is_final_where_the_server_says_so(
    mail_server: MailServer, refusal: str, *, final: bool
) -> None:
    mail_server.refuse_text = refusal
    assert send(mail_server) == NotSent(f"the mail server said {refusal}", final)


def test_a_server_that_is_away_is_tried_again(mail_server: MailServer) -> None:
    mail = settings(mail_server)
    mail_server.__exit__(None, None, None)
    why = send(mail_server, mail=mail)
    mail_server.__enter__()
    assert why is not None
    assert not why.final


def test_without_a_mail_server_nothing_is_sent() -> None:
    assert Email(None, lambda: NOW)(claimed(LETTER)) == NotSent("FRONTDESK_SMTP_URL is not set")
